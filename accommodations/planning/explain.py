"""One plain sentence, with the numbers, for every action, skip, block, hold and cap."""

from collections.abc import Iterable

from accommodations.planning.context import Pair
from accommodations.planning.dates import minutes_between
from accommodations.planning.desired import Desired
from accommodations.planning.parts import Finding
from accommodations.planning.plan import GrantSource
from accommodations.planning.rules import ExtraAttempts, ExtraTime, WindowMode
from accommodations.planning.statuses import Reason
from accommodations.planning.time_limits import MOST_MINUTES, Amount, rounded_up
from accommodations.planning.windows import in_minutes, window_of
from accommodations.planning.wording import (
    counted,
    dates_change,
    from_to,
    grouped,
    rule_in_words,
    short_name,
    span,
    time_rule,
)
from canvas_bridge.facts import Dates

_OUTSIDE = ExtraTime | ExtraAttempts
_VERDICTS = {
    Reason.UNLIMITED_ATTEMPTS: "attempts are unlimited for everyone",
    Reason.NO_DATE_TO_MOVE: "it has neither a due date nor a closing date to move",
    Reason.INSTRUCTOR_GIVES_AS_MUCH: "the class's own dates give as much already",
}


def verdict_words(pair: Pair, reason: Reason) -> str:
    """Return the words of a reason that needs no look at what Canvas holds."""
    if reason is Reason.NO_TIME_LIMIT:
        return f"it has no time limit that extra time could add to{_too_long_words(pair)}"
    if reason is Reason.OUTSIDE_CANVAS:
        amounts = ", ".join(rule_in_words(rule) for rule in pair.rules if isinstance(rule.amount, _OUTSIDE))
        held = "Canvas can hold neither extra time nor extra attempts for it"
        return f"{amounts}; {held}, so the instructor gives it and marks it as done by hand"
    return _VERDICTS[reason]


def _too_long_words(pair: Pair) -> str:
    """Return why the window is no limit either; nothing where there is none, or nothing is handed in."""
    window, longest = window_of(pair.class_dates), pair.index.settings.exam_window_minutes
    if window is None or in_minutes(window) <= longest:
        return ""
    return f", since its window of {span(rounded_up(in_minutes(window)))} is longer than {span(longest)}"


def sentence(pair: Pair, words: str, notes: Iterable[str] = ()) -> str:
    """Return the whole sentence: the assessment's name, what is the matter, and what is to be noted about it."""
    parts = [*([f"{words}."] if words else []), *dict.fromkeys(note for note in notes if note)]
    return f"{short_name(pair.assessment.name)}: {' '.join(parts)}"


def told(pair: Pair, findings: Iterable[Finding]) -> str:
    """Return the sentence of a pair from the findings that made its status."""
    known = tuple(findings)
    words = "; ".join(dict.fromkeys(finding.words for finding in known if finding.words))
    return sentence(pair, words, (finding.note for finding in known))


def minutes_change(pair: Pair, before: int | None, after: int, amount: Amount | None) -> str:
    """Return "60 min becomes 90 min (1.5×)", with Canvas's cap where it counts; without a limit the minutes alone."""
    why = f" ({_time_words(amount)})" if amount else ""
    limit = pair.assessment.time_limit_minutes
    if not limit:
        return f"extra time {span(before or 0)} becomes {span(after)}{why}"
    is_capped = amount is not None and amount.short_by > 0 and after >= amount.within_cap
    approved = f" instead of {span(limit + amount.approved)}" if amount is not None and is_capped else ""
    most = f": Canvas takes at most {grouped(after)} extra minutes" if after >= MOST_MINUTES else ""
    return f"{span(limit + (before or 0))} becomes {span(limit + after)}{approved}{why}{most}"


def attempts_change(pair: Pair, before: int | None, after: int) -> str:
    """Return "1 attempt becomes 2"."""
    allowed = pair.assessment.allowed_attempts
    if allowed is None:
        return f"extra attempts {before or 0} become {after}"
    return f"{counted(allowed + (before or 0), 'attempt')} becomes {allowed + after}"


def dates_words(pair: Pair, desired: Desired, before: Dates, after: Dates) -> str:
    """Return what changes about the dates, and why the window moves where extra time is the cause (R9)."""
    zone = pair.index.course_zone
    moved = _window_words(pair, desired, before, after)
    return moved or dates_change(before, after, zone) or "dates stay as they are"


def extension_words(pair: Pair, desired: Desired) -> str:
    """Return granted minutes and attempts: "60 min becomes 90 min (1.5×); 1 attempt becomes 2"."""
    words = []
    if desired.minutes is not None:
        words.append(minutes_change(pair, 0, desired.minutes.within_cap, desired.minutes))
    if desired.attempts is not None:
        words.append(attempts_change(pair, 0, desired.attempts.within_cap))
    return "; ".join(words)


def put_words(minutes: int | None, attempts: int | None) -> str:
    """Return what we put, in words: "30 min extra and 1 extra attempt"; without numbers where nobody knows them."""
    words = []
    if minutes:
        words.append(f"{span(minutes)} extra")
    if attempts:
        words.append(counted(attempts, "extra attempt"))
    return " and ".join(words) or "what was put for this student"


def grant_words(pair: Pair, desired: Desired) -> str:
    """Return the whole grant of a pair, dates included."""
    words = [extension_words(pair, desired)]
    if desired.dates is not None and desired.dates.is_needed:
        words.append(dates_words(pair, desired, pair.class_dates, desired.dates.wanted))
    return "; ".join(word for word in words if word)


def _window_words(pair: Pair, desired: Desired, before: Dates, after: Dates) -> str:
    """Return "closes 30 min later for this student (…), because the window was exactly 60 min", else nothing."""
    need, dates, window = desired.need, desired.dates, window_of(pair.class_dates)
    if need is None or dates is None or window is None or dates.is_shifted or before.unlock_at != after.unlock_at:
        return ""
    if before.lock_at is None or after.lock_at is None or after.lock_at <= before.lock_at:
        return ""
    minutes = int(in_minutes(window))
    is_by_setting = pair.index.settings.window_mode is WindowMode.ALWAYS and window >= need.total
    exactly = "exactly " if need.limit == window else ""
    why = "as the setting says" if is_by_setting else f"because the window was {exactly}{span(minutes)}"
    due = "; due moves with it" if after.due_at != before.due_at else ""
    change = from_to(before.lock_at, after.lock_at, pair.index.course_zone)
    by = span(minutes_between(before.lock_at, after.lock_at))
    return f"closes {by} later for this student ({change}), {why}{due}"


def sources(desired: Desired) -> tuple[GrantSource, ...]:
    """Return which accommodation each field of the grant comes from."""
    found = []
    minutes = desired.minutes or desired.window_minutes
    if minutes is not None:
        found.append(GrantSource("extra_minutes", minutes.rule.accommodation_id, rule_in_words(minutes.rule)))
    if desired.attempts is not None:
        rule = desired.attempts.rule
        found.append(GrantSource("extra_attempts", rule.accommodation_id, rule_in_words(rule)))
    if desired.dates is not None and desired.dates.source is not None:
        rule = desired.dates.source
        found.append(GrantSource("dates", rule.accommodation_id, rule_in_words(rule)))
    return tuple(found)


def _time_words(amount: Amount) -> str:
    rule_amount = amount.rule.amount
    return time_rule(rule_amount) if isinstance(rule_amount, ExtraTime) else ""
