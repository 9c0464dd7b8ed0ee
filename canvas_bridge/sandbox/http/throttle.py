"""The leaky bucket of each token (contract 1.5)."""

import threading
import time

from canvas_bridge.sandbox.http.answers import Answer, text_answer
from canvas_bridge.sandbox.store import Bucket, Control

READ_COST = 0.05
WRITE_COST = 0.15
COST_OF_A_ROW = 0.002

_bucket_lock = threading.Lock()


def reserve(control: Control, client: str) -> bool:
    """Take the up-front cost of one request; False when the bucket is full and the request must be refused."""
    with _bucket_lock:
        bucket = _leaked(control, client)
        if bucket.level >= control.quota.high_water_mark:
            return False
        bucket.level = min(control.quota.maximum, bucket.level + control.quota.up_front_cost)
        return True


def settle(control: Control, client: str, cost: float) -> float:
    """Give the up-front cost back, charge the real one, and return what remains below the high-water mark."""
    with _bucket_lock:
        bucket = _leaked(control, client)
        bucket.level = max(0.0, bucket.level - control.quota.up_front_cost + cost)
        return control.quota.high_water_mark - bucket.level


def set_level(control: Control, client: str, level: float) -> None:
    """Fill a bucket to a level: used by faults."""
    with _bucket_lock:
        _leaked(control, client).level = level


def remaining(control: Control, client: str) -> float:
    """Return what remains below the high-water mark; negative when over it."""
    with _bucket_lock:
        return control.quota.high_water_mark - _leaked(control, client).level


def cost_of(method: str, answer: Answer) -> float:
    """Return a request's cost: a steady stand-in for the CPU and database seconds that Canvas measures."""
    base = READ_COST if method == "GET" else WRITE_COST
    return round(base + COST_OF_A_ROW * answer.row_count, 4)


def refused(control: Control, client: str) -> Answer:
    """Return the answer to a throttled request, which has not been executed."""
    status = control.switches.throttle_status
    words = "429 Too Many Requests" if status == 429 else "403 Forbidden"
    answer = text_answer(f"{words} (Rate Limit Exceeded)\n", status)
    # Canvas refuses at a full bucket alone, so also a refusal on demand tells that nothing remains.
    answer.headers["X-Rate-Limit-Remaining"] = str(round(min(0.0, remaining(control, client)), 4))
    return answer


def _leaked(control: Control, client: str) -> Bucket:
    now = time.monotonic()
    bucket = control.buckets.setdefault(client, Bucket(looked_at=now))
    bucket.level = max(0.0, bucket.level - (now - bucket.looked_at) * control.quota.outflow)
    bucket.looked_at = now
    return bucket
