"""Assignment groups: the parts into which a course sorts its assignments, such as "Exams"."""

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.assignments import AssignmentGroup
from canvas_bridge.wire.ids import AnyId

LIST = Endpoint("GET", "/api/v1/courses/:course_id/assignment_groups")


class AssignmentGroups(Resource):
    """Assignment groups of a course."""

    def list_in_course(self, course_id: AnyId) -> tuple[AssignmentGroup, ...]:
        """`GET /api/v1/courses/:course_id/assignment_groups`: all pages, without their assignments."""
        return self._list(AssignmentGroup, LIST.at(course_id))
