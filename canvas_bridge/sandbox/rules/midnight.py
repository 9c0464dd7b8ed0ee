"""Fancy midnight and all-day marks: what Canvas makes of a date by the caller's local clock (contract 1.7)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from canvas_bridge.sandbox.records.assessments import Dated, Override


def moved_off_midnight(at: datetime | None, zone: str) -> datetime | None:
    """Return the end of that local day for an instant whose local clock reads hour 0, minute 0; else the instant."""
    local = _on_the_clock(at, zone)
    if local is None:
        return at
    if (local.hour, local.minute) == (0, 0):
        local = local.replace(hour=23, minute=59, second=59, microsecond=0)
    return local.astimezone(UTC)


def all_day_marks(due_at: datetime | None, zone: str) -> tuple[bool, date | None]:
    """Return `all_day` and `all_day_date` of a due date: 23:59 on the local clock is an all-day one."""
    local = _on_the_clock(due_at, zone)
    if local is None:
        return False, None
    return (local.hour, local.minute) == (23, 59), local.date()


def _on_the_clock(at: datetime | None, zone: str) -> datetime | None:
    """Return an instant on the local clock; None for none, and at the ends of the calendar, where no clock reads it."""
    try:
        return at.astimezone(ZoneInfo(zone)) if at else None
    except OverflowError:
        return None


def set_due_at(holder: Dated | Override, due_at: datetime | None, zone: str) -> None:
    """Set a due date with both rules; the marks change only with the instant itself."""
    moved = moved_off_midnight(due_at, zone)
    if moved == holder.due_at:
        return
    holder.due_at = moved
    holder.all_day, holder.all_day_date = all_day_marks(moved, zone)


def set_dates(
    holder: Dated,
    zone: str,
    *,
    due_at: datetime | None,
    unlock_at: datetime | None,
    lock_at: datetime | None,
) -> None:
    """Set all three base dates; `unlock_at` is never moved."""
    set_due_at(holder, due_at, zone)
    holder.unlock_at = unlock_at
    holder.lock_at = moved_off_midnight(lock_at, zone)
