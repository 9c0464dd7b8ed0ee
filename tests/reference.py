"""What Canvas and the product's rules say, written a second time from their texts: it imports no planning.

Effective dates are from contract 7.1 to 7.3, amounts from the rules R6 to R9. Where both agree, neither misread.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

MOST_MINUTES, MOST_ATTEMPTS = 10_080, 1_000
ORDER = ("ad_hoc", "group", "section", "course")
FIELDS = ("unlock", "due", "lock")


@dataclass(frozen=True)
class DateTriple:
    """Unlock, due and lock; None is no date."""

    unlock: datetime | None
    due: datetime | None
    lock: datetime | None


@dataclass(frozen=True)
class Need:
    """What must fit between unlock and lock: the limit, and so many minutes more."""

    limit: timedelta
    extra: int


@dataclass(frozen=True)
class Said:
    """One override in the contract's words. A date that is absent from `says` falls through; None is "no date"."""

    number: int
    kind: str
    target: int | None
    students: frozenset[int]
    says: Mapping[str, datetime | None]
    unassigns: bool = False
    is_of_module: bool = False


@dataclass(frozen=True)
class Who:
    """One student: sections with the state of each enrollment, and groups."""

    user: int
    sections: tuple[tuple[int, str], ...]
    groups: frozenset[int]


def names(override: Said, who: Who) -> bool:
    """7.1: whether the override is one of those found for the student."""
    if override.kind == "ad_hoc":
        return who.user in override.students
    if override.kind == "group":
        return override.target in who.groups
    if override.kind == "section":
        return any(section == override.target and state != "deleted" for section, state in who.sections)
    return override.kind == "course" and any(state == "active" for _, state in who.sections)


def found_for(overrides: Iterable[Said], who: Who) -> list[Said]:
    """7.1: the overrides in the order of looking; the assignment's own ad-hoc one beats a module's."""
    mine = sorted((one for one in overrides if names(one, who)), key=lambda one: (ORDER.index(one.kind), one.number))
    own = [one for one in mine if one.kind == "ad_hoc" and not one.is_of_module]
    return [one for one in mine if one.kind != "ad_hoc" or one in own[:1] or not own]


def left_after_unassigning(found: list[Said]) -> list[Said]:
    """7.2: an unassigning override drops itself and every one after it."""
    kept: list[Said] = []
    for one in found:
        if one.unassigns:
            return kept
        kept.append(one)
    return kept


def dates_of(
    base: Mapping[str, datetime | None], overrides: Iterable[Said], who: Who, *, only_overrides: bool, now: datetime
) -> dict[str, datetime | None]:
    """7.3: unlock, due and lock, each collapsed for itself."""
    applying = left_after_unassigning(found_for(overrides, who))
    current = {section for section, state in who.sections if state == "active"}
    active = [one for one in applying if one.kind != "section" or one.target in current]
    if active or not only_overrides:
        applying = active
    return {field: _collapse(field, base[field], applying, now) for field in FIELDS}


def _collapse(field: str, base: datetime | None, applying: list[Said], now: datetime) -> datetime | None:
    saying = [one for one in applying if field in one.says]
    if field == "unlock":
        saying = [one for one in saying if one.kind == "ad_hoc" or not _is_locked(one, now)]
    if not saying:
        return base
    if saying[0].kind == "ad_hoc":
        return saying[0].says[field]
    values = [one.says[field] for one in saying]
    dated = [at for at in values if at is not None]
    if len(dated) < len(values):
        return None
    return min(dated) if field == "unlock" else max(dated)


def _is_locked(override: Said, now: datetime) -> bool:
    lock = override.says.get("lock")
    return lock is not None and lock < now


def is_assigned(overrides: Iterable[Said], who: Who, *, only_overrides: bool) -> bool:
    """7.2: unassigned by the first override found, or unnamed where only overrides see it."""
    known = list(overrides)
    found = found_for(known, who)
    if found:
        return not found[0].unassigns
    return not (only_overrides or any(one.is_of_module for one in known))


def extra_minutes(limit: Fraction, *, method: str, multiplier: Any = None, minutes: int | None = None) -> int:
    """Return the minutes that one approval adds to a limit: rounded towards the student (R7), not yet capped."""
    if method == "no_limit":
        return MOST_MINUTES
    if method == "multiplier":
        return ceil(limit * (Fraction(str(multiplier)) - 1))
    return minutes or 0 if method == "minutes" else ceil(limit * (minutes or 0) / 60)


def days_later(at: datetime, days: int, zone: str) -> datetime:
    """Return the same wall clock so many days later; one that is missing or twice there is the later instant (R7)."""
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) + timedelta(days=days)
    both = [local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)]
    return max(*both, at)


def calendar_days(at: datetime, working_days: int, zone: str) -> int:
    """Return how many days on so many working days are: Saturdays and Sundays are not counted."""
    first = at.astimezone(ZoneInfo(zone)).date()
    moved = first
    while working_days:
        moved += timedelta(days=1)
        working_days -= moved.weekday() < 5
    return (moved - first).days


def shifted(dates: DateTriple, amount: int, unit: str, zone: str) -> DateTriple:
    """Return due and lock later by the same amount, counted from due (else lock); unlock and what is missing stay."""
    first = dates.due or dates.lock
    days = calendar_days(first, amount, zone) if unit == "working_days" and first is not None else amount

    def moved(at: datetime | None) -> datetime | None:
        if at is None:
            return None
        return at + timedelta(hours=amount) if unit == "hours" else days_later(at, days, zone)

    return DateTriple(dates.unlock, moved(dates.due), moved(dates.lock))


def not_before_due(dates: DateTriple) -> DateTriple:
    """Return the dates with a lock that is never before due."""
    is_before = dates.due is not None and dates.lock is not None and dates.lock < dates.due
    return DateTriple(dates.unlock, dates.due, dates.due if is_before else dates.lock)


def later_of(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two ends; none at all is the latest."""
    return None if one is None or other is None else max(one, other)


def most_lenient(one: DateTriple, other: DateTriple) -> DateTriple:
    """Return the later due and the later lock (R6); the unlock is that of the second."""
    return DateTriple(other.unlock, later_of(one.due, other.due), later_of(one.lock, other.lock))


def fitted(dates: DateTriple, need: Need) -> DateTriple:
    """Return the dates with lock and due later by the extra minutes where limit and extra would not fit (R9)."""

    def moved(at: datetime | None) -> datetime | None:
        if at is None or dates.unlock is None:
            return at
        extra = timedelta(minutes=need.extra)
        return at + extra if at - dates.unlock < need.limit + extra else at

    return not_before_due(DateTriple(dates.unlock, moved(dates.due), moved(dates.lock)))


def capped(at: datetime | None, without_us: datetime | None, end: datetime | None) -> datetime | None:
    """Return the date, not beyond an end unless it lay there without us (R11); a minute is left for midnight (R8)."""
    if at is None or end is None or at <= end:
        return at
    if without_us is None:
        return at
    return min(at, max(end - timedelta(minutes=1), without_us))
