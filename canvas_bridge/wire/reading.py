"""From Canvas's JSON to frozen dataclasses, by the types of their fields.

A class of `wire` is the whole description of an object: the name of a field is Canvas's key, its type what may stand
there. `X` must be there; `X | None` may be null; `X | Absent` (or `NotOverridden`) may be missing. Unknown keys are
ignored. Anything else is a CanvasContractError that names the key and never the value.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from canvas_bridge.errors import CanvasContractError
from canvas_bridge.wire.absent import LEFT_OUT
from canvas_bridge.wire.values import instant_in, type_name, whole_number_in

Kind = TypeVar("Kind")
Reader = Callable[[object, str], object]


def read(kind: type[Kind], value: object, where: str = "") -> Kind:
    """Return one object of Canvas as `kind`, a dataclass. `where` names it in errors; by default its class does."""
    where = where or _called(kind)
    if not isinstance(value, dict):
        raise _wrong(where, "an object", value)
    number = whole_number_in(value.get("id"))
    where = where if number is None else f"{where} {number}"
    return kind(**{name: one(value, where) for name, one in _field_readers(cast(Any, kind)).items()})


def read_list(kind: type[Kind], values: object, where: str = "") -> tuple[Kind, ...]:
    """Return a list of objects as `kind`, in order."""
    where = where or _called(kind)
    if not isinstance(values, list):
        raise _wrong(f"list of {where}", "a list", values)
    return tuple(read(kind, value, where) for value in values)


def read_inside(kind: type[Kind], body: object, envelope: str) -> Kind:
    """Return the object that stands under a key of the answer."""
    return read(kind, _inside(body, envelope))


def read_list_inside(kind: type[Kind], body: object, envelope: str) -> tuple[Kind, ...]:
    """Return the list of objects that stands under a key of the answer, in order."""
    return read_list(kind, _inside(body, envelope))


def key_of(one: Field[Any]) -> str:
    """Return Canvas's key of a field: its name, unless that is no name in Python."""
    return str(one.metadata.get("key", one.name))


def _inside(body: object, envelope: str) -> object:
    if not isinstance(body, dict):
        raise _wrong("answer", "an object", body)
    if envelope not in body:
        raise CanvasContractError(f"answer: {envelope} must be there")
    return body[envelope]


@cache
def _field_readers(kind: type[object]) -> Mapping[str, Callable[[Mapping[str, object], str], object]]:
    hints = get_type_hints(kind)
    return {one.name: _field_reader(one, hints[one.name]) for one in fields(cast(Any, kind))}


def _field_reader(one: Field[Any], hint: object) -> Callable[[Mapping[str, object], str], object]:
    key, default, reader = key_of(one), one.default, _reader(hint)

    def read_field(value: Mapping[str, object], where: str) -> object:
        if key in value:
            return reader(value[key], f"{where}: {key}")
        if default is MISSING:
            raise CanvasContractError(f"{where}: {key} must be there")
        return default

    return read_field


def _reader(hint: Any) -> Reader:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _reader_of_union(hint)
    if origin is tuple:
        return _reader_of_list(_reader(get_args(hint)[0]))
    if origin is dict:
        return _reader_of_map(_reader(get_args(hint)[1]))
    if is_dataclass(hint):
        return lambda value, where: read(cast(type[object], hint), value, where)
    return _PLAIN[hint]


def _reader_of_union(hint: Any) -> Reader:
    kinds = [kind for kind in get_args(hint) if kind not in LEFT_OUT]
    if NoneType not in kinds:
        return _reader_of_any([_reader(kind) for kind in kinds])
    inner = _reader_of_any([_reader(kind) for kind in kinds if kind is not NoneType])
    return lambda value, where: None if value is None else inner(value, where)


def _reader_of_any(readers: list[Reader]) -> Reader:
    """Return a reader that takes the first reading that fits."""
    if len(readers) == 1:
        return readers[0]

    def read_any(value: object, where: str) -> object:
        for reader in readers[:-1]:
            try:
                return reader(value, where)
            except CanvasContractError:
                continue
        return readers[-1](value, where)

    return read_any


def _reader_of_list(item: Reader) -> Reader:
    def read_items(value: object, where: str) -> object:
        if not isinstance(value, list):
            raise _wrong(where, "a list", value)
        return tuple(item(one, where) for one in value)

    return read_items


def _reader_of_map(item: Reader) -> Reader:
    def read_map(value: object, where: str) -> object:
        if not isinstance(value, dict):
            raise _wrong(where, "an object", value)
        return {str(key): item(one, where) for key, one in value.items()}

    return read_map


def _whole_number(value: object, where: str) -> int:
    number = whole_number_in(value)
    if number is None:
        raise _wrong(where, "a whole number", value)
    return number


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(where, "a number", value)
    try:
        return float(value)
    except OverflowError:
        raise _wrong(where, "a number", value) from None


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false", value)
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(where, "text", value)
    return value


def _instant(value: object, where: str) -> datetime:
    instant = instant_in(value)
    if instant is None:
        raise _wrong(where, "a time with its zone", value)
    return instant


def _anything(value: object, where: str) -> object:
    return value


_PLAIN: Mapping[object, Reader] = {
    int: _whole_number,
    float: _number,
    bool: _flag,
    str: _text,
    datetime: _instant,
    object: _anything,
}


def _wrong(where: str, due: str, value: object) -> CanvasContractError:
    return CanvasContractError(f"{where} must be {due}, not {type_name(value)}")


def _called(kind: type[object]) -> str:
    """Return what a class is called in a sentence: QuizSubmission is a "quiz submission"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).strip()
