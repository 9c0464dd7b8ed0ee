"""Reading the rows of students on classic quizzes: extensions and attempts (contract 3.6)."""

from collections.abc import Sequence
from typing import Any

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.quizzes import shape_quiz
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.work import QuizAttempt, QuizSubmission
from canvas_bridge.sandbox.rules.attempts import is_overdue, is_running
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.rules.enrollment import is_student, student_may_take_part
from canvas_bridge.sandbox.shapes.people import user_json
from canvas_bridge.sandbox.shapes.work import quiz_submission_json, submission_json

RowWithAttempt = tuple[QuizSubmission, QuizAttempt | None]


def list_rows(call: Call) -> Answer:
    """Answer with a row for each visible student, extensions without an attempt too; a student sees only their own.

    As with extensions, a deleted quiz is still found.
    """
    course = call.course()
    quiz = call.quiz(course, deleted_too=True)
    page = numeric_page(call.request, _visible_rows(call, course, quiz))
    answer = envelope(call, quiz, page.items, headers=page.headers)
    _grade_overdue(call, quiz)
    return answer


def _visible_rows(call: Call, course: Course, quiz: Quiz) -> list[RowWithAttempt]:
    if call.caller.sees_as_staff(course):
        call.require(call.caller.may_view_grades(course))
        rows = call.state.quiz_submissions.where("quiz", quiz.id)
        return [(row, None) for row in rows if _is_visible_student(call, course, row)]
    call.require(may_take(call, course, quiz))
    row = call.state.quiz_submissions.first("quiz_user", (quiz.id, call.caller.user.id))
    return _own_attempts(row) if row else []


def _is_visible_student(call: Call, course: Course, row: QuizSubmission) -> bool:
    """Whether a row is of a student whom the caller sees; those who were taken out of the course are not shown."""
    is_there = row.workflow_state != "preview" and is_student(call.state, course.id, row.user_id)
    return is_there and call.caller.sees_student(course, row.user_id)


def _own_attempts(row: QuizSubmission) -> list[RowWithAttempt]:
    """Return what students see of themselves: the attempt in progress, else their finished ones."""
    if is_running(row):
        return [(row, None)]
    return [(row, None if one.attempt == row.attempt else one) for one in row.past_attempts]


def may_take(call: Call, course: Course, quiz: Quiz) -> bool:
    """Whether the caller is a student who takes part now and has the quiz."""
    item = call.state.assignments.get(quiz.assignment_id) or quiz
    user_id = call.caller.user.id
    is_open = quiz.published and quiz.workflow_state != "deleted"
    return is_open and student_may_take_part(call.state, course.id, user_id) and is_assigned(call.state, item, user_id)


def _grade_overdue(call: Call, quiz: Quiz) -> None:
    """Hand in attempts whose time is over, as Canvas does in the background after a list."""
    for row in call.state.quiz_submissions.where("quiz", quiz.id):
        if is_overdue(call.state, row):
            call.state.complete_attempt(row, finished_at=row.end_at)


def show_row(call: Call) -> Answer:
    """Answer with one row; `attempt` picks an older attempt."""
    course = call.course()
    quiz = call.quiz(course, deleted_too=True)
    row = row_of_path(call, quiz)
    is_own = row.user_id == call.caller.user.id
    sees = call.caller.may_view_grades(course) and call.caller.sees_student(course, row.user_id)
    call.require(is_own or sees)
    if "attempt" not in call.params:
        return envelope(call, quiz, [(row, None)])
    wanted = plain_id(call.params["attempt"])
    if wanted is not None and wanted == row.attempt:
        return envelope(call, quiz, [(row, None)])
    older = found(next((one for one in row.past_attempts if one.attempt == wanted), None))
    return envelope(call, quiz, [(row, older)])


def show_own_row(call: Call) -> Answer:
    """Answer with the caller's own row."""
    course = call.course()
    quiz = call.quiz(course)
    row = call.state.quiz_submissions.first("quiz_user", (quiz.id, call.caller.user.id))
    return envelope(call, quiz, [(found(row), None)])


def row_of_path(call: Call, quiz: Quiz) -> QuizSubmission:
    """Return the row of the path, of that quiz."""
    row = call.state.quiz_submissions.get(plain_id(call.path["submission_id"]))
    return found(row if row and row.quiz_id == quiz.id else None)


def envelope(call: Call, quiz: Quiz, rows: Sequence[RowWithAttempt], headers: dict[str, str] | None = None) -> Answer:
    """Return rows in the envelope of the quiz submission endpoints, with what `include[]` asks for."""
    base_url = call.request.base_url
    shapes = [quiz_submission_json(call.state, quiz, row, base_url, attempt=older) for row, older in rows]
    payload: dict[str, Any] = {"quiz_submissions": shapes} | _included(call, quiz, [row for row, _ in rows])
    answer = json_answer(payload, headers=headers)
    answer.row_count = len(shapes)
    return answer


def _included(call: Call, quiz: Quiz, rows: Sequence[QuizSubmission]) -> dict[str, Any]:
    state, request = call.state, call.request
    more: dict[str, Any] = {}
    user_ids = list(dict.fromkeys(row.user_id for row in rows))
    if request.includes("submission"):
        assignment = state.assignments.get(quiz.assignment_id)
        kept = [(assignment, state.submission_of(assignment, one)) for one in user_ids] if assignment else []
        more["submissions"] = [submission_json(state, holder, one, request.base_url) for holder, one in kept]
    if request.includes("quiz"):
        more["quizzes"] = [shape_quiz(call, quiz)]
    if request.includes("user"):
        more["users"] = [user_json(state.users[one], with_sis=False, with_contact=False) for one in user_ids]
    if more:
        more["meta"] = {"primaryCollection": "quiz_submissions"}
    return more


SUBMISSIONS = "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions"
ROUTES = [
    Route("GET", SUBMISSIONS, list_rows),
    Route("GET", f"{SUBMISSIONS}/:submission_id", show_row),
    Route("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submission", show_own_row),
]
