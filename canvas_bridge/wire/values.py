"""What a single JSON value holds: a whole number, an instant, or something else, named in plain words."""

from datetime import UTC, datetime


def whole_number_in(value: object) -> int | None:
    """Return a whole number, also one that comes as text of digits (contract 1.1); None for anything else."""
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
