"""A gateway to a Canvas that `responses` plays, for single answers and faults; see also the tests over the sandbox."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import requests
import responses

from canvas_bridge.gateway import CanvasGateway
from tests.canvas_bridge.gateway.campus import Campus, made_campus

CANVAS = "https://canvas.example.edu"
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

Body = dict[str, list[dict[str, object]]]
Answering = Callable[[list[dict[str, object]]], tuple[int, object]]


@pytest.fixture
def gateway() -> CanvasGateway:
    return CanvasGateway(base_url=CANVAS, token="t", clock=lambda: NOW, sleep=lambda seconds: None)


@pytest.fixture
def canvas() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def sent_bodies(canvas: responses.RequestsMock) -> list[object]:
    """Return the JSON bodies of all requests, in order."""
    return [json.loads(call.request.body or "null") for call in canvas.calls]


def answer(canvas: responses.RequestsMock, method: str, path: str, answering: Answering, *, key: str | None) -> None:
    """Answer requests by the elements that they carry: under `key`, or bare where it is None."""

    def callback(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        body = json.loads(request.body or "null")
        status, answered = answering(body if key is None else body[key])
        return status, {}, json.dumps(answered)

    canvas.add_callback(method, CANVAS + path, callback)


@pytest.fixture
def campus() -> Campus:
    return made_campus()
