"""Disturbances on demand: latency, lost connections, wrong answers, throttling (set through `/_sandbox/faults`).

| kind | value | what the caller sees |
|---|---|---|
| latency | seconds, or {"seconds", "before": true} to wait before acting | the answer comes late |
| drop_before, drop_after | none | the connection ends before or after the request was carried out |
| status | code, [code, body?, content type?], or {"code", "body"?, "content_type"?, "carried_out"?} | that answer |
| truncate | none | the body ends half way, then the connection |
| drip | seconds a byte | the body comes byte by byte |
| throttle | none | refused as Canvas refuses with a full bucket |
| throttle_level | level | the caller's bucket is filled to the level first; once, unless a count is given |

With `status` the request is not carried out unless said. A request takes the first matching fault of each kind; of
drop, status, truncate and throttle only the first of all.
"""

import json
import math
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from canvas_bridge.sandbox.http.answers import Answer, Refusal, refusal
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.store import Control, Fault

OUTCOMES = ("drop_before", "drop_after", "status", "truncate", "throttle")
WITH_SECONDS = ("latency", "drip")
KINDS = (*WITH_SECONDS, *OUTCOMES, "throttle_level")
KEYS = ("kind", "method", "path", "count", "value")
STATUS_KEYS = ("code", "body", "content_type", "carried_out")
LATENCY_KEYS = ("seconds", "before")


def read_faults(payload: Any) -> list[Fault]:
    """Return the faults that a control request describes; if one of them is wrong, none is set."""
    wanted = payload if isinstance(payload, list) else [payload]
    return [_read_fault(one) for one in wanted]


def _read_fault(data: Any) -> Fault:
    if not isinstance(data, dict) or data.get("kind") not in KINDS:
        raise _wrong(f"kind must be one of {', '.join(KINDS)}")
    _check_keys(data, KEYS, "")
    fault = Fault(**data)
    if fault.kind == "throttle_level" and fault.count is None:
        fault.count = 1
    _check_matching(fault)
    _check_value(fault)
    return fault


def _check_keys(data: dict[str, Any], known: Iterable[str], where: str) -> None:
    unknown = set(data) - set(known)
    if unknown:
        raise _wrong(f"unknown keys{where}: {', '.join(sorted(unknown))}")


def _check_matching(fault: Fault) -> None:
    if fault.method is not None and not isinstance(fault.method, str):
        raise _wrong("method must be a text")
    if fault.count is not None and (type(fault.count) is not int or fault.count < 1):
        raise _wrong("count must be a whole number from 1")
    try:
        re.compile(fault.path or "")
    except (re.error, TypeError) as error:
        raise _wrong(f"path is no regular expression: {error}") from error


def _check_value(fault: Fault) -> None:
    value = fault.value
    if fault.kind == "status":
        _check_status(value)
    elif fault.kind == "latency" and isinstance(value, dict):
        _check_keys(value, LATENCY_KEYS, " in value")
        _check_number(fault.kind, value.get("seconds"))
    elif fault.kind in (*WITH_SECONDS, "throttle_level"):
        _check_number(fault.kind, value)


def _check_number(kind: str, value: Any) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or (kind in WITH_SECONDS and value < 0):
        raise _wrong(f"the value of {kind} must be a number{' from 0' if kind in WITH_SECONDS else ''}")


def _check_status(value: Any) -> None:
    settings = _settings_in(value)
    _check_keys(settings, STATUS_KEYS, " in value")
    code = settings.get("code")
    if type(code) is not int or not 200 <= code <= 599:
        raise _wrong("the code of status must be a number from 200 to 599")
    if not isinstance(settings.get("content_type", ""), str):
        raise _wrong("content_type must be a text")


def _wrong(message: str) -> Refusal:
    return refusal(400, {"error": message})


def take_faults(control: Control, request: Request) -> dict[str, Fault]:
    """Return the faults that a request meets, counted down: by kind, those that end it as `outcome`."""
    taken: dict[str, Fault] = {}
    for fault in list(control.faults):
        group = "outcome" if fault.kind in OUTCOMES else fault.kind
        if group not in taken and _matches(fault, request):
            taken[group] = fault
            _count_down(control, fault)
    return taken


def _count_down(control: Control, fault: Fault) -> None:
    if fault.count is not None:
        fault.count -= 1
        if fault.count <= 0:
            control.faults = [one for one in control.faults if one is not fault]


def _matches(fault: Fault, request: Request) -> bool:
    if fault.method and fault.method.upper() != request.method:
        return False
    full = f"{request.path}?{request.query}"
    addresses = (request.path, full, unquote(full))
    return not fault.path or any(re.search(fault.path, one) for one in addresses)


def answer_instead(faults: dict[str, Fault]) -> Answer | None:
    """Return what is answered without carrying the request out; None where it is carried out."""
    outcome = faults.get("outcome")
    if outcome is None:
        return None
    if outcome.kind == "drop_before":
        return Answer(is_dropped=True)
    is_instead = outcome.kind == "status" and not _settings(outcome).get("carried_out")
    return _status_answer(outcome) if is_instead else None


def disturbed(faults: dict[str, Fault], answer: Answer) -> Answer:
    """Return an answer as the faults let it arrive."""
    outcome = faults.get("outcome")
    if outcome and outcome.kind == "status":
        answer = _status_answer(outcome)
    answer.is_dropped = answer.is_dropped or bool(outcome and outcome.kind == "drop_after")
    answer.is_cut = bool(outcome and outcome.kind == "truncate")
    answer.delay_seconds = latency_of(faults)
    answer.drip_seconds = float(faults["drip"].value) if "drip" in faults else 0.0
    return answer


def latency_of(faults: dict[str, Fault]) -> float:
    """Return for how many seconds the answer is kept back."""
    if "latency" not in faults:
        return 0.0
    value = faults["latency"].value
    return float(value["seconds"] if isinstance(value, dict) else value)


def waits_before_acting(faults: dict[str, Fault]) -> bool:
    """Whether the latency comes before the request is carried out; else it comes after."""
    value = faults["latency"].value if "latency" in faults else None
    return isinstance(value, dict) and bool(value.get("before"))


def _settings(fault: Fault) -> dict[str, Any]:
    return _settings_in(fault.value)


def _settings_in(value: Any) -> dict[str, Any]:
    """Return the settings of a status by name: given so, as a list in that order, or the code alone."""
    if isinstance(value, dict):
        return {"code" if name == "status" else name: one for name, one in value.items()}
    return dict(zip(STATUS_KEYS, value, strict=False)) if isinstance(value, list) else {"code": value}


def _status_answer(fault: Fault) -> Answer:
    settings = _settings(fault)
    body = settings.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    content_type = settings.get("content_type", "application/json; charset=utf-8")
    return Answer(status=settings["code"], body=text.encode(), content_type=content_type)
