"""Instants and durations in words: "Fri 5 Dec 23:59 EST", "in 3 h 48 min", "4 h 30 min"."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST_PLAIN_MINUTES = 240
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
    local = at.astimezone(zone)
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = f"{local:%z}"
    return f"UTC{offset[:3]}:{offset[3:]}"


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
    """Return minutes up to 240, hours and minutes beyond, and words for Canvas's largest value."""
    if minutes >= NO_LIMIT_MINUTES:
        return "no time limit"
    if minutes <= LONGEST_PLAIN_MINUTES:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    days, day_hours = divmod(hours, 24)
    if days >= 2:
        return f"{days} days" if not (day_hours or rest) else f"{days} days {day_hours} h"
    return f"{hours} h" if not rest else f"{hours} h {rest} min"


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
