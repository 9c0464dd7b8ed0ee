"""Several processes with one token against a Canvas that counts: they share one bucket, and the killed free it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import redis
from django.conf import settings

from accommodations.services.rate_budget import state_of
from accommodations.services.rate_model import Lane, Limits
from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.server import SandboxServer
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import Fault
from tests.services import processes

TOKEN, OTHER = "token-of-the-workers", "token-of-somebody-else"
LATENCY_SECONDS = 0.08


@dataclass
class Canvas:
    """A sandbox behind a socket, that knows how many requests it had in hand at once, and how many it refused."""

    state: SandboxState
    url: str = ""
    at_work: int = 0
    most: int = 0
    refused: int = 0
    answered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Counting(SandboxApplication):
    """The sandbox's application with a look at each request."""

    canvas: Canvas

    def handle(self, request: Request) -> Answer:
        if not request.path.startswith("/api/"):
            return super().handle(request)
        with self.canvas.lock:
            self.canvas.at_work += 1
            self.canvas.most = max(self.canvas.most, self.canvas.at_work)
        answer = super().handle(request)
        with self.canvas.lock:
            self.canvas.at_work -= 1
            self.canvas.answered += 1
            self.canvas.refused += answer.status in (403, 429)
        return answer


@pytest.fixture
def canvas() -> Iterator[Canvas]:
    state = SandboxState()
    for token in (TOKEN, OTHER):
        state.add_admin_token(token)
    state.control.faults.append(Fault("latency", value=LATENCY_SECONDS))
    application = Counting(state)
    application.canvas = canvas = Canvas(state)
    server = SandboxServer(application)
    canvas.url = server.base_url
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield canvas
    server.shutdown()
    server.server_close()


@pytest.fixture
def budget_url(redis_url: str) -> Iterator[str]:
    yield redis_url
    redis.Redis.from_url(redis_url).flushall()


def worker(
    canvas: Canvas, redis_url: str, *, token: str = TOKEN, threads: int = 8, seconds: float = 2.5
) -> "subprocess.Popen[str]":
    """Start a process that asks from many threads."""
    environment: dict[str, Any] = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "accommodations.settings",
        "REDIS_URL": redis_url,
        "DEMO": "1",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_CANVAS_HOSTS": canvas.url.removeprefix("http://"),
        "PYTHONPATH": str(processes.ROOT),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.services.budget_worker", canvas.url, token, str(threads), str(seconds)],
        cwd=processes.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def result(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait for a worker's end and return what it printed."""
    output, _ = process.communicate(timeout=40)
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(output)
    return found


def test_q05_two_processes_share_one_bucket_and_canvas_refuses_none(canvas: Canvas, budget_url: str) -> None:
    """Sixteen threads in two processes would fill the bucket of twelve."""
    found = [result(one) for one in [worker(canvas, budget_url) for _ in range(2)]]
    assert [one["failed"] for one in found] == [[], []]
    assert canvas.refused == 0
    assert 3 <= canvas.most <= Limits().most_in_flight(Lane.BACKGROUND)
    assert canvas.answered > 60


def test_f05_two_processes_without_redis_have_one_request_each_in_flight(canvas: Canvas, budget_url: str) -> None:
    """Nothing is shared then, and nothing stops."""
    nowhere = f"redis://127.0.0.1:{processes.free_port()}/0"
    found = [result(one) for one in [worker(canvas, nowhere, threads=4, seconds=1.5) for _ in range(2)]]
    assert [one["failed"] for one in found] == [[], []]
    assert canvas.most <= 2
    assert min(one["answered"] for one in found) >= 4


def test_f01_a_killed_holder_frees_its_slots(canvas: Canvas, budget_url: str) -> None:
    """What it had in flight is given up after a while; others go on with the rest at once."""
    canvas.state.control.faults[0].value = 20.0
    process = worker(canvas, budget_url, threads=4, seconds=30)
    try:
        processes.wait_until(lambda: _in_flight() == 4, what="four requests in flight")
    finally:
        process.kill()
        process.wait(10)
    canvas.state.control.faults.clear()
    assert _in_flight() == 4
    found = result(worker(canvas, budget_url, threads=2, seconds=0.5))
    assert found["failed"] == []
    assert found["answered"] >= 2
    client = redis.Redis.from_url(budget_url)
    (key,) = client.scan_iter("leeway:budget:*:flight")
    given_up_at = [score for _, score in client.zrange(key, 0, -1, withscores=True)]
    now = client.time()[0]
    assert len(given_up_at) == 4
    assert all(now < at <= now + Limits().slot_seconds for at in given_up_at)


def _in_flight() -> int:
    state = state_of(TOKEN)
    return state.in_flight if state else -1


def _frozen_seconds() -> float:
    state = state_of(TOKEN)
    return state.frozen_seconds if state else -1.0


@pytest.mark.parametrize("status", [403, 429])
def test_f13_a_refused_token_waits_as_a_whole_and_another_goes_on(canvas: Canvas, budget_url: str, status: int) -> None:
    """Whoever has the token waits (200 − remaining)/10 s: nobody asks in vain, in any process."""
    canvas.state.control.switches.throttle_status = status
    canvas.state.control.faults.append(Fault("throttle_level", count=1, value=900.0))
    waiting = [worker(canvas, budget_url, threads=1, seconds=30)]
    try:
        processes.wait_until(lambda: canvas.refused == 1, what="a refusal")
        processes.wait_until(lambda: _frozen_seconds() > 0, what="the whole token waiting")
        frozen_seconds = _frozen_seconds()
        waiting.append(worker(canvas, budget_url, threads=3, seconds=60))
        found = result(worker(canvas, budget_url, token=OTHER, threads=4, seconds=1.5))
    finally:
        for process in waiting:
            process.kill()
            process.wait(10)
    assert found["failed"] == []
    assert canvas.answered - canvas.refused == found["answered"] > 8
    assert canvas.refused == 1
    assert 40 < frozen_seconds <= 50.5
