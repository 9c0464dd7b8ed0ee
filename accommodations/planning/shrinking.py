"""Whether what we put may be made less or taken away now (R18)."""

from dataclasses import replace
from enum import Enum, auto

from accommodations.planning.context import Pair
from accommodations.planning.dates import earlier_unlock, later
from accommodations.planning.parts import Finding
from accommodations.planning.plan import LedgerOverride
from accommodations.planning.statuses import Reason
from canvas_bridge.facts import CLASSIC_KINDS, UNGRADED_KINDS, Dates


class Shrinking(Enum):
    """What R18 says of making less of what we put on one assessment."""

    ALLOWED = auto()
    STAYS = auto()
    WAITS = auto()
    UNREAD = auto()


def may_shrink(pair: Pair) -> Shrinking:
    """Return whether it may go now, waits until it is over, stays for good, or must be read first.

    What is over or handed in stays, since less time would make it late; what is open waits.
    """
    if is_over(pair) or pair.has_submitted:
        return Shrinking.STAYS
    if pair.is_open or pair.is_attempt_running:
        return Shrinking.WAITS
    if needs_attempts(pair) or needs_submissions(pair):
        return Shrinking.UNREAD
    return Shrinking.ALLOWED


def staying(shrinking: Shrinking, what: str) -> Finding:
    """Return why extra minutes and attempts that are no longer granted are still there; `what` is "30 min extra"."""
    return {
        Shrinking.STAYS: Finding(Reason.OVER, f"{what} stays, since it was handed in or is over"),
        Shrinking.WAITS: Finding(Reason.UNTIL_OVER, f"{what} stays until it is over, since it is open now"),
        Shrinking.UNREAD: Finding(Reason.PLANNED, f"{what} is taken back once Canvas was read"),
        Shrinking.ALLOWED: Finding(Reason.COURSE_CONCLUDED, f"{what} stays, since the course is concluded"),
    }[shrinking]


def kept_for_now(pair: Pair, goal: Dates) -> Dates:
    """Return the dates on the way to `goal` while nothing may shrink: due and lock stay where they are later.

    An unlock that is only a copy follows the class at once, since nobody shall see an exam early. One that staff chose
    stays: moved later, it would close what is open now.
    """
    observed, entry = pair.observed_dates, pair.ledger_override
    follows_class = (entry is None or _is_unlock_copied(entry)) and goal.unlock_at == pair.class_dates.unlock_at
    unlock_at = goal.unlock_at if follows_class else earlier_unlock(goal.unlock_at, observed.unlock_at)
    return Dates(unlock_at, later(goal.due_at, observed.due_at), later(goal.lock_at, observed.lock_at))


def counted_from(pair: Pair, kept: Dates) -> Dates | None:
    """Return the class dates of which the ledger says that dates which stay were counted from them.

    Else the next plan would take the class's move for a grant that was lowered. An unlock that followed the class is
    a copy of where it is now: it follows the next time too.
    """
    entry = pair.ledger_override
    if entry is None or entry.class_dates is None:
        return pair.class_dates
    has_followed = _is_unlock_copied(entry) and kept.unlock_at == pair.class_dates.unlock_at
    return replace(entry.class_dates, unlock_at=kept.unlock_at) if has_followed else entry.class_dates


def _is_unlock_copied(entry: LedgerOverride) -> bool:
    return entry.class_dates is None or entry.put.unlock_at == entry.class_dates.unlock_at


def is_over(pair: Pair) -> bool:
    """Whether the due or the lock that the student has now, with what we put, has passed."""
    dates, now = pair.observed_dates, pair.now
    return any(at is not None and at <= now for at in (dates.due_at, dates.lock_at))


def needs_attempts(pair: Pair) -> bool:
    """Whether it is not known yet if the student has begun an attempt on a classic quiz."""
    return pair.assessment.kind in CLASSIC_KINDS and not pair.are_extensions_read


def needs_submissions(pair: Pair) -> bool:
    """Whether it is not known yet if the student has handed something in.

    Ungraded quizzes have no submissions besides their attempts, and Canvas refuses to list those of something
    unpublished, on which nobody can have handed anything in (contract 10.7.9).
    """
    assessment = pair.assessment
    has_submissions = assessment.kind not in UNGRADED_KINDS and assessment.is_published
    return has_submissions and not pair.are_submissions_read
