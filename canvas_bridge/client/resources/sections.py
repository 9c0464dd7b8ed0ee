"""Sections, and cross-listing them."""

from collections.abc import Sequence

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.wire.courses import Section, SectionValues
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import query_of

LIST = Endpoint("GET", "/api/v1/courses/:course_id/sections")
GET = Endpoint("GET", "/api/v1/sections/:id")
GET_IN_COURSE = Endpoint("GET", "/api/v1/courses/:course_id/sections/:id")
CREATE = Endpoint("POST", "/api/v1/courses/:course_id/sections")
EDIT = Endpoint("PUT", "/api/v1/sections/:id")
DELETE = Endpoint("DELETE", "/api/v1/sections/:id")
CROSSLIST = Endpoint("POST", "/api/v1/sections/:id/crosslist/:new_course_id")
UNCROSSLIST = Endpoint("DELETE", "/api/v1/sections/:id/crosslist")


class Sections(Resource):
    """Sections (contract 10.7.4)."""

    def list_in_course(
        self, course_id: AnyId, *, include: Sequence[str] = (), search_term: str | None = None
    ) -> tuple[Section, ...]:
        """`GET /api/v1/courses/:course_id/sections`: all pages, by name.

        `include` takes students, enrollments, total_students, passback_status, permissions; Canvas drops it silently
        for who may not read the roster.
        """
        return self._list(Section, LIST.at(course_id), query_of(include=include, search_term=search_term))

    def get(self, section_id: AnyId, *, include: Sequence[str] = ()) -> Section:
        """`GET /api/v1/sections/:id`: one. Raises CanvasNotFound for a deleted one."""
        return self._get(Section, GET.at(section_id), query_of(include=include))

    def get_in_course(self, course_id: AnyId, section_id: AnyId, *, include: Sequence[str] = ()) -> Section:
        """`GET /api/v1/courses/:course_id/sections/:id`: one of a course."""
        return self._get(Section, GET_IN_COURSE.at(course_id, section_id), query_of(include=include))

    def create(self, course_id: AnyId, values: SectionValues) -> Section:
        """`POST /api/v1/courses/:course_id/sections`: make one. NOT idempotent."""
        return read(Section, self._write(CREATE.at(course_id), {"course_section": values}))

    def edit(self, section_id: AnyId, values: SectionValues) -> Section:
        """`PUT /api/v1/sections/:id`: change what is sent. Idempotent. SIS ids need the right to manage them."""
        return read(Section, self._write(EDIT.at(section_id), {"course_section": values}))

    def delete(self, section_id: AnyId) -> Section:
        """`DELETE /api/v1/sections/:id`: delete one, with its overrides. CanvasRejected while people are in it."""
        return read(Section, self._write(DELETE.at(section_id)))

    def crosslist(
        self, section_id: AnyId, new_course_id: AnyId, *, override_sis_stickiness: bool | None = None
    ) -> Section:
        """`POST /api/v1/sections/:id/crosslist/:new_course_id`: move it, with its people, into another course.

        Its overrides in the old course are deleted for good. False for `override_sis_stickiness` does nothing at all.
        """
        return read(Section, self._write(CROSSLIST.at(section_id, new_course_id), _stickiness(override_sis_stickiness)))

    def uncrosslist(self, section_id: AnyId, *, override_sis_stickiness: bool | None = None) -> Section:
        """`DELETE /api/v1/sections/:id/crosslist`: move it back to its own course.

        CanvasRejected for one that is not cross-listed.
        """
        return read(Section, self._write(UNCROSSLIST.at(section_id), _stickiness(override_sis_stickiness)))


def _stickiness(value: bool | None) -> dict[str, object]:
    return {} if value is None else {"override_sis_stickiness": value}
