"""What the record form offers for one student, and what it warns of before it is saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from accommodations.models import Accommodation, Assessment, Course, CourseRelease, Student, Term
from accommodations.planning.rules import Scope
from accommodations.selectors.approvals import WAITING
from accommodations.selectors.rules import COUNTING
from canvas_bridge.facts import CourseState, EnrollmentState

_OVER = (EnrollmentState.REJECTED.value, EnrollmentState.DELETED.value)


def courses_of(student: Student) -> QuerySet[Course]:
    """Return the courses in which the student is or was enrolled, without the deleted ones."""
    return (
        Course.objects.filter(enrollments__student=student)
        .exclude(enrollments__state__in=_OVER)
        .exclude(state=CourseState.DELETED.value)
        .distinct()
        .order_by("course_code", "pk")
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """What a record of one student may be about: their courses, the terms of these, newest first, and what is in them.

    `releasable` are the courses for which the student has not asked yet.
    """

    courses: tuple[Course, ...]
    terms: tuple[Term, ...]
    assessments: tuple[Assessment, ...]
    releasable: tuple[Course, ...]


def offered_for(student: Student) -> Offered:
    """Return what can be chosen for the student, in two queries."""
    released = CourseRelease.objects.filter(course=OuterRef("pk"), student=student)
    rows: QuerySet[Any] = courses_of(student).select_related("term").annotate(is_released=Exists(released))
    courses = {row.pk: row for row in rows}
    assessments = list(assessments_of(student).select_related(None))
    for one in assessments:
        one.course = courses[one.course_id]
    terms = {row.term.pk: row.term for row in courses.values() if row.term is not None}
    return Offered(
        courses=tuple(courses.values()),
        terms=tuple(sorted(terms.values(), key=_newest_first)),
        assessments=tuple(assessments),
        releasable=tuple(row for row in courses.values() if not row.is_released),
    )


def _newest_first(term: Term) -> tuple[float, str]:
    return -term.starts_at.timestamp() if term.starts_at else 0.0, term.name


def term_now(terms: Iterable[Term], *, now: datetime) -> Term | None:
    """Return the term that runs now, else the next one; None where Canvas names neither."""
    ahead = [one for one in terms if one.ends_at is not None and one.ends_at > now]
    return min(ahead, key=lambda one: (one.starts_at is not None and one.starts_at > now, one.ends_at), default=None)


def last_day_of(term: Term, zone: tzinfo) -> date | None:
    """Return the last day of a term in the zone: one that ends at midnight has ended the day before."""
    return (term.ends_at - timedelta(seconds=1)).astimezone(zone).date() if term.ends_at else None


def assessments_of(student: Student) -> QuerySet[Assessment]:
    """Return the assessments of the student's courses, course by course, by due date."""
    return (
        Assessment.objects.filter(course__in=courses_of(student), is_deleted=False)
        .select_related("course")
        .order_by("course__course_code", "course_id", "due_at", "name", "pk")
    )


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A student's accommodations that have not ended, with what has run out and planning still sees."""

    rows: tuple[Accommodation, ...]
    counting: tuple[Accommodation, ...]
    """What planning goes by now (`counting_accommodations`)."""
    waiting: tuple[Accommodation, ...]
    """What somebody is still to approve (`waiting_for_approval`), with all that its page shows."""


def on_record(student: Student) -> OnRecord:
    """Return the student's accommodations, in one query."""
    rows: QuerySet[Any] = Accommodation.objects.filter(
        ~Q(status=Accommodation.Status.ENDED) | COUNTING, student=student
    )
    related = ("student", "term", "course", "assessment", "recorded_by")
    replaced = ("replaces__term", "replaces__course", "replaces__assessment")
    no = Value(False)
    found = list(
        rows.select_related(*related, *replaced)
        .annotate(
            is_counting=Case(When(COUNTING, then=Value(True)), default=no),
            is_waiting=Case(When(WAITING, then=Value(True)), default=no),
        )
        .order_by("pk")
    )
    return OnRecord(
        rows=tuple(found),
        counting=tuple(row for row in found if row.is_counting),
        waiting=tuple(row for row in found if row.is_waiting),
    )


def overlapping(
    rows: Iterable[Accommodation],
    *,
    provisions: Iterable[str],
    effective_from: date,
    effective_until: date | None,
    besides: int | None,
) -> list[Accommodation]:
    """Return those of a student's rows that are of the same provisions and meet this period, broadest first.

    `besides` is the row that is being edited. The most generous counts (R6), so this is a warning, not a refusal.
    """
    wanted = set(provisions)
    found = [
        row
        for row in rows
        if row.provision in wanted
        and row.status != Accommodation.Status.ENDED
        and row.pk != besides
        and (row.effective_until is None or row.effective_until >= effective_from)
        and (effective_until is None or row.effective_from <= effective_until)
    ]
    breadth = [scope.value for scope in Scope]
    return sorted(found, key=lambda row: breadth.index(row.scope))
