"""New Quizzes through the typed client (contract 8)."""

import pytest

from canvas_bridge.client import CanvasClient
from canvas_bridge.errors import CanvasNotFound
from canvas_bridge.wire.extensions import CourseAccommodationRequest, QuizAccommodationRequest
from canvas_bridge.wire.new_quizzes import MultipleAttempts, NewQuizValues, QuizSettings
from tests.canvas_bridge.client.resources.conftest import DUE, LATER, Campus


def test_contract_8_2_time_limits_in_seconds_and_attempts(campus: Campus, admin: CanvasClient) -> None:
    (listed,) = admin.new_quizzes.list_in_course(campus.course.id)
    found = admin.new_quizzes.get(campus.course.id, campus.new_quiz.id)

    assert listed == found
    assert found.id == campus.new_quiz.id
    settings = found.quiz_settings
    assert isinstance(settings, QuizSettings)
    assert (settings.has_time_limit, settings.session_time_limit_in_seconds) == (True, 1830)
    assert isinstance(settings.multiple_attempts, MultipleAttempts)
    assert settings.multiple_attempts.max_attempts == 3


def test_contract_10_7_10_created_edited_and_deleted(campus: Campus, admin: CanvasClient) -> None:
    settings = QuizSettings(has_time_limit=True, session_time_limit_in_seconds=600)
    values = NewQuizValues(title="Short check", points_possible=5, due_at=DUE, quiz_settings=settings)

    made = admin.new_quizzes.create(campus.course.id, values)
    edited = admin.new_quizzes.edit(campus.course.id, made.id, NewQuizValues(title="Shorter", due_at=LATER))

    assert (edited.id, edited.title, edited.due_at) == (made.id, "Shorter", LATER)
    assert isinstance(edited.quiz_settings, QuizSettings)
    assert edited.quiz_settings.session_time_limit_in_seconds == 600
    admin.new_quizzes.delete(campus.course.id, made.id)
    with pytest.raises(CanvasNotFound):
        admin.new_quizzes.get(campus.course.id, made.id)


def test_f22_who_failed_is_named_though_the_status_is_200(campus: Campus, admin: CanvasClient) -> None:
    stranger = campus.state.add_user("Eszter Varga")
    requests = [
        QuizAccommodationRequest(user_id=one.id, extra_time=20, extra_attempts=1) for one in (campus.ana, stranger)
    ]

    outcome = admin.new_quizzes.accommodate(campus.course.id, campus.new_quiz.id, requests)

    assert outcome.succeeded == {campus.ana.id}
    assert outcome.failures.keys() == {stranger.id}
    assert outcome.failures[stranger.id]


def test_contract_8_3_for_all_new_quizzes_of_the_course(campus: Campus, admin: CanvasClient) -> None:
    request = CourseAccommodationRequest(user_id=campus.ana.id, extra_time=15, reduce_choices_enabled=True)

    assert admin.new_quizzes.accommodate_in_course(campus.course.id, [request]).succeeded == {campus.ana.id}


def test_contract_8_4_reading_back_is_a_probe(campus: Campus, admin: CanvasClient) -> None:
    request = QuizAccommodationRequest(user_id=campus.ana.id, extra_time=15)
    admin.new_quizzes.accommodate(campus.course.id, campus.new_quiz.id, [request])

    with pytest.raises(CanvasNotFound):
        admin.new_quizzes.list_accommodations(campus.course.id, campus.new_quiz.id)
    with pytest.raises(CanvasNotFound):
        admin.new_quizzes.get_accommodation(campus.course.id, campus.new_quiz.id, campus.ana.id)

    campus.state.switches.new_quiz_accommodation_reads = True
    (row,) = admin.new_quizzes.list_accommodations(campus.course.id, campus.new_quiz.id, user_id=campus.ana.id)
    found = admin.new_quizzes.get_accommodation(campus.course.id, campus.new_quiz.id, campus.ana.id)
    assert row == found
    assert (found.user_id, found.extra_time) == (campus.ana.id, 15)
