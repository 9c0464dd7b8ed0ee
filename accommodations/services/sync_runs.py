"""Sync runs as rows: requested, prepared, approved, cancelled; what becomes of a run follows from its courses."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import NotConnected, PlanChanged
from accommodations.logs import working_on
from accommodations.models import Course, CourseSync, Student, SyncAction, SyncRun
from accommodations.services import action_log, connections
from accommodations.services.preparing import courses_to_sync
from accommodations.services.snapshots import tell_token_refused_everywhere
from canvas_bridge.errors import CanvasError, CanvasUnauthorized

MESSAGE_LENGTH = 500
MOST_TRIES = 5
CANCELLABLE = (CourseSync.Status.QUEUED, CourseSync.Status.PLANNED)


@transaction.atomic
def request_sync_run(
    *,
    trigger: str,
    requested_by: User | None = None,
    courses: Iterable[Course] | None = None,
    student: Student | None = None,
    reads_before_applying: bool = False,
    plan_only: bool = False,
    is_limited_to_courses: bool | None = None,
    retries: SyncRun | None = None,
) -> SyncRun:
    """Queue a run, with a row for each course that is known already. The row is the queue; a message only wakes.

    Without `courses` they are found when the run is prepared: from the student's enrollments, else from everybody's.
    """
    if is_limited_to_courses is None:
        is_limited_to_courses = courses is not None and student is None
    run = SyncRun.objects.create(
        trigger=trigger,
        requested_by=requested_by,
        student=student,
        reads_before_applying=reads_before_applying,
        plan_only=plan_only,
        is_limited_to_courses=is_limited_to_courses,
        retries=retries,
    )
    add_courses(run, courses or ())
    action_log.record(
        act="sync.requested", actor=requested_by, run=run, student=student, payload={"trigger": str(trigger)}
    )
    return run


def add_courses(run: SyncRun, courses: Iterable[Course]) -> list[CourseSync]:
    """Make the rows of courses that the run does not have yet."""
    known = set(run.course_syncs.values_list("course_id", flat=True))
    new = sorted({course.pk for course in courses} - known)
    return CourseSync.objects.bulk_create([CourseSync(run=run, course_id=course_id) for course_id in new])


@transaction.atomic
def approve_course_sync(*, course_sync: CourseSync, approved_by: User, digest: str) -> CourseSync:
    """Let a plan that was read be applied. Raises PlanChanged where it is not, or no longer, the plan that was read.

    A second approval of the same plan finds it queued already and changes nothing.
    """
    current = CourseSync.objects.select_for_update(of=("self",)).get(pk=course_sync.pk)
    if current.is_approved and current.plan_digest == digest:
        return current
    if current.status != CourseSync.Status.PLANNED or current.plan_digest != digest:
        raise PlanChanged("The plan has changed since you read it. Read it again before it is applied.")
    current.is_approved = True
    current.status = CourseSync.Status.QUEUED
    current.woken_at = timezone.now()
    current.message = ""
    current.save(update_fields=["is_approved", "status", "woken_at", "message"])
    action_log.record(
        act="sync.plan_approved",
        actor=approved_by,
        run=current.run,
        course=current.course,
        payload={"digest": digest, "course_sync": current.pk},
    )
    settle_run(current.run)
    return current


@transaction.atomic
def approve_run(*, run: SyncRun, approved_by: User, digests: dict[int, str]) -> list[CourseSync]:
    """Approve the plans of several courses, by course sync id. Raises PlanChanged if any differs: then none is."""
    waiting = {row.pk: row for row in run.course_syncs.filter(pk__in=digests)}
    if set(waiting) != set(digests):
        raise PlanChanged("A course of the plan is not part of this run any more. Read it again.")
    return [
        approve_course_sync(course_sync=waiting[pk], approved_by=approved_by, digest=digest)
        for pk, digest in sorted(digests.items())
    ]


@transaction.atomic
def cancel_run(*, run: SyncRun, cancelled_by: User | None) -> SyncRun:
    """Stop a run: what waits is cancelled; a course at work stops before its next request to Canvas."""
    run = SyncRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not run.is_active:
        return run
    now = timezone.now()
    waiting = list(run.course_syncs.filter(status__in=CANCELLABLE).values_list("pk", flat=True))
    CourseSync.objects.filter(pk__in=waiting).update(status=CourseSync.Status.CANCELLED, ended_at=now)
    SyncAction.objects.filter(course_sync__in=waiting, status=SyncAction.Status.PLANNED).update(
        status=SyncAction.Status.DROPPED, ended_at=now
    )
    run.status, run.ended_at, run.are_courses_known = SyncRun.Status.CANCELLED, now, True
    run.save(update_fields=["status", "ended_at", "are_courses_known"])
    action_log.record(act="sync.cancelled", actor=cancelled_by, run=run)
    return run


@transaction.atomic
def close_overtaken_plans(done: CourseSync) -> None:
    """End the plans of the same course that still wait to be read, after a sync that found nothing left to do."""
    waiting = CourseSync.objects.filter(course=done.course_id, status=CourseSync.Status.PLANNED).exclude(pk=done.pk)
    for course_sync in waiting.select_related("run"):
        now = timezone.now()
        course_sync.actions.filter(status=SyncAction.Status.PLANNED).update(
            status=SyncAction.Status.DROPPED, ended_at=now
        )
        course_sync.status, course_sync.ended_at = CourseSync.Status.DONE, now
        course_sync.message = "Another sync has done this meanwhile."
        course_sync.save(update_fields=["status", "ended_at", "message"])
        settle_run(course_sync.run)


def is_cancelled(run: SyncRun) -> bool:
    """Whether somebody cancelled the run since it was loaded."""
    return SyncRun.objects.filter(pk=run.pk, status=SyncRun.Status.CANCELLED).exists()


@transaction.atomic
def settle_run(run: SyncRun) -> SyncRun:
    """Derive the run's status from its courses and write it; the row's lock keeps two workers in order."""
    run = SyncRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not run.is_active or not run.are_courses_known:
        return run
    status = _status_of(set(run.course_syncs.values_list("status", flat=True)))
    if status == run.status:
        return run
    run.status = status
    if run.started_at is None:
        run.started_at = timezone.now()
    if not run.is_active:
        run.ended_at = timezone.now()
        action_log.record(act="sync.ended", run=run, outcome=status)
    run.save(update_fields=["status", "started_at", "ended_at"])
    return run


def _status_of(found: set[str]) -> SyncRun.Status:
    """Return a run's status from those of its courses."""
    status, ended = CourseSync.Status, set(CourseSync.ENDED_STATUSES)
    if found - ended - {status.PLANNED}:
        return SyncRun.Status.RUNNING
    if status.PLANNED in found:
        return SyncRun.Status.READING
    if found <= {status.DONE}:
        return SyncRun.Status.DONE
    if found <= {status.CANCELLED}:
        return SyncRun.Status.CANCELLED
    if found <= {status.FAILED, status.CANCELLED}:
        return SyncRun.Status.FAILED
    return SyncRun.Status.PARTIAL


def prepare_run(run_id: int) -> list[int]:
    """Find the run's courses and return the ids of the course syncs that a worker should now begin.

    Safe to repeat: a run whose courses are known gives nothing. Where Canvas does not answer, the run stays queued
    and the sweep wakes it again, at most MOST_TRIES times.
    """
    run = _begin_preparing(run_id)
    if run is None:
        return []
    with working_on(run=run.pk):
        return _prepare(run)


def _prepare(run: SyncRun) -> list[int]:
    try:
        courses = courses_to_sync(run, now=timezone.now())
    except CanvasUnauthorized:
        connection = connections.current_connection()
        if connection is not None:
            connections.note_token_refused(connection)
        fail_run(run, connections.STOPPED_AT_401)
        tell_token_refused_everywhere()
    except NotConnected as error:
        fail_run(run, error.message)
    except CanvasError as error:
        _wait(run, error)
    else:
        return _courses_found(run, courses)
    return []


@transaction.atomic
def _begin_preparing(run_id: int) -> SyncRun | None:
    run = SyncRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None or not run.is_active or run.are_courses_known:
        return None
    if run.status == SyncRun.Status.RUNNING:
        # Somebody is at it, or has died over it just now: then the sweep queues it again, and counts.
        return None
    run.status, run.woken_at, run.tries = SyncRun.Status.RUNNING, timezone.now(), run.tries + 1
    run.started_at = run.started_at or timezone.now()
    run.save(update_fields=["status", "woken_at", "tries", "started_at"])
    return run


@transaction.atomic
def _courses_found(run: SyncRun, courses: Iterable[Course]) -> list[int]:
    current = SyncRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if current.are_courses_known or not current.is_active:
        return []
    add_courses(current, courses)
    current.are_courses_known, current.message = True, ""
    current.save(update_fields=["are_courses_known", "message"])
    queued = current.course_syncs.filter(status=CourseSync.Status.QUEUED)
    queued.update(woken_at=timezone.now())
    settle_run(current)
    return list(queued.values_list("pk", flat=True))


def fail_run(run: SyncRun, message: str) -> None:
    """End a run whose courses never became known."""
    now = timezone.now()
    SyncRun.objects.filter(pk=run.pk).update(
        status=SyncRun.Status.FAILED, message=message[:MESSAGE_LENGTH], ended_at=now
    )
    action_log.record(act="sync.ended", run=run, outcome=SyncRun.Status.FAILED)


def _wait(run: SyncRun, error: CanvasError) -> None:
    if run.tries >= MOST_TRIES:
        fail_run(run, f"Canvas did not answer, {run.tries} times: {error}")
        return
    SyncRun.objects.filter(pk=run.pk).update(
        status=SyncRun.Status.QUEUED, message="Canvas did not answer. It is asked again within two minutes."
    )
