"""The dates that one student is due on one assessment: from class dates to what is to be written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accommodations.planning.context import Pair
from accommodations.planning.dates import (
    earlier_unlock,
    is_later,
    is_later_unlock,
    later,
    lock_not_before_due,
    minutes_between,
    most_lenient,
    off_midnight,
    shifted,
)
from accommodations.planning.ends import capped_at_end, due_capped_at
from accommodations.planning.grading_periods import latest_due
from accommodations.planning.rules import AccommodationRule, DateShift, ExactDates
from accommodations.planning.time_limits import rounded_up, source_rank
from accommodations.planning.windows import TimeNeed, fitted, in_minutes, short_by
from canvas_bridge.facts import Dates


@dataclass(frozen=True, slots=True)
class DesiredDates:
    """Dates of the grant, and what of it is to stand in Canvas.

    `granted` counts from the class dates, before any cap. `wanted` also keeps what others give, and is capped at the
    course's end and kept off midnight. `is_needed` tells whether `wanted` is more than the student has without us.
    """

    granted: Dates
    wanted: Dates
    is_needed: bool
    is_shifted: bool
    is_own_sitting: bool = False
    is_instructors_sitting: bool = False
    end_takes_minutes: int = 0
    period_takes_minutes: int = 0
    window_lacks_minutes: int = 0
    source: AccommodationRule | None = None


def desired_dates(
    pair: Pair,
    *,
    shifts: Sequence[tuple[AccommodationRule, DateShift]],
    exacts: Sequence[tuple[AccommodationRule, ExactDates]],
    need: TimeNeed | None,
) -> DesiredDates | None:
    """Return the dates that the rules come to, or None where dates play no part."""
    start, source, is_own_sitting = _stated(pair, shifts, exacts)
    granted = fitted(start, need, mode=pair.index.settings.window_mode) if need else start
    if granted == pair.class_dates and need is None:
        return None
    without_us = pair.dates_without_us
    is_foreign = not exacts and is_another_sitting(pair, without_us)
    aimed = granted if is_own_sitting else _aimed(pair, granted, need, is_foreign=is_foreign)
    may_pass_end = source is not None and source.may_pass_end
    within = aimed if may_pass_end else _within_period(pair, aimed)
    capped = within if may_pass_end else _within_course(pair, within)
    is_needed = capped != without_us
    return DesiredDates(
        granted=granted,
        wanted=_off_midnight(pair, capped) if is_needed else without_us,
        is_needed=is_needed,
        is_shifted=start != pair.class_dates,
        is_own_sitting=is_own_sitting,
        is_instructors_sitting=is_foreign,
        end_takes_minutes=_minutes_taken(within, capped),
        period_takes_minutes=_minutes_taken(aimed, within),
        window_lacks_minutes=_minutes_lacking(capped, need),
        source=source,
    )


def _within_course(pair: Pair, dates: Dates) -> Dates:
    index = pair.index
    return capped_at_end(
        dates, without_us=pair.dates_without_us, ends_at=index.course.ends_at, token_zone=index.token_zone
    )


def _within_period(pair: Pair, dates: Dates) -> Dates:
    """Return the dates with a due that stays in the grading period of the due without us (R11)."""
    index, without_us = pair.index, pair.dates_without_us
    latest = latest_due(index.course, without_us.due_at, now=pair.now)
    return due_capped_at(dates, without_us=without_us, latest_due=latest, token_zone=index.token_zone)


def is_another_sitting(pair: Pair, without_us: Dates) -> bool:
    """Whether an instructor's override is a sitting of its own: it opens at another time than the class's.

    On the class's own opening an earlier end is simply less, and is lengthened to the grant. A later or missing end is
    no other sitting either: the most generous of each field holds, which adds no shift to it.
    """
    if pair.ad_hoc_without_us is None or without_us.unlock_at is None:
        return False
    return without_us.unlock_at != pair.class_dates.unlock_at


def _stated(
    pair: Pair,
    shifts: Sequence[tuple[AccommodationRule, DateShift]],
    exacts: Sequence[tuple[AccommodationRule, ExactDates]],
) -> tuple[Dates, AccommodationRule | None, bool]:
    """Return the dates that staff stated, exact or shifted, the rule to name, and whether they are another sitting."""
    if exacts:
        return _exact(pair.class_dates, exacts)
    best, source = pair.class_dates, None
    index = pair.index
    for rule, shift in _best_source_first(shifts):
        moved = shifted(pair.class_dates, shift, zone=index.course_zone, holidays=index.settings.holidays)
        if source is None or is_later(moved.due_at, best.due_at) or is_later(moved.lock_at, best.lock_at):
            source = rule
        best = most_lenient(best, moved)
    return lock_not_before_due(best) if source else best, source, False


def _best_source_first(
    shifts: Sequence[tuple[AccommodationRule, DateShift]],
) -> Sequence[tuple[AccommodationRule, DateShift]]:
    if len(shifts) < 2:  # most pairs have one at most
        return shifts
    return sorted(shifts, key=lambda shift: source_rank(shift[0]), reverse=True)


def _exact(
    class_dates: Dates, exacts: Sequence[tuple[AccommodationRule, ExactDates]]
) -> tuple[Dates, AccommodationRule, bool]:
    """Return exact dates: a confirmed other sitting as it stands, else never less than the class's (R1, R6)."""
    sittings = [(rule, exact) for rule, exact in exacts if exact.is_other_sitting]
    if sittings:
        rule, exact = max(sittings, key=lambda pair: source_rank(pair[0]))
        return lock_not_before_due(_sitting(exact.dates, class_dates)), rule, True
    best = class_dates
    for _, exact in exacts:
        dates = exact.dates
        best = Dates(
            earlier_unlock(best.unlock_at, dates.unlock_at or best.unlock_at),
            later(best.due_at, dates.due_at or best.due_at),
            later(best.lock_at, dates.lock_at or best.lock_at),
        )
    return lock_not_before_due(best), max((rule for rule, _ in exacts), key=source_rank), False


def _sitting(stated: Dates, class_dates: Dates) -> Dates:
    """Return the dates of a sitting; what is not stated is the class's, unless that is over before the sitting opens.

    Then the sitting's lock is its due as well: the class's due would make the work late at once.
    """
    unlock_at = stated.unlock_at or class_dates.unlock_at
    lock_at = stated.lock_at or _unless_over(class_dates.lock_at, unlock_at, otherwise=None)
    due_at = stated.due_at or _unless_over(class_dates.due_at, unlock_at, otherwise=lock_at)
    return Dates(unlock_at, due_at, lock_at)


def _unless_over(at: datetime | None, unlock_at: datetime | None, *, otherwise: datetime | None) -> datetime | None:
    is_over = at is not None and unlock_at is not None and at <= unlock_at
    return otherwise if is_over else at


def _aimed(pair: Pair, granted: Dates, need: TimeNeed | None, *, is_foreign: bool) -> Dates:
    """Return the grant together with what the student has without us; what others set is only ever lengthened."""
    without_us = pair.dates_without_us
    if is_foreign or granted == pair.class_dates:
        return fitted(without_us, need) if need else without_us
    unlock_at = without_us.unlock_at
    if is_later_unlock(pair.class_dates.unlock_at, granted.unlock_at):  # exact times say so
        unlock_at = earlier_unlock(granted.unlock_at, unlock_at)
    return lock_not_before_due(most_lenient(Dates(unlock_at, granted.due_at, granted.lock_at), without_us))


def _off_midnight(pair: Pair, dates: Dates) -> Dates:
    zone = pair.index.token_zone
    return Dates(
        dates.unlock_at, off_midnight(dates.due_at, token_zone=zone), off_midnight(dates.lock_at, token_zone=zone)
    )


def _minutes_taken(aimed: Dates, capped: Dates) -> int:
    """Return by how many minutes an end shortened due or lock."""
    if capped == aimed:
        return 0
    both = ((capped.due_at, aimed.due_at), (capped.lock_at, aimed.lock_at))
    return max(
        (minutes_between(short, full) for short, full in both if short is not None and full is not None), default=0
    )


def _minutes_lacking(dates: Dates, need: TimeNeed | None) -> int:
    """Return by how many minutes the time still does not fit between unlock and lock."""
    return 0 if need is None else rounded_up(in_minutes(short_by(dates, need)))
