"""Overrides created and updated in batches (contract 6.9): all or none, refused by index (F19)."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from canvas_bridge.changes import CreateOverride, Outcome, OutcomeKind, UpdateOverride
from canvas_bridge.client import overrides
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasContractError, CanvasError
from canvas_bridge.gateway.applying.together import Together
from canvas_bridge.translate import overrides as override_json
from canvas_bridge.translate.words import words_by_index

OneKind = TypeVar("OneKind", CreateOverride, UpdateOverride)


class _OverrideBatch(Together[OneKind]):
    """What both batches share."""

    def __init__(self, session: CanvasSession, canvas_course_id: int) -> None:
        self._session = session
        self._canvas_course_id = canvas_course_id

    def outcomes(self, changes: Sequence[OneKind], body: object) -> list[Outcome]:
        """Return applied with the override's id, in request order."""
        if not isinstance(body, list) or len(body) != len(changes):
            raise CanvasContractError("the answer to a batch of overrides must be a list as long as the request's")
        return [self._outcome(change, value) for change, value in zip(changes, body, strict=True)]

    def refusals(self, changes: Sequence[OneKind], error: CanvasError) -> Mapping[int, str]:
        """Return the words by index; "taken" among them means that the student has an override by now (F23)."""
        words = words_by_index(error.words, len(changes)) or []
        return {index: line for index, line in enumerate(words) if line is not None}

    def _outcome(self, change: OneKind, value: object) -> Outcome:
        return Outcome(
            change=change,
            kind=OutcomeKind.APPLIED,
            status_code=200,
            canvas_override_id=override_json.override_id(value),
            sent=self.sent(change),
            answered=override_json.answered_override(value, change.canvas_user_id),
        )


class OverrideCreations(_OverrideBatch[CreateOverride]):
    """New ad-hoc overrides, one student each."""

    def send(self, changes: Sequence[CreateOverride]) -> object:
        """POST the batch."""
        elements = [override_json.create_element(change) for change in changes]
        return overrides.create_overrides(self._session, self._canvas_course_id, elements)

    def sent(self, change: CreateOverride) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = overrides.batch_path(self._canvas_course_id)
        return {"request": f"POST {path}", "element": override_json.create_element(change)}

    def _outcome(self, change: CreateOverride, value: object) -> Outcome:
        if not override_json.names_student(value, change.canvas_user_id):
            raise CanvasContractError("the answer to a batch of overrides names another student")
        return super()._outcome(change, value)


class OverrideUpdates(_OverrideBatch[UpdateOverride]):
    """New dates for ad-hoc overrides that name one student each; never removes a student (F20)."""

    def send(self, changes: Sequence[UpdateOverride]) -> object:
        """PUT the batch."""
        elements = [override_json.update_element(change) for change in changes]
        return overrides.update_overrides(self._session, self._canvas_course_id, elements)

    def sent(self, change: UpdateOverride) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = overrides.batch_path(self._canvas_course_id)
        return {"request": f"PUT {path}", "element": override_json.update_element(change)}

    def _outcome(self, change: UpdateOverride, value: object) -> Outcome:
        if override_json.override_id(value) != change.canvas_override_id:
            raise CanvasContractError("the answer to a batch of overrides is about another override")
        return super()._outcome(change, value)
