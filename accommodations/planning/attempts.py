"""Attempts that began while the grant was not in Canvas: running short, or begun and beyond help."""

from datetime import datetime, timedelta

from accommodations.planning.context import Pair
from accommodations.planning.dates import minutes_between
from accommodations.planning.desired import Desired
from accommodations.planning.parts import Finding
from accommodations.planning.plan import PreviousPair
from accommodations.planning.statuses import Reason, Status
from accommodations.planning.wording import span
from canvas_bridge.facts import CLASSIC_KINDS, AssessmentKind, Dates

_WAS_THERE = frozenset({Status.IN_PLACE, Status.SHORT, Status.PAST})
_EXTENDABLE_AFTER_ITS_END = timedelta(hours=1)
"""How long Canvas still lengthens an attempt that has ended and was not handed in (contract 3.3)."""
_BEGAN_WITHOUT = "an attempt began while the grant was not in Canvas"


def must_look_for_attempts(pair: Pair, desired: Desired) -> bool:
    """Whether an attempt may be running short right now and attempts were not read (classic quizzes).

    Dates count as minutes do: an attempt without a time limit ends with the lock that it began with. Open means open
    with the grant: for a student whose later lock is not in Canvas it closed with the class's.
    """
    if pair.assessment.kind not in CLASSIC_KINDS or pair.are_extensions_read or not pair.can_read_extensions:
        return False
    dates = _granted_dates(desired)
    if dates is None:
        return desired.minutes is not None and pair.is_open
    return pair.is_open or pair.is_open_with(dates)


def must_look_for_submissions(pair: Pair, desired: Desired) -> bool:
    """Whether the only attempt on an open New Quiz may be over before the first write, and that was not read."""
    is_first_write = desired.minutes is not None and pair.ledger_extension is None
    is_new_quiz = pair.assessment.kind is AssessmentKind.NEW_QUIZ and pair.assessment.allowed_attempts == 1
    is_unread = not pair.are_submissions_read and pair.can_read_submissions
    return is_first_write and is_new_quiz and pair.is_open and is_unread


def attempt_finding(pair: Pair, desired: Desired) -> Finding | None:
    """Return what is wrong with the student's latest attempt, or None.

    An attempt keeps the end that Canvas computed when it began: minutes put later do not reach it (contract 3.3).
    """
    previous = pair.index.previous.get(pair.key)
    if pair.assessment.kind is AssessmentKind.NEW_QUIZ and desired.minutes is not None:
        return _on_new_quiz(pair, desired, previous)
    is_granted = desired.minutes is not None or _granted_dates(desired) is not None
    if is_granted and pair.assessment.kind in CLASSIC_KINDS:
        return _on_classic_quiz(pair, desired, previous)
    return None


def _on_classic_quiz(pair: Pair, desired: Desired, previous: PreviousPair | None) -> Finding | None:
    attempt = pair.attempt
    if attempt is None and not pair.are_extensions_read:
        return _remembered(previous)
    needed = _needed_end(pair, desired)
    if attempt is None or needed is None or attempt.end_at is None or attempt.end_at >= needed:
        return None
    minutes = minutes_between(attempt.end_at, needed)
    if attempt.is_running and pair.now < min(needed, attempt.end_at + _EXTENDABLE_AFTER_ITS_END):
        words = f"the running attempt ends {span(minutes)} too early"
        return Finding(Reason.RUNNING_ATTEMPT_SHORT, words, "Extend the running attempt now.", minutes)
    if desired.need is None and attempt.finished_at is not None and attempt.finished_at < attempt.end_at:
        return None  # handed in while there was time left: later dates alone would have changed nothing
    return _begun(pair, desired, previous, minutes)


def _granted_dates(desired: Desired) -> Dates | None:
    """Return the dates that the student is to have, where the grant is more than they have without us."""
    return desired.dates.wanted if desired.dates is not None and desired.dates.is_needed else None


def _needed_end(pair: Pair, desired: Desired) -> datetime | None:
    """Return when the latest attempt should end: its start, the limit and the granted minutes, or the granted lock.

    Without a time limit it is the granted lock.
    """
    attempt, limit = pair.attempt, pair.assessment.time_limit_minutes
    lock_at = desired.dates.wanted.lock_at if desired.dates else pair.dates_without_us.lock_at
    if not limit:
        return lock_at
    if attempt is None or attempt.started_at is None:
        return None
    minutes = desired.minutes.within_cap if desired.minutes is not None else 0
    end = attempt.started_at + timedelta(minutes=limit + minutes)
    return end if lock_at is None else min(end, lock_at)


def _begun(pair: Pair, desired: Desired, previous: PreviousPair | None, minutes: int) -> Finding | None:
    """Return *missed: begun* for a short attempt that is over, unless the student can still use the grant."""
    if previous is not None and previous.status in _WAS_THERE:
        return None
    was_seen_short = previous is not None and previous.reason in (Reason.RUNNING_ATTEMPT_SHORT, Reason.BEGUN)
    if not was_seen_short and not _was_only_attempt(pair, desired):
        return None
    return Finding(Reason.BEGUN, f"{_BEGAN_WITHOUT}, and was {span(minutes)} short", short_by_minutes=minutes)


def _on_new_quiz(pair: Pair, desired: Desired, previous: PreviousPair | None) -> Finding | None:
    if pair.has_submitted and pair.ledger_extension is None and _was_only_attempt(pair, desired):
        return Finding(Reason.BEGUN, "it was handed in while the grant was not in Canvas")
    return _remembered(previous)


def _remembered(previous: PreviousPair | None) -> Finding | None:
    """Return *missed: begun* as it was known: it stays until a person writes what was done about it."""
    if previous is None or previous.reason is not Reason.BEGUN:
        return None
    return Finding(Reason.BEGUN, _BEGAN_WITHOUT)


def _was_only_attempt(pair: Pair, desired: Desired) -> bool:
    """Whether the class's attempts and all extra ones come to a single one."""
    allowed = pair.assessment.allowed_attempts
    row = pair.index.extensions.get(pair.key)
    held = row.extra_attempts if row else 0
    granted = desired.attempts.within_cap if desired.attempts else 0
    return allowed is not None and allowed + max(held, granted) <= 1
