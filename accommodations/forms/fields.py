"""Form fields for what people type: multipliers, whole numbers, days and times, each with one plain error.

Only ASCII digits count: Python would also read full-width ones, and what looks alike must not mean two things.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

_DAY_FORMATS = ("%d %b %Y", "%d %B %Y", "%Y-%m-%d")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_ISO_T = re.compile(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})T")
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)
_EARLIEST_YEAR, _LATEST_YEAR = 2000, 2100


class MultiplierField(forms.CharField):
    """A multiplier of the time limit, 1.01 to 10 with at most two decimals, as a Decimal."""

    message = "Enter a multiplier from 1.01 to 10. For time and a half, enter 1.5."

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]  # narrower than the stub
        """Return the Decimal, None where nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", text):
            raise ValidationError(self.message, code="multiplier")
        multiplier = Decimal(text)
        if not Decimal("1.01") <= multiplier <= 10:
            raise ValidationError(self.message, code="multiplier")
        if multiplier != round(multiplier, 2):
            raise ValidationError("Enter at most two decimals, such as 1.25.", code="multiplier")
        return multiplier

    def prepare_value(self, value: object) -> object:
        """Show 1.50 as 1.5."""
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return value


class WholeNumberField(forms.CharField):
    """A whole number from `lowest` to `highest`, typed with plain digits."""

    def __init__(self, *, lowest: int, highest: int, message: str, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # handed on
        self.lowest, self.highest, self.message = lowest, highest, message

    def to_python(self, value: object) -> int | None:  # type: ignore[override]  # narrower than the stub
        """Return the number, None where nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text) or not self.lowest <= int(text) <= self.highest:
            raise ValidationError(self.message, code="whole_number")
        return int(text)


class DayField(forms.CharField):
    """A day, typed as "19 Dec 2025" or 2025-12-19."""

    message = "Enter a day such as 19 Dec 2025 or 2025-12-19."

    def to_python(self, value: object) -> date | None:  # type: ignore[override]  # narrower than the stub
        """Return the day, None where nothing was typed."""
        if isinstance(value, date):
            return value
        text = super().to_python(value)
        return read_day(text, self.message) if text else None

    def prepare_value(self, value: object) -> object:
        """Show a day as it may be typed: 19 Dec 2025."""
        return write_day(value) if isinstance(value, date) else value


class LocalTimeField(forms.CharField):
    """A day and a time of day without a zone: the form knows in which zone it is meant."""

    message = "Enter a day and a time such as 10 Dec 2025 14:00."

    def to_python(self, value: object) -> datetime | None:  # type: ignore[override]  # narrower than the stub
        """Return the naive local time, None where nothing was typed."""
        if isinstance(value, datetime):
            return value
        text = super().to_python(value)
        if not text:
            return None
        day_text, _, time_text = _ISO_T.sub(r"\1 ", text).rpartition(" ")
        return datetime.combine(read_day(day_text, self.message), read_time(time_text, self.message))

    def prepare_value(self, value: object) -> object:
        """Show a local time as it may be typed: 10 Dec 2025 14:00."""
        return f"{write_day(value)} {value:%H:%M}" if isinstance(value, datetime) else value


def read_day(text: str, message: str) -> date:
    """Return the day that `text` names, with or without its weekday in front. Raises ValidationError."""
    plain = _WEEKDAY.sub("", text.strip())
    for pattern in _DAY_FORMATS if plain.isascii() else ():
        try:
            day = datetime.strptime(plain, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if _EARLIEST_YEAR <= day.year <= _LATEST_YEAR:
            return day
        raise ValidationError(f"Enter a year from {_EARLIEST_YEAR} to {_LATEST_YEAR}.", code="year")
    raise ValidationError(message, code="day")


def read_time(text: str, message: str) -> time:
    """Return the time of day that `text` names, 24 hours. Raises ValidationError."""
    found = _TIME.fullmatch(text.strip()) if text.isascii() else None
    if found is None:
        raise ValidationError(message, code="local_time")
    return time(int(found[1]), int(found[2]))


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Let a choice field of the form offer these: groups are pairs of a label and their own choices."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    field.choices = list(choices)


def write_day(day: date) -> str:
    """Return the day as people here write it: 5 Dec 2025."""
    return f"{day.day} {day:%b %Y}"


def local_instant(local: datetime, zone: ZoneInfo, *, earlier: bool) -> datetime:
    """Return the instant in UTC of a naive local time; where clocks change, the one that is better for the student.

    A time that exists twice has two readings, and so has one that clocks skip: `earlier` asks for the first (an
    opening), else the last is taken (a due or closing time).
    """
    readings = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return min(readings) if earlier else max(readings)


def clock_change_note(local: datetime, zone: ZoneInfo, *, earlier: bool) -> str:
    """Return a sentence where the local time does not exist or exists twice in `zone`, else an empty text."""
    readings = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    if len(readings) == 1:
        return ""
    taken = local_instant(local, zone, earlier=earlier).astimezone(zone)
    day, typed = write_day(local), f"{local:%H:%M}"
    if taken.replace(tzinfo=None) == local:
        return f"{typed} comes twice on {day}, when clocks go back: the {'first' if earlier else 'second'} one counts."
    return f"{typed} does not exist on {day}, when clocks go forward: {taken:%H:%M} counts."
