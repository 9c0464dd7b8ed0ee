"""The heartbeat that proves beat and worker alive: beat sends a task, the task leaves the time in Redis."""

import redis
from django.conf import settings

BEAT_KEY = "leeway:beat"
KEPT_SECONDS = 24 * 3600
TIMEOUT_SECONDS = 2


def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


def record_heartbeat() -> None:
    """Leave Redis's present time in Redis; whoever reads it knows that a task of beat has come through a worker."""
    with _client() as client:
        client.set(BEAT_KEY, _seconds_of(client), ex=KEPT_SECONDS)


def heartbeat_age_seconds() -> float | None:
    """Return how long ago the last heartbeat was; None where there is none, or Redis does not answer.

    Both times are Redis's own: the clocks of the machines may differ.
    """
    try:
        with _client() as client:
            stored, now = client.get(BEAT_KEY), _seconds_of(client)
    except redis.RedisError:
        return None
    try:
        return max(0.0, now - float(stored)) if isinstance(stored, bytes) else None
    except ValueError:  # as the release before wrote it; the next heartbeat is seconds away
        return None


def _seconds_of(client: redis.Redis) -> float:
    seconds, microseconds = client.time()
    return float(seconds) + float(microseconds) / 1e6
