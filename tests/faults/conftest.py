"""One lab for the tests of a file: started once, everything in it made as at first before each test.

FAULT_SEED=2 lets the faults hit other requests; `make chaos` runs three seeds.
"""

import os
import random
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from accommodations.services.rate_budget import RateBudget
from tests.faults.checker import FaultFree, fault_free
from tests.faults.lab import Lab, running_lab

SEED = os.environ.get("FAULT_SEED", "1")


@pytest.fixture(scope="module")
def running(django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Lab, FaultFree]]:
    """Start the lab with one worker, and learn from it what the reference run comes to without a fault."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(RateBudget, "before_request", lambda budget: None)
        with running_lab() as lab:
            lab.keep_one_worker()
            yield lab, fault_free(lab)


@pytest.fixture
def expected(running: tuple[Lab, FaultFree]) -> FaultFree:
    """Return what the reference run comes to without a fault."""
    return running[1]


@pytest.fixture
def lots(request: pytest.FixtureRequest) -> random.Random:
    """Return what decides where a fault hits: the same for the same seed and test."""
    return random.Random(f"{SEED} {request.node.name}")  # noqa: S311  # lots of a test


@pytest.fixture
def lab(running: tuple[Lab, FaultFree]) -> Iterator[Lab]:
    """Return the lab as it was at first, with one plain worker that is at rest."""
    lab, _ = running
    lab.reset()
    lab.keep_one_worker()
    yield lab
    lab.stop_beats()
