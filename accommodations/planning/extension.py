"""Extra minutes and attempts of one pair: granted, put by us, observed, and what should stand in Canvas."""

from dataclasses import dataclass, replace
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

    def unless_shrinking(self) -> "Field":
        """Return the field with what we put kept, where it would shrink; sent again where that is not certain."""
        if self.state is not State.SHRINK:
            return self
        is_sent_again = self.observed is None and self.granted is not None
        return replace(self, wanted=self.put, state=State.RAISE if is_sent_again else State.HOLDS)

    def uncertain(self) -> "Field":
        """Return the field as it is where nobody knows what stands there: whatever should stand is sent again."""
        if self.state is State.ABSENT:
            return self
        return replace(self, observed=None, state=State.SHRINK if self._is_less_than_put else State.RAISE)

    @property
    def _is_less_than_put(self) -> bool:
        return self.granted is None or (self.put is not None and self.wanted is not None and self.wanted < self.put)


_ABSENT = Field(None, None, None, None, None, State.ABSENT)
CLEARED = Field(None, None, None, 0, 0, State.SHRINK)
"""A field of which nothing is granted or known, and which is set to none."""


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

    def unless_shrinking(self) -> "Extension":
        """Return the extension with what stands there kept, where it would shrink: only what rises is sent (R18)."""
        return Extension(self.minutes.unless_shrinking(), self.attempts.unless_shrinking())

    @property
    def is_absent(self) -> bool:
        """Whether nothing is granted here, and nothing is ours."""
        return self.minutes.state is self.attempts.state is State.ABSENT

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


_NO_EXTENSION = Extension(_ABSENT, _ABSENT)


def extension_of(pair: Pair, desired: Desired) -> Extension:
    """Return the pair's extension: what is granted, put by us and observed."""
    entry = pair.ledger_extension
    if entry is None and desired.minutes is None and desired.attempts is None:
        return _NO_EXTENSION
    row = pair.index.extensions.get(pair.key)
    put_minutes, put_attempts = (entry.put_minutes, entry.put_attempts) if entry else (None, None)
    extension = Extension(
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
    if not pair.is_uncertain:
        return extension
    return Extension(extension.minutes.uncertain(), extension.attempts.uncertain())


def _observed(pair: Pair, put: int | None, read: int) -> int | None:
    """Return what Canvas holds: as read, else as we put it, else unknown. New Quizzes can only be remembered.

    Where Canvas has answered since the reading, what we did not put still stands as it was read.
    """
    if pair.assessment.kind is AssessmentKind.NEW_QUIZ:
        return put or 0
    is_untouched = put is None and pair.assessment.key in pair.index.facts.extensions_read
    return read if pair.are_extensions_read or is_untouched else put
