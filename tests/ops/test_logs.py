"""Log lines: one line each, no tokens, an id to find the work by."""

import logging
import sys

import pytest
from django.http import HttpRequest, HttpResponse

from accommodations.logs import OneLineFormatter, RequestIdMiddleware, current_work_id

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
