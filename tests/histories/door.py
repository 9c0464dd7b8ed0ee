"""The door of Canvas in a history: it looks for the intents, answers in part, lets others act, and lets workers die."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from django.db import connection

from accommodations.models import ActionLogEntry, CanvasAct, Student, SyncAction
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.records.assessments import Override
from canvas_bridge.sandbox.state import SandboxState
from tests import partial_answers

STARTED = "canvas.write.started"
UNDOES_WHAT_IS_OPEN = ("ROLLBACK TO", "RELEASE")
"""What the database does by itself when the process that had a transaction open is gone."""


class Died(BaseException):
    """The process is gone: nothing of it runs any more, no clean-up either."""


@dataclass
class Disturbances:
    """What happens at the door by and by, counted in requests or statements from now on."""

    dies_at_statement: int | None = None
    dies_at_request: tuple[int, bool] | None = None
    partial_answers: list[str] = field(default_factory=list)
    meanwhile: dict[int, list[Callable[[], None]]] = field(default_factory=dict)
    requests_seen: int = 0
    is_at_work: bool = False
    is_dead: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is to come."""
        deaths = (self.dies_at_statement, self.dies_at_request)
        return deaths == (None, None) and not self.partial_answers and not self.meanwhile

    def forget(self) -> None:
        """Let nothing more come."""
        vars(self).update(vars(Disturbances()))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let a process work on the block's part: it may die in it, which ends the block and nothing else."""
        self.requests_seen, self.is_at_work, self.is_dead = 0, True, False
        try:
            with connection.execute_wrapper(self._statement):
                yield
        except Died:
            connection.needs_rollback = False
        finally:
            self.dies_at_statement = self.dies_at_request = None
            self.meanwhile = {}
            self.is_at_work = self.is_dead = False

    def _statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.is_dead and not str(sql).startswith(UNDOES_WHAT_IS_OPEN):
            raise Died
        if self.dies_at_statement is not None and not self.is_dead:
            self.dies_at_statement -= 1
            if self.dies_at_statement < 0 and not str(sql).startswith(UNDOES_WHAT_IS_OPEN):
                self.is_dead = True
                raise Died
        return execute(sql, params, many, context)

    def request_comes(self) -> None:
        """A dead process sends nothing; one may die before its request has left."""
        if self.is_dead:
            raise Died
        if self.is_at_work and self.dies_at_request == (self.requests_seen, False):
            self.is_dead = True
            raise Died

    def request_is_answered(self) -> None:
        """One may die before it has heard the answer; after it, others may act."""
        if not self.is_at_work:
            return
        if self.dies_at_request == (self.requests_seen, True):
            self.is_dead = True
            raise Died
        for act in self.meanwhile.pop(self.requests_seen, ()):
            act()
        self.requests_seen += 1


class WatchedAdapter(SandboxAdapter):
    """Checks at the door of Canvas that the intent of every write is in the log before the request (R14)."""

    def __init__(self, state: SandboxState, disturbances: Disturbances) -> None:
        super().__init__(state)
        self.state = state
        self.disturbances = disturbances

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Answer as the sandbox does, once the intent has been found."""
        self.disturbances.request_comes()
        if request.method == "GET":
            response = super().send(request, *args, **options)
        else:
            _check_intents(request)
            response = self._written(request, *args, **options)
        self.disturbances.request_is_answered()
        return response

    def _written(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        kind = _partial_kind(request)
        if kind is None or kind not in self.disturbances.partial_answers:
            return super().send(request, *args, **options)
        self.disturbances.partial_answers.remove(kind)
        body = json.loads(request.body or "{}")
        if kind == "f20":
            return self._refused_after_removals(request, body, *args, **options)
        return self._without_one(kind, request, body, *args, **options)

    def _without_one(
        self, kind: str, request: requests.PreparedRequest, body: Any, *args: Any, **options: Any
    ) -> requests.Response:
        """F21, F22, F34: one student gets nothing."""
        kept, left_out = partial_answers.without_one(kind, body)
        _replace_body(request, kept)
        response = super().send(request, *args, **options)
        answer = json.loads(response.content or "null")
        return _answered(response, *partial_answers.told(kind, response.status_code, answer, left_out))

    def _refused_after_removals(
        self, request: requests.PreparedRequest, body: Any, *args: Any, **options: Any
    ) -> requests.Response:
        """F20: whom the body leaves out is taken out of the override, and then all of it is refused."""
        response = super().send(_asking_nothing(request), *args, **options)
        for override, wanted in _overrides_in(self.state, request.path_url, body):
            override.student_ids = [one for one in override.student_ids if one in wanted] or override.student_ids
        return _answered(response, 400, {"errors": ["invalid record"]})


def _partial_kind(request: requests.PreparedRequest) -> str | None:
    method, path = request.method or "", request.path_url.partition("?")[0]
    return "f20" if method == "PUT" and "/overrides" in path else partial_answers.kind_of(method, path)


def _overrides_in(state: SandboxState, path: str, body: Any) -> Iterator[tuple[Override, list[int]]]:
    """Yield the overrides that a request writes, with whom it leaves in them."""
    one, many = body.get("assignment_override"), body.get("assignment_overrides")
    named = [(int(path.rpartition("/")[2]), one)] if one else [(int(each["id"]), each) for each in many or ()]
    for number, values in named:
        override = state.overrides.get(number)
        if override is not None and values.get("student_ids"):
            yield override, [int(user) for user in values["student_ids"]]


def _asking_nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    asking = request.copy()
    asking.method, asking.body = "GET", None
    asking.url = (request.url or "").partition("/api/v1/")[0] + "/api/v1/users/self"
    return asking


def _replace_body(request: requests.PreparedRequest, body: Any) -> None:
    request.body = json.dumps(body)
    request.headers["Content-Length"] = str(len(request.body))


def _answered(response: requests.Response, status: int, body: Any) -> requests.Response:
    response.status_code = status
    response._content = json.dumps(body).encode()  # requests offers no other way to say another body
    return response


def _check_intents(request: requests.PreparedRequest) -> None:
    """Check that somebody's intent stands, and that of everybody whom the request gives something."""
    open_now = (SyncAction.Status.STARTED, SyncAction.Status.UNKNOWN)
    actions = dict(SyncAction.objects.filter(status__in=open_now).values_list("pk", "student__canvas_user_id"))
    intents = ActionLogEntry.objects.filter(act=STARTED, action_id_logged__in=actions)
    intended = {actions[number] for number in intents.values_list("action_id_logged", flat=True) if number}
    intended |= _intended_by_people()
    assert intended, ("R14: a write without an intent", request.method, request.path_url)
    named = set(_users_in(json.loads(request.body or "{}"))) if request.method == "POST" else set()
    assert named <= intended, ("R14: a student without an intent", request.path_url, named - intended)


def _intended_by_people() -> set[int]:
    """Return the Canvas ids of those on whom a confirmed act of a person is at work."""
    keys = CanvasAct.objects.filter(status=CanvasAct.Status.STARTED).values("key")
    entries = ActionLogEntry.objects.filter(act=STARTED, request_id__in=keys).values("student_id_logged")
    return set(Student.objects.filter(pk__in=entries).values_list("canvas_user_id", flat=True))


def _users_in(body: Any) -> Iterator[int]:
    """Yield the Canvas ids of everybody whom a body names."""
    if isinstance(body, list):
        for one in body:
            yield from _users_in(one)
    elif isinstance(body, dict):
        for name, value in body.items():
            if name == "user_id":
                yield int(value)
            elif name == "student_ids":
                yield from map(int, value)
            else:
                yield from _users_in(value)
