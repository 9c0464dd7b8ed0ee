"""Date settings, between Canvas's words and ours (contract 6.2)."""

from datetime import datetime
from typing import Protocol

from canvas_bridge.facts import NOT_OVERRIDDEN as FALLS_THROUGH
from canvas_bridge.facts import Dates, DateSetting, overridden_to
from canvas_bridge.wire.absent import NOT_OVERRIDDEN, Absent, NotOverridden, OverrideDate


class HasDates(Protocol):
    """An assignment, a quiz, or whatever else has the three base dates."""

    @property
    def unlock_at(self) -> datetime | Absent | None:
        """When it opens."""

    @property
    def due_at(self) -> datetime | Absent | None:
        """When it is due."""

    @property
    def lock_at(self) -> datetime | Absent | None:
        """When it closes."""


def base_dates(item: HasDates) -> Dates:
    """Return the three dates of an assignment or quiz; absent and null are both "no date" there."""
    return Dates(item.unlock_at or None, item.due_at or None, item.lock_at or None)


def date_setting(date: OverrideDate) -> DateSetting:
    """Return one date of an override: an absent key falls through, null is overridden to "no date"."""
    return FALLS_THROUGH if isinstance(date, NotOverridden) else overridden_to(date)


def override_date(setting: DateSetting) -> OverrideDate:
    """Return one date of an override to send."""
    return setting.at if setting.is_overridden else NOT_OVERRIDDEN
