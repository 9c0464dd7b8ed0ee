"""New Quizzes and their accommodations. Their source is closed: this follows the documentation (contract 8)."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint, Place
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.extensions import (
    AccommodationOutcome,
    CourseAccommodationRequest,
    NewQuizAccommodation,
    QuizAccommodationRequest,
)
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.new_quizzes import NewQuiz, NewQuizValues
from canvas_bridge.wire.reading import read, read_inside
from canvas_bridge.wire.writing import query_of

LIST = Endpoint("GET", "/api/quiz/v1/courses/:course_id/quizzes")
GET = Endpoint("GET", "/api/quiz/v1/courses/:course_id/quizzes/:assignment_id")
CREATE = Endpoint("POST", "/api/quiz/v1/courses/:course_id/quizzes")
EDIT = Endpoint("PATCH", "/api/quiz/v1/courses/:course_id/quizzes/:assignment_id")
DELETE = Endpoint("DELETE", "/api/quiz/v1/courses/:course_id/quizzes/:assignment_id")
ACCOMMODATE = Endpoint("POST", "/api/quiz/v1/courses/:course_id/quizzes/:assignment_id/accommodations")
ACCOMMODATE_IN_COURSE = Endpoint("POST", "/api/quiz/v1/courses/:course_id/accommodations")
LIST_ACCOMMODATIONS = Endpoint("GET", "/api/v1/courses/:course_id/new_quizzes/:assignment_id/accommodations")
GET_ACCOMMODATION = Endpoint("GET", "/api/v1/courses/:course_id/new_quizzes/:assignment_id/accommodations/:user_id")


class NewQuizzes(Resource):
    """New Quizzes, each by the id of its assignment."""

    def list_in_course(self, course_id: AnyId) -> tuple[NewQuiz, ...]:
        """`GET /api/quiz/v1/courses/:course_id/quizzes`: all pages; time limits in seconds."""
        return self._list(NewQuiz, LIST.at(course_id))

    def get(self, course_id: AnyId, assignment_id: int) -> NewQuiz:
        """`GET /api/quiz/v1/courses/:course_id/quizzes/:assignment_id`: one. Raises CanvasNotFound."""
        return self._get(NewQuiz, GET.at(course_id, assignment_id))

    def create(self, course_id: AnyId, values: NewQuizValues) -> NewQuiz:
        """`POST /api/quiz/v1/courses/:course_id/quizzes`: make one, unpublished. NOT idempotent."""
        return read(NewQuiz, self._write(CREATE.at(course_id), {"quiz": values}))

    def edit(self, course_id: AnyId, assignment_id: int, values: NewQuizValues) -> NewQuiz:
        """`PATCH /api/quiz/v1/courses/:course_id/quizzes/:assignment_id`: change what is sent. Idempotent."""
        return read(NewQuiz, self._write(EDIT.at(course_id, assignment_id), {"quiz": values}))

    def delete(self, course_id: AnyId, assignment_id: int) -> None:
        """`DELETE /api/quiz/v1/courses/:course_id/quizzes/:assignment_id`: delete one; then CanvasNotFound."""
        self._write(DELETE.at(course_id, assignment_id))

    def accommodate(
        self, course_id: AnyId, assignment_id: int, requests: Sequence[QuizAccommodationRequest]
    ) -> AccommodationOutcome:
        """`POST /api/quiz/v1/courses/:course_id/quizzes/:assignment_id/accommodations`: for several, on one quiz.

        Status 200 may still name students who `failed`: read both lists. Cannot be read back on most instances.
        Assumed: values are set, not added, so that it is idempotent.
        """
        return self._accommodated(ACCOMMODATE.at(course_id, assignment_id), requests)

    def accommodate_in_course(
        self, course_id: AnyId, requests: Sequence[CourseAccommodationRequest]
    ) -> AccommodationOutcome:
        """`POST /api/quiz/v1/courses/:course_id/accommodations`: for several, on all New Quizzes of the course.

        As `accommodate`.
        """
        return self._accommodated(ACCOMMODATE_IN_COURSE.at(course_id), requests)

    def list_accommodations(
        self, course_id: AnyId, assignment_id: int, *, user_id: int | None = None
    ) -> tuple[NewQuizAccommodation, ...]:
        """`GET /api/v1/courses/:course_id/new_quizzes/:assignment_id/accommodations`: who has something.

        A probe: documented nowhere, CanvasNotFound on most instances (contract 8.4). CanvasRejected for another kind
        of assignment, CanvasUnavailable where the service does not answer.
        """
        place = LIST_ACCOMMODATIONS.at(course_id, assignment_id)
        return self._list(NewQuizAccommodation, place, query_of(user_id=user_id), envelope="accommodations")

    def get_accommodation(self, course_id: AnyId, assignment_id: int, user_id: int) -> NewQuizAccommodation:
        """`GET /api/v1/courses/:course_id/new_quizzes/:assignment_id/accommodations/:user_id`: one student's.

        A probe, as `list_accommodations`; CanvasNotFound also where the student has none.
        """
        place = GET_ACCOMMODATION.at(course_id, assignment_id, user_id)
        body = self._session.read(place.path, endpoint=place.endpoint).body
        return read_inside(NewQuizAccommodation, body, "accommodation")

    def _accommodated(self, place: Place, requests: Sequence[object]) -> AccommodationOutcome:
        return read(AccommodationOutcome, self._write(place, list(requests)))
