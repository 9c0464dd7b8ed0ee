"""Acts on one student and one assessment: their intent, their outcome, and settling what nobody heard of."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from accommodations.errors import LeewayError
from accommodations.models import CanvasAct, PairStatus
from accommodations.services import acts
from accommodations.services.acts import Intent, Part, PartOutcome
from canvas_bridge.changes import ActOutcome


def intent_on(
    pair: PairStatus,
    *,
    kind: CanvasAct.Kind,
    lane: str,
    key: UUID,
    asked_by: User,
    asked: dict[str, Any],
    before: dict[str, Any],
    sentence: str,
    undoes: CanvasAct | None = None,
) -> Intent:
    """Return what a person confirmed for the pair. Within a lane the pair's acts go one at a time."""
    return Intent(
        kind=kind,
        lane=f"{lane}:{pair.assessment_id}:{pair.student_id}",
        key=key,
        course=pair.course,
        student=pair.student,
        assessment=pair.assessment,
        asked_by=asked_by,
        asked=asked,
        before=before,
        undoes=undoes,
        parts=[Part(pair.student, pair.assessment, {"before": before, "after": asked, "sentence": sentence})],
    )


def finish(
    act: CanvasAct,
    outcome: ActOutcome,
    *,
    status: CanvasAct.Status,
    message: str,
    after: dict[str, Any] | None,
    settle: Callable[[], CanvasAct],
    is_standing: bool = False,
) -> CanvasAct:
    """Write the outcome; where it is unclear, what `settle` reads. Where nothing can be read, it stays unknown."""
    payload = {
        "sent": outcome.sent,
        "answered": outcome.rows[0].answered if outcome.rows else {},
        "status_code": outcome.status_code,
        "message": message,
    }
    act = acts.end(
        act,
        status=status,
        outcomes=[PartOutcome(part, status.value, payload) for part in acts.parts_of(act)],
        message=message,
        after=after,
        is_standing=is_standing,
    )
    if act.status != CanvasAct.Status.UNKNOWN:
        return act
    try:
        return settle()
    except LeewayError:
        return act


def settled(
    act: CanvasAct, *, has_arrived: bool, after: dict[str, Any] | None = None, is_standing: bool = False
) -> CanvasAct:
    """Write whether Canvas was found to hold what the act had asked for, and what it holds."""
    status = CanvasAct.Status.APPLIED if has_arrived else CanvasAct.Status.NOT_ARRIVED
    payload = {} if after is None else {"after": after}
    outcomes = [PartOutcome(part, status.value, payload) for part in acts.parts_of(act)]
    return acts.settle(act, status=status, outcomes=outcomes, after=after, is_standing=is_standing)
