"""Reading a course again after overrides were written: the assignments alone, unless something unknown has come up."""

import responses

from canvas_bridge.gateway import CanvasGateway
from tests.canvas_bridge.gateway.test_reading import (
    ASSIGNMENTS,
    assignment,
    new_quiz_assignment,
    play,
    quiz,
    quiz_assignment,
    read,
)

SETTINGS = {"id": "30", "quiz_settings": {"has_time_limit": True, "session_time_limit_in_seconds": 2700}}


def test_q01_the_read_back_of_overrides_is_one_list_and_keeps_limits_and_ungraded_quizzes(
    gateway: CanvasGateway, canvas: responses.RequestsMock
) -> None:
    play(
        canvas,
        assignments=[quiz_assignment(20), new_quiz_assignment(30)],
        quizzes=[quiz(3), quiz(4, quiz_type="practice_quiz")],
        new_quizzes=[SETTINGS],
    )
    facts = read(gateway)
    written = {"id": 7, "title": "1 student", "student_ids": [5], "due_at": "2026-03-09T10:00:00Z"}
    canvas.replace("GET", ASSIGNMENTS, json=[quiz_assignment(20, overrides=[written]), new_quiz_assignment(30)])
    asked = len(canvas.calls)

    again = gateway.read_course_again(facts)

    assert again is not None
    assert len(canvas.calls) == asked + 1
    assert [one.key for one in again.assessments] == ["assignment:20", "assignment:30", "quiz:4"]
    assert [one.time_limit_minutes for one in again.assessments] == [60, 45, 60]
    assert [one.canvas_override_id for one in again.assessments[0].overrides] == [7]
    assert again.students == facts.students


def test_f25_what_has_come_up_meanwhile_is_not_guessed(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    play(canvas, assignments=[quiz_assignment(20), assignment(12)], quizzes=[quiz(3)])
    facts = read(gateway)
    group = {"id": 1, "title": "Group 8", "group_id": 8}
    for listed in (
        [quiz_assignment(20), assignment(12), quiz_assignment(21, 4)],
        [quiz_assignment(20), new_quiz_assignment(12)],
        [quiz_assignment(20), assignment(12, overrides=[group])],
    ):
        canvas.replace("GET", ASSIGNMENTS, json=listed)
        assert gateway.read_course_again(facts) is None


def test_f25_what_was_deleted_meanwhile_is_gone(gateway: CanvasGateway, canvas: responses.RequestsMock) -> None:
    play(canvas, assignments=[quiz_assignment(20), assignment(12)], quizzes=[quiz(3)])
    facts = read(gateway)
    canvas.replace("GET", ASSIGNMENTS, json=[assignment(12)])
    again = gateway.read_course_again(facts)
    assert again is not None
    assert [one.key for one in again.assessments] == ["assignment:12"]
