"""Extensions of classic quizzes, of one quiz or of a whole course (contract 3 and 4)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, not_found, rejected
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.work import QuizSubmission
from canvas_bridge.sandbox.rules.attempts import is_extendable
from canvas_bridge.sandbox.rules.enrollment import is_current_student
from canvas_bridge.sandbox.rules.quiz_kinds import course_order
from canvas_bridge.sandbox.shapes.times import leading_integer
from canvas_bridge.sandbox.shapes.work import quiz_extension_json

MOST_ATTEMPTS = 1000
MOST_MINUTES = 10_080
MOST_EXTENDING_MINUTES = 1440
REFUSED_FOR_ONE = "you are not allowed to change extension settings for this submission"
REFUSED_FOR_COURSE = "you are not allowed to change extension settings for these submissions"

Element = dict[str, Any]


def extend_quiz(call: Call) -> Answer:
    """Set extensions of students on one quiz; every element is checked before anything is written."""
    course = call.course()
    quiz = call.quiz(course, deleted_too=True)
    elements = _elements(call)
    rows = _checked_rows(call, quiz, elements, REFUSED_FOR_ONE)
    for row, element in zip(rows, elements, strict=True):
        _write(call, quiz, row, element)
    return json_answer({"quiz_extensions": [quiz_extension_json(row) for row in rows]})


def extend_course(call: Call) -> Answer:
    """Set the same extensions on every classic quiz that the course has now, deleted ones included."""
    course = call.course()
    elements = _elements(call)
    quizzes = sorted(call.state.quizzes.where("course", course.id), key=lambda quiz: course_order(call.state, quiz))
    rows = [(quiz, _checked_rows(call, quiz, elements, REFUSED_FOR_COURSE)) for quiz in quizzes]
    for quiz, quiz_rows in rows:
        for row, element in zip(quiz_rows, elements, strict=True):
            _write(call, quiz, row, element)
    shapes = [quiz_extension_json(row) for _, quiz_rows in rows for row in quiz_rows]
    return json_answer({"quiz_extensions": shapes})


def _elements(call: Call) -> list[Element]:
    elements = call.params.get("quiz_extensions")
    if not isinstance(elements, list):
        raise rejected("missing required key :quiz_extensions")
    return [one if isinstance(one, dict) else {} for one in elements]


def _checked_rows(call: Call, quiz: Quiz, elements: Sequence[Element], refusal_text: str) -> list[QuizSubmission]:
    """Find or make each student's row, then check the right; the first failure stops all, the rows made stay."""
    course = call.state.courses[quiz.course_id]
    rows = []
    for element in elements:
        user_id = plain_id(element.get("user_id"))
        if user_id is None or not is_current_student(call.state, course.id, user_id):
            raise not_found()
        rows.append(call.state.quiz_submission_of(quiz, user_id))
        if not call.caller.may_manage_grades(course) or not call.caller.sees_student(course, user_id):
            raise rejected(refusal_text, 403)
    return rows


def _write(call: Call, quiz: Quiz, row: QuizSubmission, element: Element) -> None:
    """Write the keys that are there; a key that is omitted or null leaves its value as it is (3.2)."""
    if element.get("extra_attempts") is not None:
        row.extra_attempts = min(abs(leading_integer(element["extra_attempts"])), MOST_ATTEMPTS)
    if element.get("extra_time") is not None:
        row.extra_time = min(abs(leading_integer(element["extra_time"])), MOST_MINUTES)
    if element.get("manually_unlocked") is not None:
        row.manually_unlocked = element["manually_unlocked"] in (1, "1", True, "true")
    _extend_running_attempt(call, quiz, row, element)


def _extend_running_attempt(call: Call, quiz: Quiz, row: QuizSubmission, element: Element) -> None:
    if row.end_at is None or not is_extendable(call.state, quiz, row):
        return
    from_now = _extending_minutes(element.get("extend_from_now"))
    from_end = _extending_minutes(element.get("extend_from_end_at"))
    if from_now > 0:
        row.end_at = call.state.now() + timedelta(minutes=from_now)
    elif from_end > 0:
        row.end_at += timedelta(minutes=from_end)


def _extending_minutes(value: Any) -> int:
    return 0 if value is None else min(leading_integer(value), MOST_EXTENDING_MINUTES)


def list_extensions(call: Call) -> Answer:
    """Answer with what is set on a quiz: on some instances only (3.7), so not found unless switch 4 is on."""
    course = call.course()
    quiz = call.quiz(course, deleted_too=True)
    if not call.state.switches.extension_reads:
        raise not_found()
    call.require(call.caller.may_manage_assignments(course))
    rows = [one for one in call.state.quiz_submissions.where("quiz", quiz.id) if _has_extension(one)]
    if "user_id" in call.params:
        rows = [one for one in rows if one.user_id == plain_id(call.request.text("user_id"))]
    page = numeric_page(call.request, rows)
    shapes = [quiz_extension_json(one) for one in page.items]
    return json_answer({"quiz_extensions": shapes}, headers=page.headers)


def _has_extension(row: QuizSubmission) -> bool:
    return bool(row.extra_attempts or row.extra_time or row.manually_unlocked)


ROUTES = [
    Route("POST", "/api/v1/courses/:course_id/quizzes/:quiz_id/extensions", extend_quiz),
    Route("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id/extensions", list_extensions),
    Route("POST", "/api/v1/courses/:course_id/quiz_extensions", extend_course),
]
