"""Taking a student out of a shared override into one of their own: two requests that count as one change (F33)."""

from dataclasses import replace

from canvas_bridge.changes import MoveOutOfSharedOverride, Outcome, OutcomeKind
from canvas_bridge.client import overrides
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasContractError, CanvasError, CanvasOutcomeUnknown, CanvasUnauthorized
from canvas_bridge.gateway.applying.outcomes import outcome_of_error
from canvas_bridge.translate import overrides as override_json


class Move:
    """One move. Canvas allows a student one ad-hoc override per assignment, so out comes first, then their own."""

    def __init__(self, session: CanvasSession, canvas_course_id: int, change: MoveOutOfSharedOverride) -> None:
        self._session = session
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
        values = override_json.shared_override_json(change, with_student=with_student)
        overrides.update_override(
            self._session,
            self._canvas_course_id,
            change.canvas_assignment_id,
            change.canvas_shared_override_id,
            values,
        )

    def _create_own(self) -> object:
        return overrides.create_override(
            self._session,
            self._canvas_course_id,
            self._change.canvas_assignment_id,
            override_json.own_override_json(self._change),
        )

    def _after_unknown(self, error: CanvasError) -> Outcome:
        """Look whether the student's own override came about after all; only if it did not, put them back."""
        try:
            values = overrides.list_overrides(self._session, self._canvas_course_id, self._change.canvas_assignment_id)
            own = [value for value in values if override_json.names_student(value, self._change.canvas_user_id)]
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

    def _applied(self, value: object) -> Outcome:
        return Outcome(
            change=self._change,
            kind=OutcomeKind.APPLIED,
            status_code=201,
            canvas_override_id=override_json.override_id(value),
            sent=self._sent(),
            answered=override_json.answered_override(value, self._change.canvas_user_id),
        )

    def _failed(self, error: CanvasError) -> Outcome:
        return outcome_of_error(self._change, error, self._sent())

    def _unknown(self, error: CanvasError, what: str) -> Outcome:
        outcome = self._failed(error)
        return replace(outcome, kind=OutcomeKind.UNKNOWN, message=f"{outcome.message}; {what}")

    def _sent(self) -> dict[str, object]:
        change = self._change
        path = overrides.overrides_path(self._canvas_course_id, change.canvas_assignment_id)
        return {
            "request": f"PUT {path}/{change.canvas_shared_override_id}, then POST {path}",
            "taken_out": change.canvas_user_id,
            "element": override_json.own_override_json(change),
        }
