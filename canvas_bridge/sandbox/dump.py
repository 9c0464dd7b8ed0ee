"""The whole state as JSON and back: for `GET /_sandbox/state`, `--data` and resets."""

import dataclasses
import types
import typing
from datetime import date, datetime
from functools import cache
from typing import Any

from canvas_bridge.sandbox.records.people import Account
from canvas_bridge.sandbox.records.work import Submission
from canvas_bridge.sandbox.store import Store
from canvas_bridge.sandbox.switches import Switches
from canvas_bridge.sandbox.tables import HasId

FORMAT = 1


def dump(store: Store, *, with_tokens: bool = True) -> dict[str, Any]:
    """Return all records, id counters, clock and switches as JSON values."""
    with store.lock:
        names = [name for name in store.tables if with_tokens or name != "tokens"]
        return {
            "format": FORMAT,
            "account": _plain(store.account),
            "frozen_at": _plain(store.frozen_at),
            "switches": dataclasses.asdict(store.switches),
            "next_ids": {name: store.tables[name].next_id for name in names if name != "submissions"},
            "tables": {name: [_plain(record) for record in _rows(store, name)] for name in names},
        }


def load(store: Store, data: dict[str, Any]) -> None:
    """Make a store hold exactly what a dump says. Raises ValueError for a dump of another format."""
    if data.get("format") != FORMAT:
        raise ValueError(f"unknown format of the saved state: {data.get('format')!r}")
    with store.lock:
        store.account = _build(Account, data["account"])
        store.frozen_at = _value(datetime | None, data["frozen_at"])
        store.control.switches = Switches.saved(data["switches"])
        for name, table in store.tables.items():
            records = [_build(table.record_type, values) for values in data["tables"].get(name, [])]
            table.replace_all(records, data["next_ids"].get(name, 1))


def _rows(store: Store, name: str) -> list[Any]:
    """Return a table's records by id, without those that only a read has made."""
    return sorted((one for one in store.tables[name] if not _is_made_by_reading(one)), key=_id_of)


def _is_made_by_reading(record: Any) -> bool:
    is_submission = isinstance(record, Submission)
    return is_submission and record == Submission(
        id=record.id, assignment_id=record.assignment_id, user_id=record.user_id
    )


def _id_of(record: HasId) -> int:
    return record.id


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(one) for name, one in vars(value).items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, datetime | date) else value


@cache
def _types_of(record_type: type) -> dict[str, Any]:
    return typing.get_type_hints(record_type)


def _build(record_type: type[Any], values: dict[str, Any]) -> Any:
    hints = _types_of(record_type)  # type: ignore[arg-type]  # a dataclass
    return record_type(**{name: _value(hints[name], value) for name, value in values.items() if name in hints})


def _value(kind: Any, value: Any) -> Any:
    """Return a JSON value as the field's type; only what JSON has no word for is turned back."""
    if value is None:
        return None
    if isinstance(kind, types.UnionType):
        kind = next(one for one in typing.get_args(kind) if one is not type(None))
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if typing.get_origin(kind) is list:
        return [_value(typing.get_args(kind)[0], one) for one in value]
    if typing.get_origin(kind) is dict:
        return {key: _value(typing.get_args(kind)[1], one) for key, one in value.items()}
    return _build(kind, value) if isinstance(kind, type) and dataclasses.is_dataclass(kind) else value
