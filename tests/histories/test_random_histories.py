"""Random histories at the level of the services: after every sync the invariants I1 to I5 hold."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.histories.machine import HistoryMachine

STEPS_EACH = 20
PHASES = (Phase.explicit, Phase.generate)
"""A failing history is printed as it was found: its steps are run one by one, and made a named example by hand."""
STEPS = int(os.environ.get("HISTORY_STEPS", "200"))


@pytest.mark.django_db
def test_i1_to_i5_hold_after_every_sync_of_a_random_history() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        HistoryMachine,
        settings=settings(
            max_examples=max(1, STEPS // STEPS_EACH),
            stateful_step_count=STEPS_EACH,
            deadline=None,
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
