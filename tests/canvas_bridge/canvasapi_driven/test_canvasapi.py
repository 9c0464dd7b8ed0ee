"""A client written by others, `canvasapi`, cannot tell the sandbox from Canvas."""

from functools import cache

import pytest

from canvas_bridge.sandbox.api.table import all_routes
from tests.canvas_bridge.canvasapi_driven.driven import Driven, endpoints_that_canvasapi_knows, without_names
from tests.canvas_bridge.canvasapi_driven.scenarios_around import around
from tests.canvas_bridge.canvasapi_driven.scenarios_assignments import assignments
from tests.canvas_bridge.canvasapi_driven.scenarios_campus import campus
from tests.canvas_bridge.canvasapi_driven.scenarios_quizzes import quizzes

SCENARIOS = {**campus.found, **assignments.found, **quizzes.found, **around.found}


@cache
def endpoints_driven_by(name: str) -> frozenset[str]:
    """Run a scenario, once for all tests, and return the endpoints that it reached."""
    world = Driven()
    SCENARIOS[name](world)
    return frozenset(without_names(endpoint) for endpoint in world.endpoints_called())


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_canvasapi_gets_what_it_expects(name: str) -> None:
    assert endpoints_driven_by(name)


def test_every_endpoint_that_both_know_is_driven() -> None:
    driven = frozenset[str]().union(*(endpoints_driven_by(name) for name in SCENARIOS))
    known = endpoints_that_canvasapi_knows()
    both = {without_names(route.endpoint) for route in all_routes()} & known.keys()
    missing = {endpoint: known[endpoint] for endpoint in sorted(both - driven)}
    assert missing == {}
    assert len(both) > 120
