"""One worker at a time on a course: a row that is renewed before each request to Canvas."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from accommodations.errors import CourseBusy, LeaseLost
from accommodations.models import Course, CourseLease


def lease_duration() -> timedelta:
    """Return how long a lease lasts after it was renewed.

    Longer than the total deadline of one request (30 s) with its wait for the rate limit, and shorter than the sweep's
    patience: a dead worker's course goes on within two minutes.
    """
    return timedelta(seconds=settings.COURSE_LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one course until it runs out."""

    course_id: int
    holder: str

    def renew(self) -> None:
        """Extend it. Raises LeaseLost where it ran out and somebody else took it."""
        renewed = CourseLease.objects.filter(course_id=self.course_id, holder=self.holder).update(
            expires_at=Now() + lease_duration()
        )
        if not renewed:
            raise LeaseLost("The lease on the course was taken over by another worker.")


@contextmanager
def course_lease(course: Course, *, work: int = 0) -> Iterator[Lease]:
    """Hold the course for the block. Raises CourseBusy while somebody else's lease has not run out.

    `work` says what for, a course sync's row number: who finds the course busy can tell whether it is for the same.

    The database's clock decides, so that workers with wrong clocks agree; one conditional UPDATE takes the row, so
    that two who ask at once cannot both have it.
    """
    CourseLease.objects.get_or_create(course=course)
    lease = Lease(course_id=course.pk, holder=f"{work}:{uuid4().hex}")
    is_free = Q(expires_at__isnull=True) | Q(expires_at__lt=Now())
    taken = CourseLease.objects.filter(is_free, course=course).update(
        holder=lease.holder, expires_at=Now() + lease_duration()
    )
    if not taken:
        raise CourseBusy("Another worker is at work on this course.")
    try:
        yield lease
    finally:
        CourseLease.objects.filter(course=course, holder=lease.holder).update(holder="", expires_at=None)


def is_held_for(course: Course, work: int) -> bool:
    """Whether the course is held just now for this very work."""
    return CourseLease.objects.filter(course=course, holder__startswith=f"{work}:", expires_at__gte=Now()).exists()
