"""One course of a sandbox Canvas, and a gateway to it: what the tests over the sandbox start from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from canvas_bridge.changes import (
    Change,
    Outcome,
)
from canvas_bridge.facts import (
    AssessmentFacts,
    CourseFacts,
    ObservedOverride,
)
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import Fault

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=5)
LOCK = NOW + timedelta(days=6)
LATER = NOW + timedelta(days=9)


@dataclass
class Campus:
    """One course of a sandbox with four students, and a gateway of the account's administrator to it."""

    state: SandboxState
    course: Course
    students: list[User]
    quiz: Quiz
    essay: Assignment
    new_quiz: Assignment
    gateway: CanvasGateway

    def gateway_of(self, token: str) -> CanvasGateway:
        return CanvasGateway(
            base_url="http://canvas.test",
            token=token,
            clock=self.state.now,
            sleep=lambda seconds: None,
            adapter=SandboxAdapter(self.state),
        )

    def read(self, gateway: CanvasGateway | None = None) -> CourseFacts:
        gateway = gateway or self.gateway
        enrollments = tuple(
            enrollment
            for student in self.students
            for enrollment in gateway.read_enrollments(canvas_user_id=student.id)
        )
        summary = gateway.read_course_summary(self.course.id)
        return gateway.read_course(summary, token_time_zone="America/New_York", enrollments=enrollments)

    def assessment(self, assignment_id: int | None) -> AssessmentFacts:
        return next(one for one in self.read().assessments if one.canvas_assignment_id == assignment_id)

    def overrides(self) -> tuple[ObservedOverride, ...]:
        return self.assessment(self.essay.id).overrides

    def apply(self, *changes: Change) -> list[Outcome]:
        return [
            outcome
            for request in self.gateway.requests_for(changes)
            for outcome in self.gateway.apply(canvas_course_id=self.course.id, request=request)
        ]

    def disturb(self, kind: str, **more: object) -> None:
        self.state.control.faults.append(Fault(kind, **more))

    def methods_since(self, number: int) -> list[str]:
        return [record.method for record in self.state.control.requests if record.number > number]

    @property
    def asked(self) -> int:
        return self.state.control.request_count


def made_campus() -> Campus:
    """Return a course with four students, a quiz, an essay and a New Quiz."""
    state = SandboxState(now=NOW)
    course = state.add_course("Optics", "PHY 210", time_zone="America/Denver")
    students = [
        state.add_user(name, sis_user_id=f"S-{number}")
        for number, name in enumerate(("Amara Okonkwo", "Bao Nguyen", "Chiara Rossi", "Dmitri Petrov"))
    ]
    for student in students:
        state.enroll(student, course)
    made = Campus(
        state=state,
        course=course,
        students=students,
        quiz=state.add_quiz(course, "Midterm", time_limit=60, allowed_attempts=2, due_at=DUE, lock_at=LOCK),
        essay=state.add_assignment(course, "Essay", due_at=DUE, lock_at=LOCK, allowed_attempts=1),
        new_quiz=state.add_new_quiz(course, "Weekly", time_limit_seconds=1830, max_attempts=3, due_at=DUE),
        gateway=None,
    )
    made.gateway = made.gateway_of(state.add_admin_token())
    return made
