"""Canvas's rate limit: telling it apart and waiting long enough (F13)."""

import pytest
import responses

from canvas_bridge.client.session import CanvasSession
from canvas_bridge.client.throttle import is_throttled, throttle_wait_seconds
from canvas_bridge.errors import CanvasThrottled
from tests.canvas_bridge.client.conftest import CANVAS, TOKEN, Waits

PATH = "/api/v1/users/self"
THROTTLED = "403 Forbidden (Rate Limit Exceeded)\n"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-Rate-Limit-Remaining": "0"}, 20.0),
        ({"X-Rate-Limit-Remaining": "-150.5"}, 35.05),
        ({"X-Rate-Limit-Remaining": "199.9"}, 1.0),
        ({"X-Rate-Limit-Remaining": "500"}, 1.0),
        ({}, 20.0),
        ({"X-Rate-Limit-Remaining": "soon"}, 20.0),
        ({"X-Rate-Limit-Remaining": "NaN"}, 20.0),
        ({"X-Rate-Limit-Remaining": "0", "Retry-After": "45"}, 45.0),
    ],
)
def test_f13_the_wait_lets_the_bucket_drain_to_two_hundred(headers: dict[str, str], seconds: float) -> None:
    assert throttle_wait_seconds(headers) == pytest.approx(seconds)


def test_f13_any_other_403_is_not_the_rate_limit() -> None:
    assert is_throttled(403, THROTTLED)
    assert is_throttled(429, "")
    assert not is_throttled(403, '{"status":"unauthorized"}')
    assert not is_throttled(400, THROTTLED)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [403, 429])
def test_f13_a_throttled_request_waits_and_is_sent_again(
    session: CanvasSession, canvas: responses.RequestsMock, waits: Waits, method: str, status: int
) -> None:
    canvas.add(method, CANVAS + PATH, status=status, body=THROTTLED, headers={"X-Rate-Limit-Remaining": "-40"})
    canvas.add(method, CANVAS + PATH, json={"id": 1})

    answer = session.read(PATH) if method == "GET" else session.write(method, PATH, {})

    assert answer.body == {"id": 1}
    assert len(waits.seconds) == 1
    assert 24.0 <= waits.seconds[0] <= 30.0


def test_f13_a_wait_of_many_minutes_is_left_to_the_sweep(
    session: CanvasSession, canvas: responses.RequestsMock, waits: Waits
) -> None:
    canvas.add("GET", CANVAS + PATH, status=429, headers={"Retry-After": "3600"})

    with pytest.raises(CanvasThrottled) as raised:
        session.read(PATH)

    assert raised.value.wait_seconds == 3600
    assert waits.seconds == []


def test_f08_f13_who_waits_after_a_refusal_can_renew_what_it_holds_every_few_seconds(
    canvas: responses.RequestsMock, waits: Waits
) -> None:
    canvas.add("GET", CANVAS + PATH, status=429, headers={"X-Rate-Limit-Remaining": "-40"})
    canvas.add("GET", CANVAS + PATH, json={"id": 1})
    silences: list[float] = []
    session = CanvasSession(
        base_url=CANVAS, token=TOKEN, sleep=waits, while_waiting=lambda: silences.append(sum(waits.seconds))
    )

    session.read(PATH)

    assert sum(waits.seconds) >= 24.0
    assert max(waits.seconds) <= 5.0
    assert silences == [5.0 * number for number in range(1, len(silences) + 1)]
    assert len(silences) >= 4
