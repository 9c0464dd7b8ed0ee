"""What each exchange with Canvas cost: for a rate budget that several workers share, and for measurements."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestMeter:
    """One HTTP exchange, refusals and broken ones included. Holds no id, no name and no token.

    `endpoint` is the path's pattern. `status_code` is None where no answer came. `cost` and `remaining` are Canvas's
    `X-Request-Cost` and `X-Rate-Limit-Remaining`, None where it did not send them (a throttled request has no cost;
    remaining may be negative). `seconds` is the time it took, waits between tries left out; `retries` is 0 for the
    first try of a request. `throttled_seconds` is set where the rate limiter refused: so long nobody with
    this token should ask again (contract 1.5); any other 403 leaves it None.
    """

    endpoint: str
    method: str
    status_code: int | None
    cost: float | None
    remaining: float | None
    seconds: float
    retries: int
    throttled_seconds: float | None = None


Observer = Callable[[RequestMeter], None]


def number_in(headers: Mapping[str, str], name: str) -> float | None:
    """Return a header's number; None where it is missing or no finite number."""
    try:
        number = float(headers.get(name) or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
