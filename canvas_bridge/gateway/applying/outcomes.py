"""From what Canvas answered to the outcome of one change."""

from canvas_bridge.changes import Change, Outcome, OutcomeKind
from canvas_bridge.errors import (
    CanvasError,
    CanvasForbidden,
    CanvasNotFound,
    CanvasRejected,
    CanvasThrottled,
    CanvasUnauthorized,
    CanvasUnavailable,
)
from canvas_bridge.translate.words import readable_words

_REFUSALS = (CanvasForbidden, CanvasNotFound, CanvasRejected)
_NOT_ACTED = (CanvasUnavailable, CanvasThrottled, CanvasUnauthorized)


def is_refusal(error: CanvasError) -> bool:
    """Whether Canvas understood the request and did not carry it out."""
    return isinstance(error, _REFUSALS)


def was_not_acted_on(error: CanvasError) -> bool:
    """Whether Canvas surely did not act: nothing arrived, or it was turned away at the door."""
    return isinstance(error, _NOT_ACTED)


def outcome_of_error(change: Change, error: CanvasError, sent: dict[str, object]) -> Outcome:
    """Return refused, unreachable (Canvas surely did not act) or else unknown, in Canvas's own words where it has any.

    An answer that breaks the contract is unknown too: Canvas may have acted all the same.
    """
    if is_refusal(error):
        kind = OutcomeKind.REFUSED
    else:
        kind = OutcomeKind.UNREACHABLE if isinstance(error, _NOT_ACTED) else OutcomeKind.UNKNOWN
    return Outcome(
        change=change,
        kind=kind,
        status_code=error.status_code,
        message=readable_words(error.words) or str(error),
        is_permission_missing=isinstance(error, CanvasForbidden),
        sent=sent,
    )
