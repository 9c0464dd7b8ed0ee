"""Assignments: lists and single reads (contract 8.5, 9.1)."""

from canvas_bridge.sandbox.api.assignment_filters import Reading, chosen
from canvas_bridge.sandbox.api.assignment_includes import included
from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.reader_dates import dates_for, readers_of
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.records.assessments import Assignment, Dated
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.effective_dates import EffectiveDates, effective_dates, is_assigned
from canvas_bridge.sandbox.shapes.assignments import Json, assignment_json


def list_assignments(call: Call) -> Answer:
    """Answer with a course's assignments, with what `include[]` asks for."""
    course = call.course()
    call.require(call.caller.may_read(course))
    return _listed(call, [one for one in _live(call, course) if is_visible(call, course, one)])


def list_group_assignments(call: Call) -> Answer:
    """Answer with the assignments of one assignment group."""
    course = call.course()
    call.require(call.caller.may_read(course))
    group = call.state.assignment_groups.get(plain_id(call.path["group_id"]))
    group_id = found(group if group and group.course_id == course.id else None).id
    own = [one for one in _live(call, course) if one.assignment_group_id == group_id]
    return _listed(call, [one for one in own if is_visible(call, course, one)])


def _live(call: Call, course: Course) -> list[Assignment]:
    return [one for one in call.state.assignments.where("course", course.id) if one.workflow_state != "deleted"]


def _listed(call: Call, assignments: list[Assignment]) -> Answer:
    return call.paged(chosen(Reading(call), assignments), lambda one: shape_assignment(call, one))


def is_visible(call: Call, course: Course, assignment: Assignment) -> bool:
    """Whether the caller has the assignment: staff all that are not deleted, students what they are assigned."""
    if assignment.workflow_state == "deleted":
        return False
    if call.caller.sees_as_staff(course):
        return True
    readers = readers_of(call.caller, assignment)
    return assignment.published and any(is_assigned(call.state, assignment, one) for one in readers)


def list_user_assignments(call: Call) -> Answer:
    """Answer with a student's assignments in a course, with that student's dates."""
    course = call.course()
    user = call.user()
    is_own = user.id == call.caller.user.id or user.id in call.caller.observed_students(course)
    call.require(call.caller.sees_as_staff(course) or is_own)
    own = [one for one in _live(call, course) if one.published and is_assigned(call.state, one, user.id)]
    rows = chosen(Reading(call, user.id), own)
    return call.paged(rows, lambda one: shape_assignment(call, one, dates=_dates_of(call, one, user.id)))


def _dates_of(call: Call, assignment: Assignment, user_id: int) -> Dated | EffectiveDates:
    if not call.request.flag("override_assignment_dates", default=True):
        return assignment
    return effective_dates(call.state, assignment, user_id)


def show_assignment(call: Call) -> Answer:
    """Answer with one assignment; not allowed for a student who is not assigned."""
    course = call.course()
    call.require(call.caller.may_read(course))
    assignment = call.assignment(course)
    call.require(is_visible(call, course, assignment))
    return json_answer(shape_assignment(call, assignment))


def shape_assignment(
    call: Call,
    assignment: Assignment,
    *,
    with_overrides: bool | None = None,
    dates: Dated | EffectiveDates | None = None,
) -> Json:
    """Return an assignment as the caller reads it, with the dates that `override_assignment_dates` asks for."""
    course = call.state.courses[assignment.course_id]
    if with_overrides is None:
        with_overrides = call.request.flag("override_assignment_dates", default=True)
    shape = assignment_json(
        call.state,
        assignment,
        call.request.base_url,
        dates or dates_for(call.state, call.caller, assignment, with_overrides=with_overrides),
        is_manager=call.caller.may_manage_assignments(course),
        with_sis=call.caller.may_read_sis(course),
    )
    shape |= included(call, assignment)
    for name in call.request.texts("exclude_response_fields"):
        shape.pop(name, None)
    return shape


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/assignments", list_assignments),
    Route("GET", "/api/v1/courses/:course_id/assignments/:assignment_id", show_assignment),
    Route("GET", "/api/v1/courses/:course_id/assignment_groups/:group_id/assignments", list_group_assignments),
    Route("GET", "/api/v1/users/:user_id/courses/:course_id/assignments", list_user_assignments),
]
