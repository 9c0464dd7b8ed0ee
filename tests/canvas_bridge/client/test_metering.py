"""What each exchange cost is told to whoever keeps the shared rate budget: every answer, refusals too."""

import logging

import pytest
import requests
import responses

from canvas_bridge.client.metering import RequestMeter
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import (
    CanvasContractError,
    CanvasError,
    CanvasForbidden,
    CanvasOutcomeUnknown,
    CanvasThrottled,
)
from tests.canvas_bridge.client.conftest import CANVAS, TOKEN, Waits

PATH = "/api/v1/users/sis_login_id:amara/enrollments"
PATTERN = "/api/v1/users/:user_id/enrollments"


@pytest.fixture
def meters() -> list[RequestMeter]:
    return []


@pytest.fixture
def session(waits: Waits, meters: list[RequestMeter]) -> CanvasSession:
    return CanvasSession(base_url=CANVAS, token=TOKEN, sleep=waits, on_answer=meters.append)


def test_cost_and_remaining_of_an_answer(
    session: CanvasSession, canvas: responses.RequestsMock, meters: list[RequestMeter]
) -> None:
    headers = {"X-Request-Cost": "0.75", "X-Rate-Limit-Remaining": "598.5"}
    canvas.add("GET", CANVAS + PATH, json=[], headers=headers)

    session.read(PATH, endpoint=PATTERN)

    (meter,) = meters
    assert (meter.endpoint, meter.method, meter.status_code) == (PATTERN, "GET", 200)
    assert (meter.cost, meter.remaining, meter.retries) == (0.75, 598.5, 0)
    assert 0 <= meter.seconds < 5


def test_f13_every_try_of_a_throttled_request_is_told(
    session: CanvasSession, canvas: responses.RequestsMock, meters: list[RequestMeter]
) -> None:
    canvas.add("POST", CANVAS + PATH, status=403, body="403 Forbidden (Rate Limit Exceeded)\n", headers=remaining(-12))
    canvas.add("POST", CANVAS + PATH, status=429, body="429 (Rate Limit Exceeded)")
    canvas.add("POST", CANVAS + PATH, json={}, headers={"X-Request-Cost": "1.5", **remaining(200)})

    session.write("POST", PATH, {})

    told = [(one.status_code, one.cost, one.remaining, one.retries) for one in meters]
    assert told == [(403, None, -12.0, 0), (429, None, None, 1), (200, 1.5, 200.0, 2)]


@pytest.mark.parametrize(
    ("answer", "status_code", "error"),
    [
        ({"status": 403, "json": {"status": "unauthorized"}}, 403, CanvasForbidden),
        ({"status": 500, "body": "<html>"}, 500, CanvasOutcomeUnknown),
        ({"body": requests.ReadTimeout()}, None, CanvasOutcomeUnknown),
        ({"status": 200, "body": "<html>"}, 200, CanvasOutcomeUnknown),
        ({"status": 302, "body": ""}, 302, CanvasContractError),
    ],
)
def test_refusals_and_broken_exchanges_are_told_too(
    session: CanvasSession,
    canvas: responses.RequestsMock,
    meters: list[RequestMeter],
    answer: dict[str, object],
    status_code: int | None,
    error: type[CanvasError],
) -> None:
    canvas.add("POST", CANVAS + PATH, **answer)

    with pytest.raises(error):
        session.write("POST", PATH, {})

    assert [(one.status_code, one.retries) for one in meters] == [(status_code, 0)]


def test_a_body_that_is_too_large_is_told_as_no_answer(
    session: CanvasSession, canvas: responses.RequestsMock, meters: list[RequestMeter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canvas_bridge.client.session.LARGEST_BODY_BYTES", 10)
    canvas.add("GET", CANVAS + PATH, body=b"[" + b" " * 100 + b"]")

    with pytest.raises(CanvasContractError):
        session.read(PATH)

    assert [one.status_code for one in meters] == [None]


@pytest.mark.parametrize("text", ["", "soon", "nan", "inf"])
def test_headers_that_are_no_numbers_count_as_missing(
    session: CanvasSession, canvas: responses.RequestsMock, meters: list[RequestMeter], text: str
) -> None:
    headers = {"X-Request-Cost": text, "X-Rate-Limit-Remaining": text}
    canvas.add("GET", CANVAS + PATH, json=[], headers=headers)

    session.read(PATH)

    assert [(one.cost, one.remaining) for one in meters] == [(None, None)]


def test_f13_a_request_that_would_wait_too_long_is_told_once(
    session: CanvasSession, canvas: responses.RequestsMock, meters: list[RequestMeter]
) -> None:
    canvas.add("GET", CANVAS + PATH, status=403, body="Rate Limit Exceeded", headers=remaining(-10_000_000))

    with pytest.raises(CanvasThrottled):
        session.read(PATH)

    assert [one.remaining for one in meters] == [-10_000_000.0]


def test_r17_neither_meters_nor_logs_hold_ids_or_the_token(
    session: CanvasSession,
    canvas: responses.RequestsMock,
    meters: list[RequestMeter],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    canvas.add("GET", CANVAS + PATH, json=[{"name": "Amara Okonkwo"}])

    session.read(PATH, [("search_term", "Amara")])

    shown = repr(meters) + caplog.text
    assert "mara" not in shown
    assert TOKEN not in shown
    assert meters[0].endpoint == "/api/v1/users/:id/enrollments"


def remaining(value: float) -> dict[str, str]:
    return {"X-Rate-Limit-Remaining": str(value)}
