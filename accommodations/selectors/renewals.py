"""Which accommodations of a term can be continued in the next, and which have been."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accommodations.models import Accommodation, Student, Term
from accommodations.planning.rules import Scope
from accommodations.selectors.recording import last_day_of

GOING_ON = (Accommodation.Status.DRAFT, Accommodation.Status.APPROVED, Accommodation.Status.ACTIVE)
_EXPIRED = Q(status=Accommodation.Status.ENDED, end_reason=Accommodation.EndReason.EXPIRED)
_COUNTS = Q(status__in=(Accommodation.Status.APPROVED, Accommodation.Status.ACTIVE)) | _EXPIRED
_IS_RENEWED = Exists(Accommodation.objects.filter(renews=OuterRef("pk"), status__in=GOING_ON))


@dataclass(frozen=True, slots=True)
class TermDays:
    """A term with its first and last day in the institution's zone."""

    term: Term
    first: date
    last: date
    course_count: int = 0


def terms_with_days(zone: tzinfo) -> list[TermDays]:
    """Return the terms that Canvas gives a start and an end, newest first."""
    rows = Term.objects.filter(starts_at__isnull=False, ends_at__isnull=False).annotate(number=Count("courses"))
    found = []
    for row in rows.order_by("-starts_at", "-pk"):
        first, last = row.starts_at.astimezone(zone).date() if row.starts_at else None, last_day_of(row, zone)
        if first is not None and last is not None:
            found.append(TermDays(row, first, last, row.number))
    return found


def usual_terms(terms: Iterable[TermDays], *, today: date) -> tuple[TermDays | None, TermDays | None]:
    """Return the term that runs, of several the one with most courses, else the last one, and the one that follows."""
    by_start = sorted(terms, key=lambda one: (one.first, one.term.pk))
    begun = [one for one in by_start if one.first <= today]
    if not begun:
        return None, None
    running = [one for one in begun if today <= one.last] or begun[-1:]
    ending = max(running, key=lambda one: one.course_count)
    after = [one for one in by_start if one.first > max(ending.first, today)]
    return ending, after[0] if after else None


def renewable(ending: TermDays, *, student: Student | None = None) -> QuerySet[Accommodation]:
    """Return what ends with the term, by student: what counts for the term, or has its last day in it.

    Each is told whether it has been renewed (`is_renewed`). What counts for one course or assessment ends with that.
    """
    of_term = Q(scope=Scope.TERM.value, term=ending.term)
    until_then = Q(scope=Scope.EVERY_COURSE.value, effective_until__range=(ending.first, ending.last))
    rows = Accommodation.objects.filter(_COUNTS, of_term | until_then).annotate(is_renewed=_IS_RENEWED)
    rows = rows if student is None else rows.filter(student=student)
    related = rows.select_related("student", "term", "course", "assessment")
    return related.order_by("student__sortable_name", "student_id", "pk")


def not_renewed(ending: TermDays, *, student: Student | None = None) -> QuerySet[Accommodation]:
    """Return those that nobody has renewed yet."""
    return renewable(ending, student=student).filter(~_IS_RENEWED)


def left_to_their_course(ending: TermDays, *, student: Student | None = None) -> int:
    """Return how many accommodations of the term count for one course or assessment: they are recorded anew."""
    narrow = Q(scope__in=(Scope.COURSE.value, Scope.ASSESSMENT.value), course__term=ending.term)
    rows = Accommodation.objects.filter(_COUNTS, narrow)
    return (rows if student is None else rows.filter(student=student)).count()
