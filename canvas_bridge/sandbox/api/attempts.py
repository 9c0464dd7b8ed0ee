"""Attempts on classic quizzes: starting, answering, handing in, time left, with every refusal (contract 10.7.10)."""

from ipaddress import ip_address, ip_network
from typing import Any

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.quiz_submissions import SUBMISSIONS, envelope, may_take, row_of_path
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, rejected
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.work import QuizSubmission
from canvas_bridge.sandbox.rules.attempts import (
    attempts_left,
    is_locked_by_modules,
    is_locked_for,
    is_overdue,
    is_running,
)
from canvas_bridge.sandbox.rules.quiz_grading import questions_of
from canvas_bridge.sandbox.shapes.quizzes import quiz_question_json
from canvas_bridge.sandbox.shapes.times import leading_integer, shown

NOT_A_TAKER = "you are not allowed to participate in this quiz"
NOT_A_PREVIEWER = "you are not allowed to preview this quiz"
NOT_THEIRS = "you are not allowed to complete this quiz submission"
LOCAL_ADDRESS = "127.0.0.1"


def start(call: Call) -> Answer:
    """Start an attempt of the caller; with `preview`, one of staff that no list shows."""
    course = call.course()
    quiz = call.quiz(course)
    if call.request.flag("preview"):
        return _start_preview(call, quiz)
    if not may_take(call, course, quiz):
        raise rejected(NOT_A_TAKER, 403)
    _check_access(call, quiz)
    row = call.state.quiz_submissions.first("quiz_user", (quiz.id, call.caller.user.id))
    if (row and is_running(row)) or attempts_left(quiz, row) == 0:
        raise rejected("a quiz submission already exists", 409)
    started = call.state.start_attempt(quiz, call.caller.user)
    return envelope(call, quiz, [(started, None)])


def _start_preview(call: Call, quiz: Quiz) -> Answer:
    if not call.caller.may_manage_assignments(call.state.courses[quiz.course_id]):
        raise rejected(NOT_A_PREVIEWER, 403)
    row = call.state.start_attempt(quiz, call.caller.user)
    row.workflow_state = "preview"
    return envelope(call, quiz, [(row, None)])


def _check_access(call: Call, quiz: Quiz) -> None:
    """Refuse where the quiz is shut: when an attempt starts, for every answer, and again when it is handed in."""
    if is_locked_by_modules(call.state, quiz, call.caller.user.id):
        raise rejected(NOT_A_TAKER)
    if is_locked_for(call.state, quiz, call.caller.user.id):
        raise rejected("quiz is locked")
    if quiz.access_code and call.request.text("access_code") != quiz.access_code:
        raise rejected("invalid access code", 403)
    if quiz.ip_filter and not _is_let_in(call, quiz.ip_filter):
        raise rejected("IP address denied", 403)
    if quiz.cant_go_back:
        raise rejected("that type of quizzes is not supported yet", 501)
    if quiz.require_lockdown_browser:
        raise rejected("this quiz requires the lockdown browser", 403)


def _is_let_in(call: Call, ip_filter: str) -> bool:
    """Whether a filter such as `10.0.0.0/8,192.168.1.5` names the caller's address: this machine's own or none."""
    if not call.request.is_from_loopback:
        return False
    for part in ip_filter.replace(",", " ").split():
        try:
            if ip_address(LOCAL_ADDRESS) in ip_network(part, strict=False):
                return True
        except ValueError:
            continue
    return False


def complete(call: Call) -> Answer:
    """Hand the caller's attempt in; one that has locked meanwhile cannot be."""
    course = call.course()
    quiz = call.quiz(course)
    row = row_of_path(call, quiz)
    _check_writable(call, quiz, row)
    call.state.complete_attempt(row)
    return envelope(call, quiz, [(row, None)])


def _check_writable(call: Call, quiz: Quiz, row: QuizSubmission) -> None:
    if row.user_id != call.caller.user.id:
        raise rejected(NOT_THEIRS, 403)
    _check_access(call, quiz)
    if not row.validation_token or call.request.text("validation_token") != row.validation_token:
        raise rejected("invalid token", 403)
    if not is_running(row) and (row.workflow_state != "preview" or row.finished_at is not None):
        raise rejected("quiz submission is already complete")
    attempt = leading_integer(call.params.get("attempt"))
    if attempt < 1:
        raise rejected("invalid attempt")
    if attempt != row.attempt:
        raise rejected(f"attempt {attempt} can not be modified")


def answer_questions(call: Call) -> Answer:
    """Keep answers of the running attempt; its last word for each question counts when it is handed in."""
    row, quiz = _row_and_quiz(call)
    _check_writable(call, quiz, row)
    if is_overdue(call.state, row):
        raise rejected("quiz submission is overdue")
    entries = call.params.get("quiz_questions")
    known = {str(one.id) for one in questions_of(call.state, quiz.id)}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and str(entry.get("id")) in known:
            row.answers[str(entry["id"])] = entry.get("answer")
    return _answered(call, row, quiz)


def list_answers(call: Call) -> Answer:
    """Answer with the questions of an attempt and what the student has answered so far."""
    row, quiz = _row_and_quiz(call)
    course = call.state.courses[quiz.course_id]
    call.require(row.user_id == call.caller.user.id or call.caller.may_view_grades(course))
    return _answered(call, row, quiz)


def _row_and_quiz(call: Call) -> tuple[QuizSubmission, Quiz]:
    row = found(call.state.quiz_submissions.get(plain_id(call.path["submission_id"])))
    quiz = call.state.quizzes[row.quiz_id]
    found(quiz if quiz.workflow_state != "deleted" else None)
    return row, quiz


def _answered(call: Call, row: QuizSubmission, quiz: Quiz) -> Answer:
    shapes: list[dict[str, Any]] = []
    for question in questions_of(call.state, quiz.id):
        shape = quiz_question_json(question, with_weights=False)
        shapes.append({**shape, "flagged": False, "answer": row.answers.get(str(question.id))})
    return json_answer({"quiz_submission_questions": shapes})


def time_left(call: Call) -> Answer:
    """Answer with the end of the attempt and the seconds until then."""
    course = call.course()
    quiz = call.quiz(course)
    row = row_of_path(call, quiz)
    call.require(row.user_id == call.caller.user.id or call.caller.may_view_grades(course))
    seconds = int((row.end_at - call.state.now()).total_seconds()) if row.end_at else None
    return json_answer({"end_at": shown(row.end_at), "time_left": seconds})


ROUTES = [
    Route("POST", SUBMISSIONS, start),
    Route("POST", f"{SUBMISSIONS}/:submission_id/complete", complete),
    Route("GET", f"{SUBMISSIONS}/:submission_id/time", time_left),
    Route("POST", "/api/v1/quiz_submissions/:submission_id/questions", answer_questions),
    Route("GET", "/api/v1/quiz_submissions/:submission_id/questions", list_answers),
]
