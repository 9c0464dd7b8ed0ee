"""Attempts on classic quizzes: rows, starting, handing in, time left (contract 3.6, 10.7.10)."""

from collections.abc import Sequence
from typing import Any

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, rejected
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.work import QuizAttempt, QuizSubmission
from canvas_bridge.sandbox.rules.attempts import attempts_left, is_locked_for, is_running
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.rules.enrollment import has_active_enrollment
from canvas_bridge.sandbox.shapes.people import user_json
from canvas_bridge.sandbox.shapes.quizzes import quiz_json
from canvas_bridge.sandbox.shapes.work import quiz_submission_json, submission_json

NOT_A_TAKER = "you are not allowed to participate in this quiz"


def list_rows(call: Call) -> Answer:
    """Answer with a row for each visible student, extensions without an attempt too; a student sees only their own."""
    course = call.course()
    quiz = call.quiz(course)
    rows = _visible_rows(call, course, quiz)
    page = numeric_page(call.request, rows)
    answer = _envelope(call, quiz, [(row, None) for row in page.items], headers=page.headers)
    _grade_overdue(call, quiz)
    return answer


def _visible_rows(call: Call, course: Course, quiz: Quiz) -> list[QuizSubmission]:
    rows = call.state.quiz_submissions.where("quiz", quiz.id)
    if call.caller.sees_as_staff(course):
        call.require(call.caller.may_view_grades(course))
        return [row for row in rows if call.caller.sees_student(course, row.user_id)]
    call.require(_may_take(call, course, quiz))
    return [row for row in rows if row.user_id == call.caller.user.id and row.workflow_state != "settings_only"]


def _may_take(call: Call, course: Course, quiz: Quiz) -> bool:
    item = call.state.assignments.get(quiz.assignment_id) or quiz
    user_id = call.caller.user.id
    is_active = has_active_enrollment(call.state, course.id, user_id) and course.workflow_state == "available"
    return is_active and quiz.published and is_assigned(call.state, item, user_id)


def _grade_overdue(call: Call, quiz: Quiz) -> None:
    """Hand in attempts whose time is over, as Canvas does in the background after a list."""
    now = call.state.now()
    for row in call.state.quiz_submissions.where("quiz", quiz.id):
        if is_running(row) and row.end_at is not None and row.end_at < now:
            call.state.complete_attempt(row, finished_at=row.end_at)


def show_row(call: Call) -> Answer:
    """Answer with one row; `attempt` picks an older attempt."""
    course = call.course()
    quiz = call.quiz(course)
    row = _row_of_path(call, quiz)
    is_own = row.user_id == call.caller.user.id
    sees = call.caller.may_view_grades(course) and call.caller.sees_student(course, row.user_id)
    call.require(is_own or sees)
    wanted = plain_id(call.params.get("attempt"))
    if wanted is None or wanted == row.attempt:
        return _envelope(call, quiz, [(row, None)])
    older = found(next((one for one in row.past_attempts if one.attempt == wanted), None))
    return _envelope(call, quiz, [(row, older)])


def show_own_row(call: Call) -> Answer:
    """Answer with the caller's own row."""
    course = call.course()
    quiz = call.quiz(course)
    row = call.state.quiz_submissions.first("quiz_user", (quiz.id, call.caller.user.id))
    return _envelope(call, quiz, [(found(row), None)])


def _row_of_path(call: Call, quiz: Quiz) -> QuizSubmission:
    row = call.state.quiz_submissions.get(plain_id(call.path["submission_id"]))
    return found(row if row and row.quiz_id == quiz.id else None)


def _envelope(
    call: Call,
    quiz: Quiz,
    rows: Sequence[tuple[QuizSubmission, QuizAttempt | None]],
    headers: dict[str, str] | None = None,
) -> Answer:
    base_url = call.request.base_url
    shapes = [quiz_submission_json(call.state, quiz, row, base_url, attempt=older) for row, older in rows]
    payload: dict[str, Any] = {"quiz_submissions": shapes} | _included(call, quiz, [row for row, _ in rows])
    answer = json_answer(payload, headers=headers)
    answer.row_count = len(shapes)
    return answer


def _included(call: Call, quiz: Quiz, rows: Sequence[QuizSubmission]) -> dict[str, Any]:
    state, request = call.state, call.request
    more: dict[str, Any] = {}
    if request.includes("user"):
        users = [state.users[row.user_id] for row in rows]
        more["users"] = [user_json(one, with_sis=False, with_contact=False) for one in users]
    if request.includes("quiz"):
        dates = state.dated(quiz)
        more["quizzes"] = [quiz_json(state, quiz, request.base_url, dates, is_staff=False, is_locked=False)]
    if request.includes("submission") and quiz.assignment_id is not None:
        assignment = state.assignments[quiz.assignment_id]
        kept = [state.submission_of(assignment, row.user_id) for row in rows]
        more["submissions"] = [submission_json(state, assignment, one, request.base_url) for one in kept]
    if more:
        more["meta"] = {"primaryCollection": "quiz_submissions"}
    return more


def start(call: Call) -> Answer:
    """Start an attempt of the caller."""
    course = call.course()
    quiz = call.quiz(course)
    if not _may_take(call, course, quiz):
        raise rejected(NOT_A_TAKER, 403)
    _check_access(call, quiz)
    row = call.state.quiz_submissions.first("quiz_user", (quiz.id, call.caller.user.id))
    if (row and is_running(row)) or attempts_left(quiz, row) == 0:
        raise rejected("a quiz submission already exists", 409)
    started = call.state.start_attempt(quiz, call.caller.user)
    return _envelope(call, quiz, [(started, None)])


def _check_access(call: Call, quiz: Quiz) -> None:
    if is_locked_for(call.state, quiz, call.caller.user.id):
        raise rejected("quiz is locked")
    if quiz.access_code and call.request.text("access_code") != quiz.access_code:
        raise rejected("invalid access code", 403)
    if quiz.ip_filter:
        raise rejected("IP address denied", 403)
    if quiz.cant_go_back:
        raise rejected("that type of quizzes is not supported yet", 501)


def complete(call: Call) -> Answer:
    """Hand the caller's attempt in; one that has locked meanwhile cannot be."""
    course = call.course()
    quiz = call.quiz(course)
    row = _row_of_path(call, quiz)
    if row.user_id != call.caller.user.id:
        raise rejected("you are not allowed to complete this quiz submission", 403)
    _check_access(call, quiz)
    _check_completion(call, row)
    call.state.complete_attempt(row)
    return _envelope(call, quiz, [(row, None)])


def _check_completion(call: Call, row: QuizSubmission) -> None:
    if call.request.text("validation_token") != row.validation_token:
        raise rejected("invalid token", 403)
    if not is_running(row):
        raise rejected("quiz submission is already complete")
    attempt = plain_id(call.params.get("attempt"))
    if not attempt:
        raise rejected("invalid attempt")
    if attempt != row.attempt:
        raise rejected(f"attempt {attempt} can not be modified")


def time_left(call: Call) -> Answer:
    """Answer with the end of the attempt and the seconds until then."""
    course = call.course()
    quiz = call.quiz(course)
    row = _row_of_path(call, quiz)
    call.require(row.user_id == call.caller.user.id or call.caller.may_view_grades(course))
    seconds = int((row.end_at - call.state.now()).total_seconds()) if row.end_at else None
    shape = quiz_submission_json(call.state, quiz, row, call.request.base_url)
    return json_answer({"end_at": shape["end_at"], "time_left": seconds})


SUBMISSIONS = "/api/v1/courses/:course_id/quizzes/:quiz_id/submissions"
ROUTES = [
    Route("GET", SUBMISSIONS, list_rows),
    Route("GET", f"{SUBMISSIONS}/:submission_id", show_row),
    Route("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/submission", show_own_row),
    Route("POST", SUBMISSIONS, start),
    Route("POST", f"{SUBMISSIONS}/:submission_id/complete", complete),
    Route("GET", f"{SUBMISSIONS}/:submission_id/time", time_left),
]
