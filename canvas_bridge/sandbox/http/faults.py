"""Disturbances on demand: latency, lost connections, wrong answers, throttling (set through `/_sandbox/faults`).

Kinds: `latency` (value: seconds, or {"seconds", "before": true} to wait before acting), `drop_before` and `drop_after`
(the connection ends before or after the request was carried out), `status` (value: {"code", "body"?, "content_type"?};
not carried out, unless "carried_out" is true), `truncate` (the body ends half way), `throttle` (refused as if the
bucket were full) and `throttle_level` (value: the level to which the caller's bucket is filled first).
"""

import json
import re
from typing import Any

from canvas_bridge.sandbox.http.answers import Answer, Refusal, refusal
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.store import Control, Fault

KINDS = ("latency", "drop_before", "drop_after", "status", "truncate", "throttle", "throttle_level")


def read_faults(payload: Any) -> list[Fault]:
    """Return the faults that a control request describes."""
    wanted = payload if isinstance(payload, list) else [payload]
    return [_read_fault(one) for one in wanted]


def _read_fault(data: Any) -> Fault:
    if not isinstance(data, dict) or data.get("kind") not in KINDS:
        raise _unknown(f"kind must be one of {', '.join(KINDS)}")
    unknown = set(data) - {"kind", "method", "path", "count", "value"}
    if unknown:
        raise _unknown(f"unknown keys: {', '.join(sorted(unknown))}")
    return Fault(**data)


def _unknown(message: str) -> Refusal:
    return refusal(400, {"error": message})


def take_fault(control: Control, request: Request) -> Fault | None:
    """Return the first fault that matches the request, counted down; None without one."""
    for fault in control.faults:
        if _matches(fault, request):
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    control.faults.remove(fault)
            return fault
    return None


def _matches(fault: Fault, request: Request) -> bool:
    if fault.method and fault.method.upper() != request.method:
        return False
    return not fault.path or re.search(fault.path, request.path) is not None


def status_answer(value: Any) -> Answer:
    """Return the answer of a `status` fault."""
    settings = value if isinstance(value, dict) else {"code": value}
    body = settings.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    content_type = settings.get("content_type", "application/json; charset=utf-8")
    return Answer(status=int(settings.get("code", 500)), body=text.encode(), content_type=content_type)


def disturbed(fault: Fault, answer: Answer) -> Answer:
    """Return an answer as the fault lets it arrive."""
    if fault.kind == "drop_after":
        answer.is_dropped = True
    elif fault.kind == "truncate":
        answer.is_cut = True
    elif fault.kind == "latency":
        answer.delay_seconds = latency_seconds(fault)
    elif fault.kind == "status":
        return status_answer(fault.value)
    return answer


def latency_seconds(fault: Fault) -> float:
    """Return how long a `latency` fault waits."""
    value = fault.value.get("seconds", 0) if isinstance(fault.value, dict) else fault.value
    return float(value or 0)


def acts_before(fault: Fault) -> bool:
    """Whether the fault keeps the request from being carried out."""
    if fault.kind == "status":
        return not (isinstance(fault.value, dict) and fault.value.get("carried_out"))
    return fault.kind in ("drop_before", "throttle")
