"""What waits for somebody's approval: drafts, and urgent ones that count already."""

from collections.abc import Iterable

from django.db.models import Count, Min, Q, QuerySet

from accommodations.models import Accommodation, Student
from accommodations.selectors.visibility import Viewer

_URGENT = Q(status__in=(Accommodation.Status.APPROVED, Accommodation.Status.ACTIVE), approved_by=None)
WAITING = Q(status=Accommodation.Status.DRAFT) | (_URGENT & ~Q(urgent_reason=""))


def waiting_for_approval(*, student: Student | None = None) -> QuerySet[Accommodation]:
    """Return the accommodations that somebody is still to approve, of one student or of all."""
    rows = Accommodation.objects.filter(WAITING)
    return rows if student is None else rows.filter(student=student)


def students_waiting(viewer: Viewer) -> QuerySet[Student]:
    """Return the students for whom something waits: the urgent first, then those who wait longest."""
    waiting = Q(accommodations__in=Accommodation.objects.filter(WAITING))
    urgent = waiting & ~Q(accommodations__urgent_reason="")
    own = waiting & Q(accommodations__recorded_by=viewer.pk)
    counted = Student.objects.filter(accommodations__in=Accommodation.objects.filter(WAITING)).annotate(
        waiting_number=Count("accommodations", filter=waiting, distinct=True),
        urgent_number=Count("accommodations", filter=urgent, distinct=True),
        own_number=Count("accommodations", filter=own, distinct=True),
        waiting_since=Min("accommodations__created_at", filter=waiting),
    )
    return counted.order_by("-urgent_number", "waiting_since", "pk")


def may_be_approved_by(rows: Iterable[Accommodation], viewer: Viewer, *, two_people: bool) -> dict[int, bool]:
    """Return by number whether this person may approve it: with two people, not what they recorded themselves."""
    return {row.pk: not two_people or row.recorded_by_id != viewer.pk for row in rows}
