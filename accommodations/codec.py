"""Frozen planning and Canvas values to plain JSON and back, for everything that is stored."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.strategies import configure_tagged_union

from accommodations.planning.rules import Amount
from canvas_bridge.changes import Change

Value = TypeVar("Value")


def _instant_to_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _text_to_instant(text: Any, _: type) -> datetime:
    at = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a stored instant without a zone: {text}")
    return at.astimezone(UTC)


def _sorted_list(values: Iterable[Any]) -> list[Any]:
    """Return a set's stored values in one order, so that equal sets are stored equally."""
    return sorted(values)


@lru_cache(maxsize=1)
def _converter() -> Converter:
    converter = Converter(unstruct_collection_overrides={frozenset: _sorted_list})
    converter.register_unstructure_hook(datetime, _instant_to_text)
    converter.register_structure_hook(datetime, _text_to_instant)
    converter.register_unstructure_hook_func(lambda kind: kind is date, lambda day: day.isoformat())
    converter.register_structure_hook_func(lambda kind: kind is date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    configure_tagged_union(Change, converter, tag_name="type")
    configure_tagged_union(Amount, converter, tag_name="type")
    return converter


def to_stored(value: object, kind: Any = None) -> Any:
    """Return the stored form of a frozen value: only what JSON knows. `kind` names a union such as Change."""
    return _converter().unstructure(value, unstructure_as=kind)


def from_stored(kind: type[Value], stored: Any) -> Value:
    """Return the value that `to_stored` gave. Keys that this release does not know are left out."""
    return _converter().structure(stored, kind)


def change_to_stored(change: Change) -> dict[str, Any]:
    """Return the stored form of a change, tagged with its type."""
    stored: dict[str, Any] = _converter().unstructure(change, unstructure_as=Change)
    return stored


def change_from_stored(stored: dict[str, Any]) -> Change:
    """Return the change that `change_to_stored` gave."""
    change: Change = _converter().structure(stored, Change)  # type: ignore[arg-type]  # a union is no class
    return change
