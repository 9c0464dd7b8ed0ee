"""Log lines: one line each, no tokens, an id to find the work by."""

import json
import logging
import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponse

from accommodations.logs import (
    JsonFormatter,
    OneLineFormatter,
    RequestIdMiddleware,
    WorkIdFilter,
    current_work_id,
    working_on,
)
from tests.services.processes import ROOT

FORMATTER = OneLineFormatter("%(levelname)s %(message)s")


def line_of(message: str, *arguments: object, with_traceback: bool = False) -> str:
    """Return how a message is written."""
    trace = sys.exc_info() if with_traceback else None
    return FORMATTER.format(logging.LogRecord("leeway", logging.INFO, "", 0, message, arguments, trace))


@pytest.mark.parametrize("evil", ["a\nINFO forged", "a\rb", "a\x1b[2Jb", "a\u2028b", "a\x00b"])
def test_b19_control_characters_do_not_break_the_line(evil: str) -> None:
    """Neither a forged line nor a repainted terminal."""
    written = line_of("user agent %s", evil)
    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert "\x00" not in written


def test_b19_a_traceback_is_one_line_too() -> None:
    """Its line breaks are shown, not made."""
    try:
        raise ValueError("two\nlines")
    except ValueError:
        written = line_of("failed", with_traceback=True)
    assert len(written.splitlines()) == 1
    assert "ValueError" in written


@pytest.mark.parametrize(
    "text", ["Authorization: Bearer 1234~abcdefgh", "?access_token=1234~abcdefgh&x=1", "token: 1234~abcdefgh"]
)
def test_r17_tokens_are_struck_out(text: str) -> None:
    """Whatever library wrote the line."""
    assert "abcdefgh" not in line_of("asked %s", text)


def test_b37_each_request_has_an_id_of_its_own() -> None:
    """A caller's own id is not trusted."""
    seen: list[str] = []

    def respond(request: HttpRequest) -> HttpResponse:
        seen.append(current_work_id())
        return HttpResponse()

    request = HttpRequest()
    request.META["HTTP_X_REQUEST_ID"] = "forged"
    answers = [RequestIdMiddleware(respond)(request)["X-Request-ID"] for _ in range(2)]
    assert answers == seen
    assert len(set(seen)) == 2
    assert "forged" not in seen
    assert current_work_id() == "-"


def record_of(message: str) -> logging.LogRecord:
    """Return a record as a handler gets it."""
    record = logging.LogRecord("leeway", logging.INFO, "", 0, message, (), None)
    WorkIdFilter().filter(record)
    return record


def test_a_line_names_the_run_and_the_courses_sync_that_it_belongs_to() -> None:
    """Also within one another; afterwards nothing of it is left."""
    with working_on(run=2), working_on(course_sync=31):
        assert record_of("applied").work == "- run=2 course_sync=31"
    assert record_of("idle").work == "-"


def test_b19_r17_json_lines_are_one_object_each_without_tokens() -> None:
    """Whatever is in a message stays in its field."""
    with working_on(run=2):
        line = JsonFormatter().format(record_of('a "quoted"\nline \u2028 token: 1234~abcdefgh'))
    assert len(line.splitlines()) == 1
    found = json.loads(line)
    assert datetime.fromisoformat(found.pop("at")).utcoffset() == timedelta(0)
    assert (found["level"], found["logger"], found["work"], found["run"]) == ("INFO", "leeway", "-", 2)
    assert "abcdefgh" not in line
    assert found["message"].startswith('a "quoted"')


@pytest.mark.parametrize(("name", "starts"), [("json", '{"at"'), ("line", "20")])
def test_the_format_of_log_lines_is_a_setting(name: str, starts: str) -> None:
    """As a process is started with it."""
    code = "import django, logging; django.setup(); logging.getLogger('leeway').info('here')"
    environment = {**os.environ, "LOG_FORMAT": name, "DJANGO_SETTINGS_MODULE": "accommodations.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [line] = [one for one in done.stderr.splitlines() if "here" in one]
    assert line.startswith(starts)
