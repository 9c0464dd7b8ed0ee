"""Assignments: create, update, delete (contract 9.3, 9.4)."""

from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.assignments import shape_assignment
from canvas_bridge.sandbox.api.base_dates import (
    check_order,
    read_assignment_date,
    refuse_change_in_closed_period,
    refuse_closed_period,
)
from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.reader_dates import visible_overrides
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import (
    Answer,
    invalid,
    json_answer,
    missing_parameter,
    model_error,
    refusal,
)
from canvas_bridge.sandbox.http.parsing import list_or_numbered_map
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.grading_periods import anyone_is_in_closed_period
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_due_at
from canvas_bridge.sandbox.rules.override_list import save_override_list
from canvas_bridge.sandbox.rules.override_saving import OverrideRefused, touch
from canvas_bridge.sandbox.shapes.assignments import has_submissions
from canvas_bridge.sandbox.shapes.times import leading_integer

DATE_NAMES = ("due_at", "unlock_at", "lock_at")
TEXTS = ("name", "description", "grading_type", "sis_assignment_id")
FLAGS = ("moderated_grading", "grade_group_students_individually", "only_visible_to_overrides")
IDS = ("assignment_group_id", "group_category_id", "final_grader_id")
ECHOED = (
    "grading_standard_id",
    "allowed_extensions",
    "peer_reviews",
    "automatic_peer_reviews",
    "integration_id",
    "integration_data",
    "omit_from_final_grade",
    "hide_in_gradebook",
    "anonymous_grading",
    "grader_count",
)
LOCKED = "cannot change column(s): {} - locked by Master Course"


def create_assignment(call: Call) -> Answer:
    """Create an assignment, unpublished unless `published` is sent true."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    values = _values(call)
    if not values.get("name"):
        raise invalid({"name": [model_error("name", "blank")]})
    dates = {name: read_assignment_date(name, values.get(name), call.caller.zone) for name in DATE_NAMES}
    check_order(dates, call.caller.zone)
    is_only_visible = as_boolean(values.get("only_visible_to_overrides"))
    refuse_closed_period(call, course, dates["due_at"], is_only_visible=is_only_visible)
    assignment = call.state.add_assignment(course, str(values["name"]), points_possible=0, published=False)
    _apply(call, course, assignment, values, dates)
    try:
        _save_overrides(call, assignment, values)
    except OverrideRefused as refused:
        call.state.assignments.remove(assignment)
        raise invalid(refused.errors) from refused
    return json_answer(shape_assignment(call, assignment), status=201)


def update_assignment(call: Call) -> Answer:
    """Change the keys that are sent; omitted ones stay, unlike those of an override."""
    course = call.course()
    assignment = call.assignment(course)
    call.require(call.caller.may_update(assignment))
    values = _values(call)
    dates = {name: _wanted_date(call, assignment, name, values) for name in DATE_NAMES}
    _refuse_update(call, assignment, values, dates)
    try:
        _save_overrides(call, assignment, values)
    except OverrideRefused as refused:
        message = "The override list is invalid"
        errors = {**refused.errors, "invalid_record": [model_error("invalid_record", message)]}
        raise invalid(errors) from refused
    _apply(call, course, assignment, values, dates)
    with_overrides = as_boolean(values["override_dates"]) if "override_dates" in values else None
    return json_answer(shape_assignment(call, assignment, with_overrides=with_overrides))


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("assignment")
    if not isinstance(values, dict) or not values:
        raise missing_parameter("assignment")
    return values


def _wanted_date(call: Call, assignment: Assignment, name: str, values: dict[str, Any]) -> datetime | None:
    if name not in values:
        stored: datetime | None = getattr(assignment, name)
        return stored
    wanted = read_assignment_date(name, values[name], call.caller.zone)
    return wanted if name == "unlock_at" else moved_off_midnight(wanted, call.caller.zone)


def _refuse_update(
    call: Call, assignment: Assignment, values: dict[str, Any], dates: dict[str, datetime | None]
) -> None:
    if any(name in values for name in DATE_NAMES):
        check_order(dates, call.caller.zone)
    is_only_visible = as_boolean(values.get("only_visible_to_overrides", assignment.only_visible_to_overrides))
    refuse_change_in_closed_period(call, assignment, dates["due_at"], is_only_visible=is_only_visible)
    _refuse_locked_columns(call, assignment, dates)
    unpublishes = "published" in values and assignment.published and not as_boolean(values["published"])
    if unpublishes and has_submissions(call.state, assignment):
        message = "Can't unpublish if there are student submissions"
        raise invalid({"published": [model_error("published", message)]})


def _refuse_locked_columns(call: Call, assignment: Assignment, dates: dict[str, datetime | None]) -> None:
    """Refuse changes of columns that the blueprint locks in a child course (10.7.11)."""
    if not call.state.courses[assignment.course_id].is_blueprint_child:
        return
    locks = {"due_dates": ("due_at",), "availability_dates": ("unlock_at", "lock_at")}
    locked = [name for lock, names in locks.items() if lock in assignment.blueprint_restrictions for name in names]
    changed = [name for name in locked if dates[name] != getattr(assignment, name)]
    if changed:
        raise invalid({"base": [model_error("base", LOCKED.format(", ".join(changed)))]})


def _save_overrides(call: Call, assignment: Assignment, values: dict[str, Any]) -> None:
    """Save `assignment_overrides` as the complete list; overrides that the caller cannot see are kept."""
    if "assignment_overrides" not in values:
        return
    entries = list_or_numbered_map(values["assignment_overrides"] or [])
    if not isinstance(entries, list):
        raise invalid({"base": [model_error("base", "must specify an array of overrides")]})
    is_child = call.state.courses[assignment.course_id].is_blueprint_child
    if entries and is_child and {"due_dates", "availability_dates"} & set(assignment.blueprint_restrictions):
        raise refusal(403, {"errors": {}})
    visible = {one.id for one in visible_overrides(call.state, call.caller, assignment)}
    hidden = frozenset(one.id for one in call.state.active_overrides(assignment) if one.id not in visible)
    save_override_list(call.state, assignment, entries, call.caller.zone, hidden_ids=hidden)


def _apply(
    call: Call, course: Course, assignment: Assignment, values: dict[str, Any], dates: dict[str, datetime | None]
) -> None:
    for name in TEXTS:
        if name in values:
            setattr(assignment, name, values[name])
    for name in FLAGS:
        if name in values:
            setattr(assignment, name, as_boolean(values[name]))
    for name in IDS:
        if name in values and (values[name] or name != "assignment_group_id"):
            setattr(assignment, name, plain_id(values[name]))
    assignment.extras |= {name: values[name] for name in ECHOED if name in values}
    _apply_numbers(assignment, values)
    if "published" in values:
        assignment.published = as_boolean(values["published"])
        assignment.workflow_state = "published" if assignment.published else "unpublished"
    if dates["due_at"] is not None and "due_at" in values and assignment.only_visible_to_overrides:
        assignment.only_visible_to_overrides = "only_visible_to_overrides" in values and as_boolean(
            values["only_visible_to_overrides"]
        )
    _apply_dates(call, assignment, dates)


def _apply_numbers(assignment: Assignment, values: dict[str, Any]) -> None:
    if "submission_types" in values:
        types = values["submission_types"]
        assignment.submission_types = list(types) if isinstance(types, list) else [str(types)]
    if "points_possible" in values:
        assignment.points_possible = float(values["points_possible"] or 0)
    if "position" in values:
        assignment.position = leading_integer(values["position"])
    if "allowed_attempts" in values:
        attempts = values["allowed_attempts"]
        assignment.allowed_attempts = -1 if attempts in (None, "") else leading_integer(attempts)


def _apply_dates(call: Call, assignment: Assignment, dates: dict[str, datetime | None]) -> None:
    set_due_at(assignment, dates["due_at"], call.caller.zone)
    assignment.unlock_at = dates["unlock_at"]
    assignment.lock_at = moved_off_midnight(dates["lock_at"], call.caller.zone)
    touch(call.state, assignment)
    quiz = call.state.quizzes.get(assignment.quiz_id)
    if quiz:
        quiz.title, quiz.published = assignment.name, assignment.published
        quiz.workflow_state = "available" if quiz.published else "unpublished"


def delete_assignment(call: Call) -> Answer:
    """Delete an assignment, and the quiz that belongs to it; in a closed grading period for administrators only."""
    course = call.course()
    assignment = call.assignment(course)
    call.require(call.caller.may_update(assignment))
    is_blueprint_locked = course.is_blueprint_child and bool(assignment.blueprint_restrictions)
    is_closed = not call.caller.is_admin and anyone_is_in_closed_period(call.state, assignment)
    call.require(not is_blueprint_locked and not is_closed)
    shape = shape_assignment(call, assignment)
    assignment.workflow_state = "deleted"
    quiz = call.state.quizzes.get(assignment.quiz_id)
    if quiz:
        quiz.workflow_state = "deleted"
    return json_answer(shape)


ONE = "/api/v1/courses/:course_id/assignments/:assignment_id"
ROUTES = [
    Route("POST", "/api/v1/courses/:course_id/assignments", create_assignment),
    Route("PUT", ONE, update_assignment),
    Route("DELETE", ONE, delete_assignment),
]
