"""Quiz extensions, assignment extensions and New Quizzes accommodations: one request per quiz or assignment."""

from collections.abc import Mapping, Sequence

from canvas_bridge.changes import (
    Outcome,
    OutcomeKind,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
)
from canvas_bridge.client import assignments, classic_quizzes, new_quizzes
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasError
from canvas_bridge.gateway.applying.together import Together
from canvas_bridge.translate import extensions as extension_json

LEFT_OUT = "Canvas left this student out of its answer"
OTHER_VALUES = "Canvas answered with other values than were sent"


class QuizExtensions(Together[SetQuizExtension]):
    """Extensions of one classic quiz (contract 3). An unknown student costs all: 404, then found by halving."""

    def __init__(self, session: CanvasSession, canvas_course_id: int, canvas_quiz_id: int) -> None:
        self._session = session
        self._canvas_course_id = canvas_course_id
        self._canvas_quiz_id = canvas_quiz_id

    def send(self, changes: Sequence[SetQuizExtension]) -> object:
        """POST the extensions."""
        elements = [extension_json.quiz_element(change) for change in changes]
        return classic_quizzes.set_extensions(self._session, self._canvas_course_id, self._canvas_quiz_id, elements)

    def sent(self, change: SetQuizExtension) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = classic_quizzes.extensions_path(self._canvas_course_id, self._canvas_quiz_id)
        return {"request": f"POST {path}", "element": extension_json.quiz_element(change)}

    def outcomes(self, changes: Sequence[SetQuizExtension], body: object) -> list[Outcome]:
        """Return applied where the student's row holds what was sent, else unknown: only a read can tell."""
        rows = extension_json.extension_rows(body, "quiz_extensions")
        return [self._outcome(change, rows.get(change.canvas_user_id)) for change in changes]

    def _outcome(self, change: SetQuizExtension, row: extension_json.ExtensionRow | None) -> Outcome:
        sent = self.sent(change)
        if row is None:
            return Outcome(change, OutcomeKind.UNKNOWN, 200, LEFT_OUT, sent=sent)
        holds_minutes = change.extra_minutes in (None, row.extra_minutes)
        holds_attempts = change.extra_attempts in (None, row.extra_attempts)
        if not (holds_minutes and holds_attempts):
            return Outcome(change, OutcomeKind.UNKNOWN, 200, OTHER_VALUES, sent=sent, answered=row.answered)
        return Outcome(change, OutcomeKind.APPLIED, 200, sent=sent, answered=row.answered)


class AssignmentExtensions(Together[SetAssignmentExtension]):
    """Extra attempts on one assignment (contract 5). A refusal names the bad students and saves nothing for anybody."""

    def __init__(self, session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int) -> None:
        self._session = session
        self._canvas_course_id = canvas_course_id
        self._canvas_assignment_id = canvas_assignment_id

    def send(self, changes: Sequence[SetAssignmentExtension]) -> object:
        """POST the extensions."""
        elements = [extension_json.assignment_element(change) for change in changes]
        return assignments.set_extensions(self._session, self._canvas_course_id, self._canvas_assignment_id, elements)

    def sent(self, change: SetAssignmentExtension) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = assignments.extensions_path(self._canvas_course_id, self._canvas_assignment_id)
        return {"request": f"POST {path}", "element": extension_json.assignment_element(change)}

    def outcomes(self, changes: Sequence[SetAssignmentExtension], body: object) -> list[Outcome]:
        """Return applied for who is in the answer; who is silently left out is not assigned, so refused (F34)."""
        rows = extension_json.extension_rows(body, "assignment_extensions")
        return [self._outcome(change, rows.get(change.canvas_user_id)) for change in changes]

    def refusals(self, changes: Sequence[SetAssignmentExtension], error: CanvasError) -> Mapping[int, str]:
        """Return the words for the students that the refusal lists."""
        words = extension_json.refusals_by_user(error.words)
        return {
            index: words[change.canvas_user_id]
            for index, change in enumerate(changes)
            if change.canvas_user_id in words
        }

    def _outcome(self, change: SetAssignmentExtension, row: extension_json.ExtensionRow | None) -> Outcome:
        sent = self.sent(change)
        if row is None:
            return Outcome(change, OutcomeKind.REFUSED, 200, LEFT_OUT, sent=sent)
        if row.extra_attempts != change.extra_attempts:
            return Outcome(change, OutcomeKind.UNKNOWN, 200, OTHER_VALUES, sent=sent, answered=row.answered)
        return Outcome(change, OutcomeKind.APPLIED, 200, sent=sent, answered=row.answered)


class NewQuizAccommodations(Together[SetNewQuizAccommodation]):
    """Accommodations on one New Quiz (contract 8.3). Status 200 may still name students who failed (F22)."""

    def __init__(self, session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int) -> None:
        self._session = session
        self._canvas_course_id = canvas_course_id
        self._canvas_assignment_id = canvas_assignment_id

    def send(self, changes: Sequence[SetNewQuizAccommodation]) -> object:
        """POST the accommodations."""
        elements = [extension_json.quiz_element(change) for change in changes]
        return new_quizzes.set_accommodations(
            self._session, self._canvas_course_id, self._canvas_assignment_id, elements
        )

    def sent(self, change: SetNewQuizAccommodation) -> dict[str, object]:
        """Return the student's element and where it went."""
        path = new_quizzes.accommodations_path(self._canvas_course_id, self._canvas_assignment_id)
        return {"request": f"POST {path}", "element": extension_json.quiz_element(change)}

    def outcomes(self, changes: Sequence[SetNewQuizAccommodation], body: object) -> list[Outcome]:
        """Return applied for who is among the successful, refused for the failed, unknown for who is in neither."""
        failed = extension_json.failures_by_user(body)
        successful = extension_json.successful_users(body)
        return [self._outcome(change, failed, successful) for change in changes]

    def _outcome(
        self, change: SetNewQuizAccommodation, failed: Mapping[int, str], successful: frozenset[int]
    ) -> Outcome:
        sent, user_id = self.sent(change), change.canvas_user_id
        if user_id in failed:
            answered: dict[str, object] = {"failed": {"user_id": user_id, "error": failed[user_id]}}
            return Outcome(change, OutcomeKind.REFUSED, 200, failed[user_id] or "failed", sent=sent, answered=answered)
        if user_id not in successful:
            return Outcome(change, OutcomeKind.UNKNOWN, 200, LEFT_OUT, sent=sent)
        answered = {"successful": {"user_id": user_id}}
        return Outcome(change, OutcomeKind.APPLIED, 200, sent=sent, answered=answered)
