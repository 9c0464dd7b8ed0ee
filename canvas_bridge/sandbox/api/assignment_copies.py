"""Duplicating an assignment, and the group with which a student works on it (contract 9.5, 9.6)."""

from copy import deepcopy

from canvas_bridge.sandbox.api.assignments import shape_assignment
from canvas_bridge.sandbox.api.call import Call, find_assignment, found
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.rules.enrollment import is_student


def duplicate_assignment(call: Call) -> Answer:
    """Copy an assignment without its overrides, right behind it; classic quizzes cannot be copied so."""
    course = call.course()
    call.require(call.caller.may_read(course))
    original = find_assignment(call.state, course, call.path["assignment_id"])
    if original is None:
        raise refusal(400, {"error": "assignment does not exist"})
    call.require(call.caller.may_manage_assignments(course))
    if original.quiz_id is not None:
        raise refusal(400, {"error": "quiz duplication not implemented"})
    copy = _copied(call, original)
    positions = _make_room(call, original, copy)
    shape = shape_assignment(call, copy)
    if copy.is_new_quiz:
        shape["workflow_state"] = "duplicating"
    return json_answer({**shape, "new_positions": positions})


def _copied(call: Call, original: Assignment) -> Assignment:
    now = call.state.now()
    values = deepcopy(vars(original))
    values |= {
        "id": call.state.assignments.take_id(),
        "name": f"{original.name} Copy",
        "published": False,
        "workflow_state": "unpublished",
        "sis_assignment_id": None,
        "discussion_topic_id": None,
        "has_checkpoints": False,
        "created_at": now,
        "updated_at": now,
    }
    copy = call.state.assignments.add(Assignment(**values))
    if original.discussion_topic_id is not None:
        call.state.add_discussion(call.course(), copy.name, assignment=copy, published=False)
    return copy


def _make_room(call: Call, original: Assignment, copy: Assignment) -> dict[str, int]:
    """Put the copy behind the original; those after it move down by one. Returns the positions in the group."""
    copy.position = original.position + 1
    peers = [
        one
        for one in call.state.assignments.where("course", original.course_id)
        if one.assignment_group_id == original.assignment_group_id and one.workflow_state != "deleted"
    ]
    for peer in peers:
        if peer is not copy and peer.position > original.position:
            peer.position += 1
    return {str(one.id): one.position for one in sorted(peers, key=lambda one: one.position)}


def list_group_members(call: Call) -> Answer:
    """Answer with the group of a student on a group assignment; the student alone where there is none."""
    course = call.course()
    call.require(call.caller.may_read(course))
    assignment = call.assignment(course)
    user = call.user()
    found(user if is_student(call.state, course.id, user.id) else None)
    call.require(call.caller.may_view_grades(course) or user.id == call.caller.user.id)
    members = _members(call, assignment, user.id)
    return json_answer([{"id": one, "name": call.state.users[one].name} for one in members])


def _members(call: Call, assignment: Assignment, user_id: int) -> list[int]:
    for membership in call.state.memberships.where("user", user_id):
        group = call.state.groups[membership.group_id]
        is_theirs = membership.workflow_state == "accepted" and group.workflow_state == "available"
        if is_theirs and group.category_id == assignment.group_category_id:
            rows = call.state.memberships.where("group", group.id)
            return [one.user_id for one in rows if one.workflow_state == "accepted"]
    return [user_id]


ONE = "/api/v1/courses/:course_id/assignments/:assignment_id"
ROUTES = [
    Route("POST", f"{ONE}/duplicate", duplicate_assignment),
    Route("GET", f"{ONE}/users/:user_id/group_members", list_group_members),
]
