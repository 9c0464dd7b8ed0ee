"""Classic quizzes, attempts, extensions and New Quizzes through `canvasapi`."""

import pytest
from canvasapi.exceptions import BadRequest, CanvasException, Conflict, Forbidden, ResourceDoesNotExist

from tests.canvas_bridge.canvasapi_driven.driven import Driven, Scenarios

quizzes = Scenarios()
HOUR = {"quiz_type": "assignment", "time_limit": 60, "allowed_attempts": 1, "published": True}


@quizzes
def classic_quizzes_from_creation_to_deletion(driven: Driven) -> None:
    room = driven.classroom()
    quiz = room.course.create_quiz({"title": "Midterm", **HOUR})
    practice = room.course.create_quiz({"title": "Practice", "quiz_type": "practice_quiz"})
    assert (quiz.time_limit, quiz.quiz_type) == (60, "assignment")
    assert quiz.assignment_id is not None
    assert practice.assignment_id is None
    assert {one.id for one in room.course.get_quizzes()} == {quiz.id, practice.id}
    assert quiz.edit(quiz={"time_limit": 45}).time_limit == 45
    assert room.course.get_quiz(quiz.id).time_limit == 45
    assert room.course.get_assignment(quiz.assignment_id).quiz_id == quiz.id
    question = quiz.create_question(question={"question_name": "One", "points_possible": 1})
    assert [one.id for one in quiz.get_questions()] == [question.id]
    question.edit(question={"points_possible": 2})
    assert quiz.get_question(question.id).points_possible == 2
    question.delete()
    assert list(quiz.get_questions()) == []
    practice.delete()
    assert [one.id for one in room.course.get_quizzes()] == [quiz.id]
    with pytest.raises(ResourceDoesNotExist):
        room.course.get_quiz(quiz.assignment_id)


@quizzes
def quiz_extensions(driven: Driven) -> None:
    room = driven.classroom()
    quiz = room.course.create_quiz({"title": "Midterm", **HOUR})
    first, second, third = quiz.set_extensions(
        [
            {"user_id": room.ana.id, "extra_time": 30, "extra_attempts": 1},
            # Upper-case booleans are no true to Canvas (contract 3.1); the package writes its own in lower case.
            {"user_id": room.bao.id, "extra_time": 20_000, "manually_unlocked": "True"},
            {"user_id": room.chidi.id, "manually_unlocked": True},
        ]
    )
    assert (first.user_id, first.extra_time, first.extra_attempts, first.manually_unlocked) == (
        room.ana.id,
        30,
        1,
        None,
    )
    assert (second.extra_time, second.manually_unlocked, third.manually_unlocked) == (10_080, False, True)
    rows = {row.user_id: row for row in quiz.get_submissions()}
    assert (rows[room.ana.id].workflow_state, rows[room.ana.id].extra_time) == ("settings_only", 30)
    assert quiz.get_quiz_submission(rows[room.ana.id].id).extra_attempts == 1
    with pytest.raises(ResourceDoesNotExist):
        quiz.set_extensions([{"user_id": room.ana.id, "extra_time": 60}, {"user_id": room.teacher.id}])
    assert {row.user_id: row.extra_time for row in quiz.get_submissions()}[room.ana.id] == 30
    own = driven.as_user(room.ana).get_course(room.course.id).get_quiz(quiz.id)
    with pytest.raises(Forbidden, match="you are not allowed to change extension settings for this submission"):
        own.set_extensions([{"user_id": room.ana.id, "extra_time": 600}])


@quizzes
def extensions_of_all_quizzes_of_a_course(driven: Driven) -> None:
    room = driven.classroom()
    made = [room.course.create_quiz({"title": title, "quiz_type": "survey"}) for title in ("A", "B", "C")]
    rows = room.course.set_quiz_extensions([{"user_id": room.ana.id, "extra_time": 15}, {"user_id": room.bao.id}])
    assert [(row.quiz_id, row.user_id) for row in rows] == [
        (quiz.id, user.id) for quiz in made for user in (room.ana, room.bao)
    ]


@quizzes
def an_attempt_with_extra_time(driven: Driven) -> None:
    room = driven.classroom()
    quiz = room.course.create_quiz({"title": "Midterm", **HOUR})
    quiz.create_question(question={"question_name": "One"})
    quiz.set_extensions([{"user_id": room.ana.id, "extra_time": 30}])
    own = driven.as_user(room.ana).get_course(room.course.id).get_quiz(quiz.id)
    attempt = own.create_submission()
    assert (attempt.started_at, attempt.end_at) == ("2026-11-22T15:00:00Z", "2026-11-22T16:30:00Z")
    with pytest.raises(Conflict):
        own.create_submission()
    assert attempt.get_times()["time_left"] == 90 * 60

    extended = quiz.set_extensions([{"user_id": room.ana.id, "extend_from_end_at": 10}])[0]
    assert extended.end_at == "2026-11-22T16:40:00Z"
    assert len(attempt.get_submission_questions()) == 1
    attempt.answer_submission_questions()
    assert attempt.complete().workflow_state in ("complete", "pending_review")
    with pytest.raises(BadRequest, match="already complete"):
        attempt.complete()
    assert quiz.set_extensions([{"user_id": room.ana.id, "extend_from_now": 10}])[0].end_at == extended.end_at


@quizzes
def new_quizzes_and_their_accommodations(driven: Driven) -> None:
    room = driven.classroom()
    quiz = room.course.create_new_quiz(
        quiz={"title": "Weekly check", "quiz_settings": {"has_time_limit": True, "session_time_limit_in_seconds": 1800}}
    )
    assert [int(one.id) for one in room.course.get_new_quizzes()] == [int(quiz.id)]
    assert room.course.get_new_quiz(int(quiz.id)).title == "Weekly check"
    assert quiz.update(quiz={"title": "Weekly quiz"}).title == "Weekly quiz"
    assert room.course.get_assignment(int(quiz.id)).is_quiz_lti_assignment is True

    answer = quiz.set_accommodations([{"user_id": room.ana.id, "extra_time": 15}, {"user_id": 999_999}])
    assert answer.message == "Accommodations processed"
    assert answer.successful == [{"user_id": room.ana.id}]
    assert [one["user_id"] for one in answer.failed] == [999_999]
    of_course = room.course.set_new_quizzes_accommodations([{"user_id": room.bao.id, "extra_time": 20_000}])
    assert (of_course.successful, [one["user_id"] for one in of_course.failed]) == ([], [room.bao.id])
    quiz.delete()
    assert list(room.course.get_new_quizzes()) == []


@quizzes
def a_throttled_caller_is_told_so(driven: Driven) -> None:
    driven.control("faults", [{"kind": "throttle", "path": "/users/self", "count": 1}])
    with pytest.raises(CanvasException, match="Rate Limit Exceeded"):
        driven.admin.get_current_user()
    driven.control("switches", {"throttle_status": 429})
    driven.control("faults", [{"kind": "throttle", "path": "/users/self", "count": 1}])
    with pytest.raises(CanvasException, match="Rate Limit Exceeded"):
        driven.admin.get_current_user()
