"""Whatever kills a worker, and whenever, the work goes on by itself and comes to what it would have come to."""

import pytest

from tests.faults.checker import FaultFree, check
from tests.faults.http_proxy import Exchange
from tests.faults.lab import Lab


@pytest.mark.parametrize("when", ["before", "after"])
def test_f01_a_worker_that_is_killed_at_a_write(when: str, lab: Lab, expected: FaultFree) -> None:
    """R5, R14: the leftover intent is settled by reading, and nothing is done twice."""
    killed = []

    def kill(exchange: Exchange) -> bool:
        if exchange.method == "GET" or killed:
            return True
        killed.append(lab.kill_children())
        return False

    setattr(lab.canvas.hooks, when, kill)
    lab.request()
    lab.wait_for(lambda: killed, "a write")
    lab.wait_until_settled()
    check(lab, expected)
