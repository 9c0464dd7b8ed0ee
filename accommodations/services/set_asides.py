"""Courses that end every worker that takes them up: set aside after three, and released by a director (F03)."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.models import Course, CourseSync, SetAside, SyncRun
from accommodations.services import action_log
from accommodations.services.snapshots import show_whether_set_aside
from accommodations.services.sync_runs import request_sync_run


@transaction.atomic
def set_aside(course_sync: CourseSync) -> SetAside:
    """Let no sync take the course up any more, and show it on every pair that has something to be sent."""
    message = f"{course_sync.deaths} workers ended while they were at this course."
    row, is_new = SetAside.objects.get_or_create(
        course=course_sync.course,
        released_at=None,
        defaults={
            "course_sync": course_sync,
            "deaths": course_sync.deaths,
            "message": message,
            "set_aside_at": timezone.now(),
        },
    )
    if is_new:
        action_log.record(
            act="course.set_aside", run=course_sync.run, course=course_sync.course, payload={"message": message}
        )
        show_whether_set_aside(course_sync.course)
    return row


def is_set_aside(course: Course) -> bool:
    """Whether the course waits for a person to release it."""
    return SetAside.objects.filter(course=course, released_at=None).exists()


@transaction.atomic
def release(*, row: SetAside, released_by: User) -> SyncRun | None:
    """Let the course be synced again and queue a run of it; None where somebody has released it meanwhile."""
    current = SetAside.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if current.released_at is not None:
        return None
    current.released_at, current.released_by = timezone.now(), released_by
    current.save(update_fields=["released_at", "released_by"])
    action_log.record(act="course.taken_up_again", actor=released_by, course=current.course)
    show_whether_set_aside(current.course)
    return request_sync_run(trigger=SyncRun.Trigger.PERSON, requested_by=released_by, courses=[current.course])
