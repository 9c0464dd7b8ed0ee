"""Instants and durations in words: "Fri 5 Dec 23:59 EST", "in 3 h 48 min", "4 h 30 min"."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from accommodations.planning.wording import span, zone_name

NO_LIMIT_MINUTES = 10_080
"""Canvas's largest extension, which every page calls "no time limit"."""


def day_text(day: date, *, today: date) -> str:
    """Return "Fri 5 Dec", with the year where it is not this one."""
    text = f"{day:%a} {day.day} {day:%b}"
    return text if day.year == today.year else f"{text} {day.year}"


def at_text(at: datetime, *, zone: ZoneInfo, now: datetime, relative: bool = False) -> str:
    """Return "Fri 5 Dec 23:59" in the zone; with `relative` "today 06:14" and "yesterday 06:14" where they fit."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if relative and local.date() == today:
        return f"today {local:%H:%M}"
    if relative and local.date() == today - timedelta(days=1):
        return f"yesterday {local:%H:%M}"
    return f"{day_text(local.date(), today=today)} {local:%H:%M}"


def zone_text(at: datetime, zone: ZoneInfo) -> str:
    """Return the zone's short name at that instant: EST, CET or, where it has none, UTC+05:30."""
    return zone_name(at.astimezone(zone))


def with_zone(at: datetime, *, zone: ZoneInfo, course_zone: str, now: datetime) -> str:
    """Return the text that follows the last time of a line: the zone, and the course's own time where it differs."""
    text = zone_text(at, zone)
    if not course_zone:
        return text
    other = ZoneInfo(course_zone)
    if at.astimezone(other).utcoffset() == at.astimezone(zone).utcoffset():
        return text
    return f"{text} ({at_text(at, zone=other, now=now)} {zone_text(at, other)})"


def duration_text(minutes: int) -> str:
    """Return minutes as every sentence of a plan does, and words for Canvas's largest value."""
    return "no time limit" if minutes >= NO_LIMIT_MINUTES else span(minutes)


def countdown_text(at: datetime, *, now: datetime) -> str:
    """Return "in 3 h 48 min" under 48 hours, days beyond, "now" when it has come."""
    minutes = int((at - now).total_seconds() // 60)
    if minutes < 1:
        return "now"
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"in {hours // 24} days"
    if hours >= 12:
        return f"in {hours} h"
    return f"in {hours} h {rest} min" if hours else f"in {rest} min"
