"""What all tasks have in common: a message that has ended three workers is obeyed no more."""

import logging
from typing import Any

from celery.contrib.django.task import DjangoTask

from accommodations.services.deaths import has_ended_too_many

logger = logging.getLogger(__name__)


class LeewayTask(DjangoTask):  # type: ignore[type-arg]  # generic in the stubs alone
    """A task whose message is handed out again when its worker dies over it, at most twice (F03).

    The work is not lost by that: rows are the queue, and beat sends what it sends again.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do the task's work, unless its message has ended three workers."""
        request = self.request
        if (request.delivery_info or {}).get("redelivered") and has_ended_too_many(request.id or ""):
            logger.error("message %s of %s has ended three workers and is dropped", request.id, self.name)
            return None
        return super().__call__(*args, **kwargs)
