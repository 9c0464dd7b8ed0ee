"""Whether extra time fits between unlock and lock, and the move that makes it fit (R9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from accommodations.planning.dates import lock_not_before_due
from accommodations.planning.rules import WindowMode
from canvas_bridge.facts import Dates

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TimeNeed:
    """What a student needs between unlock and lock: the limit (or the class's window that stands for one) and more."""

    limit: timedelta
    extra_minutes: int

    @property
    def total(self) -> timedelta:
        """Return limit and extra time together."""
        return self.limit + self.extra_minutes * _MINUTE


def window_of(dates: Dates) -> timedelta | None:
    """Return the span from unlock to lock; None where one is missing or they are out of order."""
    if dates.unlock_at is None or dates.lock_at is None or dates.lock_at <= dates.unlock_at:
        return None
    return dates.lock_at - dates.unlock_at


def exam_window(dates: Dates, *, at_most_minutes: int) -> timedelta | None:
    """Return the window if it is short enough to limit the time by itself."""
    window = window_of(dates)
    return window if window is not None and window <= at_most_minutes * _MINUTE else None


def fitted(dates: Dates, need: TimeNeed, *, mode: WindowMode = WindowMode.FIT) -> Dates:
    """Return the dates with lock, and due, later by the extra minutes where the time would not fit (or always)."""
    return lock_not_before_due(
        Dates(
            dates.unlock_at,
            _moved(dates.unlock_at, dates.due_at, need, mode),
            _moved(dates.unlock_at, dates.lock_at, need, mode),
        )
    )


def short_by(dates: Dates, need: TimeNeed) -> timedelta:
    """Return what is missing between unlock and lock; zero where it fits or one of them is missing."""
    if dates.unlock_at is None or dates.lock_at is None:
        return timedelta(0)
    return max(timedelta(0), need.total - (dates.lock_at - dates.unlock_at))


@lru_cache(maxsize=1024)  # a whole class has the same window
def in_minutes(span: timedelta) -> Decimal:
    """Return a span as exact minutes."""
    return Decimal(span // timedelta(microseconds=1)) / Decimal(60_000_000)


def _moved(unlock_at: datetime | None, end_at: datetime | None, need: TimeNeed, mode: WindowMode) -> datetime | None:
    if end_at is None:
        return None
    is_too_short = unlock_at is not None and end_at - unlock_at < need.total
    if is_too_short or mode is WindowMode.ALWAYS:
        return end_at + need.extra_minutes * _MINUTE
    return end_at
