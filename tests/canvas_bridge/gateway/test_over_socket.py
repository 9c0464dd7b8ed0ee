"""The gateway against a sandbox Canvas behind a real socket, and against the whole seeded university."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from canvas_bridge.changes import CreateOverride, OutcomeKind, SetQuizExtension
from canvas_bridge.errors import CanvasUnavailable
from canvas_bridge.facts import AssessmentKind, Dates
from canvas_bridge.gateway import CanvasGateway
from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.seed import university
from canvas_bridge.sandbox.server import SandboxServer
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.store import Fault

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def state() -> SandboxState:
    state = SandboxState(now=NOW)
    course = state.add_course("Optics")
    state.enroll(state.add_user("Amara Okonkwo"), course)
    state.add_quiz(course, "Midterm", time_limit=60)
    return state


@pytest.fixture
def base_url(state: SandboxState) -> Iterator[str]:
    server = SandboxServer(SandboxApplication(state))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server.base_url
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def gateway(state: SandboxState, base_url: str) -> Iterator[CanvasGateway]:
    gateway = CanvasGateway(base_url=base_url, token=state.add_admin_token(), sleep=lambda seconds: None)
    yield gateway
    gateway.close()


def test_reading_and_applying_over_http(state: SandboxState, gateway: CanvasGateway) -> None:
    (course,) = gateway.list_courses()
    student = next(one for one in state.users if one.name == "Amara Okonkwo")
    facts = gateway.read_course(
        course,
        token_time_zone=gateway.read_token_time_zone(),
        enrollments=gateway.read_enrollments(canvas_user_id=student.id),
    )
    (quiz,) = facts.assessments
    changes = [
        SetQuizExtension(quiz.canvas_quiz_id or 0, student.id, extra_minutes=30),
        CreateOverride(quiz.canvas_assignment_id or 0, student.id, "Extra 7KQ2", Dates(lock_at=NOW)),
    ]

    outcomes = [
        outcome
        for request in gateway.requests_for(changes)
        for outcome in gateway.apply(canvas_course_id=course.canvas_course_id, request=request)
    ]

    assert [one.kind for one in outcomes] == [OutcomeKind.APPLIED, OutcomeKind.APPLIED]
    read_back = gateway.read_extensions(facts, frozenset({quiz.key}))
    assert [(one.canvas_user_id, one.extra_minutes) for one in read_back.extensions] == [(student.id, 30)]


@pytest.mark.parametrize("kind", ["drop_after", "truncate"])
def test_f11_a_connection_lost_after_the_write_is_unknown(
    state: SandboxState, gateway: CanvasGateway, kind: str
) -> None:
    student = next(one for one in state.users if one.name == "Amara Okonkwo")
    quiz = next(iter(state.quizzes))
    state.control.faults.append(Fault(kind, method="POST", count=1))
    (request,) = gateway.requests_for([SetQuizExtension(quiz.id, student.id, extra_minutes=30)])

    (outcome,) = gateway.apply(canvas_course_id=quiz.course_id, request=request)

    assert outcome.kind is OutcomeKind.UNKNOWN
    assert state.quiz_submission_of(quiz, student.id).extra_time == 30


def test_f12_reads_survive_lost_connections(state: SandboxState, gateway: CanvasGateway) -> None:
    state.control.faults.append(Fault("drop_before", method="GET", count=2))
    state.control.faults.append(Fault("truncate", method="GET", count=2))

    assert len(gateway.list_courses()) == 1


def test_f10_nobody_at_the_address_is_unavailable(gateway: CanvasGateway) -> None:
    nowhere = CanvasGateway(base_url="http://127.0.0.1:9", token="t", sleep=lambda seconds: None)

    with pytest.raises(CanvasUnavailable):
        nowhere.read_self()


def test_every_course_of_the_seeded_university_can_be_read() -> None:
    state = SandboxState(now=NOW)
    university.build(state, seed=7)
    gateway = CanvasGateway(
        base_url="http://canvas.test",
        token=state.add_admin_token(),
        sleep=lambda seconds: None,
        adapter=SandboxAdapter(state),
    )
    zone = gateway.read_token_time_zone()
    kinds: set[AssessmentKind] = set()

    for course in gateway.list_courses():
        facts = gateway.read_course(course, token_time_zone=zone, enrollments=())
        kinds |= {one.kind for one in facts.assessments}
        keys = {one.key for one in facts.assessments}
        assert len(keys) == len(facts.assessments)

    assert kinds >= set(AssessmentKind) - {AssessmentKind.NO_SUBMISSION}
    assert all(check.is_ok for check in gateway.check_permissions())
