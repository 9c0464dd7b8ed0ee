"""One rate budget for each token on a real Redis: slots, refusals, lanes, and one at a time where Redis is away."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis

from accommodations.errors import LeaseLost
from accommodations.services import rate_budget as budgets
from accommodations.services.rate_budget import COUNTERS_KEY, NoRoomInBudget, RateBudget, counters, state_of
from accommodations.services.rate_model import Lane, Limits
from canvas_bridge.client.metering import RequestMeter
from tests.services.processes import free_port
from tests.services.redis import running_redis

Settings = Any
FULL = 11


@pytest.fixture
def rate_budget(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let budgets be real, and this test's process new to them."""
    monkeypatch.setattr(budgets, "_process", budgets._Process())
    yield
    redis.Redis.from_url(redis_url).flushall()


@pytest.fixture
def token() -> str:
    return uuid4().hex


pytestmark = pytest.mark.usefixtures("rate_budget")


def meter(
    *, status: int = 200, cost: float | None = 0.5, remaining: float | None = None, throttled: float | None = None
) -> RequestMeter:
    return RequestMeter("/api/v1/users/self", "GET", status, cost, remaining, 0.1, 0, throttled)


def budget(token: str, lane: Lane = Lane.BACKGROUND, patience: float = 0.0, **limits: float) -> RateBudget:
    """Return a budget that gives up at once, so that a test sees whether there was room."""
    return RateBudget(token, lane=lane, patience_seconds=patience, limits=Limits(**limits))


def known(token: str) -> None:
    """Let Canvas have said once that the bucket is empty."""
    first = budget(token)
    first.before_request()
    first.on_answer(meter(cost=0.0, remaining=600.0))


def fill(token: str, number: int = FULL, **limits: float) -> list[RateBudget]:
    held = [budget(token, **limits) for _ in range(number)]
    for one in held:
        one.before_request()
    return held


def has_room(token: str, lane: Lane = Lane.BACKGROUND) -> bool:
    one = budget(token, lane)
    try:
        one.before_request()
    except NoRoomInBudget:
        return False
    one._give_back(one._slot, None)  # type: ignore[arg-type]  # it holds one
    return True


def test_q05_eleven_requests_are_in_flight_at_most_and_thirteen_of_a_larger_bucket(token: str) -> None:
    known(token)
    fill(token)
    assert not has_room(token)
    assert Limits().most_in_flight(Lane.BACKGROUND) == FULL
    assert Limits(high_water=700).most_in_flight(Lane.BACKGROUND) == 13


def test_before_the_first_answer_only_two_requests_are_sent_to_a_bucket_that_nobody_knows(token: str) -> None:
    fill(token, 2)
    assert not has_room(token)


def test_a_slot_that_is_given_back_is_taken_by_the_next(token: str) -> None:
    known(token)
    held = fill(token)
    held[0].on_answer(meter(remaining=600 - 50 * (FULL - 1)))
    assert has_room(token)


def test_what_other_clients_of_the_token_fill_in_is_left_to_them(token: str) -> None:
    one = budget(token)
    one.before_request()
    one.on_answer(meter(remaining=240.0))
    state = state_of(token)
    assert state is not None
    assert 350 < state.level <= 360
    fill(token, 4)
    assert not has_room(token)


def test_costs_count_where_canvas_does_not_say_what_remains(token: str) -> None:
    known(token)
    one = budget(token)
    one.before_request()
    one.on_answer(meter(cost=520.0))
    fill(token, 1)
    assert not has_room(token)


def test_however_much_others_fill_in_one_request_at_a_time_goes_on(token: str) -> None:
    one = budget(token, room=400)
    one.before_request()
    one.on_answer(meter(remaining=100.0))
    fill(token, 1, room=400)
    assert not has_room(token)


def test_another_token_is_not_held_up(token: str) -> None:
    known(token)
    fill(token)
    assert has_room(uuid4().hex)


def test_f13_after_a_refusal_everybody_with_the_token_waits_and_nobody_else(token: str) -> None:
    known(token)
    one, other = uuid4().hex, budget(token)
    other.before_request()
    other.on_answer(meter(status=403, cost=None, remaining=-12.0, throttled=21.2))
    state = state_of(token)
    assert state is not None
    assert 20 < state.frozen_seconds <= 21.2
    assert not has_room(token, Lane.URGENT)
    assert has_room(one)


def test_f13_a_refusal_without_headers_waits_too(token: str) -> None:
    one = budget(token)
    one.before_request()
    one.on_answer(meter(status=429, cost=None, throttled=20.0))
    assert not has_room(token)


def test_a_403_that_is_no_throttling_holds_nobody_up(token: str) -> None:
    known(token)
    one = budget(token)
    one.before_request()
    one.on_answer(meter(status=403, remaining=599.0))
    assert has_room(token)


def test_f13_who_waits_through_a_freeze_goes_on_by_itself(token: str) -> None:
    one = budget(token, patience=10)
    one.before_request()
    one.on_answer(meter(status=429, cost=None, remaining=590.0, throttled=0.5))
    waits: list[float] = []
    late = RateBudget(token, lane=Lane.BACKGROUND, sleep=lambda seconds: (waits.append(seconds), _nap(seconds))[0])
    late.before_request()
    assert sum(waits) >= 0.45


def _nap(seconds: float) -> None:
    threading.Event().wait(seconds)


def test_urgent_work_goes_first_and_background_work_leaves_it_a_reserve(token: str) -> None:
    known(token)
    held = fill(token)
    assert not has_room(token, Lane.URGENT)
    held[0].on_answer(meter(remaining=100.0))
    assert not has_room(token, Lane.BACKGROUND)
    assert has_room(token, Lane.URGENT)


def test_background_work_may_use_everything_while_no_urgent_work_is_on(token: str) -> None:
    known(token)
    urgent = budget(token, Lane.URGENT, urgent_seconds=0.1)
    urgent.before_request()
    urgent.on_answer(meter(remaining=600.0))
    _nap(0.15)
    fill(token)


def test_a_holder_that_died_frees_its_slots(token: str) -> None:
    known(token)
    fill(token, slot_seconds=0.3)
    assert not has_room(token)
    _nap(0.35)
    assert has_room(token)


def test_the_inner_function_is_called_before_each_request_and_holds_nothing_when_it_raises(token: str) -> None:
    def lose() -> None:
        raise LeaseLost("gone")

    with pytest.raises(LeaseLost):
        RateBudget(token, lane=Lane.URGENT, before_request=lose).before_request()
    assert state_of(token).in_flight == 0  # type: ignore[union-attr]  # Redis is there


def test_the_lease_is_renewed_while_a_request_waits(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "renew_seconds", lambda: 0.1)
    known(token)
    fill(token, slot_seconds=0.5)
    renewed: list[int] = []
    one = RateBudget(token, lane=Lane.BACKGROUND, before_request=lambda: renewed.append(1))
    one.before_request()
    assert 3 <= len(renewed) <= 8


def test_work_that_was_stopped_between_slot_and_answer_does_not_keep_two(token: str) -> None:
    one = budget(token)
    one.before_request()
    one.before_request()
    assert state_of(token).in_flight == 1  # type: ignore[union-attr]  # Redis is there


def test_i7_neither_token_nor_ids_come_into_redis(token: str, redis_url: str) -> None:
    fill(token, 2)[0].on_answer(meter(remaining=500.0))
    client = redis.Redis.from_url(redis_url)
    for key in client.scan_iter("*"):
        kind = client.type(key)
        value = client.hgetall(key) if kind == b"hash" else client.zrange(key, 0, -1) if kind == b"zset" else b""
        assert token.encode() not in key + repr(value).encode()
    assert client.exists(COUNTERS_KEY)


def test_what_was_asked_is_counted_over_all_workers(token: str) -> None:
    for _ in range(2):
        one = budget(token)
        one.before_request()
        one.on_answer(meter(cost=0.25, remaining=599.0))
    counted = counters()
    assert counted is not None
    assert counted["requests", "GET", "/api/v1/users/self", "200"] == 2
    assert counted["cost", "GET", "/api/v1/users/self", "200"] == 0.5


def test_f05_without_redis_one_request_is_in_flight_and_work_goes_on(token: str, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    at_work, most, lock = 0, 0, threading.Lock()

    def ask(_: int) -> None:
        nonlocal at_work, most
        one = RateBudget(token, lane=Lane.BACKGROUND)
        for _each in range(3):
            one.before_request()
            with lock:
                at_work += 1
                most = max(most, at_work)
            _nap(0.01)
            with lock:
                at_work -= 1
            one.on_answer(meter())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    assert most == 1
    assert state_of(token) is None


def test_f13_without_redis_a_refusal_is_waited_out_all_the_same(token: str, settings: Settings) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    one = budget(token)
    one.before_request()
    one.on_answer(meter(status=429, cost=None, throttled=20.0))
    with pytest.raises(NoRoomInBudget):
        budget(token).before_request()


def test_f05_a_redis_that_comes_back_is_shared_again_and_nothing_counted_is_lost(
    token: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "ASK_REDIS_AGAIN_SECONDS", 0.1)
    port = free_port()
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
    one = budget(token, patience=5)
    with running_redis(port, tmp_path):
        one.before_request()
    # The slot was Redis's, and Redis went while the request was in flight.
    one.on_answer(meter(remaining=599.0))
    one.before_request()
    one.on_answer(meter(remaining=599.0))
    with running_redis(port, tmp_path):
        _nap(0.15)
        fill(token, 2)
        state = state_of(token)
        assert state is not None
        assert state.in_flight == 2
        one.before_request()
        one.on_answer(meter(remaining=499.0))
        counted = counters()
    assert counted is not None
    assert counted["requests", "GET", "/api/v1/users/self", "200"] == 3
    assert counted["fallbacks",] == 1


def test_f05_a_flushed_redis_is_cautious_and_goes_on(token: str, redis_url: str) -> None:
    known(token)
    held = fill(token, 3)
    redis.Redis.from_url(redis_url).flushall()
    held[0].on_answer(meter(remaining=450.0))
    assert has_room(token)
