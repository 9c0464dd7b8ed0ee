"""Taking our dates back, and what the ledger learns about them without a write (R3, R18, R19)."""

from dataclasses import replace

from accommodations.planning import explain
from accommodations.planning.context import Pair
from accommodations.planning.dates import gives_as_much
from accommodations.planning.override_actions import take_back, update
from accommodations.planning.parts import Finding, Part
from accommodations.planning.plan import LedgerCorrection, LedgerPart
from accommodations.planning.shrinking import (
    Shrinking,
    counted_from,
    is_over,
    kept_for_now,
    may_shrink,
    needs_attempts,
    needs_submissions,
)
from accommodations.planning.statuses import Reason
from accommodations.planning.wording import dates_change
from canvas_bridge.facts import ObservedOverride


def ended_override(pair: Pair) -> Part:
    """Return the taking back of dates that are no longer granted; an empty part where nothing of ours stands."""
    entry, override = pair.ledger_override, pair.ad_hoc
    if entry is None or override is None:
        return Part(correction=corrected_override(pair))
    if pair.ad_hoc_without_us == override:
        return Part(correction=LedgerCorrection(*pair.key, LedgerPart.OVERRIDE))
    held = _why_held(pair, override)
    if held is not None:
        return Part(findings=(held,), correction=corrected_override(pair))
    # Where the class has become more generous than what we put, taking ours back takes nothing away.
    is_less = not gives_as_much(pair.dates_without_us, pair.observed_dates)
    shrinking = may_shrink(pair) if is_less else Shrinking.ALLOWED
    if shrinking is not Shrinking.ALLOWED:
        return _staying(pair, override, shrinking)
    action, words = take_back(pair, override)
    return Part(findings=(Finding(Reason.PLANNED, words),), action=action)


def corrected_override(pair: Pair) -> LedgerCorrection | None:
    """Return what the ledger must say without any write: gone, renewed id (F35), or known by title alone (F30)."""
    stored = pair.index.ledger_overrides.get(pair.key)
    entry, override = pair.ledger_override, pair.ad_hoc
    if entry is None or override is None:
        return LedgerCorrection(*pair.key, LedgerPart.OVERRIDE) if stored is not None else None
    if override.canvas_override_id != entry.canvas_override_id:
        entry = replace(entry, canvas_override_id=override.canvas_override_id)
    return None if entry == stored else LedgerCorrection(*pair.key, LedgerPart.OVERRIDE, override=entry)


def _why_held(pair: Pair, override: ObservedOverride) -> Finding | None:
    """Return why what we put cannot be taken back even where R18 allows it, or None."""
    if is_over(pair):
        return None
    if pair.index.is_concluded:
        return Finding(Reason.COURSE_CONCLUDED, "our dates stay, since the course is concluded")
    if len(override.canvas_user_ids) > 1:
        words = "our dates are in one override with other students now, so a person decides"
        return Finding(Reason.SHARED_OVERRIDE, words)
    if pair.has_it and not pair.has_it_without_us:
        return Finding(Reason.WOULD_UNASSIGN, "our override is what assigns it to the student, so it is not deleted")
    return None


def _staying(pair: Pair, override: ObservedOverride, shrinking: Shrinking) -> Part:
    """Return what stays for now (R18), brought up to the class's dates where these are more generous by now.

    What is over by now may have been shared since: then it stays as it is, and others keep theirs (R2).
    """
    kept = kept_for_now(pair, pair.dates_without_us)
    if kept != pair.observed_dates and shrinking is not Shrinking.UNREAD and not pair.is_shared:
        words = f"follows the class; {dates_change(pair.observed_dates, kept, pair.index.course_zone)}"
        action = update(pair, override, kept, explain.sentence(pair, words), class_dates=counted_from(pair, kept))
        return Part(findings=(Finding(Reason.PLANNED, words),), action=action)
    is_unread = shrinking is Shrinking.UNREAD
    return Part(
        findings=(_why_it_stays(shrinking),),
        correction=corrected_override(pair),
        needs_extensions=is_unread and needs_attempts(pair),
        needs_submissions=is_unread and needs_submissions(pair),
    )


def _why_it_stays(shrinking: Shrinking) -> Finding:
    if shrinking is Shrinking.STAYS:
        return Finding(Reason.OVER, "our dates stay, since it was handed in or is over")
    if shrinking is Shrinking.WAITS:
        return Finding(Reason.UNTIL_OVER, "our dates stay until it is over, since it is open now")
    return Finding(Reason.PLANNED, "our dates are taken back once Canvas was read")
