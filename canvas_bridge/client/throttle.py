"""Canvas's rate limit: telling a refusal apart, and how long its bucket needs to drain. Pure; nobody sleeps here.

Source: contract 1.5. The bucket drains 10 units a second; 200 free units are enough for four requests in flight.
"""

from collections.abc import Mapping

from canvas_bridge.client.metering import number_in

DRAIN_PER_SECOND = 10.0
WANTED_REMAINING = 200.0
SHORTEST_WAIT_SECONDS = 1.0


def is_throttled(status_code: int, text: str) -> bool:
    """Whether the answer is the rate limiter's: 429, or 403 with its own words (any other 403 means not allowed)."""
    return status_code == 429 or (status_code == 403 and "Rate Limit Exceeded" in text)


def throttle_wait_seconds(headers: Mapping[str, str]) -> float:
    """Return the seconds to wait after a throttled answer: until 200 units are free, or `Retry-After` if that is later.

    Without a readable `X-Rate-Limit-Remaining` nothing is assumed to be left. Remaining may be negative.
    """
    remaining = number_in(headers, "X-Rate-Limit-Remaining")
    wait = (WANTED_REMAINING - (remaining if remaining is not None else 0.0)) / DRAIN_PER_SECOND
    return max(wait, number_in(headers, "Retry-After") or 0.0, SHORTEST_WAIT_SECONDS)
