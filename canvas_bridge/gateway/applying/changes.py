"""One request of changes, carried out: the right sort of call for each sort of change."""

from collections.abc import Sequence

from canvas_bridge.changes import (
    Change,
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    Outcome,
    OutcomeKind,
    Request,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.client.resources.overrides import DELETE
from canvas_bridge.errors import CanvasError, CanvasNotFound, CanvasUnauthorized
from canvas_bridge.gateway.applying.extensions import AssignmentExtensions, NewQuizAccommodations, QuizExtensions
from canvas_bridge.gateway.applying.moving import Move
from canvas_bridge.gateway.applying.outcomes import outcome_of_error
from canvas_bridge.gateway.applying.overrides import OverrideCreations, OverrideUpdates
from canvas_bridge.gateway.applying.together import apply_together
from canvas_bridge.gateway.grouping import lane_of
from canvas_bridge.translate import overrides as override_json


class ChangeApplier:
    """Applies requests to one course."""

    def __init__(self, client: CanvasClient, canvas_course_id: int) -> None:
        self._client = client
        self._canvas_course_id = canvas_course_id

    def apply(self, request: Request) -> tuple[Outcome, ...]:
        """Return one outcome per change, in order. Raises CanvasUnauthorized.

        Raises ValueError for changes that one request cannot carry: `requests_for` never makes such a request.
        """
        lanes = {lane_of(change) for change in request.changes}
        if len(request.changes) > 1 and (len(lanes) > 1 or None in lanes):
            raise ValueError("the changes of one request must be of one sort and target")
        to_send = [change for change in request.changes if not _asks_for_nothing(change)]
        sent = iter(self._send(to_send))
        return tuple(
            Outcome(change, OutcomeKind.APPLIED, message="nothing to change")
            if _asks_for_nothing(change)
            else next(sent)
            for change in request.changes
        )

    def _send(self, changes: Sequence[Change]) -> tuple[Outcome, ...]:
        """Send changes of one sort and target."""
        match changes:
            case []:
                return ()
            case [CreateOverride(), *_]:
                creations = [one for one in changes if isinstance(one, CreateOverride)]
                return apply_together(OverrideCreations(self._client, self._canvas_course_id), creations)
            case [UpdateOverride(), *_]:
                updates = [one for one in changes if isinstance(one, UpdateOverride)]
                return apply_together(OverrideUpdates(self._client, self._canvas_course_id), updates)
            case [DeleteOverride() | MoveOutOfSharedOverride()]:
                return (self._send_alone(changes[0]),)
            case _:
                return self._send_extensions(changes)

    def _send_extensions(self, changes: Sequence[Change]) -> tuple[Outcome, ...]:
        client, course_id = self._client, self._canvas_course_id
        match changes[0]:
            case SetQuizExtension(canvas_quiz_id=quiz_id):
                quiz_extensions = [one for one in changes if isinstance(one, SetQuizExtension)]
                return apply_together(QuizExtensions(client, course_id, quiz_id), quiz_extensions)
            case SetAssignmentExtension(canvas_assignment_id=assignment_id):
                extensions = [one for one in changes if isinstance(one, SetAssignmentExtension)]
                return apply_together(AssignmentExtensions(client, course_id, assignment_id), extensions)
            case SetNewQuizAccommodation(canvas_assignment_id=assignment_id):
                accommodations = [one for one in changes if isinstance(one, SetNewQuizAccommodation)]
                return apply_together(NewQuizAccommodations(client, course_id, assignment_id), accommodations)
            case other:
                raise ValueError(f"{type(other).__name__} does not go together with others")

    def _send_alone(self, change: Change) -> Outcome:
        match change:
            case DeleteOverride():
                return self._delete(change)
            case MoveOutOfSharedOverride():
                return Move(self._client, self._canvas_course_id, change).apply()
            case _:
                raise ValueError(f"{type(change).__name__} does not go alone")

    def _delete(self, change: DeleteOverride) -> Outcome:
        """Delete an override; one that is gone already is what was wanted."""
        ids = (self._canvas_course_id, change.canvas_assignment_id, change.canvas_override_id)
        sent: dict[str, object] = {"request": f"DELETE {DELETE.at(*ids).path}"}
        try:
            deleted = self._client.overrides.delete(*ids)
            answered = override_json.answered_override(deleted, change.canvas_user_id)
        except CanvasUnauthorized:
            raise
        except CanvasNotFound:
            return Outcome(change, OutcomeKind.APPLIED, 404, "it was gone already", sent=sent)
        except CanvasError as error:
            return outcome_of_error(change, error, sent)
        return Outcome(change, OutcomeKind.APPLIED, 200, sent=sent, answered=answered)


def _asks_for_nothing(change: Change) -> bool:
    """Whether every value shall stay: for an assignment, sending null would take the extra attempts away."""
    match change:
        case SetQuizExtension() | SetNewQuizAccommodation():
            return change.extra_minutes is None and change.extra_attempts is None
        case SetAssignmentExtension():
            return change.extra_attempts is None
        case _:
            return False
