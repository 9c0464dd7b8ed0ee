"""One plain sentence, with the numbers, for every action, skip, block, hold and cap."""

from accommodations.planning.context import Pair
from accommodations.planning.desired import Desired
from accommodations.planning.plan import GrantSource
from accommodations.planning.rules import ExtraTime, WindowMode
from accommodations.planning.statuses import Reason
from accommodations.planning.time_limits import MOST_MINUTES, Amount
from accommodations.planning.windows import in_minutes, window_of
from accommodations.planning.wording import counted, dates_change, from_to, rule_in_words, short_name, time_rule
from canvas_bridge.facts import Dates

_VERDICTS = {
    Reason.NO_TIME_LIMIT: "No time limit here, so extra time has nothing to add to.",
    Reason.UNLIMITED_ATTEMPTS: "Attempts are unlimited for everyone.",
    Reason.NO_DATE_TO_MOVE: "It has neither a due date nor a closing date, so there is nothing to move.",
    Reason.INSTRUCTOR_GIVES_AS_MUCH: "The student has at least as much already.",
    Reason.NOT_RELEASED: "The student has not asked for a release to this course.",
}


def verdict_sentence(reason: Reason, pair: Pair) -> str:
    """Return the sentence of a reason that needs no look at what Canvas holds."""
    if reason is Reason.OUTSIDE_CANVAS:
        return outside_sentence(pair)
    return f"{title(pair)}: {_VERDICTS[reason]}"


def outside_sentence(pair: Pair) -> str:
    """Return why Leeway can do nothing, and who can."""
    return (
        f"{title(pair)}: taken outside Canvas ({pair.assessment.kind.value.replace('_', ' ')}), which can hold neither "
        "extra time nor extra attempts for it; the instructor gives it and marks it as done by hand."
    )


def title(pair: Pair) -> str:
    """Return the assessment's name as sentences begin."""
    return short_name(pair.assessment.name)


def minutes_change(pair: Pair, before: int | None, after: int, amount: Amount | None) -> str:
    """Return "60 min becomes 90 min (1.5×)"; without a limit the extra minutes alone."""
    why = f" ({_time_words(amount)})" if amount else ""
    limit = pair.assessment.time_limit_minutes
    if not limit:
        return f"extra time {before or 0} min becomes {after} min{why}"
    if after >= MOST_MINUTES:
        return f"{limit + (before or 0)} min becomes {limit} min and {after} min more, the most that Canvas takes{why}"
    return f"{limit + (before or 0)} min becomes {limit + after} min{why}"


def attempts_change(pair: Pair, before: int | None, after: int) -> str:
    """Return "1 attempt becomes 2"."""
    allowed = pair.assessment.allowed_attempts
    if allowed is None:
        return f"extra attempts {before or 0} become {after}"
    return f"{counted(allowed + (before or 0), 'attempt')} becomes {allowed + after}"


def dates_words(pair: Pair, desired: Desired, before: Dates, after: Dates) -> str:
    """Return what changes about the dates and why the window moves, if it does."""
    change = dates_change(before, after, pair.index.course_zone)
    window = window_words(pair, desired)
    return f"{change or 'dates stay'}{f', {window}' if window else ''}"


def window_words(pair: Pair, desired: Desired) -> str:
    """Return why due and lock move with extra time: "because the window was exactly 60 min" (R9)."""
    need, dates = desired.need, desired.dates
    if need is None or dates is None or not dates.is_needed or need.extra_minutes == 0:
        return ""
    window = window_of(pair.class_dates)
    if window is None or dates.is_shifted:
        return "so that the extra time fits"
    minutes = in_minutes(window)
    by_choice = pair.index.settings.window_mode is WindowMode.ALWAYS and window >= need.total
    why = "as the setting says" if by_choice else f"because the window was {_exactly(pair, int(minutes))} min"
    return f"closes {need.extra_minutes} min later for this student, {why}"


def grant_words(pair: Pair, desired: Desired) -> str:
    """Return the whole grant of a pair: "60 min becomes 90 min (1.5×); 1 attempt becomes 2"."""
    words = []
    if desired.minutes is not None:
        words.append(minutes_change(pair, 0, desired.minutes.within_cap, desired.minutes))
    if desired.attempts is not None:
        words.append(attempts_change(pair, 0, desired.attempts.within_cap))
    if desired.dates is not None and desired.dates.is_needed:
        words.append(dates_words(pair, desired, pair.class_dates, desired.dates.wanted))
    return "; ".join(words)


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


def lock_move(pair: Pair, desired: Desired) -> str:
    """Return the closing date's move in words."""
    dates = desired.dates
    return from_to(pair.class_dates.lock_at, dates.wanted.lock_at, pair.index.course_zone) if dates else ""


def _time_words(amount: Amount) -> str:
    rule_amount = amount.rule.amount
    return time_rule(rule_amount) if isinstance(rule_amount, ExtraTime) else ""


def _exactly(pair: Pair, window_minutes: int) -> str:
    limit = pair.assessment.time_limit_minutes
    return f"exactly {window_minutes}" if limit in (None, window_minutes) else f"{window_minutes}"
