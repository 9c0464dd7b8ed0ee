"""New Quizzes: create, update, delete (contract 8.1, 10.7.10)."""

from typing import Any

from canvas_bridge.sandbox.api.base_dates import read_quiz_date
from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, missing_parameter, model_error
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.midnight import set_dates
from canvas_bridge.sandbox.rules.override_saving import touch
from canvas_bridge.sandbox.shapes.quizzes import new_quiz_json

DATE_NAMES = ("due_at", "unlock_at", "lock_at")


def create_new_quiz(call: Call) -> Answer:
    """Create a New Quiz, unpublished: it is published through its assignment."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    values = _values(call)
    if not values.get("title"):
        raise invalid({"title": [model_error("title", "blank")]})
    assignment = call.state.add_new_quiz(course, str(values["title"]), published=False)
    _apply(call, assignment, values)
    return json_answer(new_quiz_json(assignment))


def update_new_quiz(call: Call) -> Answer:
    """Change the keys that are sent; `quiz_settings` are changed key by key."""
    course = call.course()
    assignment = _new_quiz(call, course)
    call.require(call.caller.may_update(assignment))
    _apply(call, assignment, _values(call))
    return json_answer(new_quiz_json(assignment))


def delete_new_quiz(call: Call) -> Answer:
    """Delete a New Quiz."""
    course = call.course()
    assignment = _new_quiz(call, course)
    call.require(call.caller.may_update(assignment))
    assignment.workflow_state = "deleted"
    return json_answer(new_quiz_json(assignment))


def _new_quiz(call: Call, course: Course) -> Assignment:
    assignment = call.assignment(course)
    return found(assignment if assignment.is_new_quiz else None)


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("quiz")
    if not isinstance(values, dict):
        raise missing_parameter("quiz")
    return values


def _apply(call: Call, assignment: Assignment, values: dict[str, Any]) -> None:
    assignment.name = str(values.get("title") or assignment.name)
    assignment.instructions = str(values.get("instructions", assignment.instructions))
    assignment.grading_type = str(values.get("grading_type", assignment.grading_type))
    group_id = plain_id(values.get("assignment_group_id"))
    assignment.assignment_group_id = group_id or assignment.assignment_group_id
    if "points_possible" in values:
        assignment.points_possible = float(values["points_possible"] or 0)
    if isinstance(values.get("quiz_settings"), dict):
        assignment.quiz_settings = {**(assignment.quiz_settings or {}), **values["quiz_settings"]}
    zone = call.caller.zone
    dates = {name: getattr(assignment, name) for name in DATE_NAMES}
    dates |= {name: read_quiz_date(values[name], zone) for name in DATE_NAMES if name in values}
    set_dates(assignment, zone, **dates)
    touch(call.state, assignment)


QUIZZES = "/api/quiz/v1/courses/:course_id/quizzes"
ROUTES = [
    Route("POST", QUIZZES, create_new_quiz),
    Route("PATCH", f"{QUIZZES}/:assignment_id", update_new_quiz),
    Route("DELETE", f"{QUIZZES}/:assignment_id", delete_new_quiz),
]
