"""Extra minutes and attempts of one pair: granted, put by us, observed, and what should stand in Canvas."""

from dataclasses import dataclass
from enum import Enum, auto

from accommodations.planning.context import Pair
from accommodations.planning.desired import Desired
from accommodations.planning.plan import LedgerExtension
from accommodations.planning.time_limits import Amount
from canvas_bridge.facts import AssessmentKind


class State(Enum):
    """How one field stands."""

    ABSENT = auto()
    """Neither granted nor ours."""
    UNREAD = auto()
    """Granted, and not known what stands there."""
    HOLDS = auto()
    """What we put is there."""
    ENOUGH = auto()
    """Others give at least as much."""
    RAISE = auto()
    """Less stands there than should."""
    SHRINK = auto()
    """More of ours stands there than should."""
    GONE = auto()
    """No longer granted, and nothing of ours is left."""


@dataclass(frozen=True, slots=True)
class Field:
    """Extra minutes or attempts: granted by rules, put by us (None: not ours), observed in Canvas (None: unread).

    `without_us` is what would stand there without us; `wanted` what should stand there: the grant, or more where
    others give more (R1).
    """

    granted: Amount | None
    put: int | None
    observed: int | None
    without_us: int | None
    wanted: int | None
    state: State

    @property
    def to_send(self) -> int | None:
        """Return the value that a change carries; None where this key is left out."""
        return self.wanted if self.state in (State.RAISE, State.SHRINK) else None

    @property
    def ours_after(self) -> tuple[int | None, int]:
        """Return value put and value before, as the ledger has them once the plan is in Canvas."""
        if self.wanted is None or self.without_us is None or self.wanted <= self.without_us:
            return None, 0
        return self.wanted, self.without_us


_ABSENT = Field(None, None, None, None, None, State.ABSENT)


def field_of(*, granted: Amount | None, put: int | None, before: int, observed: int | None) -> Field:
    """Return one field and how it stands. What someone changed since we put ours counts as theirs (R3)."""
    if granted is None and put is None:
        return _ABSENT
    without_us = before if put is not None and observed == put else observed
    wanted = without_us if granted is None else max(granted.within_cap, without_us or 0)
    if observed is None or wanted is None:
        state = State.UNREAD
    elif observed != wanted:
        state = State.RAISE if observed < wanted else State.SHRINK
    elif granted is None:
        state = State.GONE
    else:
        state = State.HOLDS if observed == put else State.ENOUGH
    return Field(granted, put, observed, without_us, wanted, state)


@dataclass(frozen=True, slots=True)
class Extension:
    """Both fields of a pair's extension."""

    minutes: Field
    attempts: Field

    @property
    def fields(self) -> tuple[Field, Field]:
        """Return both fields."""
        return self.minutes, self.attempts

    def has(self, state: State) -> bool:
        """Whether one of the fields stands so."""
        return self.minutes.state is state or self.attempts.state is state

    def ledger_after(self, pair: Pair) -> LedgerExtension | None:
        """Return what of the extension is ours once the plan is in Canvas; None: nothing."""
        minutes, before_minutes = self.minutes.ours_after
        attempts, before_attempts = self.attempts.ours_after
        if minutes is None and attempts is None:
            return None
        return LedgerExtension(*pair.key, minutes, before_minutes, attempts, before_attempts)


def extension_of(pair: Pair, desired: Desired) -> Extension:
    """Return the pair's extension: what is granted, put by us and observed."""
    entry = pair.ledger_extension
    row = pair.index.extensions.get(pair.key)
    put_minutes, put_attempts = (entry.put_minutes, entry.put_attempts) if entry else (None, None)
    return Extension(
        minutes=field_of(
            granted=desired.minutes,
            put=put_minutes,
            before=entry.before_minutes if entry else 0,
            observed=_observed(pair, put_minutes, row.extra_minutes if row else 0),
        ),
        attempts=field_of(
            granted=desired.attempts,
            put=put_attempts,
            before=entry.before_attempts if entry else 0,
            observed=_observed(pair, put_attempts, row.extra_attempts if row else 0),
        ),
    )


def _observed(pair: Pair, put: int | None, read: int) -> int | None:
    """Return what Canvas holds: as read, else as we put it, else unknown. New Quizzes can only be remembered."""
    if pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return put or 0
    return read if pair.are_extensions_read else put
