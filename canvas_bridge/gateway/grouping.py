"""Which changes one request can carry. Pure."""

from collections.abc import Iterable, Sequence

from canvas_bridge.changes import (
    Change,
    CreateOverride,
    Request,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)

OVERRIDES_PER_REQUEST = 50

Lane = tuple[type[object], int]


def requests_for(changes: Sequence[Change]) -> tuple[Request, ...]:
    """Return one request per classic quiz, New Quiz and assignment extension, and per 50 overrides of a sort.

    Deletions and moves go alone. Requests stand in the order in which their first change appears; within one, the
    changes keep their order. A plan never holds two changes of one student's override on one assessment, so that the
    order between batches does not matter.
    """
    requests: list[list[Change]] = []
    open_requests: dict[Lane, list[Change]] = {}
    for change in changes:
        lane = lane_of(change)
        current = open_requests.get(lane) if lane is not None else None
        if current is None or _is_full(current):
            current = []
            requests.append(current)
            if lane is not None:
                open_requests[lane] = current
        current.append(change)
    return tuple(Request(tuple(changes)) for changes in requests)


def lane_of(change: Change) -> Lane | None:
    """Return what the changes of one request have in common; None for a change that goes alone."""
    match change:
        case SetQuizExtension():
            return SetQuizExtension, change.canvas_quiz_id
        case SetAssignmentExtension() | SetNewQuizAccommodation():
            return type(change), change.canvas_assignment_id
        case CreateOverride() | UpdateOverride():
            return type(change), 0
        case _:
            return None


def _is_full(changes: Iterable[Change]) -> bool:
    overrides = [change for change in changes if isinstance(change, CreateOverride | UpdateOverride)]
    return len(overrides) >= OVERRIDES_PER_REQUEST
