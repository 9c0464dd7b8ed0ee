"""Assignments: create, update, delete (contract 9.3, 9.4)."""

from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.assignment_values import (
    AssignmentValues,
    checked_name,
    read_assignment_values,
)
from canvas_bridge.sandbox.api.assignments import shape_assignment
from canvas_bridge.sandbox.api.base_dates import (
    check_order,
    has_locked_dates,
    refuse_change_in_closed_period,
    refuse_closed_period,
    refuse_locked_columns,
)
from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.override_writer import list_writer_of
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.builders.assessments import new_quiz_settings
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
from canvas_bridge.sandbox.rules.midnight import set_due_at
from canvas_bridge.sandbox.rules.override_list import save_override_list
from canvas_bridge.sandbox.rules.override_saving import OverrideRefused, touch
from canvas_bridge.sandbox.rules.rollback import restored_on_refusal
from canvas_bridge.sandbox.shapes.assignments import has_submissions

NO_LIST = "must specify an array of overrides"


def create_assignment(call: Call) -> Answer:
    """Create an assignment, unpublished unless `published` is sent true."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    values = _values(call)
    name = checked_name(values.get("name"))
    read = read_assignment_values(call, course, None, values)
    check_order(read.dates, call.caller.zone)
    is_only_visible = bool(read.fields.get("only_visible_to_overrides"))
    refuse_closed_period(call, course, read.dates["due_at"], is_only_visible=is_only_visible)
    types = tuple(read.fields.get("submission_types", ("none",)))
    assignment = call.state.add_assignment(course, name, submission_types=types, points_possible=0, published=False)
    if as_boolean(values.get("quiz_lti")):
        assignment.is_new_quiz = True
        assignment.quiz_settings = new_quiz_settings(time_limit_seconds=None, max_attempts=1)
    _apply(call, assignment, values, read)
    try:
        _save_overrides(call, assignment, values)
    except OverrideRefused as refused:
        call.state.forget_assignment(assignment)
        raise invalid(refused.errors, refused.status) from refused
    return json_answer(shape_assignment(call, assignment), status=201)


def update_assignment(call: Call) -> Answer:
    """Change the keys that are sent; omitted ones stay, unlike those of an override."""
    course = call.course()
    assignment = call.assignment(course)
    call.require(call.caller.may_update(assignment))
    values = _values(call)
    change_assignment(call, course, assignment, values)
    with_overrides = as_boolean(values["override_dates"]) if "override_dates" in values else None
    return json_answer(shape_assignment(call, assignment, with_overrides=with_overrides))


def change_assignment(call: Call, course: Course, assignment: Assignment, values: dict[str, Any]) -> None:
    """Change an assignment and its overrides in one transaction, or refuse with nothing changed."""
    read = read_assignment_values(call, course, assignment, values)
    _refuse_update(call, course, assignment, values, read)
    try:
        quiz = call.state.quizzes.get(assignment.quiz_id)
        topic = call.state.discussions.get(assignment.discussion_topic_id)
        with restored_on_refusal(assignment, quiz, topic):
            _apply(call, assignment, values, read)
            _save_overrides(call, assignment, values)
    except OverrideRefused as refused:
        errors = dict(refused.errors)
        if refused.status == 400:
            errors["invalid_record"] = [model_error("invalid_record", "The override list is invalid")]
        raise invalid(errors, refused.status) from refused
    finally:
        call.state.assignments.reindex(assignment)


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("assignment")
    if not isinstance(values, dict) or not values:
        raise missing_parameter("assignment")
    return values


def _refuse_update(
    call: Call, course: Course, assignment: Assignment, values: dict[str, Any], read: AssignmentValues
) -> None:
    if any(name in values for name in read.dates):
        check_order(read.dates, call.caller.zone)
    is_only_visible = read.fields.get("only_visible_to_overrides", assignment.only_visible_to_overrides)
    refuse_change_in_closed_period(call, assignment, read.dates["due_at"], is_only_visible=is_only_visible)
    refuse_locked_columns(course, assignment.blueprint_restrictions, _changed_columns(assignment, read))
    unpublishes = "published" in values and assignment.published and not as_boolean(values["published"])
    if unpublishes and has_submissions(call.state, assignment):
        message = "Can't unpublish if there are student submissions"
        raise invalid({"published": [model_error("published", message)]})


def _changed_columns(assignment: Assignment, read: AssignmentValues) -> list[str]:
    wanted: dict[str, Any] = {**read.fields, **read.dates}
    changed = [name for name, value in wanted.items() if value != getattr(assignment, name)]
    return ["title" if name == "name" else name for name in changed]


def _save_overrides(call: Call, assignment: Assignment, values: dict[str, Any]) -> None:
    """Save `assignment_overrides` as the complete list; overrides that the caller cannot see are kept."""
    if "assignment_overrides" not in values:
        return
    entries = list_or_numbered_map(values["assignment_overrides"] or [])
    if not isinstance(entries, list):
        raise invalid({"base": [model_error("base", NO_LIST)]})
    course = call.state.courses[assignment.course_id]
    if entries and has_locked_dates(course, assignment.blueprint_restrictions):
        raise refusal(403, {"errors": {}})
    save_override_list(call.state, assignment, entries, list_writer_of(call, assignment))


def _apply(call: Call, assignment: Assignment, values: dict[str, Any], read: AssignmentValues) -> None:
    before = _written(assignment)
    vars(assignment).update(read.fields)
    assignment.extras = {**assignment.extras, **read.extras}
    if "published" in values:
        assignment.published = as_boolean(values["published"])
        assignment.workflow_state = "published" if assignment.published else "unpublished"
    set_due_at(assignment, read.dates["due_at"], call.caller.zone)
    assignment.unlock_at, assignment.lock_at = read.dates["unlock_at"], read.dates["lock_at"]
    call.state.assignments.reindex(assignment)
    if _written(assignment) != before or as_boolean(values.get("force_updated_at")):
        touch(call.state, assignment)
    _carry_to_quiz(call, assignment)


def _written(assignment: Assignment) -> dict[str, Any]:
    return {name: value for name, value in vars(assignment).items() if name != "updated_at"}


def _carry_to_quiz(call: Call, assignment: Assignment) -> None:
    """Let the classic quiz or discussion of an assignment have its name and its state."""
    quiz = call.state.quizzes.get(assignment.quiz_id)
    if quiz:
        quiz.title, quiz.published = assignment.name, assignment.published
        quiz.workflow_state = "available" if quiz.published else "unpublished"
    topic = call.state.discussions.get(assignment.discussion_topic_id)
    if topic:
        topic.title, topic.published = assignment.name, assignment.published


def delete_assignment(call: Call) -> Answer:
    """Delete an assignment, and what belongs to it; in a closed grading period for administrators only.

    The answer is the assignment as it was, but for its state, which Canvas shows after the deletion.
    """
    course = call.course()
    assignment = call.assignment(course)
    call.require(call.caller.may_update(assignment))
    is_blueprint_locked = course.is_blueprint_child and bool(assignment.blueprint_restrictions)
    is_closed = not call.caller.is_admin and anyone_is_in_closed_period(call.state, assignment)
    call.require(not is_blueprint_locked and not is_closed)
    shape = shape_assignment(call, assignment)
    mark_deleted(call, assignment)
    return json_answer({**shape, "workflow_state": assignment.workflow_state})


def mark_deleted(call: Call, assignment: Assignment) -> None:
    """Mark an assignment, and the quiz or discussion that belongs to it, as deleted."""
    assignment.workflow_state = "deleted"
    now: datetime = call.state.now()
    assignment.updated_at = now
    quiz = call.state.quizzes.get(assignment.quiz_id)
    topic = call.state.discussions.get(assignment.discussion_topic_id)
    if quiz:
        quiz.workflow_state = "deleted"
    if topic:
        topic.workflow_state = "deleted"


ONE = "/api/v1/courses/:course_id/assignments/:assignment_id"
ROUTES = [
    Route("POST", "/api/v1/courses/:course_id/assignments", create_assignment),
    Route("PUT", ONE, update_assignment),
    Route("DELETE", ONE, delete_assignment),
]
