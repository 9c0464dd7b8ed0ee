"""Whether each part that Leeway needs is at work, in one word each. Nothing here tells a stranger a version or data."""

import logging
import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from accommodations.celery import app
from accommodations.crypto import SecretUnreadable
from accommodations.errors import LeewayError
from accommodations.services import connections, rate_budget
from accommodations.services.health import heartbeat_age_seconds
from canvas_bridge.errors import CanvasError, CanvasThrottled, CanvasUnauthorized

logger = logging.getLogger(__name__)

OK = "ok"
ANSWER_SECONDS = 2.0
SILENT_AFTER_SECONDS = 90.0
"""Beat says every 15 s that it lives, through the worker: several lost messages are no fault yet."""

_BROKER_FAULTS = (redis.RedisError, OperationalError, OSError)


class _Kept:
    """A word that is looked up at most once in a while, however often it is asked for."""

    def __init__(self, look: Callable[[], str], seconds: float) -> None:
        self._look, self._seconds = look, seconds
        self._word, self._until = "", 0.0
        self._lock = threading.Lock()

    def word(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                self._word = self._look()
                self._until = time.monotonic() + (self._seconds if self._word == OK else min(self._seconds, 1.0))
            return self._word

    def forget(self) -> None:
        self._until = 0.0


def database_word() -> str:
    """Return "ok" or "unreachable"."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return OK


def redis_word() -> str:
    """Return "ok", "unreachable", or "evicts" where it may drop messages to save memory."""
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS
        )
        with client:
            policy = client.info("memory").get("maxmemory_policy", "noeviction")
    except _BROKER_FAULTS:
        return "unreachable"
    return OK if policy == "noeviction" else "evicts"


def worker_word() -> str:
    """Return "ok" where at least one worker answers, else "silent"."""
    try:
        answers = app.control.ping(timeout=ANSWER_SECONDS, limit=1)
    except _BROKER_FAULTS:
        return "silent"
    return OK if answers else "silent"


def beat_word() -> str:
    """Return "ok" where beat's last sign of life is recent, else "silent"."""
    age = heartbeat_age_seconds()
    return OK if age is not None and age <= SILENT_AFTER_SECONDS else "silent"


def budget_word() -> str:
    """Return "ok" where workers share one rate budget, "alone" where each process has one request in flight."""
    return OK if rate_budget.state_of("") is not None else "alone"


def canvas_word() -> str:
    """Return "ok", "unconnected", "refused" where the token is not accepted, or "unreachable"."""
    try:
        stored = connections.current_connection()
        if stored is None:
            return "unconnected"
        if stored.is_token_refused:
            return "refused"
        connections.gateway_for(stored, most_tries=1).read_self()
    except (CanvasUnauthorized, SecretUnreadable):
        return "refused"
    except CanvasThrottled:
        logger.debug("Canvas answers and knows the token: only this request had to wait, like all others")
    except (CanvasError, LeewayError):
        return "unreachable"
    except DatabaseError:
        return "unknown"
    return OK


_WORDS = {
    "database": _Kept(database_word, 1.0),
    "redis": _Kept(redis_word, 1.0),
    "budget": _Kept(budget_word, 1.0),
    "worker": _Kept(worker_word, 5.0),
    "beat": _Kept(beat_word, 1.0),
    "canvas": _Kept(canvas_word, 20.0),
}


def readiness() -> dict[str, str]:
    """Return one word for each part, "ok" or the fault's; words are kept for seconds, so that probes stay cheap."""
    return {part: kept.word() for part, kept in _WORDS.items()}


def forget_words() -> None:
    """Look everything up anew at the next question."""
    for kept in _WORDS.values():
        kept.forget()
