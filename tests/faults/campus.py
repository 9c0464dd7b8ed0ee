"""The university that faults happen to: three courses with every kind of assessment, 25 students, and others."""

import os
import sys
from datetime import datetime, timedelta

from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.server import SandboxServer
from canvas_bridge.sandbox.state import SandboxState

TOKEN = "token-of-the-faulty-canvas-7f3a9c"
STUDENTS = 25
OTHERS = 3
SURNAME = "Quillfeather"
"""In the name of every student, and in nothing else: wherever it turns up, a name has leaked."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def fill(state: SandboxState, now: datetime) -> None:
    """Put the university into an empty sandbox; equal instants give equal universities."""
    state.add_admin_token(TOKEN)
    term = state.add_term("This term", start_at=now - 40 * DAY, end_at=now + 60 * DAY)
    names = [("Botany", "BOT 101"), ("Chemistry", "CHE 201"), ("Dance", "DAN 110")]
    courses = [state.add_course(name, code, term=term) for name, code in names]
    people = [
        state.add_user(f"Ann{number} {SURNAME}", login_id=f"ann{number:02}", sis_user_id=f"S-{number:02}")
        for number in range(1, STUDENTS + OTHERS + 1)
    ]
    for number, course in enumerate(courses):
        _add_course(
            state, course, now, [one for place, one in enumerate(people) if place % 3 == number or not place % 5]
        )


def _add_course(state: SandboxState, course: Course, now: datetime, students: list[User]) -> None:
    teacher = state.add_user(f"Tom {course.course_code}", login_id=f"tom-{course.id}")
    state.enroll(teacher, course, type="TeacherEnrollment")
    for student in students:
        state.enroll(student, course)
    opens, made_at = now + 3 * DAY, now - 20 * DAY
    state.add_quiz(
        course, "Midterm", time_limit=60, unlock_at=opens, due_at=opens + HOUR, lock_at=opens + HOUR, created_at=made_at
    )
    state.add_quiz(course, "Practice", time_limit=30, allowed_attempts=2, lock_at=opens + 9 * DAY, created_at=made_at)
    state.add_new_quiz(
        course, "Lab quiz", time_limit_seconds=1800, unlock_at=opens, due_at=opens + 5 * DAY, created_at=made_at
    )
    essay = state.add_assignment(
        course,
        "Essay",
        unlock_at=now + DAY,
        due_at=now + 8 * DAY,
        lock_at=now + 9 * DAY,
        allowed_attempts=2,
        created_at=made_at,
    )
    # An instructor's own, shared by two: they must leave it for dates of their own, one after the other.
    state.add_override(essay, students=students[:2], title="Field trip", due_at=now + 8 * DAY + HOUR)
    state.add_override(essay, students=students[-1:], title="Late start", due_at=now + 12 * DAY)


def new_state(now: datetime) -> SandboxState:
    """Return a sandbox with this university."""
    state = SandboxState(time_zone="America/New_York")
    fill(state, now)
    return state


def main() -> None:
    """Serve it on the port that is named; `POST /_sandbox/reset` makes it as it was at first."""
    now = datetime.fromisoformat(os.environ["CAMPUS_NOW"])
    application = SandboxApplication(new_state(now), rebuild=lambda: new_state(now))
    SandboxServer(application, port=int(sys.argv[1])).serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    main()
