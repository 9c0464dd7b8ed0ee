"""Carry out planned actions in Canvas: the intent is logged before the request leaves, the outcome after."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accommodations.codec import change_to_stored, to_stored
from accommodations.errors import LeaseLost
from accommodations.models import CourseSync, SyncAction
from accommodations.planning.early_unlock import is_late_copy_of_unlock
from accommodations.services import action_log, alerts, guard, unknowns
from accommodations.services.action_log import LogRecord
from accommodations.services.ledger import StandingEntries
from accommodations.services.stored_plans import Step
from canvas_bridge.changes import MoveOutOfSharedOverride, Outcome, OutcomeKind, Request
from canvas_bridge.errors import CanvasError, CanvasUnauthorized
from canvas_bridge.gateway import CanvasGateway

MESSAGE_LENGTH = 1000
STATUS_OF_OUTCOME = {
    OutcomeKind.APPLIED: SyncAction.Status.APPLIED,
    OutcomeKind.REFUSED: SyncAction.Status.REFUSED,
    OutcomeKind.UNREACHABLE: SyncAction.Status.UNREACHABLE,
    OutcomeKind.UNKNOWN: SyncAction.Status.UNKNOWN,
}


def send_request(
    course_sync: CourseSync, gateway: CanvasGateway, request: Request, steps: Sequence[Step]
) -> tuple[Outcome, ...]:
    """Send one request with its planned actions, in its order, and return what became of each.

    No transaction is open while Canvas is asked. Raises CanvasUnauthorized after logging that nothing was applied, and
    RunLimitPassed, with nothing logged or sent, where the run would delete or shrink too much (R16).
    """
    request_id = uuid4()
    with transaction.atomic():
        guard.check_run(course_sync, [step.row for step in steps])
        _log_intents(course_sync, steps, request_id)
    try:
        outcomes = gateway.apply(canvas_course_id=course_sync.course.canvas_course_id, request=request)
    except CanvasUnauthorized as error:
        _log_outcomes(course_sync, steps, request_id, _outcomes_of(error, request, OutcomeKind.REFUSED))
        raise
    except CanvasError as error:
        outcomes = _outcomes_of(error, request, OutcomeKind.UNKNOWN)
    _log_outcomes(course_sync, steps, request_id, outcomes)
    return outcomes


def finish_move(
    course_sync: CourseSync, gateway: CanvasGateway, change: MoveOutOfSharedOverride, step: Step
) -> Outcome:
    """Send the second step of a move of which only the first one arrived, and return what became of it.

    It is the same planned action, with an intent and an outcome of its own. Raises CanvasUnauthorized never: the
    outcome is unknown then, and the next work on the course comes back to it.
    """
    request_id = uuid4()
    _log_intents(course_sync, [step], request_id)
    try:
        outcome = gateway.finish_move(canvas_course_id=course_sync.course.canvas_course_id, change=change)
    except CanvasError as error:
        outcome = Outcome(change=change, kind=OutcomeKind.UNKNOWN, status_code=error.status_code, message=str(error))
    _log_outcomes(course_sync, [step], request_id, [outcome])
    return outcome


def _outcomes_of(error: CanvasError, request: Request, kind: OutcomeKind) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(change=change, kind=kind, status_code=error.status_code, message=str(error))
        for change in request.changes
    )


@transaction.atomic(savepoint=False)
def _log_intents(course_sync: CourseSync, steps: Sequence[Step], request_id: UUID) -> None:
    now = timezone.now()
    action_log.record_many(
        [
            _record(
                course_sync,
                step,
                request_id,
                act="canvas.write.started",
                payload={
                    "change": change_to_stored(step.planned.change),
                    "before": to_stored(step.planned.before),
                    "after": to_stored(step.planned.after),
                    "sentence": step.planned.sentence,
                },
            )
            for step in steps
        ]
    )
    SyncAction.objects.filter(pk__in=[step.row.pk for step in steps]).update(
        status=SyncAction.Status.STARTED, request_id=request_id, started_at=now
    )


@transaction.atomic
def _log_outcomes(
    course_sync: CourseSync, steps: Sequence[Step], request_id: UUID, outcomes: Sequence[Outcome]
) -> None:
    _check_still_ours(steps, request_id)
    now = timezone.now()
    records = []
    entries = StandingEntries.of_actions(step.row for step in steps)
    for step, outcome in zip(steps, outcomes, strict=True):
        followed_by = _note(course_sync, step, outcome, entries, now)
        payload: dict[str, object] = {
            "sent": outcome.sent,
            "answered": outcome.answered,
            "status_code": outcome.status_code,
            "message": outcome.message,
        }
        records.append(
            _record(
                course_sync,
                step,
                request_id,
                act=f"canvas.write.{outcome.kind.value}",
                outcome=outcome.kind.value,
                payload=payload,
            )
        )
        records += followed_by
    SyncAction.objects.bulk_update(
        [step.row for step in steps], ["status", "status_code", "message", "ended_at"], batch_size=200
    )
    entries.save()
    applied = [step for step, outcome in zip(steps, outcomes, strict=True) if outcome.kind is OutcomeKind.APPLIED]
    records += unknowns.settle_overtaken(applied, course_sync.course)
    action_log.record_many(records)


def _check_still_ours(steps: Sequence[Step], request_id: UUID) -> None:
    """Raise LeaseLost where somebody else has settled the request meanwhile: an intent has one outcome (R14).

    So it is after a worker slept past its lease: the new holder has read what became of the request.
    """
    numbers = [step.row.pk for step in steps]
    waiting = SyncAction.objects.select_for_update().filter(
        pk__in=numbers, request_id=request_id, status=SyncAction.Status.STARTED
    )
    if len(waiting.values_list("pk", flat=True)) != len(numbers):
        raise LeaseLost("The request was settled by another worker.")


def _note(
    course_sync: CourseSync, step: Step, outcome: Outcome, entries: StandingEntries, now: datetime
) -> list[LogRecord]:
    """Note on its row and in the ledger what became of one action; return what else the log must say for it."""
    row = step.row
    row.status = STATUS_OF_OUTCOME[outcome.kind]
    row.status_code, row.message, row.ended_at = outcome.status_code, outcome.message[:MESSAGE_LENGTH], now
    if outcome.kind is not OutcomeKind.APPLIED:
        return []
    records = []
    if entries.is_drift(row, step.planned):
        payload = {"before": to_stored(step.planned.before), "after": to_stored(step.planned.after)}
        records.append(_record(course_sync, step, row.request_id, act=alerts.DRIFT_REPAIRED, payload=payload))
        records += alerts.note_drift(student=row.student, course=course_sync.course, assessment=row.assessment)
    if is_late_copy_of_unlock(step.planned, now):
        records += alerts.note_early_unlock(student=row.student, course=course_sync.course, assessment=row.assessment)
    entries.note_applied(row, step.planned, canvas_override_id=outcome.canvas_override_id, now=now)
    return records


def _record(
    course_sync: CourseSync,
    step: Step,
    request_id: UUID | None,
    *,
    act: str,
    payload: dict[str, object],
    outcome: str = "",
) -> LogRecord:
    return LogRecord(
        act=act,
        outcome=outcome,
        student=step.row.student,
        course=course_sync.course,
        assessment=step.row.assessment,
        run=course_sync.run,
        action=step.row,
        request_id=request_id,
        payload=payload,
    )
