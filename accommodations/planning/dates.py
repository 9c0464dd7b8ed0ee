"""Moving dates: shifts of due and lock, local times around daylight saving, and Canvas's quirk about midnight.

Due and lock None mean "no such date", which is the most lenient there is; unlock None means "open from the start".
"""

from collections.abc import Set
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accommodations.planning.rules import DateShift, ShiftUnit
from canvas_bridge.facts import Dates

_SATURDAY = 5
_MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=256)
def zone_named(name: str, otherwise: str = "UTC") -> ZoneInfo:
    """Return the zone of that name; a name that nobody knows gives `otherwise`: one odd course stops nothing."""
    for candidate in (name, otherwise):
        try:
            return ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


@lru_cache(maxsize=4096)  # a whole class has the same dates
def shifted(dates: Dates, shift: DateShift, *, zone: ZoneInfo, holidays: frozenset[date]) -> Dates:
    """Return the dates with due and lock later by the same amount; unlock stays, a missing date stays missing.

    Working days are counted from the due date (without one from the lock), and the calendar days that they come to
    then move both: counted apart, a lock on a Sunday could be overtaken by a due date on the Friday before.
    """
    if shift.unit is ShiftUnit.HOURS:
        by = timedelta(hours=shift.amount)
        return Dates(dates.unlock_at, _plus(dates.due_at, by), _plus(dates.lock_at, by))
    days = shift.amount
    if shift.unit is ShiftUnit.WORKING_DAYS:
        first = dates.due_at or dates.lock_at
        days = 0 if first is None else _calendar_days(first.astimezone(zone).date(), shift.amount, holidays)
    return Dates(
        dates.unlock_at, _days_later(dates.due_at, days, zone=zone), _days_later(dates.lock_at, days, zone=zone)
    )


def from_local(wall_clock: datetime, *, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall-clock time; one that does not exist or exists twice becomes the later one (R7)."""
    both = (wall_clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return max(at.astimezone(UTC) for at in both)


@lru_cache(maxsize=4096)
def off_midnight(at: datetime | None, *, token_zone: ZoneInfo) -> datetime | None:
    """Return a due or lock that Canvas stores as sent: 00:00 in the token user's zone becomes 00:01 (R8).

    Source: contract 1.7, "fancy midnight": Canvas would move it to the end of that day.
    """
    if at is None:
        return None
    local = at.astimezone(token_zone)
    if local.hour or local.minute:
        return at
    return at + _MINUTE - timedelta(seconds=local.second, microseconds=local.microsecond)


def later(first: datetime | None, second: datetime | None) -> datetime | None:
    """Return the more lenient of two due or lock dates: none at all, else the later one."""
    if first is None or second is None:
        return None
    return first if first > second else second


def is_later(first: datetime | None, second: datetime | None) -> bool:
    """Whether the first due or lock date is more lenient than the second."""
    if second is None:
        return False
    return first is None or first > second


def earlier_unlock(first: datetime | None, second: datetime | None) -> datetime | None:
    """Return the more lenient of two unlock dates: open from the start, else the earlier one."""
    if first is None or second is None:
        return None
    return min(first, second)


def is_later_unlock(first: datetime | None, second: datetime | None) -> bool:
    """Whether the first unlock date opens later than the second."""
    if first is None:
        return False
    return second is None or first > second


def gives_as_much(given: Dates, wanted: Dates) -> bool:
    """Whether `given` is nowhere less than `wanted`: not opening later, not due or locked earlier."""
    return not (
        is_later_unlock(given.unlock_at, wanted.unlock_at)
        or is_later(wanted.due_at, given.due_at)
        or is_later(wanted.lock_at, given.lock_at)
    )


def most_lenient(first: Dates, second: Dates) -> Dates:
    """Return the later due and lock of both; unlock is the first's."""
    return Dates(first.unlock_at, later(first.due_at, second.due_at), later(first.lock_at, second.lock_at))


def lock_not_before_due(dates: Dates) -> Dates:
    """Return the dates with a lock that would come before due moved to due."""
    if dates.lock_at is not None and dates.due_at is not None and dates.lock_at < dates.due_at:
        return Dates(dates.unlock_at, dates.due_at, dates.due_at)
    return dates


def minutes_between(start: datetime, end: datetime) -> int:
    """Return whole minutes from start to end, rounded up."""
    return ceil((end - start) / _MINUTE)


def _plus(at: datetime | None, by: timedelta) -> datetime | None:
    return None if at is None else at + by


def _days_later(at: datetime | None, days: int, *, zone: ZoneInfo) -> datetime | None:
    """Return the same wall clock so many days later."""
    if at is None:
        return None
    wall_clock = at.astimezone(zone).replace(tzinfo=None, fold=0)
    return from_local(wall_clock + timedelta(days=days), zone=zone)


def _calendar_days(start: date, working_days: int, holidays: Set[date]) -> int:
    """Return how many calendar days it takes until so many working days have come."""
    day, left = start, working_days
    while left > 0:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in holidays:
            left -= 1
    return (day - start).days
