"""A small university in the in-process sandbox, connected as the services connect any Canvas."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from accommodations.models import CanvasConnection, Course, CourseSync, PairStatus, Student, SyncRun
from accommodations.services import accommodations, connections, people, sync_runs
from accommodations.services.accommodations import AccommodationValues
from accommodations.services.sync_runner import run_course_sync
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.records.courses import Course as CanvasCourse
from canvas_bridge.sandbox.records.people import User as CanvasUser
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import Fault, RequestRecord
from tests.days import TODAY
from tests.factories import make_user

TOKEN = "token-of-the-sandbox-0001"


def in_days(days: float, *, hour: int = 15) -> datetime:
    """Return an instant some days from now, at a full hour that is never midnight anywhere in America."""
    return (datetime.now(UTC) + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def time_and_a_half(**fields: Any) -> AccommodationValues:
    return AccommodationValues(
        **{
            "provision": "extra_time",
            "extra_time_method": "multiplier",
            "multiplier": Decimal("1.5"),
            "effective_from": TODAY - timedelta(days=1),
            **fields,
        }
    )


def one_attempt_more(**fields: Any) -> AccommodationValues:
    return AccommodationValues(
        **{"provision": "extra_attempts", "attempts": 1, "effective_from": TODAY - timedelta(days=1), **fields}
    )


def two_days_later(**fields: Any) -> AccommodationValues:
    return AccommodationValues(
        **{
            "provision": "alternative_dates",
            "shift_amount": 2,
            "shift_unit": "days",
            "effective_from": TODAY - timedelta(days=1),
            **fields,
        }
    )


@dataclass
class University:
    """One course with a timed quiz, a paper and two students; more is added by the test that needs it."""

    state: SandboxState
    course: CanvasCourse
    quiz: Quiz
    paper: Assignment
    ada: CanvasUser
    ben: CanvasUser
    hooks: list[Callable[[], None]] = field(default_factory=list)

    @property
    def requests(self) -> list[RequestRecord]:
        return list(self.state.control.requests)

    @property
    def writes(self) -> list[RequestRecord]:
        return [one for one in self.requests if one.method != "GET"]

    def forget_requests(self) -> None:
        self.state.control.requests.clear()

    def fault(self, kind: str, **fields: Any) -> None:
        self.state.control.faults.append(Fault(kind=kind, **fields))

    def overrides_of(self, user: CanvasUser, assignment: Assignment | None = None) -> list[Override]:
        return [
            one
            for one in self.state.overrides
            if one.workflow_state == "active"
            and user.id in one.student_ids
            and (assignment is None or one.assignment_id == assignment.id)
        ]

    def extra_time_of(self, user: CanvasUser) -> tuple[int, int]:
        row = self.state.quiz_submission_of(self.quiz, user.id)
        return row.extra_time or 0, row.extra_attempts or 0

    def picture(self) -> dict[str, Any]:
        """Return everything that Canvas gives its students: overrides, extensions."""
        return {
            "overrides": sorted(
                (one.assignment_id or 0, sorted(one.student_ids), one.unlock_at, one.due_at, one.lock_at)
                for one in self.state.overrides
                if one.workflow_state == "active"
            ),
            "quizzes": sorted(
                (one.quiz_id, one.user_id, one.extra_time or 0, one.extra_attempts or 0)
                for one in self.state.quiz_submissions
                if one.extra_time or one.extra_attempts
            ),
            "papers": sorted(
                (one.assignment_id, one.user_id, one.extra_attempts)
                for one in self.state.submissions
                if one.extra_attempts
            ),
        }


def small_university() -> University:
    """Return it new: nobody has an accommodation, and nothing was read."""
    state = SandboxState(time_zone="America/New_York")
    state.add_admin_token(TOKEN)
    term = state.add_term("This term", start_at=in_days(-40), end_at=in_days(60))
    course = state.add_course("Botany", "BOT 101", term=term)
    ada = state.add_user("Ada Nwosu", login_id="ada", sis_user_id="S-ada")
    ben = state.add_user("Ben Ito", login_id="ben", sis_user_id="S-ben")
    for user in (ada, ben):
        state.enroll(user, course)
    quiz = state.add_quiz(
        course,
        "Midterm",
        time_limit=60,
        allowed_attempts=1,
        unlock_at=in_days(5, hour=14),
        due_at=in_days(5, hour=15),
        lock_at=in_days(5, hour=15),
        created_at=in_days(-20),
    )
    paper = state.add_assignment(
        course,
        "Essay",
        unlock_at=in_days(2),
        due_at=in_days(8),
        lock_at=in_days(9),
        allowed_attempts=2,
        created_at=in_days(-20),
    )
    return University(state=state, course=course, quiz=quiz, paper=paper, ada=ada, ben=ben)


@pytest.fixture
def university() -> University:
    return small_university()


def reach(state: SandboxState, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every gateway speak to this sandbox, in process."""
    monkeypatch.setattr(settings, "ALLOWED_CANVAS_HOSTS", ["canvas.example.edu:443"])
    adapter = SandboxAdapter(state)
    monkeypatch.setattr(
        connections, "CanvasGateway", partial(CanvasGateway, adapter=adapter, sleep=lambda seconds: None)
    )


def connect(**fields: Any) -> CanvasConnection:
    """Keep the address and the token, as the page *Canvas connection* does."""
    return CanvasConnection.objects.create(
        base_url="https://canvas.example.edu", token=TOKEN, token_last4=TOKEN[-4:], **fields
    )


@pytest.fixture
def connection(db: None, university: University, monkeypatch: pytest.MonkeyPatch) -> CanvasConnection:
    """Connect Leeway to the sandbox, in process."""
    reach(university.state, monkeypatch)
    return connect()


@pytest.fixture
def ada(connection: CanvasConnection, university: University) -> Student:
    return people.find_or_read_student(query="ada")


@pytest.fixture
def ben(connection: CanvasConnection, university: University) -> Student:
    return people.find_or_read_student(query="ben")


def everything() -> tuple[AccommodationValues, ...]:
    """Return one accommodation of each kind."""
    return time_and_a_half(), one_attempt_more(), two_days_later()


def record(student: Student, *values: AccommodationValues, is_read_first: bool = False) -> SyncRun:
    """Record what is named, or everything, and return the run that this asks for; by default nobody reads its plan."""
    _, run = accommodations.record_accommodations(
        student=student,
        recorded_by=make_user(),
        values=list(values or everything()),
        reads_before_applying=is_read_first,
    )
    assert run is not None
    return run


def give(student: Student, *values: AccommodationValues) -> SyncRun:
    """Record what is named, or everything, and bring it into Canvas."""
    return carry_out(record(student, *values))


def carry_out(run: SyncRun) -> SyncRun:
    """Do what the tasks do for a run, in order, as far as it goes without a person."""
    for course_sync_id in sync_runs.prepare_run(run.pk):
        run_course_sync(course_sync_id)
    run.refresh_from_db()
    return run


def approve(run: SyncRun, user: Any) -> SyncRun:
    """Approve every plan of the run that waits to be read, and carry it out."""
    waiting = run.course_syncs.filter(status=CourseSync.Status.PLANNED)
    for course_sync in sync_runs.approve_run(
        run=run, approved_by=user, digests={one.pk: one.plan_digest for one in waiting}
    ):
        run_course_sync(course_sync.pk)
    run.refresh_from_db()
    return run


def sync_now(**fields: Any) -> SyncRun:
    """Run a background sync of every mirrored course to its end."""
    fields.setdefault("trigger", SyncRun.Trigger.HOURLY)
    fields.setdefault("courses", list(Course.objects.all()))
    return carry_out(sync_runs.request_sync_run(**fields))


def statuses() -> dict[tuple[str, str], str]:
    """Return the reason of each pair by student's login and assessment's name."""
    return {
        (pair.student.login_id, pair.assessment.name): pair.reason
        for pair in PairStatus.objects.select_related("student", "assessment")
    }


def rows() -> dict[str, int]:
    """Return how many rows each table has, by its model."""
    return {model.__name__: model.objects.count() for model in apps.get_app_config("accommodations").get_models()}
