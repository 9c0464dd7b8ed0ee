"""Courses, and the people in them."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.courses import Course, CourseListing, CourseValues
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.people import User, UserListing
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import params_of, query_of

LIST_IN_ACCOUNT = Endpoint("GET", "/api/v1/accounts/:account_id/courses")
GET = Endpoint("GET", "/api/v1/courses/:id")
GET_IN_ACCOUNT = Endpoint("GET", "/api/v1/accounts/:account_id/courses/:id")
LIST_USERS = Endpoint("GET", "/api/v1/courses/:course_id/users")
CREATE = Endpoint("POST", "/api/v1/accounts/:account_id/courses")
EDIT = Endpoint("PUT", "/api/v1/courses/:id")

EVERYTHING = CourseListing()
EVERYBODY = UserListing()


class Courses(Resource):
    """Courses (contract 10.3, 10.5, 10.7.1)."""

    def list_in_account(
        self, account_id: AnyId, listing: CourseListing = EVERYTHING, *, first_page_only: bool = False
    ) -> tuple[Course, ...]:
        """`GET /api/v1/accounts/:account_id/courses`: all pages, or the first 100; deleted ones left out."""
        place = LIST_IN_ACCOUNT.at(account_id)
        return self._list(Course, place, params_of(listing), first_page_only=first_page_only)

    def get(self, course_id: AnyId, *, include: Sequence[str] = ()) -> Course:
        """`GET /api/v1/courses/:id`: one. `include` takes term, concluded, sections, total_students, all_courses ….

        Raises CanvasNotFound for a deleted one, unless `all_courses` is included.
        """
        return self._get(Course, GET.at(course_id), query_of(include=include))

    def get_in_account(self, account_id: AnyId, course_id: AnyId, *, include: Sequence[str] = ()) -> Course:
        """`GET /api/v1/accounts/:account_id/courses/:id`: one, by its account."""
        return self._get(Course, GET_IN_ACCOUNT.at(account_id, course_id), query_of(include=include))

    def list_users(self, course_id: AnyId, listing: UserListing = EVERYBODY) -> tuple[User, ...]:
        """`GET /api/v1/courses/:course_id/users`: people of the course, all pages.

        A page may be one short, since Canvas takes the test student out of it afterwards. Raises CanvasRejected for a
        search term below two characters.
        """
        return self._list(User, LIST_USERS.at(course_id), params_of(listing))

    def create(
        self, account_id: AnyId, values: CourseValues, *, offer: bool = False, enroll_me: bool = False
    ) -> Course:
        """`POST /api/v1/accounts/:account_id/courses`: make one; `offer` publishes it. NOT idempotent."""
        body = {"course": values, "offer": offer, "enroll_me": enroll_me}
        return read(Course, self._write(CREATE.at(account_id), body))

    def edit(self, course_id: AnyId, values: CourseValues) -> Course:
        """`PUT /api/v1/courses/:id`: change what is sent; `event` publishes, ends, deletes or restores it.

        Idempotent.
        """
        return read(Course, self._write(EDIT.at(course_id), {"course": values}))
