"""A typed client of a sandbox Canvas in the same process: one course, its people, and a client for each role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from canvas_bridge.client import CanvasClient
from canvas_bridge.client.metering import RequestMeter
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course, Section
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.state import SandboxState

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=5)
LOCK = NOW + timedelta(days=6)
LATER = NOW + timedelta(days=9)


@dataclass
class Campus:
    """One course with two sections, a teacher, three students, a timed quiz, an essay and a New Quiz."""

    state: SandboxState
    course: Course
    morning: Section
    evening: Section
    teacher: User
    ana: User
    bao: User
    chidi: User
    quiz: Quiz
    essay: Assignment
    new_quiz: Assignment
    meters: list[RequestMeter] = field(default_factory=list)

    def client(
        self, user: User | None = None, *, sleep: Callable[[float], None] = lambda seconds: None
    ) -> CanvasClient:
        """Return a client of the account's administrator, or of one person."""
        token = self.state.add_token(user) if user else self.state.add_admin_token()
        return CanvasClient.connected_to(
            "http://canvas.test",
            token,
            sleep=sleep,
            adapter=SandboxAdapter(self.state),
            on_answer=self.meters.append,
        )

    @property
    def asked(self) -> list[str]:
        """Return the endpoints that were asked so far, in order."""
        return [f"{meter.method} {meter.endpoint}" for meter in self.meters]


@pytest.fixture
def campus() -> Campus:
    state = SandboxState(now=NOW)
    course = state.add_course("Optics", "PHY 210", sis_course_id="PHY-210", time_zone="America/Denver")
    morning = state.add_section(course, "Morning", sis_section_id="PHY-M")
    evening = state.add_section(course, "Evening", sis_section_id="PHY-E")
    people = [
        state.add_user(name, login_id=login, sis_user_id=sis_id)
        for name, login, sis_id in (
            ("Ingrid Solberg", "isolberg", "T-1"),
            ("Ana Oliveira", "aoliveira", "S-100"),
            ("Bao Nguyen", "bnguyen", "S-101"),
            ("Chidi Okafor", "cokafor", "S-102"),
        )
    ]
    teacher, ana, bao, chidi = people
    state.enroll(teacher, course, section=morning, type="TeacherEnrollment")
    for student, section in ((ana, morning), (bao, morning), (chidi, evening)):
        state.enroll(student, course, section=section)
    return Campus(
        state=state,
        course=course,
        morning=morning,
        evening=evening,
        teacher=teacher,
        ana=ana,
        bao=bao,
        chidi=chidi,
        quiz=state.add_quiz(course, "Midterm", time_limit=60, allowed_attempts=2, due_at=DUE, lock_at=LOCK),
        essay=state.add_assignment(course, "Essay", due_at=DUE, lock_at=LOCK, allowed_attempts=1),
        new_quiz=state.add_new_quiz(course, "Weekly", time_limit_seconds=1830, max_attempts=3, due_at=DUE),
    )


@pytest.fixture
def admin(campus: Campus) -> CanvasClient:
    return campus.client()
