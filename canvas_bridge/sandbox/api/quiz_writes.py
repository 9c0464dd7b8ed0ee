"""Classic quizzes: create, update, delete, with every refusal (contract 10.7.5, 10.7.8, 10.7.11)."""

from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.base_dates import (
    check_order,
    read_quiz_date,
    refuse_change_in_closed_period,
    refuse_closed_period,
    refuse_locked_columns,
)
from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.quizzes import QUIZZES, shape_quiz
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.builders.assessments import GRADED_QUIZ_TYPES
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, missing_parameter, model_error
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.rules.attempts import lengthen_running_attempts
from canvas_bridge.sandbox.rules.grading_periods import anyone_is_in_closed_period
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_due_at
from canvas_bridge.sandbox.rules.quiz_kinds import blueprint_locks, change_type
from canvas_bridge.sandbox.shapes.times import leading_integer, leading_number

DATE_NAMES = ("due_at", "unlock_at", "lock_at")
TEXTS = ("title", "description", "scoring_policy", "access_code", "ip_filter", "hide_results")
FLAGS = (
    "shuffle_answers",
    "show_correct_answers",
    "show_correct_answers_last_attempt",
    "one_time_results",
    "one_question_at_a_time",
    "cant_go_back",
    "require_lockdown_browser",
)
ANSWER_DATES = ("show_correct_answers_at", "hide_correct_answers_at")
WORDS = {
    "quiz_type": ("practice_quiz", "assignment", "graded_survey", "survey"),
    "scoring_policy": ("keep_highest", "keep_latest", "keep_average"),
    "hide_results": ("always", "until_after_last_attempt"),
}
HAS_SUBMISSIONS = "Can't unpublish if there are student submissions"

Dates = dict[str, datetime | None]


def create_quiz(call: Call) -> Answer:
    """Create a classic quiz, with its assignment where it is graded; the answer is 200, not 201."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    values = _values(call)
    if not values.get("title"):
        raise invalid({"title": [model_error("title", "blank")]})
    _check_words(values)
    quiz_type = str(values.get("quiz_type") or "assignment")
    dates = {name: _wanted_date(call, name, values.get(name)) for name in DATE_NAMES}
    check_order(dates, call.caller.zone)
    if quiz_type in GRADED_QUIZ_TYPES:
        is_only_visible = as_boolean(values.get("only_visible_to_overrides"))
        refuse_closed_period(call, course, dates["due_at"], is_only_visible=is_only_visible)
    quiz = call.state.add_quiz(course, str(values["title"]), quiz_type=quiz_type, published=False)
    _apply(call, quiz, values, dates)
    _touch(call, quiz)
    return json_answer(shape_quiz(call, quiz))


def update_quiz(call: Call) -> Answer:
    """Change the keys that are sent; extensions and (switch 7) running attempts stay as they are.

    What changes nothing writes nothing: neither the version nor `updated_at` moves.
    """
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    quiz = call.quiz(course)
    values = _values(call)
    dates = {name: _date_after(call, quiz, name, values) for name in DATE_NAMES}
    _refuse_update(call, quiz, values, dates)
    before = _written(call, quiz)
    if values.get("quiz_type"):
        change_type(call.state, quiz, str(values["quiz_type"]))
    _apply(call, quiz, values, dates)
    if _written(call, quiz) != before:
        _touch(call, quiz)
        quiz.version_number += 1
    if "vnd.api+json" in call.request.headers.get("accept", ""):
        return Answer(status=204)
    return json_answer(shape_quiz(call, quiz))


def _written(call: Call, quiz: Quiz) -> tuple[dict[str, Any], dict[str, Any]]:
    assignment = call.state.assignments.get(quiz.assignment_id)
    return dict(vars(quiz)), dict(vars(assignment)) if assignment else {}


def _touch(call: Call, quiz: Quiz) -> None:
    quiz.updated_at = call.state.now()
    assignment = call.state.assignments.get(quiz.assignment_id)
    if assignment:
        assignment.updated_at = quiz.updated_at


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("quiz")
    if not isinstance(values, dict):
        raise missing_parameter("quiz")
    return values


def _check_words(values: dict[str, Any]) -> None:
    for name, words in WORDS.items():
        if values.get(name) and values[name] not in words:
            raise invalid({name: [model_error(name, "inclusion")]})


def _wanted_date(call: Call, name: str, value: Any) -> datetime | None:
    wanted = read_quiz_date(value, call.caller.zone)
    return wanted if name == "unlock_at" else moved_off_midnight(wanted, call.caller.zone)


def _date_after(call: Call, quiz: Quiz, name: str, values: dict[str, Any]) -> datetime | None:
    if name in values:
        return _wanted_date(call, name, values[name])
    stored: datetime | None = getattr(call.state.dated(quiz), name)
    return stored


def _refuse_update(call: Call, quiz: Quiz, values: dict[str, Any], dates: Dates) -> None:
    """Refuse before anything is changed; the checks of dates look at what is sent only."""
    if "title" in values and not values["title"]:
        raise invalid({"title": [model_error("title", "blank")]})
    _check_words(values)
    if "published" in values and quiz.published and not as_boolean(values["published"]):
        _require_unpublishable(call, quiz)
    if any(name in values for name in DATE_NAMES):
        check_order(dates, call.caller.zone)
    assignment = call.state.assignments.get(quiz.assignment_id)
    if assignment:
        sent = values.get("only_visible_to_overrides", assignment.only_visible_to_overrides)
        refuse_change_in_closed_period(call, assignment, dates["due_at"], is_only_visible=as_boolean(sent))
    _refuse_locked_columns(call, quiz, values, dates)


def _require_unpublishable(call: Call, quiz: Quiz) -> None:
    rows = call.state.quiz_submissions.where("quiz", quiz.id)
    if any(row.workflow_state not in ("settings_only", "preview") for row in rows):
        raise invalid({"published": [model_error("published", HAS_SUBMISSIONS)]})


def _refuse_locked_columns(call: Call, quiz: Quiz, values: dict[str, Any], dates: Dates) -> None:
    """Refuse changes of columns that the blueprint locks in a child course (10.7.11)."""
    wanted = {**values, **dates}
    if "points_possible" in values:
        wanted["points_possible"] = leading_number(values["points_possible"])
    stored = {**vars(quiz), **{name: getattr(call.state.dated(quiz), name) for name in DATE_NAMES}}
    changed = [name for name, value in wanted.items() if name in stored and value != stored[name]]
    refuse_locked_columns(call.state.courses[quiz.course_id], blueprint_locks(call.state, quiz), changed)


def _apply(call: Call, quiz: Quiz, values: dict[str, Any], dates: Dates) -> None:
    for name in TEXTS:
        if name in values:
            setattr(quiz, name, _text(name, values[name]))
    for name in FLAGS:
        if name in values:
            setattr(quiz, name, as_boolean(values[name]))
    for name in ANSWER_DATES:
        if name in values:
            setattr(quiz, name, read_quiz_date(values[name], call.caller.zone))
    _apply_numbers(call, quiz, values)
    if "published" in values:
        quiz.published = as_boolean(values["published"])
        quiz.workflow_state = "available" if quiz.published else "unpublished"
    _apply_dates(call, quiz, dates, values)
    _carry_to_assignment(call, quiz, values)


def _text(name: str, value: Any) -> str | None:
    if name == "scoring_policy":
        return str(value) if value else "keep_highest"
    if name in ("title", "description"):
        return "" if value is None else str(value)
    return str(value) if value else None


def _apply_numbers(call: Call, quiz: Quiz, values: dict[str, Any]) -> None:
    if "allowed_attempts" in values:
        quiz.allowed_attempts = leading_integer(values["allowed_attempts"] or 1)
    if "points_possible" in values:
        quiz.points_possible = leading_number(values["points_possible"])
    if "time_limit" in values:
        minutes = 0 if values["time_limit"] is None else leading_integer(values["time_limit"])
        quiz.time_limit = minutes if minutes > 0 else None
        if call.state.switches.rest_edit_lengthens_running_attempts:
            lengthen_running_attempts(call.state, quiz)


def _apply_dates(call: Call, quiz: Quiz, dates: Dates, values: dict[str, Any]) -> None:
    holder = call.state.dated(quiz)
    set_due_at(holder, dates["due_at"], call.caller.zone)
    holder.unlock_at, holder.lock_at = dates["unlock_at"], dates["lock_at"]
    if "only_visible_to_overrides" in values:
        holder.only_visible_to_overrides = as_boolean(values["only_visible_to_overrides"])


def _carry_to_assignment(call: Call, quiz: Quiz, values: dict[str, Any]) -> None:
    assignment = call.state.assignments.get(quiz.assignment_id)
    if assignment is None:
        return
    assignment.name = quiz.title
    assignment.points_possible = quiz.points_possible or 0
    assignment.allowed_attempts = quiz.allowed_attempts
    assignment.published = quiz.published
    assignment.workflow_state = "published" if quiz.published else "unpublished"
    group = call.state.assignment_groups.get(plain_id(values.get("assignment_group_id")))
    if group and group.course_id == quiz.course_id:
        assignment.assignment_group_id = group.id


def delete_quiz(call: Call) -> Answer:
    """Delete a quiz and its assignment; not one that a blueprint locks, nor one due in a closed grading period."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    quiz = call.quiz(course)
    assignment = call.state.assignments.get(quiz.assignment_id)
    call.require(not (course.is_blueprint_child and blueprint_locks(call.state, quiz)))
    is_closed = assignment is not None and anyone_is_in_closed_period(call.state, assignment)
    call.require(call.caller.is_admin or not is_closed)
    shape = shape_quiz(call, quiz)
    quiz.workflow_state = "deleted"
    if assignment:
        assignment.workflow_state = "deleted"
    return json_answer(shape)


ROUTES = [
    Route("POST", QUIZZES, create_quiz),
    Route("PUT", f"{QUIZZES}/:quiz_id", update_quiz),
    Route("DELETE", f"{QUIZZES}/:quiz_id", delete_quiz),
]
