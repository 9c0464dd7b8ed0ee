"""The leaky bucket of each token: section 1.5 of the contract. It follows the real time, whatever the clock says."""

import hashlib
import threading
from datetime import timedelta

import pytest
import requests

from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.http import throttle


@pytest.fixture
def time(monkeypatch):
    """The seconds of the throttle's own clock, set by hand."""
    seconds = [1000.0]
    monkeypatch.setattr(throttle.time, "monotonic", lambda: seconds[0])
    return seconds


def level_of(state, caller):
    token = caller.session.headers["Authorization"].removeprefix("Bearer ")
    return state.control.buckets[hashlib.sha256(token.encode()).hexdigest()].level


def test_contract_1_5_every_answer_tells_its_cost_and_what_remains(state, admin, time):
    first, second = admin.get("/users/self"), admin.get("/users/self")
    cost = float(first.headers["X-Request-Cost"])
    assert 0 < cost < 1
    assert float(first.headers["X-Rate-Limit-Remaining"]) == pytest.approx(600 - cost)
    assert float(second.headers["X-Rate-Limit-Remaining"]) == pytest.approx(600 - 2 * cost)
    assert admin.get("/nothing").headers["X-Request-Cost"]


def test_contract_1_5_more_rows_and_writes_cost_more(state, admin, campus, time):
    def cost(answer):
        return float(answer.headers["X-Request-Cost"])

    for number in range(30):
        state.add_course(f"Course {number}")
    small, large = (admin.get(f"/accounts/self/courses?per_page={size}") for size in (1, 30))
    assert cost(small) < cost(large)
    assert cost(admin.get("/users/self")) < cost(admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}))
    assert cost(large) == cost(admin.get("/accounts/self/courses?per_page=30"))


def test_contract_1_5_the_bucket_leaks_ten_a_second_of_real_time_not_of_the_clocks(state, admin, time):
    admin.get("/users/self")
    admin.post("/_sandbox/faults", {"kind": "throttle_level", "value": 650})
    assert admin.get("/users/self").status_code == 403
    state.freeze(state.now() + timedelta(days=1))
    assert admin.get("/users/self").status_code == 403
    time[0] += 5.5
    assert admin.get("/users/self").status_code == 200
    time[0] += 120
    admin.get("/users/self")
    assert level_of(state, admin) < 1


WORDS = {403: "403 Forbidden (Rate Limit Exceeded)\n", 429: "429 Too Many Requests (Rate Limit Exceeded)\n"}


@pytest.mark.parametrize("status", WORDS)
def test_contract_1_5_and_13_2_a_full_bucket_refuses_in_plain_text_and_only_its_own_token(
    state, admin, ana, campus, status
):
    state.switches.throttle_status = status
    admin.post("/_sandbox/faults", {"kind": "throttle_level", "value": 700})
    refused = admin.get("/users/self")
    assert (refused.status_code, refused.text) == (status, WORDS[status])
    assert refused.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert float(refused.headers["X-Rate-Limit-Remaining"]) < 0
    assert {"X-Request-Cost", "Retry-After"}.isdisjoint(refused.headers)
    assert ana.get("/users/self").status_code == 200


def test_contract_1_5_a_throttled_request_has_not_been_executed(state, admin, campus):
    admin.post("/_sandbox/faults", {"kind": "throttle_level", "value": 620})
    assert admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}).status_code == 403
    assert len(state.quiz_submissions) == 0


def test_contract_1_5_tokens_are_kept_as_hashes_and_two_of_one_person_have_two_buckets(state, admin, caller_for):
    admin.get("/users/self")
    admin.post("/_sandbox/faults", {"kind": "throttle_level", "value": 700})
    assert admin.get("/users/self").status_code == 403
    assert caller_for(state, state.admin).get("/users/self").status_code == 200
    token = admin.session.headers["Authorization"].removeprefix("Bearer ")
    assert token not in state.control.buckets


def test_contract_1_5_the_thirteenth_request_in_flight_is_refused_and_the_bucket_is_given_back(state, time):
    """Twelve late answers hold 50 each; their callers are kept waiting by the adapter's `sleep`."""
    all_wait, go_on = threading.Barrier(13), threading.Event()

    def wait(_seconds):
        all_wait.wait(10)
        assert go_on.wait(10)

    session = requests.Session()
    session.mount("http://canvas.test", SandboxAdapter(state, sleep=wait))
    session.headers["Authorization"] = f"Bearer {state.add_admin_token()}"
    session.post("http://canvas.test/_sandbox/faults", json={"kind": "latency", "value": 1, "count": 12})
    statuses = []

    def ask():
        statuses.append(session.get("http://canvas.test/api/v1/users/self").status_code)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    all_wait.wait(10)
    refused = session.get("http://canvas.test/api/v1/users/self")
    go_on.set()
    for thread in threads:
        thread.join()
    assert (refused.status_code, refused.headers["X-Rate-Limit-Remaining"], statuses) == (403, "0.0", [200] * 12)
    assert float(session.get("http://canvas.test/api/v1/users/self").headers["X-Rate-Limit-Remaining"]) > 598
