"""Assignment groups of a course, such as "Exams": enough to fill and to read them."""

from typing import Any

from canvas_bridge.sandbox.api.assignment_values import checked_name
from canvas_bridge.sandbox.api.assignment_writes import mark_deleted
from canvas_bridge.sandbox.api.assignments import is_visible, shape_assignment
from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.records.courses import AssignmentGroup, Course
from canvas_bridge.sandbox.shapes.times import leading_integer

Json = dict[str, Any]


def list_groups(call: Call) -> Answer:
    """Answer with a course's assignment groups, by position."""
    course = call.course()
    call.require(call.caller.may_read(course))
    groups = sorted(call.state.assignment_groups.where("course", course.id), key=lambda one: (one.position, one.id))
    return call.paged(groups, lambda one: _shape(call, course, one))


def show_group(call: Call) -> Answer:
    """Answer with one assignment group."""
    course = call.course()
    call.require(call.caller.may_read(course))
    return json_answer(_shape(call, course, _group(call, course)))


def _group(call: Call, course: Course) -> AssignmentGroup:
    group = call.state.assignment_groups.get(plain_id(call.path["group_id"]))
    return found(group if group and group.course_id == course.id else None)


def _shape(call: Call, course: Course, group: AssignmentGroup) -> Json:
    shape: Json = {
        "id": group.id,
        "name": group.name,
        "position": group.position,
        "group_weight": group.group_weight,
        "rules": {},
    }
    if call.request.includes("assignments"):
        rows = [
            one
            for one in call.state.assignments.where("course", course.id)
            if one.assignment_group_id == group.id and is_visible(call, course, one)
        ]
        shape["assignments"] = [shape_assignment(call, one) for one in rows]
    return shape


def create_group(call: Call) -> Answer:
    """Create an assignment group."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    group = call.state.add_assignment_group(course, checked_name(call.params.get("name")))
    _apply(call, group)
    return json_answer(_shape(call, course, group))


def update_group(call: Call) -> Answer:
    """Change an assignment group."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    group = _group(call, course)
    _apply(call, group)
    return json_answer(_shape(call, course, group))


def _apply(call: Call, group: AssignmentGroup) -> None:
    if "name" in call.params:
        group.name = checked_name(call.params["name"])
    if "position" in call.params:
        group.position = leading_integer(call.params["position"])
    if "group_weight" in call.params:
        group.group_weight = float(leading_integer(call.params["group_weight"]))


def delete_group(call: Call) -> Answer:
    """Delete an assignment group; its assignments move to another one, or go with it."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    group = _group(call, course)
    target = call.state.assignment_groups.get(plain_id(call.params.get("move_assignments_to")))
    for assignment in call.state.assignments.where("course", course.id):
        if assignment.assignment_group_id != group.id or assignment.workflow_state == "deleted":
            continue
        if target and target.course_id == course.id:
            assignment.assignment_group_id = target.id
        else:
            mark_deleted(call, assignment)
    shape = _shape(call, course, group)
    call.state.assignment_groups.remove(group)
    return json_answer(shape)


GROUPS = "/api/v1/courses/:course_id/assignment_groups"
ROUTES = [
    Route("GET", GROUPS, list_groups),
    Route("POST", GROUPS, create_group),
    Route("GET", f"{GROUPS}/:group_id", show_group),
    Route("PUT", f"{GROUPS}/:group_id", update_group),
    Route("DELETE", f"{GROUPS}/:group_id", delete_group),
]
