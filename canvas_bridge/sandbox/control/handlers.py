"""Control requests: tokens, clock, request log, state, faults, switches, acts of instructors, reset."""

import dataclasses
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.call import find_user, found
from canvas_bridge.sandbox.control.acts import carry_out, described
from canvas_bridge.sandbox.dump import dump, load
from canvas_bridge.sandbox.http.answers import Answer, json_answer, not_found, refusal, text_answer
from canvas_bridge.sandbox.http.faults import read_faults
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.shapes.times import read_optional_time, shown
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import RequestRecord
from canvas_bridge.sandbox.switches import BadSwitch

Rebuild = Callable[[], SandboxState]


def control_answer(state: SandboxState, request: Request, rebuild: Rebuild) -> Answer:
    """Answer a control request."""
    name = request.path.removeprefix("/_sandbox").strip("/")
    if (request.method, name) == ("POST", "reset"):
        return _reset(state, rebuild)
    handler = HANDLERS.get((request.method, name))
    if handler is None:
        raise not_found()
    return handler(state, request)


def _reset(state: SandboxState, rebuild: Rebuild) -> Answer:
    """Make everything as it was at first; the administrator's tokens stay, those of others go with their people."""
    kept = [token.text for token in state.tokens if token.user_id == state.admin.id and not token.is_revoked]
    load(state, dump(rebuild()))
    for text in kept:
        if state.tokens.first("text", text) is None:
            state.add_admin_token(text)
    state.control.faults.clear()
    _forget_requests(state)
    state.control.buckets.clear()
    state.writes += 1
    return json_answer({"reset": True})


def _forget_requests(state: SandboxState) -> None:
    state.control.requests.clear()
    state.control.totals.clear()
    state.control.request_count = 0


def add_token(state: SandboxState, request: Request) -> Answer:
    """Make a token for a user, given by id or SIS form; `expires_at` and `scopes` narrow it."""
    user = found(find_user(state, request.text("user_id"), state.admin))
    scopes = request.params.get("scopes")
    if scopes is not None and not (isinstance(scopes, list) and all(isinstance(one, str) for one in scopes)):
        raise refusal(400, {"error": "scopes must be a list of texts"})
    expires_at = _instant(request, "expires_at")
    state.writes += 1
    return json_answer({"token": state.add_token(user, expires_at=expires_at, scopes=scopes)})


def _instant(request: Request, name: str) -> datetime | None:
    try:
        return read_optional_time(request.params.get(name), "UTC")
    except ValueError as error:
        raise refusal(400, {"error": f"{name} must be an ISO 8601 instant or null: {error}"}) from error


def set_clock(state: SandboxState, request: Request) -> Answer:
    """Stop the clock at an instant, also an earlier one, or let it run again with null."""
    if "now" not in request.params:
        raise refusal(400, {"error": "now is missing: an ISO 8601 instant, or null for the real time"})
    state.freeze(_instant(request, "now"))
    return json_answer({"now": shown(state.now()), "frozen": state.frozen_at is not None})


def list_requests(state: SandboxState, request: Request) -> Answer:
    """Answer with the request log in order (the last 20,000), and totals for each endpoint (all)."""
    records = list(state.control.requests)
    return json_answer(
        {
            "requests": [_record_json(record) for record in records],
            "totals": dict(state.control.totals.most_common()),
            "count": state.control.totals.total(),
        }
    )


def _record_json(record: RequestRecord) -> dict[str, Any]:
    values = dataclasses.asdict(record)
    caller_id = values.pop("caller_id")
    return {**values, "at": record.at.isoformat(), "caller": caller_id}


def forget_requests(state: SandboxState, request: Request) -> Answer:
    """Empty the request log."""
    _forget_requests(state)
    return json_answer({"count": 0})


def show_state(state: SandboxState, request: Request) -> Answer:
    """Answer with everything that is held, tokens left out; equal states give equal bytes."""
    text = json.dumps(dump(state, with_tokens=False), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text_answer(text, 200, "application/json; charset=utf-8")


def add_faults(state: SandboxState, request: Request) -> Answer:
    """Set faults, after those already set."""
    payload = request.params.get("_json", request.params.get("faults", request.params))
    state.control.faults = [*state.control.faults, *read_faults(payload)]
    return list_faults(state, request)


def list_faults(state: SandboxState, request: Request) -> Answer:
    """Answer with the faults that are still to come."""
    return json_answer({"faults": [dataclasses.asdict(one) for one in state.control.faults]})


def clear_faults(state: SandboxState, request: Request) -> Answer:
    """Drop all faults and empty the rate limit's buckets."""
    state.control.faults.clear()
    state.control.buckets.clear()
    return list_faults(state, request)


def set_switches(state: SandboxState, request: Request) -> Answer:
    """Turn switches of section 13; an unknown name or value is refused, and nothing is set."""
    try:
        state.switches.turn(request.params)
    except BadSwitch as error:
        raise refusal(400, {"error": str(error)}) from error
    return show_switches(state, request)


def show_switches(state: SandboxState, request: Request) -> Answer:
    """Answer with all switches."""
    return json_answer(dataclasses.asdict(state.switches))


def act(state: SandboxState, request: Request) -> Answer:
    """Do what somebody does on a page of Canvas."""
    answer = carry_out(state, request.params)
    state.writes += 1
    return json_answer(answer)


def list_acts(state: SandboxState, request: Request) -> Answer:
    """Answer with all acts and their parameters."""
    return json_answer(described())


HANDLERS: dict[tuple[str, str], Callable[[SandboxState, Request], Answer]] = {
    ("POST", "tokens"): add_token,
    ("POST", "clock"): set_clock,
    ("GET", "requests"): list_requests,
    ("DELETE", "requests"): forget_requests,
    ("GET", "state"): show_state,
    ("POST", "faults"): add_faults,
    ("GET", "faults"): list_faults,
    ("DELETE", "faults"): clear_faults,
    ("POST", "switches"): set_switches,
    ("GET", "switches"): show_switches,
    ("POST", "act"): act,
    ("GET", "act"): list_acts,
}
