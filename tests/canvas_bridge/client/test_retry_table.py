"""The retry table of the quality targets, as a table: what each answer means for a read and for a write."""

import json
import random
import socket
import ssl

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from canvas_bridge.client.retry import LONGEST_WAIT_SECONDS, wait_seconds
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import (
    CanvasContractError,
    CanvasForbidden,
    CanvasNotFound,
    CanvasOutcomeUnknown,
    CanvasRejected,
    CanvasThrottled,
    CanvasUnauthorized,
    CanvasUnavailable,
)
from tests.canvas_bridge.client.conftest import CANVAS, Waits

PATH = "/api/v1/courses/1/assignments/overrides"
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
BAD_TOKEN = {"errors": [{"message": "Invalid access token."}]}
NO_SCOPE = {"errors": [{"message": "Insufficient scopes on access token."}]}
NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
SERVER_ERROR = {"errors": [{"message": "An error occurred.", "error_code": "internal_server_error"}]}
THROTTLED = "403 Forbidden (Rate Limit Exceeded)\n"


def refused_connection() -> requests.ConnectionError:
    cause = NewConnectionError(object(), "refused")
    return requests.ConnectionError(MaxRetryError(object(), "/?name=Amara", cause))


def reset_half_way() -> requests.ConnectionError:
    return requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset")))


def expired_certificate() -> requests.exceptions.SSLError:
    return requests.exceptions.SSLError(ssl.SSLCertVerificationError(1, "certificate has expired"))


def wrong_name() -> requests.ConnectionError:
    failed = socket.gaierror(-2, "Name or service not known")
    cause = NewConnectionError(object(), f"Failed to resolve: {failed}")
    return requests.ConnectionError(MaxRetryError(object(), "/", cause))


# answer, (error and tries of a read), (error and tries of a write)
TABLE = {
    "400": ((400, NOT_FOUND), (CanvasRejected, 1), (CanvasRejected, 1)),
    "401 bad token": ((401, BAD_TOKEN), (CanvasUnauthorized, 1), (CanvasUnauthorized, 1)),
    "401 not allowed": ((401, NOT_ALLOWED), (CanvasForbidden, 1), (CanvasForbidden, 1)),
    "401 without the scope": ((401, NO_SCOPE), (CanvasForbidden, 1), (CanvasForbidden, 1)),
    "401 unexplained": ((401, "<html>"), (CanvasUnauthorized, 1), (CanvasUnauthorized, 1)),
    "403 not allowed": ((403, NOT_ALLOWED), (CanvasForbidden, 1), (CanvasForbidden, 1)),
    "403 throttled": ((403, THROTTLED), (CanvasThrottled, 5), (CanvasThrottled, 5)),
    "404": ((404, NOT_FOUND), (CanvasNotFound, 1), (CanvasNotFound, 1)),
    "408": ((408, ""), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "409": ((409, {"message": "Assignment already exists"}), (CanvasRejected, 1), (CanvasRejected, 1)),
    "422": ((422, {"errors": {}}), (CanvasRejected, 1), (CanvasRejected, 1)),
    "429": ((429, "429 Too Many Requests (Rate Limit Exceeded)"), (CanvasThrottled, 5), (CanvasThrottled, 5)),
    "500": ((500, SERVER_ERROR), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "502 html": ((502, "<html>Bad gateway</html>"), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "503": ((503, ""), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "504": ((504, ""), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "200 html": ((200, "<html>Sign in</html>"), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "200 cut json": ((200, '[{"id": 1}, {"i'), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "200 nothing": ((200, ""), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "200 NaN": ((200, "[NaN]"), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "200 bottomless": ((200, "[" * 200_000), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "302": ((302, ""), (CanvasContractError, 1), (CanvasContractError, 1)),
    "connection refused": (refused_connection(), (CanvasUnavailable, 5), (CanvasUnavailable, 5)),
    "name not found": (wrong_name(), (CanvasUnavailable, 5), (CanvasUnavailable, 5)),
    "certificate expired": (expired_certificate(), (CanvasUnavailable, 5), (CanvasUnavailable, 5)),
    "connecting takes too long": (requests.ConnectTimeout(), (CanvasUnavailable, 5), (CanvasUnavailable, 5)),
    "no answer in time": (requests.ReadTimeout(), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "reset half-way": (reset_half_way(), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
    "body cut": (requests.exceptions.ChunkedEncodingError(), (CanvasUnavailable, 5), (CanvasOutcomeUnknown, 1)),
}


def answer_with(canvas: responses.RequestsMock, method: str, answer: object) -> None:
    if isinstance(answer, Exception):
        canvas.add(method, CANVAS + PATH, body=answer)
        return
    status, body = answer
    text = body if isinstance(body, str) else json.dumps(body)
    canvas.add(method, CANVAS + PATH, status=status, body=text)


@pytest.mark.parametrize("case", TABLE)
def test_f12_a_read_is_repeated_as_the_retry_table_says(
    session: CanvasSession, canvas: responses.RequestsMock, waits: Waits, case: str
) -> None:
    answer, (error, tries), _ = TABLE[case]
    answer_with(canvas, "GET", answer)

    with pytest.raises(error):
        session.read(PATH)

    assert len(canvas.calls) == tries
    assert len(waits.seconds) == tries - 1


@pytest.mark.parametrize("case", TABLE)
def test_f11_a_write_is_repeated_only_where_canvas_surely_did_not_act(
    session: CanvasSession, canvas: responses.RequestsMock, waits: Waits, case: str
) -> None:
    answer, _, (error, tries) = TABLE[case]
    answer_with(canvas, "POST", answer)

    with pytest.raises(error):
        session.write("POST", PATH, {})

    assert len(canvas.calls) == tries
    assert len(waits.seconds) == tries - 1


def test_f12_a_read_that_succeeds_on_a_later_try_is_an_answer(
    session: CanvasSession, canvas: responses.RequestsMock
) -> None:
    for status in (500, 502):
        canvas.add("GET", CANVAS + PATH, status=status)
    canvas.add("GET", CANVAS + PATH, json=[1])

    assert session.read(PATH).body == [1]


def test_f12_waits_jitter_over_the_whole_range_and_stay_bounded() -> None:
    error = CanvasUnavailable("no")
    drawn = [wait_seconds(error, tries=t, randomness=random.Random(n)) for n in range(200) for t in (1, 4)]  # noqa: S311  # lots of a test

    assert min(drawn) < 0.2
    assert 8 < max(drawn) <= LONGEST_WAIT_SECONDS


def test_a_page_on_which_a_person_waits_can_ask_for_one_try(canvas: responses.RequestsMock, waits: Waits) -> None:
    session = CanvasSession(base_url=CANVAS, token="t", sleep=waits, most_tries=1)
    canvas.add("GET", CANVAS + PATH, body=refused_connection())

    with pytest.raises(CanvasUnavailable):
        session.read(PATH)

    assert len(canvas.calls) == 1
    assert waits.seconds == []


def test_a_dead_token_is_told_by_its_header_too(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    headers = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}
    canvas.add("GET", CANVAS + PATH, status=401, json=NOT_ALLOWED, headers=headers)

    with pytest.raises(CanvasUnauthorized):
        session.read(PATH)


def test_a_401_of_new_quizzes_without_a_known_body_means_not_allowed(
    session: CanvasSession, canvas: responses.RequestsMock
) -> None:
    path = "/api/quiz/v1/courses/1/quizzes/2/accommodations"
    canvas.add("POST", CANVAS + path, status=401, json={"message": "Unauthorized"})

    with pytest.raises(CanvasForbidden):
        session.write("POST", path, [])
