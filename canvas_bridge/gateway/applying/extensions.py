"""Quiz extensions, assignment extensions and New Quizzes accommodations: one request per quiz or assignment."""

from collections.abc import Mapping, Sequence

from canvas_bridge.changes import (
    Outcome,
    OutcomeKind,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
)
from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.client.resources import assignment_extensions, new_quizzes, quiz_extensions
from canvas_bridge.errors import CanvasError
from canvas_bridge.gateway.applying.together import Together
from canvas_bridge.translate import extensions as extension_json
from canvas_bridge.translate.shown import shown
from canvas_bridge.wire.extensions import AccommodationOutcome, AssignmentExtension, QuizExtension
from canvas_bridge.wire.writing import json_of

LEFT_OUT = "Canvas left this student out of its answer"
OTHER_VALUES = "Canvas answered with other values than were sent"


class QuizExtensions(Together[SetQuizExtension, tuple[QuizExtension, ...]]):
    """Extensions of one classic quiz (contract 3). An unknown student costs all: 404, then found by halving."""

    def __init__(self, client: CanvasClient, canvas_course_id: int, canvas_quiz_id: int) -> None:
        self._client = client
        self._ids = canvas_course_id, canvas_quiz_id

    def send(self, changes: Sequence[SetQuizExtension]) -> tuple[QuizExtension, ...]:
        """POST the extensions."""
        requests = [extension_json.quiz_request(change) for change in changes]
        return self._client.quiz_extensions.set(*self._ids, requests)

    def sent(self, change: SetQuizExtension) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = quiz_extensions.SET.at(*self._ids).path
        return {"request": f"POST {path}", "element": json_of(extension_json.quiz_request(change))}

    def outcomes(self, changes: Sequence[SetQuizExtension], answer: tuple[QuizExtension, ...]) -> list[Outcome]:
        """Return applied where the student's row holds what was sent, else unknown: only a read can tell."""
        rows = {row.user_id: row for row in answer}
        return [self._outcome(change, rows.get(change.canvas_user_id)) for change in changes]

    def _outcome(self, change: SetQuizExtension, row: QuizExtension | None) -> Outcome:
        sent = self.sent(change)
        if row is None:
            return Outcome(change, OutcomeKind.UNKNOWN, 200, LEFT_OUT, sent=sent)
        answered = extension_json.answered_row(row)
        holds_minutes = change.extra_minutes in (None, row.extra_time)
        holds_attempts = change.extra_attempts in (None, row.extra_attempts)
        if not (holds_minutes and holds_attempts):
            return Outcome(change, OutcomeKind.UNKNOWN, 200, OTHER_VALUES, sent=sent, answered=answered)
        return Outcome(change, OutcomeKind.APPLIED, 200, sent=sent, answered=answered)


class AssignmentExtensions(Together[SetAssignmentExtension, tuple[AssignmentExtension, ...]]):
    """Extra attempts on one assignment (contract 5). A refusal names the bad students and saves nothing for anybody."""

    def __init__(self, client: CanvasClient, canvas_course_id: int, canvas_assignment_id: int) -> None:
        self._client = client
        self._ids = canvas_course_id, canvas_assignment_id

    def send(self, changes: Sequence[SetAssignmentExtension]) -> tuple[AssignmentExtension, ...]:
        """POST the extensions."""
        requests = [extension_json.assignment_request(change) for change in changes]
        return self._client.assignment_extensions.set(*self._ids, requests)

    def sent(self, change: SetAssignmentExtension) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = assignment_extensions.SET.at(*self._ids).path
        return {"request": f"POST {path}", "element": json_of(extension_json.assignment_request(change))}

    def outcomes(
        self, changes: Sequence[SetAssignmentExtension], answer: tuple[AssignmentExtension, ...]
    ) -> list[Outcome]:
        """Return applied for who is in the answer; who is silently left out is not assigned, so refused (F34)."""
        rows = {row.user_id: row for row in answer}
        return [self._outcome(change, rows.get(change.canvas_user_id)) for change in changes]

    def refusals(self, changes: Sequence[SetAssignmentExtension], error: CanvasError) -> Mapping[int, str]:
        """Return the words for the students that the refusal lists."""
        words = extension_json.refusals_by_user(error.words)
        return {
            index: words[change.canvas_user_id]
            for index, change in enumerate(changes)
            if change.canvas_user_id in words
        }

    def _outcome(self, change: SetAssignmentExtension, row: AssignmentExtension | None) -> Outcome:
        sent = self.sent(change)
        if row is None:
            return Outcome(change, OutcomeKind.REFUSED, 200, LEFT_OUT, sent=sent)
        answered = extension_json.answered_row(row)
        if row.extra_attempts != change.extra_attempts:
            return Outcome(change, OutcomeKind.UNKNOWN, 200, OTHER_VALUES, sent=sent, answered=answered)
        return Outcome(change, OutcomeKind.APPLIED, 200, sent=sent, answered=answered)


class NewQuizAccommodations(Together[SetNewQuizAccommodation, AccommodationOutcome]):
    """Accommodations on one New Quiz (contract 8.3). Status 200 may still name students who failed (F22)."""

    def __init__(self, client: CanvasClient, canvas_course_id: int, canvas_assignment_id: int) -> None:
        self._client = client
        self._ids = canvas_course_id, canvas_assignment_id

    def send(self, changes: Sequence[SetNewQuizAccommodation]) -> AccommodationOutcome:
        """POST the accommodations."""
        requests = [extension_json.accommodation_request(change) for change in changes]
        return self._client.new_quizzes.accommodate(*self._ids, requests)

    def sent(self, change: SetNewQuizAccommodation) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = new_quizzes.ACCOMMODATE.at(*self._ids).path
        return {"request": f"POST {path}", "element": json_of(extension_json.accommodation_request(change))}

    def outcomes(self, changes: Sequence[SetNewQuizAccommodation], answer: AccommodationOutcome) -> list[Outcome]:
        """Return applied for who is among the successful, refused for the failed, unknown for who is in neither."""
        return [self._outcome(change, answer) for change in changes]

    def _outcome(self, change: SetNewQuizAccommodation, answer: AccommodationOutcome) -> Outcome:
        sent, user_id = self.sent(change), change.canvas_user_id
        if user_id in answer.failures:
            words = shown(answer.failures[user_id])
            answered: dict[str, object] = {"failed": {"user_id": user_id, "error": words}}
            return Outcome(change, OutcomeKind.REFUSED, 200, words or "failed", sent=sent, answered=answered)
        if user_id not in answer.succeeded:
            return Outcome(change, OutcomeKind.UNKNOWN, 200, LEFT_OUT, sent=sent)
        answered = {"successful": {"user_id": user_id}}
        return Outcome(change, OutcomeKind.APPLIED, 200, sent=sent, answered=answered)
