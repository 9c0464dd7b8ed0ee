"""Random histories from seeds: each seed draws its own steps, and a failing one can be run again and made shorter."""

import gc
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from accommodations.models import Accommodation
from tests.histories import (
    checks,
    steps_of_acts,
    steps_of_administrators,
    steps_of_canvas,
    steps_of_quizzes,
    steps_of_staff,
    steps_of_syncs,
)
from tests.histories.campus import DONE, Campus
from tests.histories.steps import KINDS, Step, carry_out, drawn

STEPS_EACH = 100
FAVOURED = 4
"""So many kinds of steps come four times as often in a history."""
ALL = (
    steps_of_staff,
    steps_of_acts,
    steps_of_canvas,
    steps_of_quizzes,
    steps_of_administrators,
    steps_of_syncs,
)
"""Importing them makes their steps known."""


@dataclass(frozen=True)
class Broken(Exception):
    """A history that broke an invariant: its seed, the steps up to there, and the error."""

    seed: int
    steps: tuple[Step, ...]
    error: Exception

    def __str__(self) -> str:
        lines = "\n".join(map(str, self.steps))
        return f"HISTORY_SEED={self.seed}: {type(self.error).__name__}: {self.error}\n[\n{lines}\n]"


def history(seed: int, length: int = STEPS_EACH) -> tuple[Step, ...]:
    """Return the steps of a seed. Each leaves some kinds out and favours a few, so that they come together more often.

    How much happens between two looks differs from seed to seed, too.
    """
    random = Random(seed)  # noqa: S311  # a history, not a secret
    kinds = sorted(KINDS)
    left_out = {name for name in kinds if not KINDS[name].is_check and random.random() < 0.3}
    names = [name for name in kinds if name not in left_out]
    looks = random.choice((0.3, 0.7, 1.5))
    favoured = set(random.sample([name for name in names if not KINDS[name].is_check], FAVOURED))
    weights = [KINDS[name].weight * (looks if KINDS[name].is_check else 4 if name in favoured else 1) for name in names]
    first = (drawn(random, "staff_record"), drawn(random, "sync_all"))
    return (*first, *(drawn(random, name) for name in random.choices(names, weights, k=length - len(first))))


def run(steps: Iterable[Step]) -> None:
    """Carry the steps out in a world of their own, then end everything. Raises what an invariant raised."""
    campus = Campus()
    try:
        for one in steps:
            carry_out(campus, one)
        _end_everything(campus)
    finally:
        campus.close()


def _end_everything(campus: Campus) -> None:
    campus.permit_everything()
    campus.disturbances.forget()
    for row in Accommodation.objects.filter(status__in=("draft", "approved", "active")):
        steps_of_staff.end(campus, row, is_confirmed=True)
        campus.look_at_what_was_missed()
    steps_of_syncs.settled(campus)
    checks.check_ended(campus)


def run_seed(seed: int, length: int = STEPS_EACH) -> int:
    """Run one seed, and return how many steps it had. Raises Broken."""
    done: list[Step] = []
    campus = Campus()
    try:
        for one in history(seed, length):
            done.append(one)
            carry_out(campus, one)
        _end_everything(campus)
    except Exception as error:
        raise Broken(seed, tuple(done), error) from error
    finally:
        campus.close()
    return len(done)


def run_seeds(seeds: Sequence[int], *, steps: int) -> list[Broken]:
    """Run seeds until so many steps are done, print each, and go on after a failure: all are told in the end."""
    broken, done, began = [], 0, time.monotonic()
    gc.freeze()  # what is loaded by now is no garbage, and need not be looked through each time
    for seed in seeds:
        if done >= steps:
            break
        try:
            done += run_seed(seed)
        except Broken as error:
            broken.append(error)
            done += len(error.steps)
            print(error, flush=True)
        print(f"seed {seed}: {done} steps, {time.monotonic() - began:.0f} s, {len(broken)} broken", flush=True)
    print("syncs:", dict(DONE), "pairs held against the sandbox:", dict(checks.SEEN.most_common()), flush=True)
    return broken


def shorter(steps: Sequence[Step], error: Exception) -> tuple[Step, ...]:
    """Return as few of the steps as still break the same invariant: ever smaller parts are left out, one by one."""
    kept, size = list(steps), max(1, len(steps) // 2)
    while True:
        start = len(kept)
        while start > 0:
            start = max(0, start - size)
            tried = kept[:start] + kept[start + size :]
            if _breaks_alike(tried, error):
                kept = tried
        if size == 1:
            return tuple(kept)
        size //= 2


def _breaks_alike(steps: Sequence[Step], error: Exception) -> bool:
    try:
        run(steps)
    except Exception as other:  # whatever the steps raise is the question
        return _kind_of(other) == _kind_of(error)
    return False


def _kind_of(error: Exception) -> tuple[str, str]:
    """Return what tells one broken invariant from another: the first word of the assertion, else the kind of error."""
    said = error.args[0] if error.args else ""
    return type(error).__name__, str(said[0] if isinstance(said, tuple) and said else said)[:40]
