"""One rate budget for each Canvas token, shared by all workers through Redis; without Redis one request in flight.

Nothing here can stop a request for good: it waits, and past its patience gives up as throttled; the sweep comes back.
Redis holds a keyed hash of the token, endpoint patterns and numbers.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import uuid4

import redis
from django.conf import settings
from django.utils.crypto import salted_hmac
from redis.backoff import NoBackoff
from redis.retry import Retry

from accommodations.services import rate_scripts
from accommodations.services.rate_model import Lane, Limits, OneAtATime, Verdict, pause_seconds
from canvas_bridge.client.metering import RequestMeter
from canvas_bridge.errors import CanvasThrottled

logger = logging.getLogger(__name__)

COUNTERS_KEY = "leeway:canvas:counters"
ANSWER_SECONDS = 1.0
ASK_REDIS_AGAIN_SECONDS = 5.0
PATIENCE_SECONDS = 120.0
PATIENCE_WHILE_A_PERSON_WAITS_SECONDS = 10.0
AWAY = (redis.RedisError, OSError)
SEPARATOR = "|"


class NoRoomInBudget(CanvasThrottled):
    """The budget had no room for too long; nothing was sent. Not tried again at once: it has waited already."""

    wait_seconds = float("inf")


@dataclass(frozen=True, slots=True)
class BudgetState:
    """How full a token's bucket is, as we know it."""

    level: float
    in_flight: int
    frozen_seconds: float


@dataclass(frozen=True, slots=True)
class _Slot:
    """The right to one request, from the shared budget or from this process's own."""

    name: str
    is_shared: bool
    waited_seconds: float


class _Process:
    """What all budgets of a process have in common: whether Redis is away, and what could not be counted meanwhile."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.away_until = 0.0
        self.alone: dict[str, OneAtATime] = {}
        self.uncounted: dict[str, float] = {}

    def is_redis_away(self) -> bool:
        return time.monotonic() < self.away_until

    def note_away(self) -> None:
        if not self.away_until:
            logger.warning("Redis does not answer: one request to Canvas in flight for each process until it does")
            self.count({"fallbacks": 1.0})
        self.away_until = time.monotonic() + ASK_REDIS_AGAIN_SECONDS

    def note_back(self) -> None:
        if self.away_until:
            logger.info("Redis answers again: the rate budget is shared")
        self.away_until = 0.0

    def one_at_a_time(self, key: str, limits: Limits) -> OneAtATime:
        with self.lock:
            return self.alone.setdefault(key, OneAtATime(limits.slot_seconds))

    def count(self, increments: Mapping[str, float]) -> None:
        with self.lock:
            self.uncounted = _sum(self.uncounted, increments)

    def take_uncounted(self) -> dict[str, float]:
        with self.lock:
            taken, self.uncounted = self.uncounted, {}
            return taken


_process = _Process()


@lru_cache(maxsize=4)
def redis_client(url: str) -> redis.Redis:
    """Return this process's client: it gives up soon, since there is a way without Redis."""
    return redis.Redis.from_url(
        url,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
        decode_responses=True,
    )


def renew_seconds() -> float:
    """Return how often whoever waits must call `before_request` again: it renews the lease on a course."""
    return float(settings.COURSE_LEASE_SECONDS) / 6


def limits_of_settings() -> Limits:
    """Return the bucket's numbers as the administrator set them."""
    return Limits(high_water=settings.CANVAS_BUDGET_HIGH_WATER, room=settings.CANVAS_BUDGET_ROOM)


def key_of(token: str) -> str:
    """Return the name of a token's bucket: a keyed hash, from which nobody can try tokens out."""
    return salted_hmac("leeway.rate_budget", token, algorithm="sha256").hexdigest()[:32]


class RateBudget:
    """The budget as one gateway uses it: `before_request` waits for a slot, `on_answer` gives it back."""

    def __init__(
        self,
        token: str,
        *,
        lane: Lane,
        patience_seconds: float = PATIENCE_SECONDS,
        before_request: Callable[[], None] | None = None,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        randomness: random.Random | None = None,
    ) -> None:
        self._lane, self._patience_seconds, self._inner = lane, patience_seconds, before_request
        self._limits = limits or limits_of_settings()
        self._key = key_of(token)
        self._sleep, self._randomness = sleep, randomness or random.SystemRandom()
        self._slot: _Slot | None = None

    def before_request(self) -> None:
        """Wait until the budget has room. Raises NoRoomInBudget, and whatever the inner function raises.

        The inner function is called before a slot is taken, so that nothing is held when it raises.
        """
        if self._slot is not None:
            # Something stopped the work between the two calls.
            self._give_back(self._slot, None)
        name, began, tries, renewed_at = uuid4().hex, time.monotonic(), 0, float("-inf")
        while True:
            if self._inner is not None and time.monotonic() - renewed_at >= renew_seconds():
                self._inner()
                renewed_at = time.monotonic()
            verdict, is_shared = self._ask(name)
            waited = time.monotonic() - began
            if verdict.is_granted:
                self._slot = _Slot(name, is_shared, waited if tries else 0.0)
                return
            self._check_patience(verdict, waited)
            self._sleep(pause_seconds(verdict, tries=tries, randomness=self._randomness))
            tries += 1

    def on_answer(self, meter: RequestMeter) -> None:
        """Give the slot back, with what Canvas said about the bucket, and count the exchange. Never raises."""
        slot, self._slot = self._slot, None
        if slot is not None:
            self._give_back(slot, meter)

    def _check_patience(self, verdict: Verdict, waited: float) -> None:
        if waited + (verdict.wait_seconds if verdict.is_frozen else 0.0) > self._patience_seconds:
            _process.count({_counter("given_up", self._lane): 1.0})
            raise NoRoomInBudget("Canvas's rate limit leaves no room for this token at present")

    def _ask(self, name: str) -> tuple[Verdict, bool]:
        """Return the verdict and whether it is the shared budget's."""
        if not _process.is_redis_away():
            try:
                verdict = self._ask_shared(name)
            except AWAY:
                _process.note_away()
            else:
                _process.note_back()
                return verdict, True
        alone = _process.one_at_a_time(self._key, self._limits)
        return alone.ask(name, now=time.monotonic()), False

    def _ask_shared(self, name: str) -> Verdict:
        limits = self._limits
        is_granted, wait, is_frozen = _run(
            rate_scripts.ASK,
            self._key,
            *(name, limits.high_water, limits.outflow, limits.up_front, limits.room, limits.reserve),
            *(limits.urgent_seconds, limits.slot_seconds, int(self._lane is Lane.URGENT)),
        )
        return Verdict(is_granted == "1", float(wait), is_frozen == "1")

    def _give_back(self, slot: _Slot, meter: RequestMeter | None) -> None:
        self._slot = None
        frozen_seconds = meter.throttled_seconds if meter else None
        alone = _process.one_at_a_time(self._key, self._limits)
        if frozen_seconds is not None:
            alone.freeze(until=time.monotonic() + frozen_seconds)
        if not slot.is_shared:
            alone.leave(slot.name)
        increments = _sum(_process.take_uncounted(), _increments(meter, slot, self._lane) if meter else {})
        if not self._give_back_shared(slot.name, meter, increments):
            _process.count(increments)

    def _give_back_shared(self, name: str, meter: RequestMeter | None, increments: Mapping[str, float]) -> bool:
        if _process.is_redis_away():
            return False
        limits = self._limits
        said = (meter.cost, meter.remaining, meter.throttled_seconds) if meter else (None, None, None)
        pairs = [part for field, number in increments.items() for part in (field, repr(float(number)))]
        try:
            _run(
                rate_scripts.GIVE_BACK,
                self._key,
                *(name, limits.high_water, limits.outflow, limits.up_front, limits.room),
                *("" if number is None else repr(number) for number in said),
                *pairs,
            )
        except AWAY:
            _process.note_away()
            return False
        return True


def state_of(token: str, limits: Limits | None = None) -> BudgetState | None:
    """Return how full the token's bucket is; None where Redis does not answer."""
    limits = limits or limits_of_settings()
    numbers = (limits.high_water, limits.outflow, limits.up_front, limits.room)
    try:
        level, in_flight, frozen = _run(rate_scripts.LOOK, key_of(token), "", *numbers)
    except AWAY:
        return None
    return BudgetState(float(level), int(in_flight), float(frozen))


def counters() -> dict[tuple[str, ...], float] | None:
    """Return what was counted since Redis started, by name and labels; None where Redis does not answer."""
    try:
        stored: dict[str, str] = redis_client(settings.REDIS_URL).hgetall(COUNTERS_KEY)  # type: ignore[assignment]  # decoded
    except AWAY:
        return None
    return {tuple(field.split(SEPARATOR)): float(number) for field, number in stored.items()}


def _run(script: str, key: str, *arguments: str | float) -> list[str]:
    client = redis_client(settings.REDIS_URL)
    keys = [f"leeway:budget:{{{key}}}", f"leeway:budget:{{{key}}}:flight", COUNTERS_KEY]
    answer: list[str] = client.register_script(script)(keys=keys, args=list(arguments))
    return answer


def _sum(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in (*one, *other)}


def _counter(*parts: object) -> str:
    return SEPARATOR.join(str(part) for part in parts)


def _increments(meter: RequestMeter, slot: _Slot, lane: Lane) -> dict[str, float]:
    exchange = (meter.method, meter.endpoint, meter.status_code or "none")
    found = {
        _counter("requests", *exchange): 1.0,
        _counter("cost", *exchange): meter.cost or 0.0,
        _counter("seconds", *exchange): meter.seconds,
    }
    if meter.retries:
        found[_counter("retries", meter.method, meter.endpoint)] = 1.0
    if meter.throttled_seconds is not None:
        found[_counter("refusals", lane)] = 1.0
        found[_counter("refused_seconds", lane)] = meter.throttled_seconds
    if slot.waited_seconds:
        found[_counter("waits", lane)] = 1.0
        found[_counter("wait_seconds", lane)] = slot.waited_seconds
    return found
