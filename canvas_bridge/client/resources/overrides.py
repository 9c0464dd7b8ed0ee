"""Assignment overrides, one at a time and in batches."""

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from canvas_bridge.client.endpoints import Endpoint, Place
from canvas_bridge.client.paging import path_on_same_host
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.errors import CanvasContractError
from canvas_bridge.wire.ids import AnyId
from canvas_bridge.wire.overrides import Override, OverrideCreation, OverrideKey, OverrideUpdate, OverrideValues
from canvas_bridge.wire.reading import read, read_list

LIST = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/overrides")
GET = Endpoint("GET", "/api/v1/courses/:course_id/assignments/:assignment_id/overrides/:id")
CREATE = Endpoint("POST", "/api/v1/courses/:course_id/assignments/:assignment_id/overrides")
UPDATE = Endpoint("PUT", "/api/v1/courses/:course_id/assignments/:assignment_id/overrides/:id")
DELETE = Endpoint("DELETE", "/api/v1/courses/:course_id/assignments/:assignment_id/overrides/:id")
FOR_GROUP = Endpoint("GET", "/api/v1/groups/:group_id/assignments/:assignment_id/override")
FOR_SECTION = Endpoint("GET", "/api/v1/sections/:course_section_id/assignments/:assignment_id/override")
GET_MANY = Endpoint("GET", "/api/v1/courses/:course_id/assignments/overrides")
CREATE_MANY = Endpoint("POST", "/api/v1/courses/:course_id/assignments/overrides")
UPDATE_MANY = Endpoint("PUT", "/api/v1/courses/:course_id/assignments/overrides")

_ENVELOPE = "assignment_overrides"
_ADDRESS_OF_ONE = re.compile(r"/api/v1/courses/\d[\d~]*/assignments/\d[\d~]*/overrides/\d[\d~]*(?:\.json)?")


class Overrides(Resource):
    """Assignment overrides (contract 6). Canvas checks the order of their dates nowhere."""

    def list_of_assignment(self, course_id: AnyId, assignment_id: AnyId) -> tuple[Override, ...]:
        """`GET /api/v1/courses/:course_id/assignments/:assignment_id/overrides`: the active ones, all pages."""
        return self._list(Override, LIST.at(course_id, assignment_id))

    def get(self, course_id: AnyId, assignment_id: AnyId, override_id: int) -> Override:
        """`GET /api/v1/courses/:course_id/assignments/:assignment_id/overrides/:id`: one.

        Raises CanvasNotFound for one that is deleted, unknown or not visible to the caller.
        """
        return self._get(Override, GET.at(course_id, assignment_id, override_id))

    def get_for_group(self, group_id: AnyId, assignment_id: AnyId) -> Override:
        """`GET /api/v1/groups/:group_id/assignments/:assignment_id/override`: a group's, by Canvas's redirect.

        The one hop is followed on the same host only, to the address of an override only. Raises CanvasNotFound
        where the group has none.
        """
        return self._redirected(FOR_GROUP.at(group_id, assignment_id))

    def get_for_section(self, section_id: AnyId, assignment_id: AnyId) -> Override:
        """`GET /api/v1/sections/:course_section_id/assignments/:assignment_id/override`: a section's.

        As `get_for_group`.
        """
        return self._redirected(FOR_SECTION.at(section_id, assignment_id))

    def create(self, course_id: AnyId, assignment_id: AnyId, values: OverrideValues) -> Override:
        """`POST /api/v1/courses/:course_id/assignments/:assignment_id/overrides`: make one, with one target.

        NOT idempotent, but harmless: a second time CanvasRejected, "taken", as for a student who is in another
        ad-hoc override, or a section or group that has one. Raises ValueError without exactly one target.
        """
        if values.target_count != 1:
            raise ValueError("a new override needs exactly one target")
        return read(Override, self._write(CREATE.at(course_id, assignment_id), {"assignment_override": values}))

    def update(self, course_id: AnyId, assignment_id: AnyId, override_id: int, values: OverrideValues) -> Override:
        """`PUT /api/v1/courses/:course_id/assignments/:assignment_id/overrides/:id`: replace all its dates.

        A date that is NOT_OVERRIDDEN stops being overridden. One transaction, removals of students included; the
        target's kind never changes. Raises CanvasRejected for an empty list of students. Idempotent.
        """
        place = UPDATE.at(course_id, assignment_id, override_id)
        return read(Override, self._write(place, {"assignment_override": values}))

    def delete(self, course_id: AnyId, assignment_id: AnyId, override_id: int) -> Override:
        """`DELETE /api/v1/courses/:course_id/assignments/:assignment_id/overrides/:id`: return it as it was.

        A second time CanvasNotFound.
        """
        return read(Override, self._write(DELETE.at(course_id, assignment_id, override_id)))

    def get_many(self, course_id: AnyId, keys: Sequence[OverrideKey]) -> tuple[Override | None, ...]:
        """`GET /api/v1/courses/:course_id/assignments/overrides`: several of one course, in request order.

        None for one that is unknown, deleted or not visible. All keys go in the address: not more than about fifty.
        """
        params: list[tuple[str, str | int]] = []
        for key in keys:
            params += [(f"{_ENVELOPE}[][id]", key.id), (f"{_ENVELOPE}[][assignment_id]", key.assignment_id)]
        place = GET_MANY.at(course_id)
        body = self._session.read(place.path, params, endpoint=place.endpoint).body
        return tuple(None if value is None else read(Override, value) for value in _as_long(body, keys))

    def create_many(self, course_id: AnyId, creations: Sequence[OverrideCreation]) -> tuple[Override, ...]:
        """`POST /api/v1/courses/:course_id/assignments/overrides`: all or none, answered in request order.

        Raises CanvasRejected whose `words` are a list as long as the request, null for the good ones. NOT idempotent,
        but harmless: a second time all are "taken".
        """
        if any(creation.values.target_count != 1 for creation in creations):
            raise ValueError("each new override needs exactly one target")
        elements = [creation.element() for creation in creations]
        return self._read_many(self._write(CREATE_MANY.at(course_id), {_ENVELOPE: elements}), creations)

    def update_many(self, course_id: AnyId, updates: Sequence[OverrideUpdate]) -> tuple[Override, ...]:
        """`PUT /api/v1/courses/:course_id/assignments/overrides`: replace all dates of several.

        Errors as in `create_many`. Never remove students this way: those who are left out of a sent list stay removed
        even where the request is refused (contract 6.9); after a refusal read again. Idempotent.
        """
        elements = [update.element() for update in updates]
        return self._read_many(self._write(UPDATE_MANY.at(course_id), {_ENVELOPE: elements}), updates)

    def _read_many(self, body: object, asked: Sequence[object]) -> tuple[Override, ...]:
        return read_list(Override, _as_long(body, asked))

    def _redirected(self, place: Place) -> Override:
        answer = self._session.read_or_redirect(place.path, endpoint=place.endpoint)
        if not answer.location:
            return read(Override, answer.body)
        target = urljoin(self._session.base_url + place.path, answer.location)
        path = path_on_same_host(self._session.base_url, target, place.path, what="the redirect")
        if not _ADDRESS_OF_ONE.fullmatch(path):
            raise CanvasContractError("the redirect leads to something else than an override", method="GET")
        return read(Override, self._session.read(path, endpoint=GET.pattern).body)


def _as_long(body: object, asked: Sequence[object]) -> list[object]:
    if not isinstance(body, list) or len(body) != len(asked):
        raise CanvasContractError("the answer to a batch of overrides must be a list as long as the request's")
    return body
