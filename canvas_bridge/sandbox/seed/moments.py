"""Moments relative to the day of seeding: on the wall clock of a course, or minutes from now."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME_ZONE = "America/New_York"


@dataclass(frozen=True, slots=True)
class OnDay:
    """A wall-clock time so many days from today, in the course's zone."""

    days: int
    clock: time


@dataclass(frozen=True, slots=True)
class FromNow:
    """So many minutes from the moment of seeding; negative is earlier."""

    minutes: int


Moment = OnDay | FromNow

END_OF_DAY = time(23, 59, 59)


def day(days: int, clock: str = "") -> OnDay:
    """Return the moment `days` from today at a clock such as "09:00"; without a clock, at the end of the day."""
    return OnDay(days, time.fromisoformat(clock) if clock else END_OF_DAY)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns moments into instants. Today is the day that it is in the home zone at `now`."""

    now: datetime

    @property
    def monday(self) -> int:
        """Return how many days from today the Monday of this week is: 0 to −6."""
        return -self.now.astimezone(ZoneInfo(HOME_ZONE)).weekday()

    def instant(self, moment: Moment, zone: str = HOME_ZONE) -> datetime:
        """Return the instant in UTC; a wall-clock time is read in `zone`, so it keeps its hour when clocks change."""
        if isinstance(moment, FromNow):
            return (self.now + timedelta(minutes=moment.minutes)).replace(microsecond=0)
        today = self.now.astimezone(ZoneInfo(HOME_ZONE)).date()
        local = datetime.combine(today + timedelta(days=moment.days), moment.clock, tzinfo=ZoneInfo(zone))
        return local.astimezone(UTC)

    def maybe_instant(self, moment: Moment | None, zone: str = HOME_ZONE) -> datetime | None:
        """Return the instant, or None where there is no moment."""
        return None if moment is None else self.instant(moment, zone)


@dataclass(frozen=True, slots=True)
class TermSpec:
    """A term by its first and last day, counted from this week's Monday, and its SIS id."""

    sis_term_id: str
    first_day: int
    last_day: int

    def starts(self, calendar: Calendar) -> OnDay:
        """Return the first moment of the term."""
        return day(calendar.monday + self.first_day, "00:00")

    def ends(self, calendar: Calendar) -> OnDay:
        """Return the last moment of the term."""
        return day(calendar.monday + self.last_day)

    def name(self, calendar: Calendar) -> str:
        """Return a name such as "Fall 2026", after the middle of the term."""
        middle = day(calendar.monday + (self.first_day + self.last_day) // 2, "12:00")
        local = calendar.instant(middle)
        season = "Spring" if local.month <= 5 else "Summer" if local.month <= 8 else "Fall"
        return f"{season} {local.year}"


PREVIOUS_TERM = TermSpec("previous", first_day=-147, last_day=-36)
CURRENT_TERM = TermSpec("current", first_day=-28, last_day=83)
CURRENT_TERM_IN_PERIODS = TermSpec("current-in-periods", CURRENT_TERM.first_day, CURRENT_TERM.last_day)
NEXT_TERM = TermSpec("next", first_day=98, last_day=202)
TERMS = (PREVIOUS_TERM, CURRENT_TERM, NEXT_TERM)
