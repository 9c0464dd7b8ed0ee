"""Random histories at the level of the services: after every sync the invariants I1 to I5 hold.

`HISTORY_STEPS=10000` runs so many steps, `HISTORY_SEED=17` begins with that seed, and with `HISTORY_SHRINK=1` what
breaks is made as short as it can be before it is told: its steps can be written into `test_counterexamples.py`.
"""

import os

import pytest

from tests.histories import driver

STEPS = int(os.environ.get("HISTORY_STEPS", "200"))
FIRST_SEED = int(os.environ.get("HISTORY_SEED", "1"))
IS_SHRUNK = os.environ.get("HISTORY_SHRINK") == "1"


@pytest.mark.django_db
def test_i1_to_i5_hold_after_every_sync_of_random_histories() -> None:
    broken = driver.run_seeds(range(FIRST_SEED, FIRST_SEED + STEPS), steps=STEPS)
    told = [_told(one) for one in broken]
    assert not told, "\n\n".join(told)


def _told(one: driver.Broken) -> str:
    if not IS_SHRUNK:
        return f"{one}\nHISTORY_SHRINK=1 HISTORY_SEED={one.seed} HISTORY_STEPS=1 makes it shorter."
    return str(driver.Broken(one.seed, driver.shorter(one.steps, one.error), one.error))
