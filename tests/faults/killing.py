"""Kill points: SIGKILL right before or right after one request to Canvas, or one commit, of the reference run."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.faults.checker import FaultFree, check
from tests.faults.lab import Lab, is_at_work

REACHED_WITHIN_SECONDS = 120


@dataclass(frozen=True, order=True)
class KillPoint:
    """One place of the reference run: the request or commit of this number, before or after it."""

    kind: str
    number: int
    when: str

    def __str__(self) -> str:
        return f"{self.kind} {self.number} {self.when}"


@dataclass(frozen=True)
class Killed:
    """What became of a trial; `place` is empty where the run ended without coming to the point."""

    place: str
    resumed_after: float
    settled_after: float


def kill_points(requests: int, commits: int) -> Iterator[KillPoint]:
    """Yield every kill point of a run of so many requests and commits."""
    for kind, count in (("request", requests), ("commit", commits)):
        for number in range(1, count + 1):
            yield from (KillPoint(kind, number, when) for when in ("before", "after"))


def count_points(lab: Lab) -> tuple[int, int]:
    """Carry the reference run out without a fault and return how many requests and commits it makes."""
    lab.reset()
    lab.request()
    lab.wait_until_settled(sweeps=False)
    return len(lab.canvas.exchanges), len(lab.database.commits)


def trial(lab: Lab, expected: FaultFree, point: KillPoint) -> Killed:
    """Kill the worker's child there, let it resume by itself, and check I1 to I7 and R4."""
    lab.reset()
    hit: list[tuple[float, str, int]] = []

    def kill_here(place: Any) -> bool:
        if hit or place.number != point.number:
            return True
        lab.kill_children()
        hit.append((time.monotonic(), str(place), len(lab.canvas.exchanges)))
        return False

    if point.kind == "request":
        setattr(lab.canvas.hooks, point.when, kill_here)
    else:
        setattr(lab.database, point.when, kill_here)
    lab.request()
    lab.wait_for(lambda: hit or not is_at_work(), f"{point}", REACHED_WITHIN_SECONDS)
    if not hit:
        return Killed("", 0, 0)
    killed_at, place, seen = hit[0]
    resumed_at = _wait_for_more(lab, seen)
    lab.wait_until_settled()
    settled_at = time.monotonic()
    check(lab, expected)
    return Killed(place, resumed_at - killed_at, settled_at - killed_at)


def _wait_for_more(lab: Lab, seen: int) -> float:
    """Return when the next request came; where nothing was left to ask, when the run had ended. Sweeps meanwhile."""
    end = time.monotonic() + REACHED_WITHIN_SECONDS
    swept_at = 0.0
    while len(lab.canvas.exchanges) <= seen and is_at_work():
        assert time.monotonic() < end, f"nothing resumed: {lab.told()}"
        if time.monotonic() - swept_at > 1:
            lab.sweep()
            swept_at = time.monotonic()
        time.sleep(0.05)
    return time.monotonic()
