"""Extra attempts on assignments that take uploads, urls or text."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.extensions import AssignmentExtension
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.reading import read_list_inside

SET = Endpoint("POST", "/api/v1/courses/:course_id/assignments/:assignment_id/extensions")

_ENVELOPE = "assignment_extensions"


class AssignmentExtensions(Resource):
    """Assignment extensions (contract 5). They are read back from submissions."""

    def set(
        self, course_id: AnyId, assignment_id: AnyId, extensions: Sequence[AssignmentExtension]
    ) -> tuple[AssignmentExtension, ...]:
        """`POST /api/v1/courses/:course_id/assignments/:assignment_id/extensions`: set extra attempts of several.

        Absolute values from 0 on; None clears. Validation is all or nothing: CanvasRejected, whose `words` list only
        the bad students. Who is unknown or not assigned is silently missing from the answer, whose order is free.
        Idempotent.
        """
        body = self._write(SET.at(course_id, assignment_id), {_ENVELOPE: list(extensions)})
        return read_list_inside(AssignmentExtension, body, _ENVELOPE)
