"""Classic quizzes, quiz submissions and submissions through the typed client (contract 3.6, 10.1, 10.7.8–10)."""

from datetime import timedelta

import pytest

from canvas_bridge.client import CanvasClient
from canvas_bridge.errors import CanvasForbidden, CanvasNotFound, CanvasRejected
from canvas_bridge.wire.absent import ABSENT
from canvas_bridge.wire.ids import CanvasId
from canvas_bridge.wire.quizzes import QuizAnswer, QuizQuestionValues, QuizSubmission, QuizValues
from canvas_bridge.wire.submissions import SubmissionListing, SubmissionValues
from tests.canvas_bridge.client.resources.conftest import DUE, LATER, NOW, Campus


def test_contract_10_1_quizzes_with_limits_in_minutes(campus: Campus, admin: CanvasClient) -> None:
    campus.state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz")

    found = {one.title: one for one in admin.quizzes.list_in_course(campus.course.id)}

    assert (found["Midterm"].time_limit, found["Midterm"].allowed_attempts) == (60, 2)
    assert (found["Practice"].assignment_id, found["Practice"].quiz_type) == (None, "practice_quiz")
    assert admin.quizzes.get(campus.course.id, campus.quiz.id) == found["Midterm"]
    (searched,) = admin.quizzes.list_in_course(campus.course.id, search_term="Pract", first_page_only=True)
    assert searched.title == "Practice"


def test_contract_10_7_8_a_quiz_is_made_edited_and_deleted(campus: Campus, admin: CanvasClient) -> None:
    values = QuizValues(
        title="Entry test", quiz_type="assignment", time_limit=30, allowed_attempts=-1, due_at=DUE, published=True
    )
    made = admin.quizzes.create(campus.course.id, values)
    question = admin.quizzes.create_question(
        campus.course.id, made.id, QuizQuestionValues(question_name="Q1", question_type="essay_question")
    )
    assert isinstance(question.id, int)

    changes = QuizValues(time_limit=None, show_correct_answers_at=LATER, hide_results=None)
    edited = admin.quizzes.edit(campus.course.id, made.id, changes)
    assert (edited.title, edited.time_limit, edited.due_at) == ("Entry test", None, DUE)
    assert edited.show_correct_answers_at == LATER

    admin.quizzes.delete(campus.course.id, made.id)
    with pytest.raises(CanvasNotFound):
        admin.quizzes.get(campus.course.id, made.id)


def test_contract_10_6_dates_of_quizzes(campus: Campus, admin: CanvasClient) -> None:
    campus.state.add_override(campus.state.assignments[campus.quiz.assignment_id], students=[campus.ana], due_at=LATER)

    (dates,) = admin.quizzes.list_dates(campus.course.id)
    assert dates.quiz_id == campus.quiz.id
    assert dates.all_dates
    assert LATER in {one.due_at for one in dates.all_dates}
    assert len(admin.quizzes.list_new_quiz_dates(campus.course.id)) == 1


def test_contract_3_6_who_has_an_extension_has_a_row(campus: Campus, admin: CanvasClient) -> None:
    campus.state.set_quiz_extension(campus.quiz, campus.ana, extra_time=30)

    (row,) = admin.quiz_submissions.list_in_quiz(campus.course.id, campus.quiz.id, include=["user"])

    assert (row.user_id, row.workflow_state, row.extra_time, row.extra_attempts) == (
        campus.ana.id,
        "settings_only",
        30,
        None,
    )
    assert admin.quiz_submissions.get(campus.course.id, campus.quiz.id, row.id).extra_time == 30
    with pytest.raises(CanvasForbidden):
        campus.client(campus.state.add_user("Eszter Varga")).quiz_submissions.list_in_quiz(
            campus.course.id, campus.quiz.id
        )


def test_contract_10_7_10_a_quiz_is_taken_with_extra_time(campus: Campus, admin: CanvasClient) -> None:
    campus.state.set_quiz_extension(campus.quiz, campus.ana, extra_time=30)
    ana = campus.client(campus.ana)

    begun = ana.quiz_submissions.start(campus.course.id, campus.quiz.id)
    assert (begun.workflow_state, begun.end_at) == ("untaken", NOW + timedelta(minutes=90))
    assert begun.validation_token
    assert str(begun.validation_token) not in repr(begun)
    left = ana.quiz_submissions.get_time(campus.course.id, campus.quiz.id, begun.id)
    assert (left.end_at, left.time_left) == (begun.end_at, 90 * 60)
    assert ana.quiz_submissions.list_own(campus.course.id, campus.quiz.id)[0].id == begun.id
    with pytest.raises(CanvasRejected) as raised:
        ana.quiz_submissions.start(campus.course.id, campus.quiz.id)
    assert raised.value.status_code == 409

    done = ana.quiz_submissions.complete(campus.course.id, begun)
    assert done.workflow_state in ("complete", "pending_review")
    assert done.excused is not ABSENT
    assert admin.quiz_submissions.get(campus.course.id, campus.quiz.id, begun.id, attempt=1).attempt == 1


def test_contract_10_7_10_questions_of_a_running_attempt_are_answered(campus: Campus, admin: CanvasClient) -> None:
    values = QuizQuestionValues(question_name="Q1", question_type="essay_question")
    question = admin.quizzes.create_question(campus.course.id, campus.quiz.id, values)
    ana = campus.client(campus.ana)
    begun = ana.quiz_submissions.start(campus.course.id, campus.quiz.id)

    ana.quiz_submissions.answer(begun, [QuizAnswer(id=question.id, answer="Light bends.")])

    assert campus.asked[-1] == "POST /api/v1/quiz_submissions/:quiz_submission_id/questions"
    stranger = QuizSubmission(id=begun.id, user_id=1, quiz_id=1, workflow_state="untaken", attempt=1)
    with pytest.raises((CanvasForbidden, CanvasRejected)):
        ana.quiz_submissions.answer(stranger, [QuizAnswer(id=question.id, answer="Light bends.")])


def test_contract_10_7_9_submissions_of_chosen_students(campus: Campus, admin: CanvasClient) -> None:
    campus.state.submit(campus.essay, campus.ana)
    campus.state.add_override(campus.essay, students=[campus.bao], due_at=LATER)
    listing = SubmissionListing(assignment_ids=[campus.essay.id], exclude_response_fields=["body"])
    students = [campus.ana.id, CanvasId("sis_user_id", "S-101")]

    rows = {one.user_id: one for one in admin.submissions.list_in_course(campus.course.id, students, listing)}

    assert {user_id: row.cached_due_date for user_id, row in rows.items()} == {campus.ana.id: DUE, campus.bao.id: LATER}
    assert (rows[campus.ana.id].workflow_state, rows[campus.bao.id].workflow_state) == ("submitted", "unsubmitted")
    in_evening = admin.submissions.list_in_section(campus.evening.id, "all", listing)
    assert [one.user_id for one in in_evening] == [campus.chidi.id]
    by_student = admin.submissions.list_by_student(campus.course.id, "all", listing)
    assert {(one.user_id, len(one.submissions)) for one in by_student} == {
        (one.id, 1) for one in (campus.ana, campus.bao, campus.chidi)
    }
    assert len(admin.submissions.list_of_assignment(campus.course.id, campus.essay.id)) == 3


def test_contract_10_7_9_one_unknown_assignment_costs_all(campus: Campus, admin: CanvasClient) -> None:
    with pytest.raises(CanvasForbidden) as raised:
        admin.submissions.list_in_course(campus.course.id, "all", SubmissionListing(assignment_ids=[7]))

    assert raised.value.words == "invalid assignment ids requested"


def test_contract_5_2_handing_in_until_no_attempt_is_left(campus: Campus) -> None:
    note = campus.state.add_assignment(
        campus.course, "Note", submission_types=("online_text_entry",), allowed_attempts=1
    )
    ana = campus.client(campus.ana)
    values = SubmissionValues(submission_type="online_text_entry", body="Light bends.")

    handed_in = ana.submissions.submit(campus.course.id, note.id, values, text_comment="Done")

    assert (handed_in.attempt, handed_in.workflow_state) == (1, "submitted")
    assert "Light bends" not in repr((values, handed_in))
    with pytest.raises(CanvasRejected) as raised:
        ana.submissions.submit(campus.course.id, note.id, values)
    assert "maximum number of allowed attempts" in str(raised.value.words)
