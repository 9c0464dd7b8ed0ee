"""Courses as lists and the course's page show them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accommodations.models import Assessment, Course, CourseSync, Teaching
from accommodations.planning.statuses import Status
from accommodations.selectors.gaps import IS_GAP
from accommodations.selectors.groups import with_facts_of_groups
from accommodations.selectors.pair_filters import any_contains, escaped_terms
from accommodations.selectors.pairs import PairRow, rows_with_steps
from accommodations.selectors.students import is_over
from accommodations.selectors.visibility import Viewer, courses_visible_to, pairs_visible_to

SORTS = ("course", "term", "students", "gaps")


def course_list(user: Viewer, *, search: str = "", sort: str = "course") -> QuerySet[Course]:
    """Return the courses that the person may see, with counts of their students and of what is not covered."""
    courses = courses_visible_to(user).select_related("term")
    for word in escaped_terms(search):
        courses = courses.filter(any_contains(word, "name", "course_code", "term__name"))
    pairs = pairs_visible_to(user).filter(course=OuterRef("pk")).order_by().values("course")
    gaps = pairs.filter(IS_GAP).annotate(number=Count("pk")).values("number")
    students = pairs.annotate(number=Count("student", distinct=True)).values("number")
    courses = courses.annotate(gap_count=Coalesce(Subquery(gaps), 0), student_count=Coalesce(Subquery(students), 0))
    field = {
        "course": F("course_code"),
        "term": F("term__starts_at"),
        "students": F("student_count"),
        "gaps": F("gap_count"),
    }[sort.removeprefix("-")]
    main = field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
    return courses.order_by(main, "course_code", "pk")


@dataclass(frozen=True, slots=True)
class AssessmentGroup:
    """An assessment of a course and the students' pairs on it."""

    assessment: Assessment
    rows: list[PairRow]
    is_over: bool

    @property
    def is_exam(self) -> bool:
        """Whether it counts as an exam for any of them."""
        return any(row.pair.is_exam for row in self.rows)

    @property
    def shown(self) -> list[PairRow]:
        """Return the rows that say something."""
        return [row for row in self.rows if not row.is_quiet]

    @property
    def quiet(self) -> list[PairRow]:
        """Return the rows that need nothing, for one line."""
        return [row for row in self.rows if row.is_quiet]


def pairs_by_assessment(user: Viewer, course: Course, *, now: datetime) -> list[AssessmentGroup]:
    """Return the course's pairs that the person may see, each with its button; next first, what is over last."""
    pairs = (
        pairs_visible_to(user)
        .filter(course=course)
        .select_related("student", "assessment", "course", "settled_by")
        .order_by(
            F("assessment__unlock_at").asc(nulls_last=True),
            "assessment__due_at",
            "assessment__name",
            "assessment",
            "student__sortable_name",
        )
    )
    groups = []
    for _, of_assessment in groupby(
        rows_with_steps(user, with_facts_of_groups(pairs)), key=lambda row: row.pair.assessment_id
    ):
        listed = list(of_assessment)
        over = all(is_over(row.pair, now) for row in listed)
        groups.append(AssessmentGroup(assessment=listed[0].assessment, rows=listed, is_over=over))
    return sorted(groups, key=lambda group: group.is_over)


def last_sync_of(course: Course) -> CourseSync | None:
    """Return the newest part of a run that touched the course."""
    return course.course_syncs.select_related("run").order_by("-pk").first()


def teachers_of(course: Course) -> QuerySet[Teaching]:
    """Return who teaches it, as far as they use Leeway."""
    return course.teachings.select_related("person__user").order_by("person__login_id")


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course on an instructor's home page."""

    course: Course
    students: int
    in_place: int
    gaps: int


def taught_course_cards(user: Viewer) -> list[CourseCard]:
    """Return the person's courses with their numbers, those with gaps first."""
    counted = (
        pairs_visible_to(user)
        .order_by()
        .values("course")
        .annotate(
            students=Count("student", distinct=True),
            in_place=Count("pk", filter=Q(status=Status.IN_PLACE)),
            gaps=Count("pk", filter=IS_GAP),
        )
    )
    by_course = {row["course"]: row for row in counted}
    nothing = {"students": 0, "in_place": 0, "gaps": 0}
    cards = []
    for course in courses_visible_to(user):
        numbers = by_course.get(course.pk, nothing)
        cards.append(CourseCard(course, numbers["students"], numbers["in_place"], numbers["gaps"]))
    return sorted(cards, key=lambda card: (-card.gaps, card.course.course_code))
