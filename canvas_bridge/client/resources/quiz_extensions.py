"""Extensions of classic quizzes: extra minutes, extra attempts, unlocking, and the attempt that is running."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.errors import CanvasContractError
from canvas_bridge.wire.extensions import QuizExtension, QuizExtensionRequest
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.reading import read_list_inside
from canvas_bridge.wire.writing import query_of

SET = Endpoint("POST", "/api/v1/courses/:course_id/quizzes/:quiz_id/extensions")
LIST = Endpoint("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/extensions")
SET_IN_COURSE = Endpoint("POST", "/api/v1/courses/:course_id/quiz_extensions")

MOST_EXTENDED_MINUTES = 1440
"""The most that Canvas adds to a running attempt in one request (contract 3.1); more it would silently cut."""

_ENVELOPE = "quiz_extensions"


class QuizExtensions(Resource):
    """Quiz extensions of one quiz, and of all classic quizzes of a course (contract 3, 4)."""

    def set(
        self, course_id: AnyId, quiz_id: int, extensions: Sequence[QuizExtensionRequest]
    ) -> tuple[QuizExtension, ...]:
        """`POST /api/v1/courses/:course_id/quizzes/:quiz_id/extensions`: set values for several students.

        Minutes and attempts replace what is stored. One student who is not a current one costs all: CanvasNotFound,
        nothing is changed. Values are then written one student at a time: after CanvasOutcomeUnknown some may have
        theirs. Idempotent. `quiz_id` is the quiz's, never the assignment's.
        """
        return self._rows(self._write(SET.at(course_id, quiz_id), {_ENVELOPE: list(extensions)}))

    def set_in_course(self, course_id: AnyId, extensions: Sequence[QuizExtensionRequest]) -> tuple[QuizExtension, ...]:
        """`POST /api/v1/courses/:course_id/quiz_extensions`: the same values on every classic quiz there is now.

        Published or not, timed or not, and even deleted ones; a quiz made later gets nothing; New Quizzes are not
        touched. Answers one row for each quiz and student. Errors and idempotency as in `set`; a failure half way
        leaves some quizzes extended.
        """
        return self._rows(self._write(SET_IN_COURSE.at(course_id), {_ENVELOPE: list(extensions)}))

    def list_in_quiz(self, course_id: AnyId, quiz_id: int, *, user_id: int | None = None) -> tuple[QuizExtension, ...]:
        """`GET /api/v1/courses/:course_id/quizzes/:quiz_id/extensions`: who has something, all pages.

        Only some instances have it: elsewhere CanvasNotFound, and the quiz submissions tell the same (contract 3.7).
        """
        place = LIST.at(course_id, quiz_id)
        return self._list(QuizExtension, place, query_of(user_id=user_id), envelope=_ENVELOPE)

    def extend_running_attempt(
        self,
        course_id: AnyId,
        quiz_id: int,
        user_id: int,
        *,
        minutes_from_now: int | None = None,
        minutes_from_end: int | None = None,
    ) -> QuizExtension:
        """`POST /api/v1/courses/:course_id/quizzes/:quiz_id/extensions`: move the end of one running attempt.

        Exactly one of the two, 1–1440 minutes: `minutes_from_now` sets the end to that long after Canvas's now (which
        may shorten it), `minutes_from_end` adds to the end. Returns the student's row with the end that now holds;
        where the attempt cannot be extended (not running, no time limit, over for an hour) Canvas changes nothing and
        says nothing: compare `end_at`.

        NOT idempotent: a second call moves the end again. After CanvasOutcomeUnknown read the quiz submission, never
        call again. It is sent anew only where Canvas surely did not act. Raises ValueError for other minutes, and
        CanvasError as `set`.
        """
        key, minutes = _moved_end(minutes_from_now, minutes_from_end)
        element = {"user_id": user_id, key: minutes}
        rows = self._rows(self._write(SET.at(course_id, quiz_id), {_ENVELOPE: [element]}))
        row = next((row for row in rows if row.user_id == user_id), None)
        if row is None:
            raise CanvasContractError("the answer to the extension of a running attempt names another student")
        return row

    def _rows(self, body: object) -> tuple[QuizExtension, ...]:
        return read_list_inside(QuizExtension, body, _ENVELOPE)


def _moved_end(minutes_from_now: int | None, minutes_from_end: int | None) -> tuple[str, int]:
    """Return Canvas's key and the minutes for the one that is given."""
    given = {"extend_from_now": minutes_from_now, "extend_from_end_at": minutes_from_end}
    chosen = [(key, minutes) for key, minutes in given.items() if minutes is not None]
    if len(chosen) != 1:
        raise ValueError("either minutes from now or minutes from the end must be given")
    key, minutes = chosen[0]
    if not 1 <= minutes <= MOST_EXTENDED_MINUTES:
        raise ValueError(f"a running attempt is extended by 1 to {MOST_EXTENDED_MINUTES} minutes, not {minutes}")
    return key, minutes
