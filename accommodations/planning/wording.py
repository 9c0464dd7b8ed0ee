"""Numbers and instants in plain words, as every sentence of a plan uses them."""

from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from accommodations.planning.rules import (
    AccommodationRule,
    Amount,
    DateShift,
    ExactDates,
    ExtraAttempts,
    ExtraTime,
    ExtraTimeMethod,
    Scope,
    ShiftUnit,
)
from canvas_bridge.facts import Dates

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST_NAME = 80
_GROUPED_FROM = 10_000
_LONGEST_IN_MINUTES = 240
_MINUTES_OF_AN_HOUR, _MINUTES_OF_A_DAY = 60, 24 * 60
_SCOPES = {
    Scope.EVERY_COURSE: "every course",
    Scope.TERM: "this term",
    Scope.COURSE: "this course",
    Scope.ASSESSMENT: "this assessment",
}
_UNITS = {ShiftUnit.DAYS: "day", ShiftUnit.WORKING_DAYS: "working day", ShiftUnit.HOURS: "hour"}


def short_name(name: str) -> str:
    """Return an assessment's name, cut where it would drown the sentence."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def counted(number: int, noun: str) -> str:
    """Return "1 attempt" or "2 attempts"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def grouped(number: int) -> str:
    """Return "7200" or "17,280": large numbers are read in groups."""
    return f"{number:,}" if number >= _GROUPED_FROM else str(number)


def span(minutes: int) -> str:
    """Return "90 min", "7 h 30 min" or "2 days 12 h": minutes up to 240, as every page, and no minute is left out."""
    if minutes <= _LONGEST_IN_MINUTES:
        return f"{minutes} min"
    days, rest = divmod(minutes, _MINUTES_OF_A_DAY) if minutes >= 2 * _MINUTES_OF_A_DAY else (0, minutes)
    hours, rest = divmod(rest, _MINUTES_OF_AN_HOUR)
    told = (
        f"{days:,} days" if days else "",
        f"{hours} h" if hours else "",
        f"{rest} min" if rest else "",
    )
    return " ".join(word for word in told if word)


def exact_span(minutes: Decimal) -> str:
    """Return a span that may end in a part of a minute: "7.5 min", or "4 days 15 h 59 min 59 s" where it is long."""
    whole = int(minutes)
    if minutes == whole:
        return span(whole)
    if whole > _LONGEST_IN_MINUTES:
        seconds = min(59, round((minutes - whole) * 60))
        return f"{span(whole)} {seconds} s" if seconds else span(whole)
    return f"{minutes.quantize(Decimal('0.01'), rounding=ROUND_FLOOR).normalize():f} min"


def zone_name(local: datetime) -> str:
    """Return the short name of a local time's zone: EST, CET or, where it has none, UTC+05:45."""
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = f"{local:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


def day(at: datetime, zone: ZoneInfo) -> str:
    """Return "18 Nov"."""
    local = at.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]}"


def instant(at: datetime | None, zone: ZoneInfo) -> str:
    """Return an instant on the course's clock, with the zone's name: "Fri 5 Dec 23:59 EST"."""
    return "never" if at is None else f"{_clock(at.astimezone(zone))} {zone_name(at.astimezone(zone))}"


@lru_cache(maxsize=4096)  # a whole class has the same dates
def from_to(before: datetime | None, after: datetime | None, zone: ZoneInfo) -> str:
    """Return "Fri 5 Dec 23:59 becomes Sun 7 Dec 23:59 EST"."""
    if before is None or after is None:
        return f"{instant(before, zone)} becomes {instant(after, zone)}"
    first, second = before.astimezone(zone), after.astimezone(zone)
    name = zone_name(first)
    if name != zone_name(second):
        return f"{_clock(first)} {name} becomes {_clock(second)} {zone_name(second)}"
    end = f"{second:%H:%M}" if first.date() == second.date() else _clock(second)
    return f"{_clock(first)} becomes {end} {name}"


@lru_cache(maxsize=4096)
def dates_change(before: Dates, after: Dates, zone: ZoneInfo) -> str:
    """Return what changes between two sets of dates, in words; empty where nothing does."""
    changes = (
        ("opens", before.unlock_at, after.unlock_at),
        ("due", before.due_at, after.due_at),
        ("closes", before.lock_at, after.lock_at),
    )
    return "; ".join(f"{word} {from_to(first, second, zone)}" for word, first, second in changes if first != second)


def time_rule(amount: ExtraTime) -> str:
    """Return an extra time in words: "1.5×", "20 min more", "10 min per hour", "no time limit"."""
    if amount.method is ExtraTimeMethod.MULTIPLIER:
        return f"{_plain(amount.multiplier)}×"
    if amount.method is ExtraTimeMethod.MINUTES:
        return f"{span(amount.minutes or 0)} more"
    if amount.method is ExtraTimeMethod.MINUTES_PER_HOUR:
        return f"{amount.minutes} min per hour"
    return "no time limit"


def rule_in_words(rule: AccommodationRule) -> str:
    """Return what a rule gives and where it counts: "1.5× (every course)", "1.5× (“Exams” in every course)"."""
    return _in_words(rule.amount, rule.scope, rule.assignment_groups)


@lru_cache(maxsize=4096)  # many students are granted the same
def _in_words(amount: Amount, scope: Scope, assignment_groups: frozenset[str]) -> str:
    groups = " and ".join(f"“{name}”" for name in sorted(assignment_groups))
    return f"{_amount(amount)} ({f'{groups} in ' if groups else ''}{_SCOPES[scope]})"


def _amount(amount: Amount) -> str:
    if isinstance(amount, ExtraTime):
        return time_rule(amount)
    if isinstance(amount, ExtraAttempts):
        return f"{counted(amount.attempts, 'attempt')} more"
    if isinstance(amount, DateShift):
        return f"{counted(amount.amount, _UNITS[amount.unit])} later"
    if isinstance(amount, ExactDates) and amount.is_other_sitting:
        return "another sitting"
    return "exact dates"


def _clock(local: datetime) -> str:
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
