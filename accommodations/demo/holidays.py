"""The demo's public holidays: those of the United States on which a university is closed, for any year."""

from datetime import date, timedelta

MONDAY, THURSDAY = 0, 3


def holidays_from(today: date) -> list[str]:
    """Return the holidays of this year and the next, as YYYY-MM-DD, in order."""
    days = [day for year in (today.year, today.year + 1) for day in holidays_of(year)]
    return [day.isoformat() for day in sorted(days)]


def holidays_of(year: int) -> list[date]:
    """Return the days of one year on which nobody is expected to work."""
    thanksgiving = _nth(year, 11, THURSDAY, 4)
    return [
        date(year, 1, 1),
        _nth(year, 1, MONDAY, 3),
        _last(year, 5, MONDAY),
        date(year, 6, 19),
        date(year, 7, 4),
        _nth(year, 9, MONDAY, 1),
        thanksgiving,
        thanksgiving + timedelta(days=1),
        date(year, 12, 24),
        date(year, 12, 25),
        date(year, 12, 31),
    ]


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last(year: int, month: int, weekday: int) -> date:
    fifth = _nth(year, month, weekday, 5)
    return fifth if fifth.month == month else fifth - timedelta(days=7)
