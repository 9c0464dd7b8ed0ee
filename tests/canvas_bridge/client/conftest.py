"""A session with one Canvas that nobody reaches: answers come from `responses`, waits are only written down."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import responses

from canvas_bridge.client.session import CanvasSession

CANVAS = "https://canvas.example.edu"
TOKEN = "7~theVerySecretTokenOfThisTest"


@dataclass
class Waits:
    """The waits that were asked for."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def session(waits: Waits) -> CanvasSession:
    return CanvasSession(base_url=CANVAS, token=TOKEN, sleep=waits, randomness=random.Random(1))  # noqa: S311  # lots of a test


@pytest.fixture
def canvas() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock
