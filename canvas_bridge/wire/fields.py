"""Typed access to one JSON object of Canvas. A wrong type is a CanvasContractError that names the key, never the value.

Unknown keys are ignored. Ids and other whole numbers may come as text of digits (`Accept` variants of Canvas, 1.1).
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from canvas_bridge.errors import CanvasContractError

LONGEST_TEXT = 255


class JsonObject:
    """One JSON object and what it is called in messages, such as "assignment 12"."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise CanvasContractError(f"{where} must be an object, not {type_name(value)}")
        self._value: Mapping[str, object] = value
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def named(self, kind: str, key: str = "id") -> "JsonObject":
        """Return the same object, called by its kind and id from now on."""
        return JsonObject(self._value, f"{kind} {self.whole_number(key)}")

    def whole_number(self, key: str) -> int:
        """Return a whole number that must be there."""
        number = self.optional_whole_number(key)
        if number is None:
            raise self.wrong(key, "a whole number")
        return number

    def optional_whole_number(self, key: str) -> int | None:
        """Return a whole number; None where it is absent or null."""
        value = self._value.get(key)
        return None if value is None else self._as_whole_number(key, value)

    def optional_number(self, key: str) -> float | None:
        """Return a number, whole or not; None where it is absent or null."""
        value = self._value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "a number")
        return float(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a boolean; the default where it is absent or null."""
        value = self._value.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def text(self, key: str) -> str:
        """Return a text that must be there and not be empty, uncut: a word of Canvas's own, such as a state."""
        value = self._value.get(key)
        if not isinstance(value, str) or not value:
            raise self.wrong(key, "text")
        return value

    def short_text(self, key: str, *, longest: int = LONGEST_TEXT) -> str:
        """Return a text that people typed, cut to what a page can show; "" where it is absent or null."""
        value = self._value.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(key, "text")
        return value[:longest].replace("\0", "")

    def optional_text(self, key: str) -> str | None:
        """Return an identifying text, such as an SIS id, uncut; None where it is absent, null or empty."""
        value = self._value.get(key)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, "text")
        return value or None

    def instant(self, key: str) -> datetime | None:
        """Return an aware instant in UTC; None where it is absent or null."""
        value = self._value.get(key)
        if value is None:
            return None
        instant = instant_in(value)
        if instant is None:
            raise self.wrong(key, "a time with its zone")
        return instant

    def objects(self, key: str) -> list["JsonObject"]:
        """Return a list of objects that must be there; it may be empty, but not null."""
        return [JsonObject(value, f"{self.where}: {key}") for value in self.values(key)]

    def optional_object(self, key: str) -> "JsonObject | None":
        """Return an object; None where it is absent or null."""
        value = self._value.get(key)
        return None if value is None else JsonObject(value, f"{self.where}: {key}")

    def whole_numbers(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers that must be there."""
        return tuple(self._as_whole_number(key, value) for value in self.values(key))

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where it is absent or null."""
        if self._value.get(key) is None:
            return ()
        values = self.values(key)
        words = tuple(value for value in values if isinstance(value, str))
        if len(words) != len(values):
            raise self.wrong(key, "a list of texts")
        return words

    def value(self, key: str) -> object:
        """Return whatever stands there; it must be there."""
        if key not in self._value:
            raise self.wrong(key, "there")
        return self._value[key]

    def values(self, key: str) -> list[object]:
        """Return a list that must be there; it may be empty, but not null."""
        value = self._value.get(key)
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return value

    def part(self, keys: tuple[str, ...]) -> dict[str, object]:
        """Return the named keys that are there and hold a plain value: what may be kept of an answer."""
        return {key: self._value[key] for key in keys if is_plain(self._value.get(key, self))}

    def wrong(self, key: str, due: str) -> CanvasContractError:
        """Return the error for a key that does not hold what is due."""
        found = type_name(self._value[key]) if key in self._value else "nothing"
        return CanvasContractError(f"{self.where}: {key} must be {due}, not {found}")

    def _as_whole_number(self, key: str, value: object) -> int:
        number = whole_number_in(value)
        if number is None:
            raise self.wrong(key, "a whole number")
        return number


def whole_number_in(value: object) -> int | None:
    """Return a whole number, also one that comes as text of digits; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii() and len(value) < 20:
        return int(value)
    return None


def instant_in(value: object) -> datetime | None:
    """Return an aware instant in UTC; None for anything that is no time with its zone."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if instant is None or instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def type_name(value: object) -> str:
    """Return what a JSON value is, in plain words."""
    names: dict[type, str] = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def is_plain(value: object) -> bool:
    """Whether it is a number, text, boolean or null."""
    return value is None or isinstance(value, str | int | float)
