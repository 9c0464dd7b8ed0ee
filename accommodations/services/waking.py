"""What the schedule starts: the sweep of undelivered work, and the rounds over exams, active courses, everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accommodations.errors import LeewayError
from accommodations.models import CourseSync, SyncRun
from accommodations.selectors.sync import (
    courses_concerned,
    courses_with_exams_soon,
    due_course_syncs,
    places_in_the_queue,
    runs_left_open,
    unprepared_runs,
)
from accommodations.services import connections
from accommodations.services.deaths import MOST_DEATHS
from accommodations.services.sync_runs import fail_run, request_sync_run, settle_run

MOST_AT_ONCE = 200
NIGHTLY_IS_MISSED_AFTER = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Due:
    """Ids of runs to prepare and of course syncs to work on."""

    run_ids: list[int]
    course_sync_ids: list[int]


@transaction.atomic
def take_due() -> Due:
    """Return what waits for a worker and note that it was woken, so that the next sweep leaves it a while.

    A run whose courses have all ended is ended here where a worker died right before that: an open nightly run would
    keep the next one from starting.
    """
    now = timezone.now()
    for run in runs_left_open():
        settle_run(run)
    run_ids = list(unprepared_runs(now=now).values_list("pk", flat=True)[:MOST_AT_ONCE])
    course_sync_ids = list(due_course_syncs(now=now).values_list("pk", flat=True)[:MOST_AT_ONCE])
    run_ids = _without_deadly(run_ids)
    SyncRun.objects.filter(pk__in=run_ids).update(woken_at=now, status=SyncRun.Status.QUEUED)
    CourseSync.objects.filter(pk__in=course_sync_ids).update(woken_at=now)
    return Due(run_ids=run_ids, course_sync_ids=course_sync_ids)


def in_order_of_urgency(course_sync_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return (course sync id, priority of its message): what a person did and exams go before the rounds."""
    return places_in_the_queue(course_sync_ids)


def _without_deadly(run_ids: list[int]) -> list[int]:
    """Count the workers that ended while they read a run's enrollments, and fail the runs that ended three (F03)."""
    left = SyncRun.objects.filter(pk__in=run_ids, status=SyncRun.Status.RUNNING)
    left.update(deaths=F("deaths") + 1)
    deadly = list(SyncRun.objects.filter(pk__in=run_ids, deaths__gte=MOST_DEATHS))
    for run in deadly:
        fail_run(run, f"{run.deaths} workers ended while they read enrollments for it. Ask an administrator.")
    return [pk for pk in run_ids if pk not in {run.pk for run in deadly}]


def request_exams() -> int | None:
    """Queue the courses with exams soon; None where there are none or such a run is still at work."""
    if not _may_start(SyncRun.Trigger.EXAMS):
        return None
    courses = list(courses_with_exams_soon(now=timezone.now()))
    return request_sync_run(trigger=SyncRun.Trigger.EXAMS, courses=courses).pk if courses else None


def request_hourly() -> int | None:
    """Queue the courses that somebody's accommodation concerns, as the mirror knows them."""
    if not _may_start(SyncRun.Trigger.HOURLY):
        return None
    courses = list(courses_concerned(now=timezone.now()))
    return request_sync_run(trigger=SyncRun.Trigger.HOURLY, courses=courses).pk if courses else None


def request_nightly() -> int | None:
    """Queue everything: the list of courses and all enrollments are read anew."""
    if not _may_start(SyncRun.Trigger.NIGHTLY):
        return None
    return request_sync_run(trigger=SyncRun.Trigger.NIGHTLY).pk


def request_missed_nightly() -> int | None:
    """Queue the nightly round again whose message was lost, or met a database that was away (F05, F07, F09).

    None where the last one is of this day. The first one of all is the schedule's.
    """
    last = SyncRun.objects.filter(trigger=SyncRun.Trigger.NIGHTLY).values_list("requested_at", flat=True).first()
    if last is None or last > timezone.now() - NIGHTLY_IS_MISSED_AFTER:
        return None
    return request_nightly()


def _may_start(trigger: SyncRun.Trigger) -> bool:
    """Whether a round makes sense: a usable connection, and the round before it is over."""
    try:
        connections.usable_connection()
    except LeewayError:
        return False
    return not SyncRun.objects.filter(trigger=trigger, status__in=SyncRun.ACTIVE_STATUSES).exists()
