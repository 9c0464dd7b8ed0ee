"""Classic quizzes: list, get, create, update, delete (contract 10.1, 10.7.8)."""

from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.base_dates import check_order, read_quiz_date, refuse_closed_period
from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.reader_dates import quiz_dates_for
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import (
    Answer,
    invalid,
    json_answer,
    missing_parameter,
    model_error,
    search_term_too_short,
)
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.attempts import is_locked_for, lengthen_running_attempts
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_due_at
from canvas_bridge.sandbox.shapes.quizzes import Json, quiz_json
from canvas_bridge.sandbox.shapes.times import leading_integer

SHORTEST_SEARCH = 2
QUIZ_TYPES = ("practice_quiz", "assignment", "graded_survey", "survey")
TEXTS = ("title", "description", "scoring_policy", "access_code", "ip_filter", "hide_results")
FLAGS = (
    "shuffle_answers",
    "show_correct_answers",
    "show_correct_answers_last_attempt",
    "one_time_results",
    "one_question_at_a_time",
    "cant_go_back",
)


def list_quizzes(call: Call) -> Answer:
    """Answer with a course's classic quizzes, by lock, title and id; New Quizzes are not among them."""
    course = call.course()
    call.require(call.caller.may_read(course))
    quizzes = [one for one in call.state.quizzes.where("course", course.id) if _is_visible(call, course, one)]
    if "search_term" in call.params:
        term = call.request.text("search_term").lower()
        if len(term) < SHORTEST_SEARCH:
            raise search_term_too_short()
        quizzes = [one for one in quizzes if term in one.title.lower()]
    quizzes.sort(key=lambda one: _order(call, one))
    return call.paged(quizzes, lambda one: shape_quiz(call, one))


def _order(call: Call, quiz: Quiz) -> tuple[bool, float, str, int]:
    lock_at = call.state.dated(quiz).lock_at
    return lock_at is None, lock_at.timestamp() if lock_at else 0.0, quiz.title.lower(), quiz.id


def _is_visible(call: Call, course: Course, quiz: Quiz) -> bool:
    if quiz.workflow_state == "deleted":
        return False
    if call.caller.sees_as_staff(course):
        return True
    item = call.state.assignments.get(quiz.assignment_id) or quiz
    return quiz.published and is_assigned(call.state, item, call.caller.user.id)


def show_quiz(call: Call) -> Answer:
    """Answer with one classic quiz."""
    course = call.course()
    call.require(call.caller.may_read(course))
    quiz = call.quiz(course)
    call.require(_is_visible(call, course, quiz))
    return json_answer(shape_quiz(call, quiz))


def shape_quiz(call: Call, quiz: Quiz) -> Json:
    """Return a quiz as the caller reads it."""
    course = call.state.courses[quiz.course_id]
    is_staff = call.caller.sees_as_staff(course)
    dates = quiz_dates_for(call.state, call.caller, quiz)
    is_locked = not is_staff and is_locked_for(call.state, quiz, call.caller.user.id)
    return quiz_json(call.state, quiz, call.request.base_url, dates, is_staff=is_staff, is_locked=is_locked)


def create_quiz(call: Call) -> Answer:
    """Create a classic quiz, with its assignment where it is graded; the answer is 200, not 201."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    values = _values(call)
    if not values.get("title"):
        raise invalid({"title": [model_error("title", "blank")]})
    quiz_type = str(values.get("quiz_type") or "assignment")
    _require_quiz_type(quiz_type)
    if quiz_type in ("assignment", "graded_survey"):
        due_at = read_quiz_date(values.get("due_at"), call.caller.zone)
        refuse_closed_period(call, course, due_at, is_only_visible=as_boolean(values.get("only_visible_to_overrides")))
    quiz = call.state.add_quiz(course, str(values["title"]), quiz_type=quiz_type, published=False)
    _apply(call, quiz, values)
    return json_answer(shape_quiz(call, quiz))


def _require_quiz_type(quiz_type: str) -> None:
    if quiz_type not in QUIZ_TYPES:
        raise invalid({"quiz_type": [model_error("quiz_type", "inclusion")]})


def update_quiz(call: Call) -> Answer:
    """Change the keys that are sent; extensions and (switch 7) running attempts stay as they are."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    quiz = call.quiz(course)
    values = _values(call)
    if "published" in values and quiz.published and not as_boolean(values["published"]):
        _require_unpublishable(call, quiz)
    _apply(call, quiz, values)
    if "vnd.api+json" in call.request.headers.get("accept", ""):
        return Answer(status=204)
    return json_answer(shape_quiz(call, quiz))


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("quiz")
    if not isinstance(values, dict):
        raise missing_parameter("quiz")
    return values


def _require_unpublishable(call: Call, quiz: Quiz) -> None:
    rows = call.state.quiz_submissions.where("quiz", quiz.id)
    if any(row.workflow_state != "settings_only" for row in rows):
        message = "Can't unpublish if there are student submissions"
        raise invalid({"published": [model_error("published", message)]})


def _apply(call: Call, quiz: Quiz, values: dict[str, Any]) -> None:
    dates = _read_dates(call, quiz, values)
    for name in TEXTS:
        if name in values:
            setattr(quiz, name, values[name] or ("" if name in ("title", "description") else None))
    for name in FLAGS:
        if name in values:
            setattr(quiz, name, as_boolean(values[name]))
    if "allowed_attempts" in values:
        quiz.allowed_attempts = leading_integer(values["allowed_attempts"] or 1)
    if "points_possible" in values:
        quiz.points_possible = float(values["points_possible"] or 0)
    if "time_limit" in values:
        _change_time_limit(call, quiz, values["time_limit"])
    if "published" in values:
        set_published(call, quiz, as_boolean(values["published"]))
    _apply_dates(call, quiz, dates, values)
    quiz.version_number += 1
    quiz.updated_at = call.state.now()
    _carry_to_assignment(call, quiz)


def _change_time_limit(call: Call, quiz: Quiz, value: Any) -> None:
    quiz.time_limit = leading_integer(value) or None if value is not None else None
    if call.state.switches.rest_edit_lengthens_running_attempts:
        lengthen_running_attempts(call.state, quiz)


def set_published(call: Call, quiz: Quiz, published: bool) -> None:
    """Publish or unpublish a quiz."""
    quiz.published = published
    quiz.workflow_state = "available" if published else "unpublished"


def _read_dates(call: Call, quiz: Quiz, values: dict[str, Any]) -> dict[str, datetime | None]:
    holder = call.state.dated(quiz)
    dates: dict[str, datetime | None] = {}
    for name in ("due_at", "unlock_at", "lock_at"):
        sent = name in values
        dates[name] = read_quiz_date(values[name], call.caller.zone) if sent else getattr(holder, name)
    if any(name in values for name in dates):
        check_order(dates, call.caller.zone)
    return dates


def _apply_dates(call: Call, quiz: Quiz, dates: dict[str, datetime | None], values: dict[str, Any]) -> None:
    holder = call.state.dated(quiz)
    set_due_at(holder, dates["due_at"], call.caller.zone)
    holder.unlock_at = dates["unlock_at"]
    holder.lock_at = moved_off_midnight(dates["lock_at"], call.caller.zone)
    if "only_visible_to_overrides" in values:
        holder.only_visible_to_overrides = as_boolean(values["only_visible_to_overrides"])


def _carry_to_assignment(call: Call, quiz: Quiz) -> None:
    assignment = call.state.assignments.get(quiz.assignment_id)
    if assignment is None:
        return
    assignment.name = quiz.title
    assignment.points_possible = quiz.points_possible or 0
    assignment.allowed_attempts = quiz.allowed_attempts
    assignment.published = quiz.published
    assignment.workflow_state = "published" if quiz.published else "unpublished"
    assignment.updated_at = quiz.updated_at


def delete_quiz(call: Call) -> Answer:
    """Delete a quiz and its assignment."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    quiz = call.quiz(course)
    shape = shape_quiz(call, quiz)
    quiz.workflow_state = "deleted"
    assignment = call.state.assignments.get(quiz.assignment_id)
    if assignment:
        assignment.workflow_state = "deleted"
    return json_answer(shape)


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/quizzes", list_quizzes),
    Route("GET", "/api/v1/courses/:course_id/quizzes/:quiz_id", show_quiz),
    Route("POST", "/api/v1/courses/:course_id/quizzes", create_quiz),
    Route("PUT", "/api/v1/courses/:course_id/quizzes/:quiz_id", update_quiz),
    Route("DELETE", "/api/v1/courses/:course_id/quizzes/:quiz_id", delete_quiz),
]
