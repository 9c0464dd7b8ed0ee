"""The sandbox as one function from request to answer: rate limit, faults, token, route, handler, request log."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.caller import Caller
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.table import api_table
from canvas_bridge.sandbox.api.tokens import authenticate, client_of, owner_id
from canvas_bridge.sandbox.control.handlers import control_answer
from canvas_bridge.sandbox.http import throttle
from canvas_bridge.sandbox.http.answers import Answer, Refusal, not_found, unexpected
from canvas_bridge.sandbox.http.faults import answer_instead, disturbed, latency_of, take_faults, waits_before_acting
from canvas_bridge.sandbox.http.parsing import UnreadableBody
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.http.string_ids import with_wanted_ids
from canvas_bridge.sandbox.pages.views import page_answer
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import Fault, RequestRecord

LONGEST_LOGGED_BODY = 20_000
CONTROL = "/_sandbox"
logger = logging.getLogger(__name__)


@dataclass
class Exchange:
    """One request on its way: who asked for what, the faults it meets, its cost."""

    request: Request
    faults: dict[str, Fault]
    caller: Caller | None = None
    route: Route | None = None
    cost: float = 0.0


class SandboxApplication:
    """Answers requests from one state. `sleep` waits in latency faults.

    `rebuild` makes the state of a reset: without one it is empty, with the clock as it was when the application began.
    """

    def __init__(
        self,
        state: SandboxState,
        *,
        rebuild: Callable[[], SandboxState] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.state = state
        account, first_now = state.account, state.frozen_at
        self.rebuild = rebuild or partial(
            SandboxState, account_name=account.name, time_zone=account.time_zone, now=first_now
        )
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
        except UnreadableBody:
            return unexpected(400).answer
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
            exchange = Exchange(request, take_faults(control, request))
        if "throttle_level" in exchange.faults:
            throttle.set_level(control, client, float(exchange.faults["throttle_level"].value))
        outcome = exchange.faults.get("outcome")
        if (outcome and outcome.kind == "throttle") or not throttle.reserve(control, client):
            answer = throttle.refused(control, client)
            self._log(exchange, answer)
            return answer
        return self._metered(exchange, client)

    def _metered(self, exchange: Exchange, client: str) -> Answer:
        """Carry the request out; until it is answered, a late one too, its up-front cost stays in the bucket."""
        wait = latency_of(exchange.faults)
        try:
            if wait and waits_before_acting(exchange.faults):
                self.sleep(wait)
            answer = answer_instead(exchange.faults) or self._carried_out(exchange)
            exchange.cost = throttle.cost_of(exchange.request.verb, answer)
            self._log(exchange, answer)
            if wait and not waits_before_acting(exchange.faults):
                self.sleep(wait)
        finally:
            remaining = throttle.settle(self.state.control, client, exchange.cost)
        answer.headers["X-Request-Cost"] = str(exchange.cost)
        answer.headers["X-Rate-Limit-Remaining"] = str(round(remaining, 4))
        return disturbed(exchange.faults, answer)

    def _carried_out(self, exchange: Exchange) -> Answer:
        request = exchange.request
        with self.state.lock:
            try:
                return with_wanted_ids(request, self._answered(exchange))
            except Refusal as refused:
                return refused.answer
            except UnreadableBody:
                return unexpected(400).answer
            except Exception:
                logger.exception("%s %s failed", request.method, request.path)
                return unexpected().answer
            finally:
                if request.verb != "GET":
                    self.state.writes += 1

    def _answered(self, exchange: Exchange) -> Answer:
        request = exchange.request
        if request.method == "OPTIONS":
            return self._methods(request)
        found = self.table.find(request.verb, request.path)
        if not found:
            raise not_found()
        exchange.route, values = found
        exchange.caller = authenticate(self.state, request, exchange.route)
        path = {name: unquote(value) for name, value in values.items()}
        return exchange.route.handler(Call(self.state, request, exchange.caller, path, request.params))

    def _methods(self, request: Request) -> Answer:
        methods = self.table.methods_of(request.path)
        if not methods:
            raise not_found()
        return Answer(status=204, headers={"Allow": ", ".join(methods)})

    def _log(self, exchange: Exchange, answer: Answer) -> None:
        request, caller = exchange.request, exchange.caller
        with self.state.lock:
            control = self.state.control
            found = self.table.find(request.verb, request.path)
            endpoint = found[0].endpoint if found else f"{request.method} unknown"
            control.request_count += 1
            control.totals[endpoint] += 1
            control.requests.append(
                RequestRecord(
                    number=control.request_count,
                    at=self.state.now(),
                    method=request.method,
                    path=request.path,
                    query=request.query,
                    endpoint=endpoint,
                    status=0 if "drop_before" in _kinds(exchange) else answer.status,
                    cost=exchange.cost,
                    caller_id=caller.user.id if caller else owner_id(self.state, request),
                    body=request.body[:LONGEST_LOGGED_BODY].decode("utf-8", "replace"),
                    fault=", ".join(_kinds(exchange)) or None,
                )
            )


def _kinds(exchange: Exchange) -> list[str]:
    return [one.kind for one in exchange.faults.values()]
