"""What the record form offers for one student, and what it warns of before it is saved."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Q, QuerySet

from accommodations.models import Accommodation, Assessment, Course, Student, Term
from accommodations.planning.rules import Scope
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


def terms_of(student: Student) -> QuerySet[Term]:
    """Return the terms of the student's courses, newest first."""
    return Term.objects.filter(courses__in=courses_of(student)).distinct().order_by("-starts_at", "name")


def courses_to_release(student: Student) -> QuerySet[Course]:
    """Return the student's courses for which they have not asked yet."""
    return courses_of(student).exclude(pk__in=student.releases.values("course"))


def term_now(student: Student, *, now: datetime) -> Term | None:
    """Return the term of the student's courses that runs now, else the next one; None where Canvas names neither."""
    terms = terms_of(student).filter(ends_at__gt=now)
    return min(terms, key=lambda one: (one.starts_at is not None and one.starts_at > now, one.ends_at), default=None)


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


def overlapping(
    *,
    student: Student,
    provisions: Iterable[str],
    effective_from: date,
    effective_until: date | None,
    besides: int | None,
) -> list[Accommodation]:
    """Return the student's accommodations of the same provisions whose period meets this one, broadest first.

    `besides` is the row that is being edited. The most generous counts (R6), so this is a warning, not a refusal.
    """
    rows = Accommodation.objects.filter(student=student, provision__in=list(provisions))
    rows = rows.exclude(status=Accommodation.Status.ENDED)
    rows = rows.exclude(pk=besides) if besides is not None else rows
    rows = rows.filter(Q(effective_until__isnull=True) | Q(effective_until__gte=effective_from))
    if effective_until is not None:
        rows = rows.filter(effective_from__lte=effective_until)
    breadth = [scope.value for scope in Scope]
    return sorted(rows.select_related("term", "course", "assessment"), key=lambda row: breadth.index(row.scope))
