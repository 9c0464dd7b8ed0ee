"""Log lines: one line each, with the ids of the request or task and of the run, and without tokens.

Names and notes are never logged.
"""

import json
import logging
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.http import HttpRequest, HttpResponse

_NOTHING: Mapping[str, int] = {}
_work_id: ContextVar[str] = ContextVar("work_id", default="-")
_rows: ContextVar[Mapping[str, int]] = ContextVar("rows", default=_NOTHING)

_TOKENS = re.compile(r"(?i)(bearer\s+|access_token[=:]\s*|token[=:]\s*)[^\s&,'\"]+")
# Line breaks and escape codes in a user agent or a search would forge lines or repaint a terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def current_work_id() -> str:
    """Return the id of the request or task that is being worked on; "-" outside both."""
    return _work_id.get()


@contextmanager
def working_on(**rows: int) -> Iterator[None]:
    """Let each log line of the block name these rows by their keys: `run=2 course_sync=31`."""
    mark = _rows.set({**_rows.get(), **rows})
    try:
        yield
    finally:
        _rows.reset(mark)


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
    """Adds `work_id`, and the `rows` that are worked on, to each record; `work` is both in words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mark the record and let it through."""
        work_id, rows = current_work_id(), _rows.get()
        record.work_id, record.rows = work_id, rows
        record.work = " ".join([work_id, *(f"{name}={number}" for name, number in rows.items())])
        return True


class OneLineFormatter(logging.Formatter):
    """Formats a record as one line, tracebacks included, with tokens struck out and control characters shown."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = _TOKENS.sub(r"\1[struck out]", super().format(record))
        return _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode(), line)


class JsonFormatter(OneLineFormatter):
    """Formats a record as one JSON object: `at` in UTC, `level`, `logger`, `work`, the rows by name, `message`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        values = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "work": getattr(record, "work_id", "-"),
            **getattr(record, "rows", _NOTHING),
            "message": super().format(record),
        }
        return json.dumps(values)


@task_prerun.connect
def _mark_task(task_id: str = "-", **kwargs: Any) -> None:
    _work_id.set(task_id[:16])


@task_postrun.connect
def _unmark_task(**kwargs: Any) -> None:
    _work_id.set("-")
