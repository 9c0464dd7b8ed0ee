"""One cell of the coverage board: what the pair comes to in two words, its icon and its status."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accommodations.models import PairStatus
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.pair_words import pair_words

_AS_AIMED_AT = (Status.IN_PLACE, Status.SHORT, Status.WAITING, Status.PAST)
_QUIET_WORDS = {
    Reason.EXCEPTION: "exception",
    Reason.NOT_RELEASED: "not released",
    Reason.INSTRUCTOR_GIVES_AS_MUCH: "has as much",
}
_LONGEST_MINUTES, _LONGEST_HOURS = 240, 48
NO_LIMIT_MINUTES = 10_080


@dataclass(frozen=True, slots=True)
class Cell:
    """A pair as a cell shows it. `words` is what it gives; empty where nothing is needed."""

    pk: int
    status: str
    reason: str
    slug: str
    icon: str
    is_accepted: bool
    is_settled: bool
    short_by_minutes: int | None
    words: str


def cell_of(pair: PairStatus) -> Cell:
    """Return the cell of a pair, straight from its stored outcome: a page has up to 1,250 of them."""
    words = pair_words(status=pair.status, reason=pair.reason, short_by_minutes=pair.short_by_minutes)
    return Cell(
        pk=pair.pk,
        status=pair.status,
        reason=pair.reason,
        slug=words.status,
        icon=words.icon,
        is_accepted=words.is_accepted_only,
        is_settled=pair.settled_at is not None,
        short_by_minutes=pair.short_by_minutes,
        words=_words(pair),
    )


def _words(pair: PairStatus) -> str:
    if pair.status == Status.NOT_NEEDED:
        return _QUIET_WORDS.get(Reason(pair.reason), "")
    outcome: dict[str, Any] = pair.outcome or {}
    aimed_at = outcome.get("wanted") if pair.status in _AS_AIMED_AT else None
    return gain_in_words(aimed_at or outcome.get("grant") or {}, outcome.get("class_dates") or {})


def gain_in_words(values: dict[str, Any], class_dates: dict[str, str | None]) -> str:
    """Return what the stored values give beyond the class: "+30 min", "+1 attempt", "+2 days"; empty for nothing."""
    parts = []
    if minutes := values.get("extra_minutes"):
        parts.append("no time limit" if minutes >= NO_LIMIT_MINUTES else f"+{minutes} min")
    if attempts := values.get("extra_attempts"):
        parts.append(f"+{attempts} attempt{'s' if attempts > 1 else ''}")
    moved = _moved(values.get("dates") or {}, class_dates, only_due=bool(minutes))
    return ", ".join([*parts, _duration(moved)] if moved else parts)


def _moved(dates: dict[str, str | None], class_dates: dict[str, str | None], *, only_due: bool) -> timedelta:
    """Return by how much due moves, else the lock; beside extra minutes a lock that moves with them says nothing."""
    for name in ("due_at",) if only_due else ("due_at", "lock_at"):
        before, after = class_dates.get(name), dates.get(name)
        if before and after and before != after:
            return datetime.fromisoformat(after) - datetime.fromisoformat(before)
    return timedelta()


def _duration(moved: timedelta) -> str:
    sign, minutes = ("+" if moved > timedelta() else "−"), abs(int(moved.total_seconds() // 60))
    if minutes <= _LONGEST_MINUTES:
        return f"{sign}{minutes} min"
    hours = round(minutes / 60)
    if hours < _LONGEST_HOURS:
        return f"{sign}{hours} h" if hours != 24 else f"{sign}1 day"
    return f"{sign}{round(hours / 24)} days"
