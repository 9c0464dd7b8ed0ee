"""Overrides of one assignment: O1 to O7 of contract 6.1."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, find_assignment, found, plain_id
from canvas_bridge.sandbox.api.override_writer import writer_of
from canvas_bridge.sandbox.api.reader_dates import visible_overrides
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, model_error, refusal
from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.grading_periods import closed_dates_of, is_in_closed_period
from canvas_bridge.sandbox.rules.override_data import OverrideData, read_changed_override, read_new_override
from canvas_bridge.sandbox.rules.override_list import GONE_FROM_CLOSED, closed_text
from canvas_bridge.sandbox.rules.override_saving import (
    OverrideRefused,
    create_override,
    delete_override,
    update_override,
)
from canvas_bridge.sandbox.shapes.overrides import override_json

CHECKPOINTED = "Overrides of checkpointed discussions are written with their due dates"
LOCKED_BY_BLUEPRINT = "locked by Master Course"
IN_CLOSED_PERIOD = "Cannot change the due date of an override in a closed grading period"


def list_overrides(call: Call) -> Answer:
    """O1: the overrides of an assignment that the caller may read."""
    assignment = _readable_assignment(call)
    overrides = visible_overrides(call.state, call.caller, assignment, of_modules_too=True)
    if not call.state.switches.override_list_paginated:
        return json_answer([shape_override(call, one) for one in overrides])
    return call.paged(overrides, lambda one: shape_override(call, one))


def show_override(call: Call) -> Answer:
    """O2: one override; not found when the caller may not see it."""
    assignment = _readable_assignment(call)
    visible = visible_overrides(call.state, call.caller, assignment, of_modules_too=True)
    wanted = plain_id(call.path["override_id"])
    return json_answer(shape_override(call, found(next((one for one in visible if one.id == wanted), None))))


def post_override(call: Call) -> Answer:
    """O3: create one; a repeat is refused, as the student or target has one then."""
    assignment = _updatable_assignment(call)
    data = call.params.get("assignment_override")
    wanted = read_new_override(call.state, assignment, data, writer_of(call, call.course()))
    require_readable(wanted)
    require_open_dates(call, None, wanted)
    try:
        override = create_override(call.state, assignment, wanted, call.caller.zone)
    except OverrideRefused as refused:
        raise invalid(refused.errors) from refused
    return json_answer(shape_override(call, override), status=201)


def put_override(call: Call) -> Answer:
    """O4: replace its dates as a whole, and the students of an ad-hoc one when sent."""
    assignment = _updatable_assignment(call)
    override = _override_of(call, assignment)
    data = call.params.get("assignment_override")
    wanted = read_changed_override(call.state, assignment, override, data, writer_of(call, call.course()))
    require_readable(wanted)
    require_open_dates(call, override, wanted)
    try:
        update_override(call.state, assignment, override, wanted, call.caller.zone)
    except OverrideRefused as refused:
        raise invalid(refused.errors) from refused
    return json_answer(shape_override(call, override))


def remove_override(call: Call) -> Answer:
    """O5: delete it and answer with what it was; a second time it is not found."""
    assignment = _updatable_assignment(call)
    override = _override_of(call, assignment)
    require_open_dates(call, override, None)
    shape = shape_override(call, override)
    delete_override(call.state, assignment, override)
    return json_answer(shape)


def redirect_for_group(call: Call) -> Answer:
    """O6: the override of a group, by redirection to O2."""
    group = call.group()
    return _redirect(call, call.state.courses[group.course_id], "Group", group.id)


def redirect_for_section(call: Call) -> Answer:
    """O7: the override of a section, by redirection to O2."""
    section = call.section()
    return _redirect(call, call.state.courses[section.course_id], "CourseSection", section.id)


def _redirect(call: Call, course: Course, set_type: str, set_id: int) -> Answer:
    call.require(call.caller.may_read(course))
    assignment = call.assignment(course)
    visible = visible_overrides(call.state, call.caller, assignment)
    override = found(next((one for one in visible if (one.set_type, one.set_id) == (set_type, set_id)), None))
    address = f"/api/v1/courses/{course.id}/assignments/{assignment.id}/overrides/{override.id}"
    return Answer(status=302, headers={"Location": call.request.base_url + address})


def shape_override(call: Call, override: Override) -> dict[str, Any]:
    """Return an override with the students whom the caller sees."""
    course = call.state.courses[override.course_id]
    shape = override_json(call.state, override, lambda user_id: call.caller.sees_student(course, user_id))
    if shape.get("non_collaborative") and not call.caller.sees_as_staff(course):
        del shape["title"]
    return shape


def require_readable(wanted: OverrideData) -> None:
    """Refuse data with errors, all of them listed together."""
    if wanted.errors:
        raise refusal(400, {"errors": wanted.errors})


def require_open_to_overrides(call: Call, assignment: Assignment) -> None:
    """Accept blueprint-locked, closed and checkpointed content, as Canvas does, unless 11 or 14 is switched."""
    if assignment.has_checkpoints and call.state.switches.checkpointed_override == "refused":
        raise invalid({"base": [model_error("base", CHECKPOINTED)]})
    if call.state.switches.locked_and_closed_accept_overrides:
        return
    if {"due_dates", "availability_dates"} & set(assignment.blueprint_restrictions):
        raise invalid({"base": [model_error("base", LOCKED_BY_BLUEPRINT)]}, status=403)
    course = call.state.courses[assignment.course_id]
    if not call.caller.is_admin and is_in_closed_period(call.state, course, assignment.due_at):
        raise invalid({"due_at": [model_error("due_at", IN_CLOSED_PERIOD)]}, status=403)


def require_open_dates(call: Call, override: Override | None, wanted: OverrideData | None) -> None:
    """Accept due dates in closed grading periods, as Canvas does, unless 11 is switched; no data is a deletion."""
    course = call.course()
    is_free = call.state.switches.locked_and_closed_accept_overrides or call.caller.is_admin
    is_closed = None if is_free else closed_dates_of(call.state, course)
    if is_closed is None:
        return
    if wanted is not None:
        text = closed_text(override, wanted, call.caller.zone, is_closed)
    else:
        text = GONE_FROM_CLOSED if override and is_closed(override.due_at) else None
    if text:
        raise invalid({"due_at": [model_error("due_at", text)]}, status=403)


def _readable_assignment(call: Call) -> Assignment:
    course = call.course()
    call.require(call.caller.may_read(course))
    return found(find_assignment(call.state, course, call.path["assignment_id"]))


def _updatable_assignment(call: Call) -> Assignment:
    course = call.course()
    call.require(call.caller.may_read(course))
    assignment = call.assignment(course)
    call.require(call.caller.may_update(assignment))
    require_open_to_overrides(call, assignment)
    return assignment


def _override_of(call: Call, assignment: Assignment) -> Override:
    visible = visible_overrides(call.state, call.caller, assignment)
    wanted = plain_id(call.path["override_id"])
    return found(next((one for one in visible if one.id == wanted), None))


OVERRIDES = "/api/v1/courses/:course_id/assignments/:assignment_id/overrides"
ROUTES = [
    Route("GET", OVERRIDES, list_overrides),
    Route("GET", f"{OVERRIDES}/:override_id", show_override),
    Route("POST", OVERRIDES, post_override),
    Route("PUT", f"{OVERRIDES}/:override_id", put_override),
    Route("DELETE", f"{OVERRIDES}/:override_id", remove_override),
    Route("GET", "/api/v1/groups/:group_id/assignments/:assignment_id/override", redirect_for_group),
    Route("GET", "/api/v1/sections/:section_id/assignments/:assignment_id/override", redirect_for_section),
]
