"""What the students of the campus are approved for."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accommodations.services.accommodations import AccommodationValues
from tests.days import TODAY

NOTE = "a-note-that-nobody-else-may-read"


def provisions(number: int) -> list[AccommodationValues]:
    """Return what the student of this number is approved for: everybody extra time, some more."""
    since = TODAY - timedelta(days=1)
    found = [_values(since, provision="extra_time", extra_time_method="multiplier", multiplier=Decimal("1.5"))]
    if number % 2:
        found.append(_values(since, provision="alternative_dates", shift_amount=2, shift_unit="days"))
    if number % 3 == 0:
        found.append(_values(since, provision="extra_attempts", attempts=1))
    return found


def _values(since: date, **fields: Any) -> AccommodationValues:
    return AccommodationValues(effective_from=since, note=NOTE, **fields)
