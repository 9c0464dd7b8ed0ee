"""Other sittings that staff confirmed: the one exception to R1, and what has to hold of them instead."""

from collections.abc import Collection, Iterable

from accommodations.planning.dates import gives_as_much, is_later
from accommodations.planning.rules import AccommodationRule, ExactDates
from canvas_bridge.facts import Dates
from tests.accommodations.planning.canvas_model import PairKey


def sittings_in(rules: Iterable[AccommodationRule]) -> dict[PairKey, list[Dates]]:
    """Return the other sittings that staff confirmed: the one exception to R1."""
    found: dict[PairKey, list[Dates]] = {}
    for rule in rules:
        if isinstance(rule.amount, ExactDates) and rule.amount.is_other_sitting:
            found.setdefault((rule.canvas_user_id, rule.assessment_key or ""), []).append(rule.amount.dates)
    return found


def keeps_r1(dates: Dates, without_us: Dates, stated: Collection[Dates]) -> bool:
    """Whether the dates are nowhere less than without us, or those of another sitting as staff stated it."""
    as_stated = any(one.unlock_at == dates.unlock_at and _ends_as_late(dates, one) for one in stated)
    return gives_as_much(dates, without_us) or as_stated


def _ends_as_late(dates: Dates, stated: Dates) -> bool:
    """Whether no end comes before the one that staff stated, if they stated any."""
    return not (
        (stated.due_at is not None and is_later(stated.due_at, dates.due_at))
        or (stated.lock_at is not None and is_later(stated.lock_at, dates.lock_at))
    )
