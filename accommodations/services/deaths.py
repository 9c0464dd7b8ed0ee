"""Messages that end their workers, counted in Redis, which holds the messages too: what loses one loses the other."""

from datetime import timedelta

from django.conf import settings

from accommodations.services.rate_budget import AWAY, redis_client

MOST_DEATHS = 3
REMEMBERED = timedelta(days=1)


def has_ended_too_many(message_id: str) -> bool:
    """Count a message that was handed out again, and return whether it has ended three workers by now."""
    key = f"leeway:deaths:{message_id}"
    try:
        with redis_client(settings.REDIS_URL).pipeline() as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, REMEMBERED)
            number, _ = pipeline.execute()
    except AWAY:
        return False
    return int(number) >= MOST_DEATHS
