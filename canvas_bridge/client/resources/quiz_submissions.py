"""Quiz submissions: what students have on a classic quiz, and taking one."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.errors import CanvasContractError
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.quizzes import AttemptTime, QuizAnswer, QuizSubmission
from canvas_bridge.wire.reading import read_list_inside
from canvas_bridge.wire.writing import query_of

LIST = Endpoint("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions")
GET = Endpoint("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions/:id")
LIST_OWN = Endpoint("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submission")
START = Endpoint("POST", "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions")
TIME = Endpoint("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions/:id/time")
COMPLETE = Endpoint("POST", "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions/:id/complete")
ANSWER = Endpoint("POST", "/api/v1/quiz_submissions/:quiz_submission_id/questions")

_ENVELOPE = "quiz_submissions"


class QuizSubmissions(Resource):
    """Quiz submissions (contract 3.6, 10.7.10). Times to run in minutes, times left in seconds."""

    def list_in_quiz(
        self, course_id: AnyId, quiz_id: int, *, include: Sequence[str] = (), first_page_only: bool = False
    ) -> tuple[QuizSubmission, ...]:
        """`GET /api/v1/courses/:course_id/quizzes/:quiz_id/submissions`: one row per visible student, all pages.

        Who has neither extension nor attempt has no row. Listing makes Canvas grade overdue attempts in the
        background. Students see only themselves.
        """
        place, params = LIST.at(course_id, quiz_id), query_of(include=include)
        return self._list(QuizSubmission, place, params, envelope=_ENVELOPE, first_page_only=first_page_only)

    def get(
        self, course_id: AnyId, quiz_id: int, quiz_submission_id: int, *, attempt: int | None = None
    ) -> QuizSubmission:
        """`GET /api/v1/courses/:course_id/quizzes/:quiz_id/submissions/:id`: one row; `attempt` picks an older one."""
        place = GET.at(course_id, quiz_id, quiz_submission_id)
        params = query_of(attempt=attempt)
        return _one(self._session.read(place.path, params, endpoint=place.endpoint).body)

    def list_own(self, course_id: AnyId, quiz_id: int) -> tuple[QuizSubmission, ...]:
        """`GET /api/v1/courses/:course_id/quizzes/:quiz_id/submission`: the caller's own row."""
        return self._list(QuizSubmission, LIST_OWN.at(course_id, quiz_id), envelope=_ENVELOPE)

    def start(
        self, course_id: AnyId, quiz_id: int, *, access_code: str | None = None, preview: bool | None = None
    ) -> QuizSubmission:
        """`POST /api/v1/courses/:course_id/quizzes/:quiz_id/submissions`: begin an attempt, as the student.

        The row carries the `validation_token` that handing in takes. NOT idempotent: while one runs, or none is left,
        CanvasRejected (409). CanvasForbidden for who may not take it, a wrong access code or address; a quiz without
        way back cannot be taken through the interface (501, CanvasOutcomeUnknown).
        """
        body = {key: one for key, one in (("access_code", access_code), ("preview", preview)) if one is not None}
        return _one(self._write(START.at(course_id, quiz_id), body))

    def get_time(self, course_id: AnyId, quiz_id: int, quiz_submission_id: int) -> AttemptTime:
        """`GET /api/v1/courses/:course_id/quizzes/:quiz_id/submissions/:id/time`: end, and seconds left."""
        return self._get(AttemptTime, TIME.at(course_id, quiz_id, quiz_submission_id))

    def answer(
        self,
        row: QuizSubmission,
        answers: Sequence[QuizAnswer],
        *,
        access_code: str | None = None,
    ) -> None:
        """`POST /api/v1/quiz_submissions/:quiz_submission_id/questions`: answer questions of a running attempt.

        CanvasRejected once the attempt is overdue. Idempotent: an answer replaces the one before.
        """
        body = {**_credentials(row, access_code), "quiz_questions": list(answers)}
        self._write(ANSWER.at(row.id), body)

    def complete(self, course_id: AnyId, row: QuizSubmission, *, access_code: str | None = None) -> QuizSubmission:
        """`POST /api/v1/courses/:course_id/quizzes/:quiz_id/submissions/:id/complete`: hand the attempt in.

        `row` is the one that `start` returned. A quiz that has locked meanwhile cannot be handed in (CanvasRejected).
        A second time CanvasRejected.
        """
        place = COMPLETE.at(course_id, row.quiz_id, row.id)
        return _one(self._write(place, _credentials(row, access_code)))


def _credentials(row: QuizSubmission, access_code: str | None) -> dict[str, object]:
    given: dict[str, object] = {"attempt": row.attempt, "validation_token": row.validation_token}
    return given if access_code is None else {**given, "access_code": access_code}


def _one(body: object) -> QuizSubmission:
    rows = read_list_inside(QuizSubmission, body, _ENVELOPE)
    if len(rows) != 1:
        raise CanvasContractError(f"one quiz submission was due, not {len(rows)}")
    return rows[0]
