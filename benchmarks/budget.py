"""Q05: the rate budget against a leaky bucket that the sandbox keeps, many threads, in real time, on a real Redis."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test.utils import override_settings

from accommodations.demo_stack.children import Children
from accommodations.demo_stack.commands import redis_server
from accommodations.demo_stack.environment import any_free_port, is_free
from accommodations.demo_stack.layout import Layout
from accommodations.services.rate_budget import RateBudget
from accommodations.services.rate_model import Lane, Limits
from canvas_bridge.client.metering import RequestMeter
from canvas_bridge.client.throttle import throttle_wait_seconds
from canvas_bridge.sandbox.http import throttle
from canvas_bridge.sandbox.state import SandboxState

CLIENT = "bench"
LATENCY_SECONDS = 0.25
THREADS = 16
WARM_UP_SECONDS = 3.0
MEASURED_SECONDS = 6.0


@dataclass(frozen=True)
class Throttled:
    """How fast requests went beside what the bucket allows, and how many of them Canvas refused."""

    case: str
    rate: float
    bound: float
    refused: int
    answered: int
    most_in_flight: int


@dataclass
class _Canvas:
    """One bucket, what came to it, and how much another client of the token takes of what flows out of it."""

    mean_cost: float
    foreign_share: float = 0.0
    high_water: float = 600.0
    at: list[float] = field(default_factory=list)
    refused: int = 0
    in_flight: int = 0
    most: int = 0

    def __post_init__(self) -> None:
        self.control = SandboxState().control
        self.control.quota.high_water_mark = self.high_water
        self.lock = threading.Lock()
        self.randomness = random.Random(7)  # noqa: S311  # the same costs in each run

    def begin(self, level: float) -> None:
        """Let the bucket be as full as it is after a while of work at the bound."""
        throttle.set_level(self.control, CLIENT, level)

    def ask(self) -> RequestMeter:
        """Answer one request, or refuse it."""
        if not throttle.reserve(self.control, CLIENT):
            with self.lock:
                self.refused += 1
            left = throttle.remaining(self.control, CLIENT)
            wait = throttle_wait_seconds({"X-Rate-Limit-Remaining": str(left)})
            return RequestMeter("/", "GET", 403, None, left, 0.0, 0, wait)
        with self.lock:
            self.in_flight += 1
            self.most = max(self.most, self.in_flight)
            cost = self.randomness.uniform(0.5, 1.5) * self.mean_cost
            latency = self.randomness.uniform(0.8, 1.2) * LATENCY_SECONDS
        time.sleep(latency)
        left = throttle.settle(self.control, CLIENT, cost)
        with self.lock:
            self.in_flight -= 1
            self.at.append(time.monotonic())
        return RequestMeter("/", "GET", 200, cost, left, latency, 0)

    def be_foreign(self, end: float) -> None:
        """Be another client: two requests a second, which together take its share of the outflow."""
        while self.foreign_share and time.monotonic() < end:
            if throttle.reserve(self.control, CLIENT):
                time.sleep(LATENCY_SECONDS)
                throttle.settle(self.control, CLIENT, self.foreign_share * self.control.quota.outflow / 2)
            time.sleep(LATENCY_SECONDS)


def measured(*, seconds: float = MEASURED_SECONDS, warm_up: float = WARM_UP_SECONDS) -> list[Throttled]:
    """Return the rates for cheap and dear requests, for a larger bucket, and beside another client."""
    cases = {
        "cheap reads (0.05), latency decides": _Canvas(0.05),
        "bucket of 700": _Canvas(0.05, high_water=700),
        "mean cost 0.5": _Canvas(0.5),
        "mean cost 0.5, another client takes 60 %": _Canvas(0.5, foreign_share=0.6),
    }
    with _redis() as url, override_settings(REDIS_URL=url):
        return [_measure(case, canvas, seconds, warm_up) for case, canvas in cases.items()]


def _measure(case: str, canvas: _Canvas, seconds: float, warm_up: float) -> Throttled:
    limits = Limits(high_water=canvas.high_water)
    slots = limits.most_in_flight(Lane.BACKGROUND)
    flow = canvas.control.quota.outflow * (1 - canvas.foreign_share) / canvas.mean_cost
    bound = min(slots / LATENCY_SECONDS, flow)
    canvas.begin(max(0.0, limits.high_water - limits.room - limits.up_front * bound * LATENCY_SECONDS))
    start = time.monotonic() + warm_up
    end = start + seconds

    def work(_: int) -> None:
        budget = RateBudget(case, lane=Lane.BACKGROUND, limits=limits)
        while time.monotonic() < end:
            budget.before_request()
            budget.on_answer(canvas.ask())

    with ThreadPoolExecutor(THREADS + 1) as pool:
        pool.submit(canvas.be_foreign, end)
        list(pool.map(work, range(THREADS)))
    rate = sum(start <= at < end for at in canvas.at) / seconds
    return Throttled(case, rate, bound, canvas.refused, len(canvas.at), canvas.most)


@contextmanager
def _redis() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        layout.make_folders()
        port = any_free_port()
        children = Children(layout.logs, {}, Path(folder))
        try:
            children.start("Redis", redis_server(layout, {"REDIS_PORT": str(port)}))
            while is_free(port):
                time.sleep(0.05)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            children.end()
