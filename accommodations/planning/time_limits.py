"""Extra minutes on a time limit, rounded up (R7) and within what Canvas takes (R8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from accommodations.planning.rules import AccommodationRule, ExtraTime, ExtraTimeMethod, Scope

MOST_MINUTES = 10080
"""Canvas's largest extra time, a week (contract 11); what staff call "no time limit"."""

MOST_ATTEMPTS = 1000
"""Canvas's largest number of extra attempts on a quiz (contract 11)."""

_SCOPE_ORDER = {scope: position for position, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of minutes or attempts that a rule comes to, before Canvas's cap, and the rule it comes from."""

    approved: int
    cap: int | None
    rule: AccommodationRule

    @property
    def within_cap(self) -> int:
        """Return what Canvas can hold of it."""
        return self.approved if self.cap is None else min(self.approved, self.cap)

    @property
    def short_by(self) -> int:
        """Return what Canvas's cap takes away."""
        return self.approved - self.within_cap


def extra_minutes(extra_time: ExtraTime, *, limit_minutes: Decimal) -> int:
    """Return the minutes to add to a limit of `limit_minutes`, rounded up so that none are lost.

    Not capped: what is above Canvas's largest value is shown as short. Raises ValueError where the amount is missing.
    """
    if extra_time.method is ExtraTimeMethod.NO_LIMIT:
        return MOST_MINUTES
    if extra_time.method is ExtraTimeMethod.MULTIPLIER:
        if extra_time.multiplier is None or extra_time.multiplier < 1:
            raise ValueError(f"multiplier must be at least 1, got {extra_time.multiplier}")
        return rounded_up(limit_minutes * (extra_time.multiplier - 1))
    if extra_time.minutes is None or extra_time.minutes < 0:
        raise ValueError(f"minutes must not be negative, got {extra_time.minutes}")
    if extra_time.method is ExtraTimeMethod.MINUTES:
        return extra_time.minutes
    return rounded_up(limit_minutes * extra_time.minutes / 60)


def most_minutes(
    rules: Iterable[tuple[AccommodationRule, ExtraTime]], *, limit_minutes: Decimal, cap: int | None = MOST_MINUTES
) -> Amount | None:
    """Return the most minutes that any of the rules gives (R6); of equals the narrower scope is the source.

    `cap` None is for a window that is the limit: dates move by any number of minutes.
    """
    amounts = [Amount(extra_minutes(amount, limit_minutes=limit_minutes), cap, rule) for rule, amount in rules]
    return most_generous(amounts)


def most_generous(amounts: Iterable[Amount]) -> Amount | None:
    """Return the largest amount; of equals that of the narrower scope, then of the earlier accommodation."""
    return max(amounts, key=lambda amount: (amount.approved, *source_rank(amount.rule)), default=None)


def source_rank(rule: AccommodationRule) -> tuple[int, int]:
    """Return how good a rule is as the named source among equals: narrower scope first, then the older record."""
    return _SCOPE_ORDER[rule.scope], -rule.accommodation_id


def rounded_up(minutes: Decimal) -> int:
    """Return whole minutes, rounded towards the student."""
    return int(minutes.to_integral_value(ROUND_CEILING))
