"""New Quizzes: create, update, delete (contract 8.1, 8.2, 10.7.10)."""

from collections.abc import Mapping
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
from canvas_bridge.sandbox.api.new_quizzes import QUIZZES, new_quiz_of_path
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, missing_parameter, model_error
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.rules.grading_periods import anyone_is_in_closed_period
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_dates
from canvas_bridge.sandbox.rules.new_quiz_settings import merged
from canvas_bridge.sandbox.rules.override_saving import touch
from canvas_bridge.sandbox.shapes.quizzes import new_quiz_json
from canvas_bridge.sandbox.shapes.times import leading_number

DATE_NAMES = ("due_at", "unlock_at", "lock_at")
Dates = dict[str, datetime | None]


def create_new_quiz(call: Call) -> Answer:
    """Create a New Quiz, unpublished: it is published through its assignment."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    values = _values(call)
    if not values.get("title"):
        raise invalid({"title": [model_error("title", "blank")]})
    dates = {name: _wanted_date(call, name, values.get(name)) for name in DATE_NAMES}
    check_order(dates, call.caller.zone)
    refuse_closed_period(call, course, dates["due_at"], is_only_visible=False)
    assignment = call.state.add_new_quiz(course, str(values["title"]), published=False)
    _apply(call, assignment, values, dates)
    return json_answer(new_quiz_json(assignment))


def update_new_quiz(call: Call) -> Answer:
    """Change the keys that are sent; `quiz_settings` are changed key by key."""
    course = call.course()
    assignment = new_quiz_of_path(call, course)
    call.require(call.caller.may_update(assignment))
    values = _values(call)
    dates = {name: _date_after(call, assignment, name, values) for name in DATE_NAMES}
    if any(name in values for name in DATE_NAMES):
        check_order(dates, call.caller.zone)
    is_only_visible = assignment.only_visible_to_overrides
    refuse_change_in_closed_period(call, assignment, dates["due_at"], is_only_visible=is_only_visible)
    changed = [name for name, value in dates.items() if value != getattr(assignment, name)]
    refuse_locked_columns(course, assignment.blueprint_restrictions, changed)
    _apply(call, assignment, values, dates)
    return json_answer(new_quiz_json(assignment))


def delete_new_quiz(call: Call) -> Answer:
    """Delete a New Quiz, by the rules of its assignment."""
    course = call.course()
    assignment = new_quiz_of_path(call, course)
    call.require(call.caller.may_update(assignment))
    is_locked = course.is_blueprint_child and bool(assignment.blueprint_restrictions)
    is_closed = not call.caller.is_admin and anyone_is_in_closed_period(call.state, assignment)
    call.require(not is_locked and not is_closed)
    assignment.workflow_state = "deleted"
    return json_answer(new_quiz_json(assignment))


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("quiz")
    if not isinstance(values, dict):
        raise missing_parameter("quiz")
    return values


def _wanted_date(call: Call, name: str, value: Any) -> datetime | None:
    wanted = read_quiz_date(value, call.caller.zone)
    return wanted if name == "unlock_at" else moved_off_midnight(wanted, call.caller.zone)


def _date_after(call: Call, assignment: Assignment, name: str, values: Mapping[str, Any]) -> datetime | None:
    if name in values:
        return _wanted_date(call, name, values[name])
    stored: datetime | None = getattr(assignment, name)
    return stored


def _apply(call: Call, assignment: Assignment, values: dict[str, Any], dates: Dates) -> None:
    assignment.name = str(values.get("title") or assignment.name)
    assignment.grading_type = str(values.get("grading_type") or assignment.grading_type)
    if "instructions" in values:
        assignment.instructions = str(values["instructions"] or "")
    group = call.state.assignment_groups.get(plain_id(values.get("assignment_group_id")))
    if group and group.course_id == assignment.course_id:
        assignment.assignment_group_id = group.id
    if "points_possible" in values:
        assignment.points_possible = leading_number(values["points_possible"] or 0)
    if isinstance(values.get("quiz_settings"), dict):
        assignment.quiz_settings = merged(assignment.quiz_settings or {}, values["quiz_settings"])
    set_dates(
        assignment,
        call.caller.zone,
        due_at=dates["due_at"],
        unlock_at=dates["unlock_at"],
        lock_at=dates["lock_at"],
    )
    touch(call.state, assignment)


ROUTES = [
    Route("POST", QUIZZES, create_new_quiz),
    Route("PATCH", f"{QUIZZES}/:assignment_id", update_new_quiz),
    Route("DELETE", f"{QUIZZES}/:assignment_id", delete_new_quiz),
]
