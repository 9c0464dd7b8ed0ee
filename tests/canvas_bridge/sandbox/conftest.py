"""A small campus in the sandbox, and a caller for each role; the clock stands still."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.server import SandboxServer
from canvas_bridge.sandbox.state import SandboxState

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


class CanvasCaller:
    """Calls the sandbox in process as one user."""

    def __init__(self, state: SandboxState, user: User | None = None, token: str | None = None) -> None:
        self.state = state
        self.session = requests.Session()
        self.session.mount("http://canvas.test", SandboxAdapter(state))
        if user:
            token = state.add_token(user)
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        prefix = "" if path.startswith(("/api", "/_sandbox")) else "/api/v1"
        return self.session.request(method, f"http://canvas.test{prefix}{path}", allow_redirects=False, **options)

    def get(self, path: str, **options: Any) -> requests.Response:
        return self("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> requests.Response:
        return self("POST", path, json=json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> requests.Response:
        return self("PUT", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        return self("DELETE", path, **options)

    def read_page(self, path: str) -> requests.Response:
        """Read a page that people see."""
        return self.session.get(f"http://canvas.test{path}")

    def extend(self, quiz: Any, *elements: Any) -> requests.Response:
        """Send a quiz extension request for one quiz."""
        return self.post(f"/courses/{quiz.course_id}/quizzes/{quiz.id}/extensions", {"quiz_extensions": list(elements)})


@pytest.fixture
def state() -> SandboxState:
    return SandboxState(now=NOW)


@pytest.fixture
def campus(state: SandboxState) -> SimpleNamespace:
    """One course with two sections, a teacher, three students, a timed quiz, an assignment and a New Quiz."""
    course = state.add_course("Cell Biology", "BIO-201", sis_course_id="BIO-201-F26")
    morning = state.add_section(course, "Morning", sis_section_id="BIO-M")
    evening = state.add_section(course, "Evening", sis_section_id="BIO-E")
    teacher = state.add_user("Ingrid Solberg", login_id="isolberg")
    ana = state.add_user("Ana Oliveira", login_id="Ana.Oliveira", sis_user_id="S-100")
    bao = state.add_user("Bao Nguyen", login_id="bnguyen", sis_user_id="S-101")
    chidi = state.add_user("Chidi Okafor", login_id="cokafor", sis_user_id="S-102")
    state.enroll(teacher, course, section=morning, type="TeacherEnrollment")
    state.enroll(ana, course, section=morning)
    state.enroll(bao, course, section=morning)
    state.enroll(chidi, course, section=evening)
    due = NOW + timedelta(days=7)
    quiz = state.add_quiz(course, "Midterm", time_limit=60, allowed_attempts=1, due_at=due, lock_at=due)
    essay = state.add_assignment(course, "Essay", due_at=due, allowed_attempts=2)
    new_quiz = state.add_new_quiz(course, "Weekly check", time_limit_seconds=1800, due_at=due)
    return SimpleNamespace(
        course=course,
        morning=morning,
        evening=evening,
        teacher=teacher,
        ana=ana,
        bao=bao,
        chidi=chidi,
        quiz=quiz,
        quiz_assignment=state.assignments[quiz.assignment_id],
        essay=essay,
        new_quiz=new_quiz,
        due=due,
        overrides=f"/courses/{course.id}/assignments/{essay.id}/overrides",
        batch=f"/courses/{course.id}/assignments/overrides",
    )


@pytest.fixture
def admin(state: SandboxState) -> CanvasCaller:
    return CanvasCaller(state, state.admin)


@pytest.fixture
def teacher(state: SandboxState, campus: SimpleNamespace) -> CanvasCaller:
    return CanvasCaller(state, campus.teacher)


@pytest.fixture
def ana(state: SandboxState, campus: SimpleNamespace) -> CanvasCaller:
    return CanvasCaller(state, campus.ana)


@pytest.fixture
def caller_for(state: SandboxState) -> type[CanvasCaller]:
    return CanvasCaller


@pytest.fixture
def server(state: SandboxState, campus: SimpleNamespace) -> Iterator[SandboxServer]:
    """The campus behind a real socket."""
    server = SandboxServer(SandboxApplication(state))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def session(state: SandboxState, server: SandboxServer) -> requests.Session:
    """A session of the administrator's, past any proxy of this machine."""
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {state.add_admin_token()}"
    return session
