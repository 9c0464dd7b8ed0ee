"""The steps of random histories: functions of the campus and of values drawn beforehand; any may be left out.

What is drawn is plain and never depends on the state: a position chooses among what is there when the step is carried
out. So every part of a failing history can be run again, which is how it is made shorter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from tests.histories.campus import Campus

Draw = Callable[[Random], Any]
Carry = Callable[..., None]


@dataclass(frozen=True)
class Kind:
    """One kind of step: what it does, what is drawn for it, and how often it comes, of all kinds."""

    carry: Carry
    draws: dict[str, Draw]
    weight: int
    is_check: bool


@dataclass(frozen=True)
class Step:
    """One step of a history, as it is printed and can be written into a test."""

    name: str
    values: dict[str, Any]

    def __repr__(self) -> str:
        return f"Step({self.name!r}, {self.values!r})"

    def __str__(self) -> str:
        return f"    ({self.name!r}, {self.values!r}),"


KINDS: dict[str, Kind] = {}


def step(*, weight: int = 2, is_check: bool = False, **draws: Draw) -> Callable[[Carry], Carry]:
    """Make a function a kind of step. `is_check`: it syncs and looks that everything holds."""

    def known(carry: Carry) -> Carry:
        KINDS[carry.__name__] = Kind(carry, draws, weight, is_check)
        return carry

    return known


def carry_out(campus: Campus, one: Step) -> None:
    """Carry one step out; a moment passes before each, so that no two things happen at the same instant."""
    campus.pass_time(campus.tick)
    KINDS[one.name].carry(campus, **one.values)
    campus.look_at_what_was_missed()


def drawn(random: Random, name: str) -> Step:
    """Return a step of the kind with values drawn for it."""
    return Step(name, {key: draw(random) for key, draw in KINDS[name].draws.items()})


# What steps draw


def one_of(*values: Any) -> Draw:
    """Draw one of these."""
    return lambda random: random.choice(values)


def between(least: int, most: int) -> Draw:
    """Draw a whole number."""
    return lambda random: random.randint(least, most)


def some_of(*values: Any, least: int = 1) -> Draw:
    """Draw several of these, in their order."""
    return lambda random: [one for one in values if one in random.sample(values, random.randint(least, len(values)))]


def dates(random: Random) -> dict[str, int | None]:
    """Draw dates as hours from now, in order; each may be left out or be "no date"."""
    drawn_hours = sorted(random.choice([-30, -2, 1, 5, 26, 50, 98, 170, 290]) for _ in range(3))
    said: dict[str, int | None] = dict(zip(("unlock_at", "due_at", "lock_at"), drawn_hours, strict=True))
    for name in said:
        if random.random() < 0.12:
            said[name] = None
    return {name: hours for name, hours in said.items() if random.random() < 0.75}


POSITION = between(0, 59)
LOGIN = one_of("ada", "ben")
ANYBODY = one_of("ada", "ben", "cem", "dee")


def picked(rows: Sequence[Any], position: int) -> Any:
    """Return the row that a position chooses; None where there is none."""
    return rows[position % len(rows)] if rows else None


def hours(number: float) -> timedelta:
    """Return so many hours."""
    return timedelta(hours=number)
