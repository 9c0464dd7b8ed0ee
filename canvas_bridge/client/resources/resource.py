"""What all resources share: reading one object, reading all pages of a list, writing."""

from typing import TypeVar

from canvas_bridge.client.endpoints import Place
from canvas_bridge.client.paging import read_first_page, read_pages
from canvas_bridge.client.session import CanvasSession, Params
from canvas_bridge.wire.reading import read, read_list
from canvas_bridge.wire.writing import json_of

Kind = TypeVar("Kind")


class Resource:
    """The calls of one subject, over a session that brings retries, time limits and errors."""

    def __init__(self, session: CanvasSession) -> None:
        self._session = session

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._session.base_url})"

    def _get(self, kind: type[Kind], place: Place, params: Params = ()) -> Kind:
        return read(kind, self._session.read(place.path, params, endpoint=place.endpoint).body)

    def _list(
        self,
        kind: type[Kind],
        place: Place,
        params: Params = (),
        *,
        envelope: str | None = None,
        first_page_only: bool = False,
    ) -> tuple[Kind, ...]:
        reader = read_first_page if first_page_only else read_pages
        return read_list(kind, reader(self._session, place.path, params, envelope=envelope, endpoint=place.endpoint))

    def _write(self, place: Place, body: object = None) -> object:
        json = None if body is None else json_of(body)
        return self._session.write(place.method, place.path, json, endpoint=place.endpoint).body
