"""Messages of the schedule that piled up while no worker was there: the first one done does the work of all (F06, F09).

Celery's own `expires` compares the clocks of two machines: with beat's two hours behind, each message would be over
before it came. Here Redis numbers the messages, so that no clock matters.
"""

import redis
from django.conf import settings

TIMEOUT_SECONDS = 2
_SENT, _DONE = "leeway:schedule:sent:", "leeway:schedule:done:"


def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


def number_of_message(task: str) -> int:
    """Return the number of a task's next message; each is one higher. Raises redis.RedisError."""
    with _client() as client:
        return int(client.incr(_SENT + task))


def is_done_already(task: str, number: int) -> bool:
    """Whether the task began again after the message of this number was sent; if not, it begins now.

    False while Redis is away: the task is then done once more, which does no harm.
    """
    try:
        with _client() as client:
            done, sent = client.mget(_DONE + task, _SENT + task)
            if done is not None and number <= int(done):
                return True
            client.set(_DONE + task, sent if sent is not None else number)
    except redis.RedisError:
        return False
    return False
