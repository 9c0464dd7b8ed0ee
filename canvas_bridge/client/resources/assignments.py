"""Assignments: reading, writing, and dating many at once."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.assignment_values import AssignmentValues, BulkDates
from canvas_bridge.wire.assignments import Assignment, AssignmentListing, DuplicatedAssignment
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.overrides import NamedId
from canvas_bridge.wire.progress import Progress
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import params_of, query_of

LIST_IN_COURSE = Endpoint("GET", "/api/v1/courses/:course_id/assignments")
LIST_IN_GROUP = Endpoint("GET", "/api/v1/courses/:course_id/assignment_groups/:assignment_group_id/assignments")
LIST_FOR_USER = Endpoint("GET", "/api/v1/users/:user_id/courses/:course_id/assignments")
GET = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:id")
CREATE = Endpoint("POST", "/api/v1/courses/:course_id/assignments")
EDIT = Endpoint("PUT", "/api/v1/courses/:course_id/assignments/:id")
DELETE = Endpoint("DELETE", "/api/v1/courses/:course_id/assignments/:id")
DUPLICATE = Endpoint("POST", "/api/v1/courses/:course_id/assignments/:assignment_id/duplicate")
GROUP_MEMBERS = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/users/:user_id/group_members")
BULK_UPDATE = Endpoint("PUT", "/api/v1/courses/:course_id/assignments/bulk_update")

BASE_DATES = AssignmentListing()


class Assignments(Resource):
    """Assignments (contract 9). Their overrides have a resource of their own, and are never sent inside them."""

    def list_in_course(self, course_id: AnyId, listing: AssignmentListing = BASE_DATES) -> tuple[Assignment, ...]:
        """`GET /api/v1/courses/:course_id/assignments`: all pages, with base dates unless asked otherwise.

        Raises CanvasRejected for a search term below two characters, or an unknown id among `assignment_ids`.
        """
        return self._list(Assignment, LIST_IN_COURSE.at(course_id), params_of(listing))

    def list_in_group(
        self, course_id: AnyId, assignment_group_id: int, listing: AssignmentListing = BASE_DATES
    ) -> tuple[Assignment, ...]:
        """`GET /api/v1/courses/:course_id/assignment_groups/:assignment_group_id/assignments`: those of one group."""
        return self._list(Assignment, LIST_IN_GROUP.at(course_id, assignment_group_id), params_of(listing))

    def list_for_user(
        self, user_id: AnyId, course_id: AnyId, listing: AssignmentListing = BASE_DATES
    ) -> tuple[Assignment, ...]:
        """`GET /api/v1/users/:user_id/courses/:course_id/assignments`: those that one person can see."""
        return self._list(Assignment, LIST_FOR_USER.at(user_id, course_id), params_of(listing))

    def get(
        self,
        course_id: AnyId,
        assignment_id: AnyId,
        *,
        include: Sequence[str] = (),
        all_dates: bool | None = None,
        override_assignment_dates: bool | None = False,
        needs_grading_count_by_section: bool | None = None,
    ) -> Assignment:
        """`GET /api/v1/courses/:course_id/assignments/:id`: one, with base dates unless asked otherwise.

        `include` as in a listing, and `peer_review`. Raises CanvasNotFound for a deleted one, CanvasForbidden for a
        student who is not assigned it.
        """
        params = query_of(
            include=include,
            all_dates=all_dates,
            override_assignment_dates=override_assignment_dates,
            needs_grading_count_by_section=needs_grading_count_by_section,
        )
        return self._get(Assignment, GET.at(course_id, assignment_id), params)

    def create(self, course_id: AnyId, values: AssignmentValues) -> Assignment:
        """`POST /api/v1/courses/:course_id/assignments`: make one; `name` is needed.

        Raises CanvasRejected with the errors by attribute (409 where it exists already), CanvasForbidden in a closed
        grading period. NOT idempotent: a second call makes a second one.
        """
        return read(Assignment, self._write(CREATE.at(course_id), {"assignment": values}))

    def edit(self, course_id: AnyId, assignment_id: AnyId, values: AssignmentValues) -> Assignment:
        """`PUT /api/v1/courses/:course_id/assignments/:id`: change what is not UNCHANGED; None clears.

        The answer shows the dates collapsed for the caller unless `override_dates` is False. Errors as in `create`;
        also for a blueprint's locks. Idempotent.
        """
        return read(Assignment, self._write(EDIT.at(course_id, assignment_id), {"assignment": values}))

    def delete(self, course_id: AnyId, assignment_id: AnyId) -> Assignment:
        """`DELETE /api/v1/courses/:course_id/assignments/:id`: delete one, and return it as it was.

        A second time CanvasNotFound. CanvasForbidden where a blueprint locks it or a closed period holds it.
        """
        return read(Assignment, self._write(DELETE.at(course_id, assignment_id)))

    def duplicate(
        self, course_id: AnyId, assignment_id: AnyId, *, result_type: str | None = None
    ) -> DuplicatedAssignment:
        """`POST /api/v1/courses/:course_id/assignments/:assignment_id/duplicate`: copy one, without its overrides.

        A New Quiz is copied in the background (`workflow_state` duplicating); a classic quiz is refused
        (CanvasRejected). `result_type` "Quiz" asks for the shape of a quiz. NOT idempotent.
        """
        body = {} if result_type is None else {"result_type": result_type}
        return read(DuplicatedAssignment, self._write(DUPLICATE.at(course_id, assignment_id), body))

    def list_group_members(self, course_id: AnyId, assignment_id: AnyId, user_id: AnyId) -> tuple[NamedId, ...]:
        """`GET /api/v1/courses/:course_id/assignments/:assignment_id/users/:user_id/group_members`: their group.

        Assumed: a list of id and name; the documentation shows none.
        """
        return self._list(NamedId, GROUP_MEMBERS.at(course_id, assignment_id, user_id))

    def change_dates(self, course_id: AnyId, changes: Sequence[BulkDates]) -> Progress:
        """`PUT /api/v1/courses/:course_id/assignments/bulk_update`: new dates for many, in the background.

        Returns the job, not its end: `client.progress.follow` waits for that. All or nothing: one problem and nothing
        is saved. Makes, deletes and re-targets no override. Raises CanvasNotFound for an unknown or repeated
        assignment. Idempotent.
        """
        elements = [change.element() for change in changes]
        return read(Progress, self._write(BULK_UPDATE.at(course_id), elements))
