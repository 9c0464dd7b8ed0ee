"""The sync run that a recorded change queues in its own transaction, so that no change is ever forgotten."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.contrib.auth.models import User
from django.utils import timezone

from accommodations.models import Accommodation, Course, Student, SyncRun
from accommodations.planning.rules import Scope
from accommodations.selectors.sync import courses_concerned
from accommodations.services.snapshots import foresee_statuses
from accommodations.services.sync_runs import add_courses, request_sync_run


class Queue(Protocol):
    """How a change is queued: `queue_change`, or a collector that queues many students' changes as one run."""

    def __call__(
        self, changed: Sequence[Accommodation], *, requested_by: User | None, reads_before_applying: bool
    ) -> SyncRun | None:
        """Queue the sync of what changed, or keep it for later."""


class ChangeCollector:
    """Keeps what changed while a whole file is taken; each course concerned is then synced once."""

    def __init__(self) -> None:
        self.changed: list[Accommodation] = []

    def __call__(
        self, changed: Sequence[Accommodation], *, requested_by: User | None, reads_before_applying: bool
    ) -> None:
        """Keep what changed."""
        self.changed += changed

    def queue(self, *, requested_by: User) -> SyncRun | None:
        """Queue one run for all courses concerned, which waits to be read; None where nothing counts yet."""
        if not self.changed:
            return None
        students: dict[Student, set[Course]] = {}
        for accommodation in self.changed:
            students.setdefault(accommodation.student, set()).update(_courses_of(accommodation))
        for student, courses in students.items():
            foresee_statuses(student, courses)
        return request_sync_run(
            trigger=SyncRun.Trigger.CHANGE,
            requested_by=requested_by,
            courses=set().union(*students.values()),
            reads_before_applying=True,
            is_limited_to_courses=True,
        )


def queue_change(
    changed: Sequence[Accommodation], *, requested_by: User | None, reads_before_applying: bool
) -> SyncRun:
    """Queue one run for the changed accommodations of one student: the courses that the mirror knows, now."""
    student = changed[0].student
    courses: set[Course] = set()
    for accommodation in changed:
        courses |= _courses_of(accommodation)
    is_limited = all(accommodation.course_id is not None for accommodation in changed)
    return queue_student_change(
        student,
        courses=courses,
        is_limited_to_courses=is_limited,
        requested_by=requested_by,
        reads_before_applying=reads_before_applying,
    )


def _courses_of(accommodation: Accommodation) -> set[Course]:
    if accommodation.course is not None:
        return {accommodation.course}
    concerned = courses_concerned(now=timezone.now(), students=[accommodation.student])
    if accommodation.scope == Scope.TERM:
        concerned = concerned.filter(term=accommodation.term)
    return set(concerned)


def queue_student_change(
    student: Student,
    *,
    courses: Iterable[Course],
    is_limited_to_courses: bool,
    requested_by: User | None,
    reads_before_applying: bool,
) -> SyncRun:
    """Return the run of a student's change: the one that the same person queued a moment ago, else a new one.

    Several acts of one person on one student, before a worker has begun, are one run: they read one plan.
    """
    courses = list(courses)
    foresee_statuses(student, courses)
    waiting = (
        SyncRun.objects.select_for_update(of=("self",))
        .filter(
            trigger=SyncRun.Trigger.CHANGE,
            student=student,
            requested_by=requested_by,
            status=SyncRun.Status.QUEUED,
            are_courses_known=False,
            woken_at=None,
            reads_before_applying=reads_before_applying,
        )
        .first()
    )
    if waiting is None:
        return request_sync_run(
            trigger=SyncRun.Trigger.CHANGE,
            requested_by=requested_by,
            courses=courses,
            student=student,
            reads_before_applying=reads_before_applying,
            is_limited_to_courses=is_limited_to_courses,
        )
    add_courses(waiting, courses)
    if waiting.is_limited_to_courses and not is_limited_to_courses:
        waiting.is_limited_to_courses = False
        waiting.save(update_fields=["is_limited_to_courses"])
    return waiting
