"""Overrides created and updated in batches (contract 6.9): all or none, refused by index (F19)."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from canvas_bridge.changes import CreateOverride, Outcome, OutcomeKind, UpdateOverride
from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.client.resources.overrides import CREATE_MANY, UPDATE_MANY
from canvas_bridge.errors import CanvasContractError, CanvasError
from canvas_bridge.gateway.applying.together import Together
from canvas_bridge.translate import overrides as override_json
from canvas_bridge.translate.words import words_by_index
from canvas_bridge.wire.overrides import Override

OneKind = TypeVar("OneKind", CreateOverride, UpdateOverride)


class _OverrideBatch(Together[OneKind, tuple[Override, ...]]):
    """What both batches share."""

    def __init__(self, client: CanvasClient, canvas_course_id: int) -> None:
        self._client = client
        self._canvas_course_id = canvas_course_id

    def outcomes(self, changes: Sequence[OneKind], answer: tuple[Override, ...]) -> list[Outcome]:
        """Return applied with the override's id, in request order."""
        return [self._outcome(change, found) for change, found in zip(changes, answer, strict=True)]

    def refusals(self, changes: Sequence[OneKind], error: CanvasError) -> Mapping[int, str]:
        """Return the words by index; "taken" among them means that the student has an override by now (F23)."""
        words = words_by_index(error.words, len(changes)) or []
        return {index: line for index, line in enumerate(words) if line is not None}

    def _outcome(self, change: OneKind, found: Override) -> Outcome:
        return Outcome(
            change=change,
            kind=OutcomeKind.APPLIED,
            status_code=200,
            canvas_override_id=found.id,
            sent=self.sent(change),
            answered=override_json.answered_override(found, change.canvas_user_id),
        )


class OverrideCreations(_OverrideBatch[CreateOverride]):
    """New ad-hoc overrides, one student each."""

    def send(self, changes: Sequence[CreateOverride]) -> tuple[Override, ...]:
        """POST the batch."""
        creations = [override_json.creation(change) for change in changes]
        return self._client.overrides.create_many(self._canvas_course_id, creations)

    def sent(self, change: CreateOverride) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = CREATE_MANY.at(self._canvas_course_id).path
        return {"request": f"POST {path}", "element": override_json.creation(change).element()}

    def _outcome(self, change: CreateOverride, found: Override) -> Outcome:
        if not override_json.names_student(found, change.canvas_user_id):
            raise CanvasContractError("the answer to a batch of overrides names another student")
        return super()._outcome(change, found)


class OverrideUpdates(_OverrideBatch[UpdateOverride]):
    """New dates for ad-hoc overrides that name one student each; never removes a student (F20)."""

    def send(self, changes: Sequence[UpdateOverride]) -> tuple[Override, ...]:
        """PUT the batch."""
        updates = [override_json.update(change) for change in changes]
        return self._client.overrides.update_many(self._canvas_course_id, updates)

    def sent(self, change: UpdateOverride) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = UPDATE_MANY.at(self._canvas_course_id).path
        return {"request": f"PUT {path}", "element": override_json.update(change).element()}

    def _outcome(self, change: UpdateOverride, found: Override) -> Outcome:
        if found.id != change.canvas_override_id:
            raise CanvasContractError("the answer to a batch of overrides is about another override")
        return super()._outcome(change, found)
