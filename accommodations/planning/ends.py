"""No date beyond the end of the course or of a grading period, unless it stood there without us (R11)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accommodations.planning.dates import is_later, later, lock_not_before_due, off_midnight
from canvas_bridge.facts import Dates

_MINUTE = timedelta(minutes=1)


def capped_at_end(dates: Dates, *, without_us: Dates, ends_at: datetime | None, token_zone: ZoneInfo) -> Dates:
    """Return the dates with due and lock not later than the course's end, nor earlier than without us (R1).

    An end that reads 00:00 in the token user's zone counts as a minute earlier: R8 would carry it past the end.
    """
    if ends_at is None:
        return dates
    end = _off_midnight(ends_at, token_zone)
    return lock_not_before_due(
        Dates(
            dates.unlock_at,
            _capped(dates.due_at, without_us.due_at, end),
            _capped(dates.lock_at, without_us.lock_at, end),
        )
    )


def due_capped_at(dates: Dates, *, without_us: Dates, latest_due: datetime | None, token_zone: ZoneInfo) -> Dates:
    """Return the dates with due not later than that, nor earlier than without us: lock is in no grading period."""
    if latest_due is None or dates.due_at is None:
        return dates
    due_at = _capped(dates.due_at, without_us.due_at, _off_midnight(latest_due, token_zone))
    return Dates(dates.unlock_at, due_at, dates.lock_at)


def _off_midnight(end: datetime, token_zone: ZoneInfo) -> datetime:
    return end if off_midnight(end, token_zone=token_zone) == end else end - _MINUTE


def _capped(at: datetime | None, without_us: datetime | None, end: datetime) -> datetime | None:
    if at is None or not is_later(at, end):
        return at
    allowed = later(end, without_us)
    return at if allowed is None else min(at, allowed)
