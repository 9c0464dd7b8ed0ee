"""How a grant comes about, step by step: each with the rule that made it and its numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accommodations.planning.combine import Combined, combined
from accommodations.planning.context import Pair
from accommodations.planning.dates import is_later, minutes_between, shifted
from accommodations.planning.desired import Desired
from accommodations.planning.desired_dates import DesiredDates, desired_dates
from accommodations.planning.explain_sources import FIELDS
from accommodations.planning.parts import Part
from accommodations.planning.rules import AccommodationRule, ExtraTime, ExtraTimeMethod
from accommodations.planning.statuses import Reason
from accommodations.planning.time_limits import Amount, extra_minutes
from accommodations.planning.windows import in_minutes, window_of
from accommodations.planning.wording import counted, dates_change, exact_span, from_to, rule_in_words, span
from canvas_bridge.facts import Dates


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation: the rule that made it ("R6"; empty where none did) and what it did."""

    rule: str
    words: str


def steps_of(pair: Pair, desired: Desired, parts: tuple[Part, ...]) -> tuple[Step, ...]:
    """Return the steps from the accommodations that count to what is to stand in Canvas."""
    rules = combined(pair.rules)
    return (
        *_time_steps(pair, desired, rules),
        *_attempt_steps(pair, desired, rules),
        *_stated_dates(pair, rules),
        *_date_steps(pair, desired, rules),
        *_kept_steps(pair, desired, parts),
    )


def _time_steps(pair: Pair, desired: Desired, rules: Combined) -> Iterator[Step]:
    if not rules.times:
        return
    amount, limit = desired.minutes or desired.window_minutes, _limit(pair, desired)
    if amount is None or limit is None:
        yield Step("", _no_time_words(pair, desired))
        return
    if desired.minutes is None:
        yield Step(
            "", f"No time limit is set: the window of {exact_span(limit)}, from opening to closing, is the limit."
        )
    yield Step("R6", _most_of([(rule, extra_minutes(time, limit_minutes=limit)) for rule, time in rules.times], "min"))
    exact = _unrounded(amount.rule, limit)
    if exact is not None and exact != amount.approved:
        yield Step("R7", f"{exact_span(exact)} is rounded up to {span(amount.approved)}.")
    yield from _cap(amount, "min")


def _no_time_words(pair: Pair, desired: Desired) -> str:
    if Reason.OUTSIDE_CANVAS in desired.verdicts:
        return "It is taken outside Canvas, which can hold no extra time for it."
    most = pair.index.settings.exam_window_minutes
    window = window_of(pair.class_dates)
    has = "none" if window is None else exact_span(in_minutes(window))
    return (
        f"It has no time limit, and no window of at most {span(most)} that could be one ({has}): "
        "extra time adds nothing."
    )


def _limit(pair: Pair, desired: Desired) -> Decimal | None:
    if desired.minutes is not None and pair.assessment.time_limit_minutes:
        return Decimal(pair.assessment.time_limit_minutes)
    return in_minutes(desired.need.limit) if desired.need is not None else None


def _unrounded(rule: AccommodationRule, limit: Decimal) -> Decimal | None:
    amount = rule.amount
    if not isinstance(amount, ExtraTime):
        return None
    if amount.method is ExtraTimeMethod.MULTIPLIER and amount.multiplier is not None:
        return limit * (amount.multiplier - 1)
    if amount.method is ExtraTimeMethod.MINUTES_PER_HOUR and amount.minutes is not None:
        return limit * amount.minutes / 60
    return None


def _attempt_steps(pair: Pair, desired: Desired, rules: Combined) -> Iterator[Step]:
    if not rules.attempts:
        return
    if desired.attempts is None:
        is_unlimited = Reason.UNLIMITED_ATTEMPTS in desired.verdicts
        why = "attempts are unlimited for everyone" if is_unlimited else "Canvas can hold none for it"
        yield Step("", f"Extra attempts add nothing: {why}.")
        return
    yield Step("R6", _most_of([(rule, amount.attempts) for rule, amount in rules.attempts], "attempt"))
    yield from _cap(desired.attempts, "attempt")


def _most_of(amounts: list[tuple[AccommodationRule, int]], unit: str) -> str:
    """Return "1.5× (every course) gives 30 min", with the others and that the most counts."""
    listed = "; ".join(f"{rule_in_words(rule)} gives {_numbered(number, unit)}" for rule, number in amounts)
    if len(amounts) == 1:
        return f"{listed}."
    return f"{listed}. The most counts: {_numbered(max(number for _, number in amounts), unit)}."


def _cap(amount: Amount, unit: str) -> Iterator[Step]:
    if amount.short_by > 0:
        most, short = _numbered(amount.within_cap, unit), _numbered(amount.short_by, unit)
        yield Step("R8", f"Canvas takes at most {most}: {short} short.")


def _stated_dates(pair: Pair, rules: Combined) -> Iterator[Step]:
    """Yield what each shift or exact date makes of the class dates."""
    index = pair.index
    for rule, shift in () if rules.exacts else rules.shifts:
        moved = shifted(pair.class_dates, shift, zone=index.course_zone, holidays=index.settings.holidays)
        change = dates_change(pair.class_dates, moved, index.course_zone)
        yield Step("", f"{rule_in_words(rule)}: {change or 'there is no date to move'}.")
    if not rules.exacts and len(rules.shifts) > 1:
        yield Step("R6", "The latest due and the latest closing of these count.")
    for rule, exact in rules.exacts:
        change = dates_change(pair.class_dates, exact.dates, index.course_zone)
        yield Step("R6", f"{rule_in_words(rule)} replaces shifts here: {change or 'the same as the class’s'}.")


def _date_steps(pair: Pair, desired: Desired, rules: Combined) -> Iterator[Step]:
    """Yield the steps from the stated dates to what is to stand in Canvas."""
    dates = desired.dates
    if dates is None:
        return
    zone = pair.index.course_zone
    stated = desired_dates(pair, shifts=rules.shifts, exacts=rules.exacts, need=None)
    start = stated.granted if stated is not None else pair.class_dates
    if desired.need is not None:
        yield Step("R9", _window_words(pair, desired, start, dates))
    if dates.window_lacks_minutes:
        yield Step("R9", f"The class’s own window is too short: {span(dates.window_lacks_minutes)} are still missing.")
    for label, name, _ in FIELDS:
        granted, wanted, theirs = (getattr(of, name) for of in (dates.granted, dates.wanted, pair.dates_without_us))
        if granted == wanted:
            continue
        change = f"{label.lower()} {from_to(granted, wanted, zone)}"
        yield _moved_step(change, is_less=name != "unlock_at" and is_later(granted, wanted), is_theirs=wanted == theirs)
    if not dates.is_needed:
        yield Step("", "The student has these dates without Leeway: nothing is to be written for them.")


def _moved_step(change: str, *, is_less: bool, is_theirs: bool) -> Step:
    if is_less:
        return Step("R11", f"Capped: {change}.")
    if is_theirs:
        return Step("R1", f"What others give this student is more, and stays: {change}.")
    return Step("R8", f"Off midnight, which Canvas would move, or never before due: {change}.")


def _window_words(pair: Pair, desired: Desired, start: Dates, dates: DesiredDates) -> str:
    need = desired.need
    if need is None:
        return ""
    needs = f"{exact_span(in_minutes(need.limit))} and {span(need.extra_minutes)} extra"
    window = window_of(start)
    has = "" if window is None else f" into the window of {exact_span(in_minutes(window))}"
    moved = dates_change(start, dates.granted, pair.index.course_zone)
    if not moved:
        return (
            f"{needs} fit{has}: nothing moves." if window else f"{needs} need no other dates: nothing closes too early."
        )
    by = max((minutes_between(a, b) for a, b in _ends(start, dates.granted)), default=0)
    return f"{needs} do not fit{has}, so it ends {span(by)} later: {moved}."


def _ends(before: Dates, after: Dates) -> list[tuple[datetime, datetime]]:
    both = ((before.due_at, after.due_at), (before.lock_at, after.lock_at))
    return [(a, b) for a, b in both if a is not None and b is not None]


def _kept_steps(pair: Pair, desired: Desired, parts: tuple[Part, ...]) -> Iterator[Step]:
    """Yield what stays although less is granted by now (R18)."""
    wanted = desired.dates.wanted if desired.dates is not None else pair.dates_without_us
    for part in parts:
        after = part.action.after.dates if part.action is not None else None
        if after is not None and (is_later(after.due_at, wanted.due_at) or is_later(after.lock_at, wanted.lock_at)):
            kept = dates_change(wanted, after, pair.index.course_zone)
            yield Step(
                "R18", f"What the student has begun, or what is open or over, keeps later dates of ours: {kept}."
            )
    if pair.rules and any(finding.reason is Reason.OVER for part in parts for finding in part.findings):
        yield Step("R12", "It is over for the student, counted from the class’s dates of now: it is left alone.")


def _numbered(number: int, unit: str) -> str:
    return span(number) if unit == "min" else counted(number, unit)
