"""Quiz extensions through the typed client (contract 3, 4)."""

from datetime import timedelta

import pytest

from canvas_bridge.client import CanvasClient
from canvas_bridge.errors import CanvasForbidden, CanvasNotFound, CanvasOutcomeUnknown
from canvas_bridge.sandbox.store import Fault
from canvas_bridge.wire.extensions import QuizExtensionRequest
from canvas_bridge.wire.ids import CanvasId
from tests.canvas_bridge.client.resources.conftest import NOW, Campus


def test_contract_3_1_values_are_set_in_request_order(campus: Campus, admin: CanvasClient) -> None:
    rows = admin.quiz_extensions.set(
        campus.course.id,
        campus.quiz.id,
        [
            QuizExtensionRequest(user_id=campus.bao.id, extra_time=30),
            QuizExtensionRequest(user_id=campus.ana.id, extra_attempts=2, manually_unlocked=True),
        ],
    )

    assert [(row.user_id, row.extra_time, row.extra_attempts, row.manually_unlocked) for row in rows] == [
        (campus.bao.id, 30, None, None),
        (campus.ana.id, None, 2, True),
    ]
    assert {row.quiz_id for row in rows} == {campus.quiz.id}


def test_contract_3_2_what_is_left_unchanged_stays_and_zero_takes_away(campus: Campus, admin: CanvasClient) -> None:
    set_values = admin.quiz_extensions.set
    set_values(campus.course.id, campus.quiz.id, [QuizExtensionRequest(user_id=campus.ana.id, extra_time=30)])

    (row,) = set_values(campus.course.id, campus.quiz.id, [QuizExtensionRequest(user_id=campus.ana.id)])
    assert row.extra_time == 30

    request = QuizExtensionRequest(user_id=campus.ana.id, extra_time=0, manually_unlocked=False)
    (row,) = set_values(campus.course.id, campus.quiz.id, [request])
    assert (row.extra_time, row.manually_unlocked) == (0, False)


def test_contract_3_1_one_stranger_costs_all(campus: Campus, admin: CanvasClient) -> None:
    wanted = [
        QuizExtensionRequest(user_id=campus.ana.id, extra_time=30),
        QuizExtensionRequest(user_id=campus.teacher.id, extra_time=30),
    ]

    with pytest.raises(CanvasNotFound):
        admin.quiz_extensions.set(campus.course.id, campus.quiz.id, wanted)

    assert campus.state.quiz_submission_of(campus.quiz, campus.ana.id).extra_time is None


def test_contract_3_1_a_student_may_not(campus: Campus) -> None:
    wanted = [QuizExtensionRequest(user_id=campus.ana.id, extra_time=30)]

    with pytest.raises(CanvasForbidden) as raised:
        campus.client(campus.ana).quiz_extensions.set(campus.course.id, campus.quiz.id, wanted)

    assert raised.value.words == "you are not allowed to change extension settings for this submission"


def test_contract_4_1_every_classic_quiz_of_the_course_gets_it(campus: Campus, admin: CanvasClient) -> None:
    practice = campus.state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz")
    wanted = [QuizExtensionRequest(user_id=user.id, extra_time=15) for user in (campus.ana, campus.bao)]

    rows = admin.quiz_extensions.set_in_course(CanvasId("sis_course_id", "PHY-210"), wanted)

    assert {(row.quiz_id, row.user_id, row.extra_time) for row in rows} == {
        (quiz.id, user.id, 15) for quiz in (campus.quiz, practice) for user in (campus.ana, campus.bao)
    }


def test_contract_3_7_extensions_can_be_read_where_canvas_has_it(campus: Campus, admin: CanvasClient) -> None:
    wanted = [QuizExtensionRequest(user_id=user.id, extra_time=15) for user in (campus.ana, campus.bao)]
    admin.quiz_extensions.set(campus.course.id, campus.quiz.id, wanted)

    with pytest.raises(CanvasNotFound):
        admin.quiz_extensions.list_in_quiz(campus.course.id, campus.quiz.id)

    campus.state.switches.extension_reads = True
    rows = admin.quiz_extensions.list_in_quiz(campus.course.id, campus.quiz.id)
    assert {row.user_id for row in rows} == {campus.ana.id, campus.bao.id}
    (row,) = admin.quiz_extensions.list_in_quiz(campus.course.id, campus.quiz.id, user_id=campus.bao.id)
    assert row.user_id == campus.bao.id


def test_contract_3_3_the_running_attempt_is_extended_from_its_end_or_from_now(
    campus: Campus, admin: CanvasClient
) -> None:
    campus.state.start_attempt(campus.quiz, campus.ana)
    extend = admin.quiz_extensions.extend_running_attempt

    row = extend(campus.course.id, campus.quiz.id, campus.ana.id, minutes_from_end=20)
    assert row.end_at == NOW + timedelta(minutes=80)

    row = extend(campus.course.id, campus.quiz.id, campus.ana.id, minutes_from_now=45)
    assert row.end_at == NOW + timedelta(minutes=45)


def test_contract_3_3_an_attempt_that_is_not_running_keeps_its_end(campus: Campus, admin: CanvasClient) -> None:
    row = admin.quiz_extensions.extend_running_attempt(
        campus.course.id, campus.quiz.id, campus.ana.id, minutes_from_end=20
    )

    assert row.end_at is None


@pytest.mark.parametrize("kind", ["drop_after", "truncate", "latency"])
def test_f11_the_end_of_an_attempt_is_never_moved_twice(campus: Campus, admin: CanvasClient, kind: str) -> None:
    campus.state.start_attempt(campus.quiz, campus.ana)
    campus.state.control.faults.append(Fault(kind, method="POST", value=60))

    with pytest.raises(CanvasOutcomeUnknown):
        admin.quiz_extensions.extend_running_attempt(
            campus.course.id, campus.quiz.id, campus.ana.id, minutes_from_end=20
        )

    assert len(campus.asked) == 1


@pytest.mark.parametrize(
    "minutes",
    [{}, {"minutes_from_now": 5, "minutes_from_end": 5}, {"minutes_from_now": 0}, {"minutes_from_end": 1441}],
)
def test_contract_11_minutes_that_canvas_would_ignore_or_cut_are_refused(
    campus: Campus, admin: CanvasClient, minutes: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="minutes"):
        admin.quiz_extensions.extend_running_attempt(campus.course.id, campus.quiz.id, campus.ana.id, **minutes)

    assert campus.asked == []
