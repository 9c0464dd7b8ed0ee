"""Classic quizzes."""

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.quizzes import Quiz, QuizDates, QuizQuestion, QuizQuestionValues, QuizValues
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import query_of

LIST = Endpoint("GET", "/api/v1/courses/:course_id/quizzes")
GET = Endpoint("GET", "/api/v1/courses/:course_id/quizzes/:id")
CREATE = Endpoint("POST", "/api/v1/courses/:course_id/quizzes")
EDIT = Endpoint("PUT", "/api/v1/courses/:course_id/quizzes/:id")
DELETE = Endpoint("DELETE", "/api/v1/courses/:course_id/quizzes/:id")
CREATE_QUESTION = Endpoint("POST", "/api/v1/courses/:course_id/quizzes/:quiz_id/questions")
LIST_DATES = Endpoint("GET", "/api/v1/courses/:course_id/quizzes/assignment_overrides")
LIST_NEW_QUIZ_DATES = Endpoint("GET", "/api/v1/courses/:course_id/new_quizzes/assignment_overrides")


class Quizzes(Resource):
    """Classic quizzes (contract 10.1, 10.6, 10.7.8), by their own ids, never by those of their assignments."""

    def list_in_course(
        self, course_id: AnyId, *, search_term: str | None = None, first_page_only: bool = False
    ) -> tuple[Quiz, ...]:
        """`GET /api/v1/courses/:course_id/quizzes`: all pages, or the first 100; time limits in minutes.

        Practice quizzes and surveys are among them, New Quizzes are not. CanvasRejected for a search term below two
        characters.
        """
        params = query_of(search_term=search_term)
        return self._list(Quiz, LIST.at(course_id), params, first_page_only=first_page_only)

    def get(self, course_id: AnyId, quiz_id: int) -> Quiz:
        """`GET /api/v1/courses/:course_id/quizzes/:id`: one. Raises CanvasNotFound for a deleted one."""
        return self._get(Quiz, GET.at(course_id, quiz_id))

    def create(self, course_id: AnyId, values: QuizValues) -> Quiz:
        """`POST /api/v1/courses/:course_id/quizzes`: make one; `title` is needed. NOT idempotent.

        Raises CanvasRejected with the errors by attribute, CanvasForbidden in a closed grading period.
        """
        return read(Quiz, self._write(CREATE.at(course_id), {"quiz": values}))

    def edit(self, course_id: AnyId, quiz_id: int, values: QuizValues) -> Quiz:
        """`PUT /api/v1/courses/:course_id/quizzes/:id`: change what is sent. Extensions stay. Idempotent.

        Assumed: attempts that are running keep their end when the time limit changes. Errors as in `create`.
        """
        return read(Quiz, self._write(EDIT.at(course_id, quiz_id), {"quiz": values}))

    def delete(self, course_id: AnyId, quiz_id: int) -> Quiz:
        """`DELETE /api/v1/courses/:course_id/quizzes/:id`: delete one; CanvasForbidden where a blueprint locks it."""
        return read(Quiz, self._write(DELETE.at(course_id, quiz_id)))

    def create_question(self, course_id: AnyId, quiz_id: int, values: QuizQuestionValues) -> QuizQuestion:
        """`POST /api/v1/courses/:course_id/quizzes/:quiz_id/questions`: add a question. NOT idempotent."""
        return read(QuizQuestion, self._write(CREATE_QUESTION.at(course_id, quiz_id), {"question": values}))

    def list_dates(self, course_id: AnyId) -> tuple[QuizDates, ...]:
        """`GET /api/v1/courses/:course_id/quizzes/assignment_overrides`: dates of classic quizzes for the caller."""
        return self._list(QuizDates, LIST_DATES.at(course_id), envelope="quiz_assignment_overrides")

    def list_new_quiz_dates(self, course_id: AnyId) -> tuple[QuizDates, ...]:
        """`GET /api/v1/courses/:course_id/new_quizzes/assignment_overrides`: the same of New Quizzes."""
        return self._list(QuizDates, LIST_NEW_QUIZ_DATES.at(course_id), envelope="quiz_assignment_overrides")
