"""The sandbox as one function from request to answer: rate limit, faults, token, route, handler, request log."""

import logging
import time
from collections.abc import Callable
from urllib.parse import unquote

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.caller import Caller
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.table import api_table
from canvas_bridge.sandbox.api.tokens import authenticate, client_of
from canvas_bridge.sandbox.control.handlers import control_answer
from canvas_bridge.sandbox.http import throttle
from canvas_bridge.sandbox.http.answers import Answer, Refusal, not_found, unexpected
from canvas_bridge.sandbox.http.faults import acts_before, disturbed, latency_seconds, status_answer, take_fault
from canvas_bridge.sandbox.http.parsing import UnreadableBody
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.http.string_ids import with_wanted_ids
from canvas_bridge.sandbox.pages.views import page_answer
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import Fault, RequestRecord

LONGEST_LOGGED_BODY = 20_000
CONTROL = "/_sandbox"
logger = logging.getLogger(__name__)


class SandboxApplication:
    """Answers requests from one state. `rebuild` makes the state of a reset; `sleep` waits in latency faults."""

    def __init__(
        self,
        state: SandboxState,
        *,
        rebuild: Callable[[], SandboxState] = SandboxState,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.state = state
        self.rebuild = rebuild
        self.sleep = sleep
        self.table = api_table()

    def handle(self, request: Request) -> Answer:
        """Return the answer to a request; nothing is raised."""
        try:
            if request.path.startswith(CONTROL):
                return self._control(request)
            if request.path.startswith("/api/"):
                return self._api(request)
            with self.state.lock:
                return page_answer(self.state, request)
        except Refusal as refused:
            return refused.answer
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            return unexpected().answer

    def _control(self, request: Request) -> Answer:
        if not request.is_from_loopback:
            raise not_found()
        with self.state.lock:
            return control_answer(self.state, request, self.rebuild)

    def _api(self, request: Request) -> Answer:
        control = self.state.control
        client = client_of(request)
        with self.state.lock:
            fault = take_fault(control, request)
        if fault and fault.kind == "throttle_level":
            throttle.set_level(control, client, float(fault.value or 0))
        if (fault and fault.kind == "throttle") or not throttle.reserve(control, client):
            answer = throttle.refused(control, client)
            return self._logged(request, None, None, answer, 0.0, fault)
        return self._metered(request, client, fault)

    def _metered(self, request: Request, client: str, fault: Fault | None) -> Answer:
        cost = 0.0
        try:
            caller, route, answer = self._carried_out(request, fault)
            cost = throttle.cost_of(request.method, answer)
        finally:
            remaining = throttle.settle(self.state.control, client, cost)
        answer.headers["X-Request-Cost"] = str(cost)
        answer.headers["X-Rate-Limit-Remaining"] = str(round(remaining, 4))
        if fault:
            answer = disturbed(fault, answer)
        return self._logged(request, caller, route, answer, cost, fault)

    def _carried_out(self, request: Request, fault: Fault | None) -> tuple[Caller | None, Route | None, Answer]:
        if fault and acts_before(fault):
            is_dropped = fault.kind == "drop_before"
            return None, None, Answer(is_dropped=True) if is_dropped else status_answer(fault.value)
        if fault and fault.kind == "latency" and isinstance(fault.value, dict) and fault.value.get("before"):
            self.sleep(latency_seconds(fault))
        with self.state.lock:
            return self._dispatched(request)

    def _dispatched(self, request: Request) -> tuple[Caller | None, Route | None, Answer]:
        caller = route = None
        try:
            found = self.table.find(request.method, request.path)
            route = found[0] if found else None
            caller = authenticate(self.state, request, route)
            if not found or not route:
                raise not_found()
            values = {name: unquote(value) for name, value in found[1].items()}
            answer = route.handler(Call(self.state, request, caller, values, request.params))
            answer = with_wanted_ids(request, answer)
        except Refusal as refused:
            answer = refused.answer
        except UnreadableBody:
            answer = unexpected(400).answer
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            answer = unexpected().answer
        if request.method != "GET":
            self.state.writes += 1
        return caller, route, answer

    def _logged(
        self,
        request: Request,
        caller: Caller | None,
        route: Route | None,
        answer: Answer,
        cost: float,
        fault: Fault | None,
    ) -> Answer:
        with self.state.lock:
            control = self.state.control
            control.request_count += 1
            found = self.table.find(request.method, request.path) if route is None else (route, {})
            endpoint = found[0].endpoint if found else f"{request.method} unknown"
            control.totals[endpoint] += 1
            control.requests.append(
                RequestRecord(
                    number=control.request_count,
                    at=self.state.now(),
                    method=request.method,
                    path=request.path,
                    query=request.query,
                    endpoint=endpoint,
                    status=answer.status,
                    cost=cost,
                    caller_id=caller.user.id if caller else None,
                    body=request.body[:LONGEST_LOGGED_BODY].decode("utf-8", "replace"),
                    fault=fault.kind if fault else None,
                )
            )
        return answer
