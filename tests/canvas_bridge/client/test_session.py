"""What every request carries, what never leaves, and what is never shown."""

import json
import logging
import traceback

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, NewConnectionError

from canvas_bridge.client import session as session_module
from canvas_bridge.client.resources.users import GET, Users
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import (
    CanvasContractError,
    CanvasError,
    CanvasNotFound,
    CanvasOutcomeUnknown,
    CanvasRejected,
    CanvasUnauthorized,
)
from canvas_bridge.wire.ids import SELF, CanvasId
from tests.canvas_bridge.client.conftest import CANVAS, TOKEN, Waits

SEARCHED_NAME = "Amara"
PATH = "/api/v1/courses/1/quizzes/2/extensions"


def test_a_write_is_json_with_the_token_in_its_header(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("POST", CANVAS + PATH, json={})

    session.write("POST", PATH, {"quiz_extensions": [{"user_id": 5, "extra_time": 30}]})

    request = canvas.calls[0].request
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["User-Agent"] == "Leeway/0.1"
    assert json.loads(request.body or "") == {"quiz_extensions": [{"user_id": 5, "extra_time": 30}]}


def test_204_is_an_answer_without_a_body(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("PUT", CANVAS + PATH, status=204)

    assert session.write("PUT", PATH, {}).body is None


def test_before_request_runs_before_each_try_and_may_stop_the_work(
    canvas: responses.RequestsMock, waits: Waits
) -> None:
    class LeaseLost(Exception):
        pass

    asked: list[int] = []

    def renew_lease() -> None:
        asked.append(len(canvas.calls))
        if len(asked) == 3:
            raise LeaseLost

    session = CanvasSession(base_url=CANVAS, token=TOKEN, sleep=waits, before_request=renew_lease)
    canvas.add("GET", CANVAS + PATH, status=503)

    with pytest.raises(LeaseLost):
        session.read(PATH)

    assert asked == [0, 1, 2]
    assert len(canvas.calls) == 2


@pytest.mark.parametrize("location", ["https://evil.example.com/", f"{CANVAS}/login"])
def test_b25_a_redirect_is_not_followed_and_takes_no_token_along(
    session: CanvasSession, canvas: responses.RequestsMock, location: str
) -> None:
    canvas.add("GET", CANVAS + PATH, status=302, headers={"Location": location})
    canvas.add("GET", location, json={})

    with pytest.raises(CanvasContractError):
        session.read(PATH)

    assert len(canvas.calls) == 1


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 200)])
def test_b26_a_giant_body_is_refused(
    session: CanvasSession,
    canvas: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    status: int,
) -> None:
    monkeypatch.setattr(session_module, "LARGEST_BODY_BYTES", 1024 * 1024)
    canvas.add(method, CANVAS + PATH, status=status, body=b"[" + b" " * 2 * 1024 * 1024 + b"]")

    with pytest.raises(CanvasContractError, match="larger than 1 MB"):
        session.read(PATH) if method == "GET" else session.write(method, PATH, {})

    assert len(canvas.calls) == 1


def test_b26_of_a_giant_refusal_only_the_beginning_is_read(
    session: CanvasSession, canvas: responses.RequestsMock
) -> None:
    canvas.add("GET", CANVAS + PATH, status=404, body=b"x" * 3 * 1024 * 1024)

    with pytest.raises(CanvasNotFound):
        session.read(PATH)


def test_b26_cookies_are_not_kept(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", CANVAS + PATH, json={}, headers={"Set-Cookie": "canvas_session=x; Path=/"})

    session.read(PATH)
    session.read(PATH)

    assert "Cookie" not in canvas.calls[1].request.headers


def test_refusals_carry_the_words_of_canvas(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("POST", CANVAS + PATH, status=400, json={"status": "bad_request", "message": "missing required key"})

    with pytest.raises(CanvasRejected) as raised:
        session.write("POST", PATH, {})

    error = raised.value
    assert (error.method, error.path, error.status_code, error.words) == ("POST", PATH, 400, "missing required key")


def all_that_could_be_printed(error: BaseException) -> str:
    """Return the traceback with everything that is chained to it, shown or suppressed."""
    text = "".join(traceback.format_exception(error))
    for inner in (error.__cause__, error.__context__):
        if inner is not None:
            text += all_that_could_be_printed(inner)
    return text


def test_r17_neither_token_nor_searched_name_is_in_errors_or_logs(
    session: CanvasSession, canvas: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"/api/v1/accounts/self/users?search_term={SEARCHED_NAME}"
    cause = NewConnectionError(object(), f"no route to {url}")
    broken = requests.ConnectionError(MaxRetryError(object(), url, cause))
    canvas.add("GET", f"{CANVAS}/api/v1/accounts/self/users", body=broken)

    with pytest.raises(CanvasError) as raised:
        Users(session).search(SELF, SEARCHED_NAME)

    printed = all_that_could_be_printed(raised.value) + caplog.text + repr(raised.value.__dict__)
    assert "Amara" not in printed
    assert TOKEN not in printed


@pytest.mark.parametrize(
    "given",
    [CanvasId("sis_login_id", "amara.okonkwo"), CanvasId("sis_user_id", "S/Okonkwo"), CanvasId("uuid", "okonkwo")],
)
def test_r17_a_login_in_the_path_is_not_in_the_error(
    session: CanvasSession, canvas: responses.RequestsMock, given: CanvasId
) -> None:
    path = GET.at(given).path
    canvas.add("GET", CANVAS + path, status=404)

    with pytest.raises(CanvasNotFound) as raised:
        session.read(path)

    assert "konkwo" not in all_that_could_be_printed(raised.value)
    assert b"konkwo".hex() not in raised.value.path
    assert raised.value.path.startswith("/api/v1/users/")


def test_b28_the_token_is_in_no_repr(session: CanvasSession) -> None:
    shown = f"{session!r} {session} {vars(session)!r} {session._http.auth!r} {session._http.headers!r}"

    assert TOKEN not in shown


def test_a_write_without_a_clear_answer_names_what_happened(
    session: CanvasSession, canvas: responses.RequestsMock
) -> None:
    canvas.add("POST", CANVAS + PATH, body=requests.ReadTimeout())

    with pytest.raises(CanvasOutcomeUnknown, match="no whole answer came in time"):
        session.write("POST", PATH, {})


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "café€"])
def test_a_text_that_is_no_token_is_never_sent(canvas: responses.RequestsMock, waits: Waits, token: str) -> None:
    session = CanvasSession(base_url=CANVAS, token=token, sleep=waits)
    canvas.add("GET", CANVAS + PATH, json={})

    with pytest.raises(CanvasUnauthorized):
        session.read(PATH)

    assert len(canvas.calls) == 0
