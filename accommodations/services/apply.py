"""Carry out planned actions in Canvas: the intent is logged before the request leaves, the outcome after."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accommodations.codec import change_to_stored, to_stored
from accommodations.models import CourseSync, SyncAction
from accommodations.services import action_log, ledger
from accommodations.services.action_log import LogRecord
from accommodations.services.stored_plans import Step
from canvas_bridge.changes import Outcome, OutcomeKind, Request
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

    No transaction is open while Canvas is asked. Raises CanvasUnauthorized after logging that nothing was applied.
    """
    request_id = uuid4()
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


def _outcomes_of(error: CanvasError, request: Request, kind: OutcomeKind) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(change=change, kind=kind, status_code=error.status_code, message=str(error))
        for change in request.changes
    )


@transaction.atomic
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
    now = timezone.now()
    records = []
    for step, outcome in zip(steps, outcomes, strict=True):
        _note(step, outcome, now)
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
    action_log.record_many(records)


def _note(step: Step, outcome: Outcome, now: datetime) -> None:
    row = step.row
    row.status = STATUS_OF_OUTCOME[outcome.kind]
    row.status_code, row.message, row.ended_at = outcome.status_code, outcome.message[:MESSAGE_LENGTH], now
    row.save(update_fields=["status", "status_code", "message", "ended_at"])
    if outcome.kind is OutcomeKind.APPLIED:
        ledger.note_applied(row, step.planned, canvas_override_id=outcome.canvas_override_id, now=now)


def _record(
    course_sync: CourseSync, step: Step, request_id: UUID, *, act: str, payload: dict[str, object], outcome: str = ""
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
