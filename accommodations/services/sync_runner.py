"""One course sync from its first read to its last status: observe, plan, wait to be read, apply, verify."""

import logging
import traceback
from datetime import timedelta
from enum import StrEnum

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q
from django.utils import timezone

from accommodations.errors import WORDS_FOR_SET_ASIDE, CourseBusy, IncompleteRead, LeaseLost, NotConnected
from accommodations.locks import Lease, course_lease, is_held_for
from accommodations.logs import working_on
from accommodations.models import CourseSync, SyncAction, SyncRun
from accommodations.selectors.sync import WORKING
from accommodations.services import action_log, connections, same_canvas, set_asides, unknowns
from accommodations.services.course_work import CourseWork, RunCancelled
from accommodations.services.deaths import MOST_DEATHS
from accommodations.services.snapshots import tell_token_refused
from accommodations.services.sync_runs import MESSAGE_LENGTH, close_overtaken_plans, settle_run
from canvas_bridge.errors import (
    CanvasError,
    CanvasForbidden,
    CanvasNotFound,
    CanvasThrottled,
    CanvasUnauthorized,
    CanvasUnavailable,
)

logger = logging.getLogger(__name__)

BUSY_WAIT = timedelta(seconds=5)
DATABASE_AWAY = (OperationalError, InterfaceError)


class SyncResult(StrEnum):
    """What became of one wake-up."""

    ENDED = "ended"
    NOTHING = "nothing"
    BUSY = "busy"
    WAITING = "waiting"


def run_course_sync(course_sync_id: int) -> SyncResult:
    """Work on one course sync as far as it goes now; safe to repeat, and at once by several workers.

    BUSY: another run holds the course, come again after BUSY_WAIT. WAITING: for a reader, or for Canvas.
    """
    course_sync = _due(course_sync_id)
    if course_sync is None:
        return SyncResult.NOTHING
    with working_on(run=course_sync.run_id, course_sync=course_sync.pk):
        try:
            with course_lease(course_sync.course, work=course_sync.pk) as lease:
                return _work_under(lease, course_sync_id)
        except CourseBusy:
            return _come_again(course_sync)


def _due(course_sync_id: int) -> CourseSync | None:
    is_time = Q(next_try_at=None) | Q(next_try_at__lte=timezone.now())
    return (
        CourseSync.objects.select_related("course__term", "run")
        .filter(is_time, pk=course_sync_id, status__in=(CourseSync.Status.QUEUED, *WORKING))
        .first()
    )


def _come_again(course_sync: CourseSync) -> SyncResult:
    """Note when to try again. Where the holder works on this very row, the message was one too many.

    The holder may have taken the lease and not yet begun: its row must not be put off under its hands.
    """
    if is_held_for(course_sync.course, course_sync.pk):
        return SyncResult.NOTHING
    waiting = CourseSync.objects.filter(pk=course_sync.pk, status=CourseSync.Status.QUEUED)
    noted = waiting.update(next_try_at=timezone.now() + BUSY_WAIT, woken_at=timezone.now())
    return SyncResult.BUSY if noted else SyncResult.NOTHING


def _work_under(lease: Lease, course_sync_id: int) -> SyncResult:
    course_sync = _begin(course_sync_id)
    if course_sync is None:
        return SyncResult.NOTHING
    try:
        return _guarded(course_sync, lease)
    finally:
        settle_run(course_sync.run)


def _begin(course_sync_id: int) -> CourseSync | None:
    """Take the row to work, counting the death of a worker that left it. None where nothing is to be done."""
    course_sync = _due(course_sync_id)
    if course_sync is None:
        return None
    if course_sync.run.status == SyncRun.Status.CANCELLED:
        _end(course_sync, CourseSync.Status.CANCELLED, "")
        return None
    if course_sync.status in WORKING:
        course_sync.deaths += 1
    if course_sync.deaths >= MOST_DEATHS:
        unknowns.note_leftovers(course_sync.course)
        set_asides.set_aside(course_sync)
    if set_asides.is_set_aside(course_sync.course):
        _end(course_sync, CourseSync.Status.FAILED, WORDS_FOR_SET_ASIDE)
        settle_run(course_sync.run)
        return None
    now = timezone.now()
    course_sync.status, course_sync.woken_at, course_sync.next_try_at = CourseSync.Status.OBSERVING, now, None
    course_sync.started_at = course_sync.started_at or now
    course_sync.save(update_fields=["status", "woken_at", "next_try_at", "started_at", "deaths"])
    settle_run(course_sync.run)
    return course_sync


def _guarded(course_sync: CourseSync, lease: Lease) -> SyncResult:
    """Do the work; every way in which it can stop leaves the row with a status and words for it."""
    try:
        return _worked(course_sync, lease)
    except LeaseLost:
        logger.warning("course sync %s lost its lease; the new holder goes on", course_sync.pk)
        return SyncResult.NOTHING
    except DATABASE_AWAY as error:
        # A restart, a deadlock, a pool that ran dry: what was half written is rolled back, and nothing is known to be
        # wrong with the course. On a new connection the row is queued again; without one the sweep finds it.
        logger.warning("course sync %s: the database did not answer: %s", course_sync.pk, _without_values(error))
        if not connection.in_atomic_block:
            connection.close()
        lease.renew()
        return _resume_later(course_sync)


def _worked(course_sync: CourseSync, lease: Lease) -> SyncResult:
    """Do the work and write how it ended, as long as the course is still ours to write about."""
    try:
        status, message = CourseWork(course_sync, lease).carry_out()
    except (LeaseLost, *DATABASE_AWAY):
        raise
    except Exception as error:
        lease.renew()
        ending = _ending_of(course_sync, error)
        if isinstance(ending, SyncResult):
            return ending
        status, message = ending
    else:
        lease.renew()
    _end(course_sync, status, message)
    return SyncResult.WAITING if status == CourseSync.Status.PLANNED else SyncResult.ENDED


def _ending_of(course_sync: CourseSync, error: Exception) -> SyncResult | tuple[CourseSync.Status, str]:
    """Return the status and words for what stopped the work, or the result where it only waits for another time."""
    match error:
        case RunCancelled():
            return CourseSync.Status.CANCELLED, ""
        case NotConnected() | CanvasUnauthorized():
            return _stop_at_the_connection(course_sync, error)
        case CanvasUnavailable() | CanvasThrottled() | IncompleteRead():
            return _postpone(course_sync, error)
        case CanvasError():
            return CourseSync.Status.FAILED, _words_for(error)
        case SoftTimeLimitExceeded():
            return _resume_later(course_sync)
    # The outermost frame: whatever it was, the row must not look as if it were still being worked on.
    logger.error("course sync %s stopped: %s", course_sync.pk, _without_values(error))
    return CourseSync.Status.FAILED, "Leeway stopped with an error of its own; its log has the details."


def _without_values(error: Exception) -> str:
    """Return kind and place of an error; its message may hold a name from the database, which no log may have."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at " + " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))


def _stop_at_the_connection(
    course_sync: CourseSync, error: NotConnected | CanvasUnauthorized
) -> tuple[CourseSync.Status, str]:
    if isinstance(error, NotConnected) and error.code == same_canvas.OTHER_CANVAS:
        return CourseSync.Status.FAILED, error.message
    connection = connections.current_connection()
    if connection is None:
        return CourseSync.Status.FAILED, "No Canvas is connected. An administrator enters its address and token."
    unknowns.note_leftovers(course_sync.course)
    connections.note_token_refused(connection)
    tell_token_refused(course_sync.course)
    return CourseSync.Status.FAILED, connections.STOPPED_AT_401


def _words_for(error: CanvasError) -> str:
    if isinstance(error, CanvasNotFound):
        return "Canvas has no such course any more, or does not show it to the token's user."
    if isinstance(error, CanvasForbidden):
        return f"The token's user may not do this in the course: {error}"
    return f"Canvas answered in a way that Leeway does not understand, so nothing was changed: {error}"


def _postpone(course_sync: CourseSync, error: CanvasError | IncompleteRead) -> SyncResult:
    unknowns.note_leftovers(course_sync.course)
    pauses = settings.CANVAS_RETRY_PAUSES_SECONDS
    if course_sync.tries >= len(pauses):
        _end(course_sync, CourseSync.Status.FAILED, f"Canvas did not answer: {error}")
        return SyncResult.ENDED
    next_try_at = timezone.now() + timedelta(seconds=pauses[course_sync.tries])
    CourseSync.objects.filter(pk=course_sync.pk).update(
        status=CourseSync.Status.QUEUED,
        tries=course_sync.tries + 1,
        next_try_at=next_try_at,
        message=f"Canvas did not answer. Tried again after {next_try_at:%H:%M} UTC.",
    )
    return SyncResult.WAITING


def _resume_later(course_sync: CourseSync) -> SyncResult:
    unknowns.note_leftovers(course_sync.course)
    CourseSync.objects.filter(pk=course_sync.pk).update(
        status=CourseSync.Status.QUEUED, deaths=course_sync.deaths + 1, woken_at=None, next_try_at=None
    )
    return SyncResult.WAITING


def _end(course_sync: CourseSync, status: CourseSync.Status, message: str) -> None:
    """Write the result; a plan that waits to be read has not ended."""
    unknowns.note_leftovers(course_sync.course)
    now = timezone.now()
    has_ended = status != CourseSync.Status.PLANNED
    CourseSync.objects.filter(pk=course_sync.pk).update(
        status=status, message=message[:MESSAGE_LENGTH], ended_at=now if has_ended else None, deaths=0
    )
    if has_ended and not course_sync.run.plan_only:
        SyncAction.objects.filter(course_sync=course_sync, status=SyncAction.Status.PLANNED).update(
            status=SyncAction.Status.DROPPED, ended_at=now
        )
    if status == CourseSync.Status.DONE and not course_sync.run.plan_only:
        close_overtaken_plans(course_sync)
    if status == CourseSync.Status.FAILED:
        action_log.record(
            act="sync.course_failed",
            run=course_sync.run,
            course=course_sync.course,
            outcome=status,
            payload={"message": message},
        )
