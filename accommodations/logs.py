"""Log lines: one line each, with the request's or task's id, and without tokens. Names and notes are never logged."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.http import HttpRequest, HttpResponse

_work_id: ContextVar[str] = ContextVar("work_id", default="-")

_TOKENS = re.compile(r"(?i)(bearer\s+|access_token[=:]\s*|token[=:]\s*)[^\s&,'\"]+")
# Line breaks and escape codes in a user agent or a search would forge lines or repaint a terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def current_work_id() -> str:
    """Return the id of the request or task that is being worked on; "-" outside both."""
    return _work_id.get()


class RequestIdMiddleware:
    """Gives each request an id, which its log lines, its answer and the error page carry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under an id of its own: a caller's own id is not trusted."""
        request_id = uuid.uuid4().hex[:16]
        request.request_id = request_id  # type: ignore[attr-defined]  # for the error pages
        mark = _work_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _work_id.reset(mark)
        response["X-Request-ID"] = request_id
        return response


class WorkIdFilter(logging.Filter):
    """Adds `work_id` to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mark the record and let it through."""
        record.work_id = current_work_id()
        return True


class OneLineFormatter(logging.Formatter):
    """Formats a record as one line, tracebacks included, with tokens struck out and control characters shown."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = _TOKENS.sub(r"\1[struck out]", super().format(record))
        return _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode(), line)


@task_prerun.connect
def _mark_task(task_id: str = "-", **kwargs: Any) -> None:
    _work_id.set(task_id[:16])


@task_postrun.connect
def _unmark_task(**kwargs: Any) -> None:
    _work_id.set("-")
