"""Taking a student out of a shared override into one of their own: two requests that count as one change (F33)."""

from dataclasses import replace

from canvas_bridge.changes import MoveOutOfSharedOverride, Outcome, OutcomeKind
from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.client.resources.overrides import CREATE
from canvas_bridge.errors import CanvasContractError, CanvasError, CanvasOutcomeUnknown, CanvasUnauthorized
from canvas_bridge.gateway.applying.outcomes import outcome_of_error
from canvas_bridge.translate import overrides as override_json
from canvas_bridge.wire.overrides import Override
from canvas_bridge.wire.writing import json_of


class Move:
    """One move. Canvas allows a student one ad-hoc override per assignment, so out comes first, then their own."""

    def __init__(self, client: CanvasClient, canvas_course_id: int, change: MoveOutOfSharedOverride) -> None:
        self._client = client
        self._canvas_course_id = canvas_course_id
        self._change = change

    def apply(self) -> Outcome:
        """Return the outcome of both requests together.

        Refused or unreachable: the student stands where they stood before. Unknown: read before doing anything, they
        may have the class's dates for now. Raises CanvasUnauthorized where not even the first request was accepted.
        """
        try:
            self._write_shared(with_student=False)
        except CanvasUnauthorized:
            raise
        except CanvasError as error:
            return self._failed(error)
        return self.finish()

    def finish(self) -> Outcome:
        """Give the student, who is out of the shared override already, their own; or put them back. See `apply`."""
        try:
            return self._applied(self._create_own())
        except (CanvasOutcomeUnknown, CanvasContractError) as error:
            return self._after_unknown(error)
        except CanvasError as error:
            return self._put_back(error)

    def _write_shared(self, *, with_student: bool) -> None:
        change = self._change
        self._client.overrides.update(
            self._canvas_course_id,
            change.canvas_assignment_id,
            change.canvas_shared_override_id,
            override_json.shared_override(change, with_student=with_student),
        )

    def _create_own(self) -> Override:
        values = override_json.own_override(self._change)
        return self._client.overrides.create(self._canvas_course_id, self._change.canvas_assignment_id, values)

    def _after_unknown(self, error: CanvasError) -> Outcome:
        """Look whether the student's own override came about after all; only if it did not, put them back."""
        try:
            listed = self._client.overrides.list_of_assignment(
                self._canvas_course_id, self._change.canvas_assignment_id
            )
            own = [one for one in listed if override_json.names_student(one, self._change.canvas_user_id)]
            found = self._applied(own[0]) if own else None
        except CanvasError:
            return self._unknown(error, "whether the student has an override of their own is not known")
        return found or self._put_back(error)

    def _put_back(self, error: CanvasError) -> Outcome:
        try:
            self._write_shared(with_student=True)
        except CanvasError:
            return self._unknown(error, "the student could not be put back into the shared override")
        outcome = self._failed(error)
        kind = OutcomeKind.UNREACHABLE if outcome.kind is OutcomeKind.UNKNOWN else outcome.kind
        return replace(outcome, kind=kind, message=f"{outcome.message}; the student was put back at once")

    def _applied(self, own: Override) -> Outcome:
        return Outcome(
            change=self._change,
            kind=OutcomeKind.APPLIED,
            status_code=201,
            canvas_override_id=own.id,
            sent=self._sent(),
            answered=override_json.answered_override(own, self._change.canvas_user_id),
        )

    def _failed(self, error: CanvasError) -> Outcome:
        return outcome_of_error(self._change, error, self._sent())

    def _unknown(self, error: CanvasError, what: str) -> Outcome:
        outcome = self._failed(error)
        return replace(outcome, kind=OutcomeKind.UNKNOWN, message=f"{outcome.message}; {what}")

    def _sent(self) -> dict[str, object]:
        change = self._change
        path = CREATE.at(self._canvas_course_id, change.canvas_assignment_id).path
        return {
            "request": f"PUT {path}/{change.canvas_shared_override_id}, then POST {path}",
            "taken_out": change.canvas_user_id,
            "element": json_of(override_json.own_override(change)),
        }
