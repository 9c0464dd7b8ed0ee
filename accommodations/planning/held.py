"""Pairs that wait for a person (R16, undo, dismissal), and which shrinking was to be expected."""

from collections.abc import Iterable
from dataclasses import replace

from accommodations.planning.combine import is_in_scope
from accommodations.planning.context import Pair, RuleInForce
from accommodations.planning.dates import lock_not_before_due, most_lenient
from accommodations.planning.desired import Desired
from accommodations.planning.desired_dates import DesiredDates
from accommodations.planning.pair_status import is_past
from accommodations.planning.parts import Finding, Part
from accommodations.planning.plan import Hold, PlannedAction, Values
from accommodations.planning.rules import AccommodationRule, ExtraTime, ExtraTimeMethod, Scope
from accommodations.planning.statuses import Reason
from accommodations.planning.time_limits import Amount
from canvas_bridge.facts import Dates

_STAYS = frozenset({Reason.UNTIL_OVER, Reason.OVER, Reason.WOULD_UNASSIGN, Reason.COURSE_CONCLUDED})


def keeps_away(pair: Pair, desired: Desired, hold: Hold) -> bool:
    """Whether an undone pair still has something to hold: a grant that is not over, or what stood there before."""
    if not pair.rules:
        return hold.kept != Values()
    return not is_past(pair, desired)


def kept_desired(pair: Pair, hold: Hold) -> Desired:
    """Return what undoing comes back to: what of ours stood there before, as if it were the grant."""
    kept, rule = hold.kept, _no_rule(pair, hold)
    return Desired(
        minutes=None if kept.extra_minutes is None else Amount(kept.extra_minutes, None, rule),
        attempts=None if kept.extra_attempts is None else Amount(kept.extra_attempts, None, rule),
        dates=None if kept.dates is None else _kept_dates(pair, kept.dates),
    )


def _kept_dates(pair: Pair, kept: Dates) -> DesiredDates:
    """Return the dates of before, never less than without us (R1) and never opening before the class (R12)."""
    without_us = pair.dates_without_us
    dates = Dates(without_us.unlock_at, kept.due_at, kept.lock_at)
    wanted = lock_not_before_due(most_lenient(dates, without_us))
    return DesiredDates(granted=wanted, wanted=wanted, is_needed=wanted != without_us, is_shifted=True)


def _no_rule(pair: Pair, hold: Hold) -> AccommodationRule:
    """Return a rule that stands for what stood there before: no accommodation is its source."""
    return AccommodationRule(
        accommodation_id=0,
        canvas_user_id=hold.canvas_user_id,
        amount=ExtraTime(ExtraTimeMethod.MINUTES, minutes=0),
        scope=Scope.ASSESSMENT,
        effective_from=pair.now.date(),
    )


def undone_finding(hold: Hold, findings: Iterable[Finding]) -> Finding:
    """Return why the pair is held: who undid it, and what of ours stays nevertheless, since R18 or R19 wants it so."""
    stays = (f"{finding.words}." for finding in findings if finding.reason in _STAYS)
    note = " ".join((_ended_with_a_stop(hold.reason), *(words[0].upper() + words[1:] for words in stays)))
    return Finding(Reason.UNDONE, f"undone by {hold.by}", note.strip())


def dismissed(part: Part, hold: Hold) -> Part:
    """Return the part without what shrinks: a director dismissed it, so it stays as it is."""
    action = part.action
    if action is None or not action.is_shrinking:
        return part
    note = f"What would be taken back stays, as {hold.by} decided. {_ended_with_a_stop(hold.reason)}".strip()
    return replace(part, action=action.if_held, findings=_as_held(part, Reason.DISMISSED, note))


def stopped(findings: tuple[Finding, ...], message: str) -> tuple[Finding, ...]:
    """Return the findings of a pair of which the guard stopped a change: what was planned waits for a director."""
    return tuple(
        replace(finding, reason=Reason.GUARD, note=f"The safety guard stopped it. {message}")
        if finding.reason is Reason.PLANNED
        else replace(finding, note=f"{finding.note} What would be taken back waits for a director.".strip())
        for finding in findings
    )


def _as_held(part: Part, reason: Reason, note: str) -> tuple[Finding, ...]:
    return tuple(
        replace(finding, reason=reason, note=note) if finding.reason is Reason.PLANNED else finding
        for finding in part.findings
    )


def expected(part: Part) -> Part:
    """Return the part with its action marked as expected: a person confirmed the number, or set the end in advance."""
    return part if part.action is None else replace(part, action=_expected(part.action))


def _expected(action: PlannedAction) -> PlannedAction:
    return replace(action, is_expected=True) if action.is_shrinking else action


def as_expected(pair: Pair, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts with what shrinks marked as expected, where an end that was recorded in advance is why."""
    if not any(part.action is not None and part.action.is_shrinking for part in parts):
        return parts
    in_force = {rule.accommodation_id for rule in pair.rules}
    candidates = pair.index.rules_of.get(pair.student.canvas_user_id, ())
    if any(_has_ended_here(one, pair) for one in candidates if one.rule.accommodation_id not in in_force):
        return tuple(expected(part) for part in parts)
    return parts


def _has_ended_here(candidate: RuleInForce, pair: Pair) -> bool:
    """Whether the rule would count for the pair, had its last day, which staff recorded, not come."""
    if candidate.ends_at is None or not is_in_scope(candidate.rule, pair.index.course, pair.assessment):
        return False
    return candidate.ends_at <= pair.now


def _ended_with_a_stop(reason: str) -> str:
    words = reason.strip()
    return words if not words or words[-1] in ".!?" else f"{words}."
