"""The heartbeat that proves beat and worker alive: beat sends a task, the task leaves the time in Redis."""

from datetime import UTC, datetime

import redis
from django.conf import settings
from django.utils import timezone

BEAT_KEY = "leeway:beat"
KEPT_SECONDS = 24 * 3600
TIMEOUT_SECONDS = 2


def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


def record_heartbeat() -> None:
    """Leave the present time in Redis; whoever reads it knows that a task of beat has come through a worker."""
    with _client() as client:
        client.set(BEAT_KEY, timezone.now().isoformat(), ex=KEPT_SECONDS)


def heartbeat_age_seconds() -> float | None:
    """Return how long ago the last heartbeat was; None where there is none, or Redis does not answer."""
    try:
        with _client() as client:
            stored = client.get(BEAT_KEY)
    except redis.RedisError:
        return None
    if not isinstance(stored, bytes):
        return None
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(stored.decode())).total_seconds())
