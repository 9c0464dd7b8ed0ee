"""What a list of pairs is narrowed to, and how searches read what people type."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accommodations.selectors.gaps import IS_GAP, IS_LEFT_OVER, IS_NO_OPEN_GAP, NEEDS_NOTHING, in_running_terms


@dataclass(frozen=True, slots=True)
class PairFilter:
    """What a list of pairs is narrowed to; every part may be empty."""

    statuses: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    course_id: int | None = None
    assessment_id: int | None = None
    student_id: int | None = None
    only_exams: bool = False
    only_ahead: bool = False
    search: str = ""
    leaves_out_settled: bool = False
    """Without what a person has settled, and without what only waits to be taken back."""
    only_running_terms: bool = False
    only_left_over: bool = False
    only_needing: bool = False
    only_gaps: bool = False
    only_later: bool = False
    opens_from: datetime | None = None
    opens_before: datetime | None = None


def escaped_terms(search: str, *, most: int = 8) -> list[str]:
    """Return the words of a search, at most `most`: each must be found. The ORM escapes LIKE's own signs."""
    return search.replace("\x00", " ")[:200].split()[:most]


def any_contains(word: str, *fields: str) -> Q:
    """Return the filter on rows of which one field contains the word, whatever its case.

    SQLite folds the case of ASCII letters only, so a word with others is also tried as names are written.
    """
    found = Q()
    for form in {word} if word.isascii() else {word, word.capitalize(), word.upper()}:
        for field in fields:
            found |= Q(**{f"{field}__icontains": form})
    return found


def matching(narrowed: PairFilter, now: datetime) -> Q:
    """Return the filter on pairs that a list is narrowed to."""
    found = Q()
    exact = {
        "status__in": narrowed.statuses,
        "reason__in": narrowed.reasons,
        "course": narrowed.course_id,
        "assessment": narrowed.assessment_id,
        "student": narrowed.student_id,
        "opens_at__gte": narrowed.opens_from,
        "opens_at__lt": narrowed.opens_before,
    }
    for name, value in exact.items():
        found &= Q(**{name: value}) if value else Q()
    switches = {
        "only_exams": Q(is_exam=True),
        "leaves_out_settled": ~IS_NO_OPEN_GAP,
        "only_running_terms": in_running_terms(now),
        "only_needing": ~Q(status__in=NEEDS_NOTHING),
        "only_left_over": IS_LEFT_OVER,
        "only_gaps": IS_GAP,
        "only_later": Q(opens_at__gt=now),
        "only_ahead": Q(closes_at__isnull=True) | Q(closes_at__gt=now),
    }
    for name, condition in switches.items():
        found &= condition if getattr(narrowed, name) else Q()
    for word in escaped_terms(narrowed.search):
        found &= any_contains(word, "student__name", "assessment__name", "course__course_code", "course__name")
    return found
