"""Modules, and who is assigned them."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.date_details import Module, ModuleItem, ModuleOverride, ModuleOverrideValues
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.reading import read

LIST_OVERRIDES = Endpoint("GET", "/api/v1/courses/:course_id/modules/:context_module_id/assignment_overrides")
SET_OVERRIDES = Endpoint("PUT", "/api/v1/courses/:course_id/modules/:context_module_id/assignment_overrides")
CREATE = Endpoint("POST", "/api/v1/courses/:course_id/modules")
CREATE_ITEM = Endpoint("POST", "/api/v1/courses/:course_id/modules/:module_id/items")


class Modules(Resource):
    """Modules (contract 10.7.3, 10.7.10). Their overrides carry no dates: they say who is assigned the items."""

    def list_overrides(self, course_id: AnyId, module_id: int) -> tuple[ModuleOverride, ...]:
        """`GET /api/v1/courses/:course_id/modules/:context_module_id/assignment_overrides`: all pages."""
        return self._list(ModuleOverride, LIST_OVERRIDES.at(course_id, module_id))

    def set_overrides(self, course_id: AnyId, module_id: int, overrides: Sequence[ModuleOverrideValues]) -> None:
        """`PUT /api/v1/courses/:course_id/modules/:context_module_id/assignment_overrides`: the complete list.

        What it does not hold is deleted; an empty list deletes all. Plain numbers only; CanvasNotFound for an unknown
        one, CanvasRejected for a wrong mix of targets. Idempotent where every entry carries its id.
        """
        self._write(SET_OVERRIDES.at(course_id, module_id), {"overrides": list(overrides)})

    def create(self, course_id: AnyId, name: str) -> Module:
        """`POST /api/v1/courses/:course_id/modules`: make one. NOT idempotent."""
        return read(Module, self._write(CREATE.at(course_id), {"module": {"name": name}}))

    def create_item(self, course_id: AnyId, module_id: int, *, kind: str, content_id: int) -> ModuleItem:
        """`POST /api/v1/courses/:course_id/modules/:module_id/items`: put something in. NOT idempotent.

        `kind` is Canvas's `type`: Assignment, Quiz, Discussion and so on.
        """
        body = {"module_item": {"type": kind, "content_id": content_id}}
        return read(ModuleItem, self._write(CREATE_ITEM.at(course_id, module_id), body))
