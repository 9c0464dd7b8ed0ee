"""Canvas's leaky bucket as we model it: numbers, lanes, and what a process does alone. Pure; nobody sleeps here.

Source: contract 1.5. Canvas refuses a request while a token's bucket stands at its high-water mark; a request in flight
takes 50 units up-front and gives them back for its real cost; 10 units flow out each second.
"""

import random
import threading
from dataclasses import dataclass
from enum import StrEnum

SHORTEST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.25
LONGEST_SLEEP_SECONDS = 5.0
"""So that a lease is renewed, and a freeze that was lifted noticed, while somebody waits."""


class Lane(StrEnum):
    """Who goes first: exams, a recorded change and a person who waits before the rounds over everything."""

    URGENT = "urgent"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Limits:
    """The bucket's numbers. `room` stays free for other clients of the token; the rest is for us.

    With the defaults eleven requests may be in flight: the bucket then stands at 550 of 600.
    """

    high_water: float = 600.0
    outflow: float = 10.0
    up_front: float = 50.0
    room: float = 75.0
    reserve: float = 50.0
    """What background work leaves, beyond `room`, while urgent work is on."""
    urgent_seconds: float = 2.0
    """How long after its last request urgent work counts as on."""
    slot_seconds: float = 45.0
    """After so long a request in flight is given up: its worker died. Longer than a request's total deadline."""

    def most_in_flight(self, lane: Lane, *, is_urgent_on: bool = False) -> int:
        """Return how many requests may be in flight where nothing else has filled the bucket."""
        full_at = self.high_water - self.room
        if lane is Lane.BACKGROUND and is_urgent_on:
            full_at -= self.reserve
        return max(1, int(full_at // self.up_front) + 1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may go now; else when it makes sense to ask again. `is_frozen`: after Canvas's refusal."""

    is_granted: bool
    wait_seconds: float = 0.0
    is_frozen: bool = False


def pause_seconds(verdict: Verdict, *, tries: int, randomness: random.Random) -> float:
    """Return how long to sleep before asking again, jittered so that workers do not return in step.

    Until a freeze ends nobody asks in vain. A full bucket may have room as soon as another request ends, so it is
    asked often at first and more seldom later.
    """
    if verdict.is_frozen:
        return min(LONGEST_SLEEP_SECONDS, verdict.wait_seconds * randomness.uniform(1.0, 1.1) + 0.01)
    longest = min(LONGEST_PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS * (1 + tries / 4))
    return randomness.uniform(0.5, 1.0) * min(max(verdict.wait_seconds, SHORTEST_PAUSE_SECONDS), longest)


class OneAtATime:
    """What a process does where the shared budget does not answer: one request in flight, which Canvas never refuses.

    A holder that never leaves is passed over after `slot_seconds`.
    """

    def __init__(self, slot_seconds: float) -> None:
        self._slot_seconds = slot_seconds
        self._lock = threading.Lock()
        self._holder, self._held_until, self._frozen_until = "", 0.0, 0.0

    def ask(self, slot: str, *, now: float) -> Verdict:
        """Enter, where nobody is in flight and Canvas has refused nobody lately."""
        with self._lock:
            if now < self._frozen_until:
                return Verdict(is_granted=False, wait_seconds=self._frozen_until - now, is_frozen=True)
            if self._holder and now < self._held_until:
                return Verdict(is_granted=False, wait_seconds=SHORTEST_PAUSE_SECONDS)
            self._holder, self._held_until = slot, now + self._slot_seconds
            return Verdict(is_granted=True)

    def leave(self, slot: str) -> None:
        """Let the next one in; nothing happens where somebody else has entered since."""
        with self._lock:
            if self._holder == slot:
                self._holder = ""

    def freeze(self, *, until: float) -> None:
        """Let nobody in before then."""
        with self._lock:
            self._frozen_until = max(self._frozen_until, until)
