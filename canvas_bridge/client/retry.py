"""When a request is sent again, and after which wait. The kinds of CanvasError say what may be repeated.

A read that failed is always repeatable; a write only when Canvas surely did not act. `client.answers` and
`client.session` choose the kind of error with that in mind, so `retryable` is all that has to be asked here.
"""

import logging
import random
from collections.abc import Callable
from typing import TypeVar

from canvas_bridge.errors import CanvasError, CanvasThrottled

logger = logging.getLogger(__name__)

MOST_TRIES = 5
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 16.0
LONGEST_THROTTLE_WAIT_SECONDS = 120.0

Answered = TypeVar("Answered")


def with_retries(
    attempt: Callable[[int], Answered],
    *,
    sleep: Callable[[float], None],
    randomness: random.Random,
    most_tries: int = MOST_TRIES,
) -> Answered:
    """Return what `attempt` returns, trying at most `most_tries` times; raises the last error.

    `attempt` is given the number of tries before it.

    A throttled request that would have to wait longer than two minutes is given up at once: waiting less would only
    be refused again, and the sweep comes back later.
    """
    for tries in range(1, most_tries + 1):
        try:
            return attempt(tries - 1)
        except CanvasError as error:
            if not error.retryable or tries == most_tries:
                raise
            wait = wait_seconds(error, tries=tries, randomness=randomness)
            if wait > LONGEST_THROTTLE_WAIT_SECONDS:
                raise
            failure = str(error)
        logger.info("%s; trying again in %.1f s", failure, wait)
        sleep(wait)
    raise AssertionError("the last try either returns or raises")


def wait_seconds(error: CanvasError, *, tries: int, randomness: random.Random) -> float:
    """Return the seconds to wait after the given number of tries.

    Throttled: never less than the bucket needs, plus up to a quarter so that workers do not return in step.
    Otherwise full jitter: anything between nothing and a limit that doubles with each try.
    """
    if isinstance(error, CanvasThrottled):
        return error.wait_seconds * randomness.uniform(1.0, 1.25)
    return randomness.uniform(0.0, min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**tries))
