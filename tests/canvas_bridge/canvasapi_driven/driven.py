"""The PyPI package `canvasapi`, which knows nothing of this project, set to work on a sandbox in process."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import canvasapi
from canvasapi import Canvas

from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.state import SandboxState

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
BASE_URL = "https://canvas.test"
ADMIN_TOKEN = "an-administrators-token"


class Driven:
    """An empty sandbox and `canvasapi` clients for its people."""

    def __init__(self) -> None:
        self.state = SandboxState(now=NOW)
        self._adapter = SandboxAdapter(self.state)
        self.admin = self.client(self.state.add_admin_token(ADMIN_TOKEN))
        self.account = self.admin.get_account(1)

    def client(self, token: str) -> Canvas:
        """Return a `canvasapi` client whose requests go to the sandbox in process."""
        canvas = Canvas(BASE_URL, token)
        session_of(canvas).mount(BASE_URL, self._adapter)
        return canvas

    def as_user(self, user: Any) -> Canvas:
        """Return a client of that person, with a token from the sandbox's control interface."""
        answer = session_of(self.admin).post(f"{BASE_URL}/_sandbox/tokens", json={"user_id": user.id})
        return self.client(answer.json()["token"])

    def control(self, name: str, payload: Any) -> Any:
        """Send a control request."""
        return session_of(self.admin).post(f"{BASE_URL}/_sandbox/{name}", json=payload).json()

    def send(self, method: str, path: str, payload: Any = None) -> Any:
        """Send what the package has no method for, with its session, as JSON."""
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
        answer = session_of(self.admin).request(method, f"{BASE_URL}/api/v1/{path}", json=payload, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def person(self, name: str, login: str, **user: Any) -> Any:
        """Create a registered user."""
        return self.account.create_user({"unique_id": login}, user={"name": name, "skip_registration": True, **user})

    def course(self, name: str = "Cell Biology", **options: Any) -> Any:
        """Create a published course."""
        return self.account.create_course(course={"name": name, "course_code": name[:4], **options}, offer=True)

    def enrolled(self, course: Any, name: str, kind: str = "StudentEnrollment", **enrollment: Any) -> Any:
        """Create a person with an active enrollment in the course."""
        user = self.person(name, name.lower().replace(" ", "."))
        course.enroll_user(user, enrollment={"type": kind, "enrollment_state": "active", **enrollment})
        return user

    def endpoints_called(self) -> set[str]:
        """Return the endpoints that were reached, as the sandbox names them."""
        return set(self.state.control.totals)

    def classroom(self) -> SimpleNamespace:
        """Create a course with a teacher and three students, one of them in a second section."""
        course = self.course()
        evening = course.create_course_section(course_section={"name": "Evening"})
        return SimpleNamespace(
            course=course,
            evening=evening,
            teacher=self.enrolled(course, "Ingrid Solberg", "TeacherEnrollment"),
            ana=self.enrolled(course, "Ana Oliveira"),
            bao=self.enrolled(course, "Bao Nguyen"),
            chidi=self.enrolled(course, "Chidi Okafor", course_section_id=evening.id),
        )


def session_of(canvas: Canvas) -> Any:
    """Return the `requests` session inside a client; the package offers no other way to mount an adapter."""
    return canvas._Canvas__requester._session


Scenario = Callable[[Driven], None]


@dataclass
class Scenarios:
    """Scenarios by name, gathered by decorating them."""

    found: dict[str, Scenario] = field(default_factory=dict)

    def __call__(self, scenario: Scenario) -> Scenario:
        self.found[scenario.__name__] = scenario
        return scenario


_CALLS = re.compile(r"`(GET|POST|PUT|DELETE|PATCH)\s+(/api/\S+)")


def endpoints_that_canvasapi_knows() -> dict[str, list[str]]:
    """Return each endpoint that a docstring of the package names (names of path parts as `:x`), with the methods."""
    known: dict[str, list[str]] = {}
    for file in sorted(Path(canvasapi.__file__).parent.glob("*.py")):
        for owner, function in _methods(ast.parse(file.read_text())):
            for method, path in _CALLS.findall(ast.get_docstring(function) or ""):
                known.setdefault(f"{method} {without_names(path)}", []).append(f"{owner}.{function.name}")
    return known


def _methods(tree: ast.Module) -> list[tuple[str, ast.FunctionDef]]:
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return [(one.name, node) for one in classes for node in one.body if isinstance(node, ast.FunctionDef)]


def without_names(path: str) -> str:
    """Return a path pattern with its parameters unnamed, as packages name them differently."""
    return re.sub(r":\w+", ":x", path)
