"""States that are dear to make, made once for a module or class: a first sync takes longer than most that follows it.

Its rows stand in a transaction around all the tests that share it, of which each undoes only its own part; of the
sandbox each test gets a copy.
"""

import copy
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from accommodations.services.rate_budget import RateBudget
from canvas_bridge.sandbox.state import SandboxState

Begun = TypeVar("Begun")


def kept_between_tests(make: Callable[[pytest.MonkeyPatch], Begun], blocker: DjangoDbBlocker) -> Iterator[Begun]:
    """Make the state, with what is patched for just that, and keep it until all tests that share it have run."""
    with blocker.unblock():
        rows = transaction.atomic()
        rows.__enter__()
    try:
        with blocker.unblock(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(RateBudget, "before_request", lambda budget: None)
            begun = make(patch)
        yield begun
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            rows.__exit__(None, None, None)


def copy_of(begun: Begun, state: SandboxState) -> Begun:
    """Return a copy of what was made, with a sandbox of its own: `state` is the one that it holds."""
    return copy.deepcopy(begun, {id(state.lock): threading.RLock()})
