"""Enrollments: who is in which course and section, in which role and state."""

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.people import Confirmation, Enrollment, EnrollmentListing, EnrollmentValues
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import params_of

LIST_IN_COURSE = Endpoint("GET", "/api/v1/courses/:course_id/enrollments")
LIST_IN_SECTION = Endpoint("GET", "/api/v1/sections/:section_id/enrollments")
LIST_OF_USER = Endpoint("GET", "/api/v1/users/:user_id/enrollments")
CREATE_IN_COURSE = Endpoint("POST", "/api/v1/courses/:course_id/enrollments")
CREATE_IN_SECTION = Endpoint("POST", "/api/v1/sections/:section_id/enrollments")
END = Endpoint("DELETE", "/api/v1/courses/:course_id/enrollments/:id")
REACTIVATE = Endpoint("PUT", "/api/v1/courses/:course_id/enrollments/:id/reactivate")
ACCEPT = Endpoint("POST", "/api/v1/courses/:course_id/enrollments/:id/accept")

EVERYTHING = EnrollmentListing()


class Enrollments(Resource):
    """Enrollments (contract 10.2, 10.7.10). Lists are paged by bookmark; a person may come several times."""

    def list_in_course(
        self, course_id: AnyId, listing: EnrollmentListing = EVERYTHING, *, first_page_only: bool = False
    ) -> tuple[Enrollment, ...]:
        """`GET /api/v1/courses/:course_id/enrollments`: all pages, or the first 100."""
        place = LIST_IN_COURSE.at(course_id)
        return self._list(Enrollment, place, params_of(listing), first_page_only=first_page_only)

    def list_in_section(self, section_id: AnyId, listing: EnrollmentListing = EVERYTHING) -> tuple[Enrollment, ...]:
        """`GET /api/v1/sections/:section_id/enrollments`: all pages."""
        return self._list(Enrollment, LIST_IN_SECTION.at(section_id), params_of(listing))

    def list_of_user(self, user_id: AnyId, listing: EnrollmentListing = EVERYTHING) -> tuple[Enrollment, ...]:
        """`GET /api/v1/users/:user_id/enrollments`: one person's, all pages.

        `state` also takes current_and_invited, current_and_future, current_future_and_restricted and
        current_and_concluded here.
        """
        return self._list(Enrollment, LIST_OF_USER.at(user_id), params_of(listing))

    def create_in_course(self, course_id: AnyId, values: EnrollmentValues) -> Enrollment:
        """`POST /api/v1/courses/:course_id/enrollments`: enroll a person.

        Assumed: the same person, type and section a second time answers the existing one. CanvasNotFound for an
        unknown person.
        """
        return read(Enrollment, self._write(CREATE_IN_COURSE.at(course_id), {"enrollment": values}))

    def create_in_section(self, section_id: AnyId, values: EnrollmentValues) -> Enrollment:
        """`POST /api/v1/sections/:section_id/enrollments`: as `create_in_course`."""
        return read(Enrollment, self._write(CREATE_IN_SECTION.at(section_id), {"enrollment": values}))

    def end(self, course_id: AnyId, enrollment_id: int, *, task: str = "conclude") -> Enrollment:
        """`DELETE /api/v1/courses/:course_id/enrollments/:id`: conclude, delete, deactivate or inactivate it."""
        return read(Enrollment, self._write(END.at(course_id, enrollment_id), {"task": task}))

    def reactivate(self, course_id: AnyId, enrollment_id: int) -> Enrollment:
        """`PUT /api/v1/courses/:course_id/enrollments/:id/reactivate`: back from inactive, else CanvasRejected."""
        return read(Enrollment, self._write(REACTIVATE.at(course_id, enrollment_id), {}))

    def accept(self, course_id: AnyId, enrollment_id: int) -> Confirmation:
        """`POST /api/v1/courses/:course_id/enrollments/:id/accept`: accept an invitation, as the person invited."""
        return read(Confirmation, self._write(ACCEPT.at(course_id, enrollment_id), {}))
