"""What all tasks have in common: which messages are obeyed no more."""

import logging
from typing import Any

from celery.contrib.django.task import DjangoTask

from accommodations.services.collapsing import is_done_already
from accommodations.services.deaths import has_ended_too_many

logger = logging.getLogger(__name__)


class LeewayTask(DjangoTask):  # type: ignore[type-arg]  # generic in the stubs alone
    """A task whose message is handed out again when its worker dies over it, at most twice (F03).

    The work is not lost by that: rows are the queue, and beat sends what it sends again.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do the task's work, unless its message has ended three workers, or another has done it since it was sent."""
        request = self.request
        is_again = bool((request.delivery_info or {}).get("redelivered"))
        if is_again and has_ended_too_many(request.id or ""):
            logger.error("message %s of %s has ended three workers and is dropped", request.id, self.name)
            return None
        number = request.get("number")
        if not is_again and isinstance(number, int) and is_done_already(self.name, number):
            return None
        return super().__call__(*args, **kwargs)
