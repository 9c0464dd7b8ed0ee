"""One lab for the tests of a file: started once, everything in it made as at first before each test."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from accommodations.services.rate_budget import RateBudget
from tests.faults.checker import FaultFree, fault_free
from tests.faults.lab import Lab, running_lab


@pytest.fixture(scope="module")
def running(django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Lab, FaultFree]]:
    """Start the lab with one worker, and learn from it what the reference run comes to without a fault."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(RateBudget, "before_request", lambda budget: None)
        with running_lab() as lab:
            lab.start_worker()
            yield lab, fault_free(lab)


@pytest.fixture
def expected(running: tuple[Lab, FaultFree]) -> FaultFree:
    """Return what the reference run comes to without a fault."""
    return running[1]


@pytest.fixture
def lab(running: tuple[Lab, FaultFree]) -> Iterator[Lab]:
    """Return the lab as it was at first, with one worker that is at rest."""
    lab, _ = running
    lab.reset()
    if not lab.workers:
        lab.start_worker()
    yield lab
    if "beat0" in lab.others:
        lab.kill("beat0")
