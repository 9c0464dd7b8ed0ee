"""Messages of the schedule that piled up while no worker was there: the first one done does the work of all (F06, F09).

Celery's own `expires` compares the clocks of two machines: with beat's two hours behind, each message would be over
before it came. Here Redis numbers the messages, so that no clock matters.
"""

from django.conf import settings

from accommodations.services.rate_budget import AWAY, redis_client

_SENT, _DONE = "leeway:schedule:sent:", "leeway:schedule:done:"


def number_of_message(task: str) -> int:
    """Return the number of a task's next message; each is one higher. Raises what Redis does while it is away."""
    return int(redis_client(settings.REDIS_URL).incr(_SENT + task))


def is_done_already(task: str, number: int) -> bool:
    """Whether the task began again after the message of this number was sent; if not, it begins now.

    False while Redis is away: the task is then done once more, which does no harm.
    """
    client = redis_client(settings.REDIS_URL)
    try:
        done, sent = (int(found or 0) for found in client.mget(_DONE + task, _SENT + task))
        if number <= done <= sent:
            return True
        # Numbers above those sent are from before Redis lost its data: they say nothing about what comes now (F05).
        client.set(_DONE + task, sent)
    except AWAY:
        return False
    return False
