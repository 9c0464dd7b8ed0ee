"""The course catalogue: every course of the seeded university, found by its code."""

from canvas_bridge.sandbox.seed.catalogue_humanities import HUMANITIES
from canvas_bridge.sandbox.seed.catalogue_sciences import SCIENCES
from canvas_bridge.sandbox.seed.catalogue_society import NEXT_TERM_COURSES, SOCIETY
from canvas_bridge.sandbox.seed.specs import CourseSpec, TermWord

CATALOGUE: tuple[CourseSpec, ...] = (*SCIENCES, *HUMANITIES, *SOCIETY, *NEXT_TERM_COURSES)
"""Codes are unique, so that situations and accommodations may name a course by its code."""


FACULTIES: dict[str, tuple[CourseSpec, ...]] = {
    "Faculty of Sciences": SCIENCES,
    "Faculty of Humanities": HUMANITIES,
    "Faculty of Society": (*SOCIETY, *NEXT_TERM_COURSES),
}
"""The accounts below the root, with their courses."""


def courses_of(term: TermWord) -> tuple[CourseSpec, ...]:
    """Return the courses of one term in the order of the catalogue."""
    return tuple(spec for spec in CATALOGUE if spec.term == term)
