"""From values to what Canvas is sent: JSON bodies and query parameters. What is left out stays out; None is null."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime

from canvas_bridge.wire.absent import LEFT_OUT
from canvas_bridge.wire.ids import CanvasId, text_of
from canvas_bridge.wire.reading import key_of
from canvas_bridge.wire.times import instant_text

Param = tuple[str, str | int]


def json_of(value: object) -> object:
    """Return the JSON of a value: dataclasses and maps become objects without what is left out, instants UTC text."""
    if isinstance(value, Mapping):
        return {str(key): json_of(one) for key, one in value.items() if not isinstance(one, LEFT_OUT)}
    if is_dataclass(value) and not isinstance(value, type | CanvasId):
        return json_of({key_of(one): getattr(value, one.name) for one in fields(value)})
    if isinstance(value, list | tuple):
        return [json_of(one) for one in value]
    return _plain(value)


def query_of(**values: object) -> list[Param]:
    """Return query parameters; what is None or left out is not sent, a list goes as `name[]`.

    A query cannot say null, so None is free to mean "not asked for". Text is never read as a list.
    """
    params: list[Param] = []
    for name, value in values.items():
        if value is None or isinstance(value, LEFT_OUT):
            continue
        if isinstance(value, Sequence) and not isinstance(value, str):
            params += [(f"{name}[]", _in_query(one)) for one in value]
        else:
            params.append((name, _in_query(value)))
    return params


def params_of(listing: object) -> list[Param]:
    """Return the query parameters of a dataclass that says what to list."""
    named = fields(listing) if is_dataclass(listing) and not isinstance(listing, type) else ()
    return query_of(**{one.name: getattr(listing, one.name) for one in named})


def _in_query(value: object) -> str | int:
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = _plain(value)
    return plain if isinstance(plain, int) else str(plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    return text_of(value) if isinstance(value, CanvasId) else value
