"""Section 4 of the contract, row by row: one extension for every classic quiz of a course."""

from datetime import timedelta

import pytest

REFUSED = {
    "status": "forbidden",
    "message": "you are not allowed to change extension settings for these submissions",
}
MISSING_KEY = {"status": "bad_request", "message": "missing required key :quiz_extensions"}


@pytest.fixture
def path(campus):
    return f"/courses/{campus.course.id}/quiz_extensions"


@pytest.fixture
def quizzes(state, campus):
    """Quizzes of every kind, in the order of the answer: by lock, title, id."""
    course, later = campus.course, state.now() + timedelta(days=2)
    unlimited = state.add_quiz(course, "Zoo", lock_at=state.now() + timedelta(days=1), allowed_attempts=-1)
    second = state.add_quiz(course, "Beta", lock_at=later)
    first = state.add_quiz(course, "Alpha", lock_at=later)
    twin = state.add_quiz(course, "Alpha", lock_at=later, published=False)
    practice = state.add_quiz(course, "Cells", quiz_type="practice_quiz", time_limit=None)
    survey = state.add_quiz(course, "Mood", quiz_type="survey")
    gone = state.add_quiz(course, "Bygone")
    gone.workflow_state = "deleted"
    return [unlimited, first, twin, second, campus.quiz, gone, practice, survey]


def test_contract_4_1_every_classic_quiz_that_exists_now_is_reached_quiz_by_quiz(state, admin, campus, path, quizzes):
    elements = [{"user_id": campus.chidi.id, "extra_time": 15}, {"user_id": campus.ana.id, "extra_attempts": 1}]
    answer = admin.post(path, {"quiz_extensions": elements})
    unset = {"manually_unlocked": None, "end_at": None}
    expected = [
        {"user_id": user_id, "quiz_id": quiz.id, "extra_attempts": attempts, "extra_time": minutes, **unset}
        for quiz in quizzes
        for user_id, attempts, minutes in ((campus.chidi.id, None, 15), (campus.ana.id, 1, None))
    ]
    assert (answer.status_code, answer.json()) == (200, {"quiz_extensions": expected})


def test_contract_4_1_a_later_quiz_and_a_new_quiz_get_nothing(state, admin, campus, path):
    admin.post(path, {"quiz_extensions": [{"user_id": campus.ana.id, "extra_time": 15}]})
    later = state.add_quiz(campus.course, "Later")
    assert state.quiz_submissions.where("quiz", later.id) == []
    assert len(state.new_quiz_accommodations) == 0


def test_contract_4_1_quiz_ids_inside_an_element_are_ignored(admin, campus, path, quizzes):
    element = {"user_id": campus.ana.id, "extra_time": 15, "quiz_ids": [quizzes[0].id]}
    assert len(admin.post(path, {"quiz_extensions": [element]}).json()["quiz_extensions"]) == len(quizzes)


def test_contract_4_1_a_course_without_quizzes_answers_with_an_empty_list_whoever_is_named(state, admin):
    empty = state.add_course("Empty")
    answer = admin.post(f"/courses/{empty.id}/quiz_extensions", {"quiz_extensions": [{"user_id": 1}]})
    assert (answer.status_code, answer.json()) == (200, {"quiz_extensions": []})


@pytest.mark.parametrize(
    "body", [{}, {"user_id": 1, "extra_time": 5}, {"quiz_extensions": {"0": {"user_id": 1}}}, {"quiz_extensions": ""}]
)
def test_contract_4_1_the_body_must_be_wrapped_in_a_list(admin, path, body):
    answer = admin.post(path, body)
    assert (answer.status_code, answer.json()) == (400, MISSING_KEY)


def test_contract_4_1_the_refusal_speaks_of_submissions(state, ana, campus, path, quizzes):
    answer = ana.post(path, {"quiz_extensions": [{"user_id": campus.ana.id, "extra_time": 5}]})
    assert (answer.status_code, answer.json()) == (403, REFUSED)
    assert all(row.extra_time is None for row in state.quiz_submissions)


def test_contract_4_1_an_unknown_student_stops_all(state, admin, campus, path, quizzes):
    elements = [{"user_id": campus.ana.id, "extra_time": 5}, {"user_id": 999_999, "extra_time": 5}]
    assert admin.post(path, {"quiz_extensions": elements}).status_code == 404
    assert [(row.quiz_id, row.user_id, row.extra_time) for row in state.quiz_submissions] == [
        (quizzes[0].id, campus.ana.id, None)
    ]


def test_contract_4_1_moving_keys_act_on_each_quiz_whose_attempt_can_be_extended(state, admin, campus, path):
    untimed = state.add_quiz(campus.course, "Reading")
    running, without_end = (state.start_attempt(quiz, campus.ana) for quiz in (campus.quiz, untimed))
    admin.post(path, {"quiz_extensions": [{"user_id": campus.ana.id, "extend_from_now": 90}]})
    assert running.end_at == state.now() + timedelta(minutes=90)
    assert without_end.end_at is None


def test_contract_4_1_a_deleted_course_is_not_found(admin, campus, path):
    campus.course.workflow_state = "deleted"
    assert admin.post(path, {"quiz_extensions": []}).status_code == 404
