"""Waking a worker. Where the queue does not answer, what was saved stays saved, and the sweep delivers it later."""

import logging
from typing import Any

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: Any, *ids: int) -> bool:
    """Send the task its wake-up once the transaction has committed; False where the queue does not answer.

    Outside a transaction, as in views, it is sent at once. The row is the queue: a lost message costs minutes.
    """
    try:
        task.delay_on_commit(*ids)
    except OperationalError:
        logger.warning("the queue did not answer; the sweep will wake %s later", task.name)
        return False
    return True
