"""Instants and literals in text: ISO 8601 in and out, and Ruby's way to print a value (contract 0, 1.7)."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

FULL_DATE_TIME = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$")


def shown(at: datetime | None) -> str | None:
    """Return an instant as Canvas prints it: UTC, whole seconds, Z."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def shown_day(day: date | None) -> str | None:
    """Return a day as Canvas prints it."""
    return None if day is None else day.isoformat()


def read_time(value: Any, zone: str) -> datetime:
    """Return the instant that a text names; without an offset it is read in the caller's zone. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"not a time: {value!r}")
    try:
        at = datetime.fromisoformat(value.strip())
        aware = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"out of range: {value!r}") from error


def read_optional_time(value: Any, zone: str) -> datetime | None:
    """Return the instant; None for null and for an empty text. Raises ValueError."""
    return None if value is None or value == "" else read_time(value, zone)


def ruby_inspect(value: Any) -> str:
    """Return a value as Ruby prints a literal: texts quoted, numbers bare, `nil` for null."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(ruby_inspect(one) for one in value)}]"
    if isinstance(value, dict):
        pairs = (f"{ruby_inspect(key)}=>{ruby_inspect(one)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def leading_integer(value: Any) -> int:
    """Return what Ruby's `to_i` makes of a value: the number that a text begins with, else 0."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return int(value)
    match = re.match(r"\s*[+-]?\d+", str(value))
    return int(match.group()) if match else 0


def leading_number(value: Any) -> float:
    """Return what Ruby's `to_f` makes of a value: the decimal that a text begins with, else 0."""
    if isinstance(value, int | float):
        return float(value)
    match = re.match(r"\s*[+-]?\d+(\.\d+)?", str(value))
    return float(match.group()) if match else 0.0
