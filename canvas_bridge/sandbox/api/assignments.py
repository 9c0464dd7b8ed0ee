"""Assignments: list, get, create, update, delete (contract 8.5, 9)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.overrides import shape_override
from canvas_bridge.sandbox.api.reader_dates import dates_for, visible_overrides
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal, search_term_too_short
from canvas_bridge.sandbox.http.paging import page_size
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.effective_dates import effective_dates, is_assigned
from canvas_bridge.sandbox.rules.grading_periods import anyone_is_in_closed_period
from canvas_bridge.sandbox.shapes.assignments import Json, all_dates_keys, assignment_json
from canvas_bridge.sandbox.shapes.work import submission_json

SHORTEST_SEARCH = 2
MOST_IDS = 100


def list_assignments(call: Call) -> Answer:
    """Answer with a course's assignments, with what `include[]` asks for."""
    course = call.course()
    call.require(call.caller.may_read(course))
    assignments = [one for one in call.state.assignments.where("course", course.id) if is_visible(call, course, one)]
    for matches in _FILTERS:
        assignments = [one for one in assignments if matches(call, one)]
    assignments.sort(key=_ORDERS.get(call.request.text("order_by"), _by_position))
    _check_ids(call, assignments)
    return call.paged(assignments, lambda one: shape_assignment(call, one))


def list_group_assignments(call: Call) -> Answer:
    """Answer with the assignments of one assignment group."""
    course = call.course()
    call.require(call.caller.may_read(course))
    group_id = plain_id(call.path["group_id"])
    found = [one for one in call.state.assignments.where("course", course.id) if one.assignment_group_id == group_id]
    visible = sorted((one for one in found if is_visible(call, course, one)), key=_by_position)
    return call.paged(visible, lambda one: shape_assignment(call, one))


def is_visible(call: Call, course: Course, assignment: Assignment) -> bool:
    """Whether the caller has the assignment: staff all that are not deleted, students what they are assigned."""
    if assignment.workflow_state == "deleted":
        return False
    if call.caller.sees_as_staff(course):
        return True
    readers = call.caller.observed_students(course) or {call.caller.user.id}
    return assignment.published and any(is_assigned(call.state, assignment, one) for one in readers)


def _matches_search(call: Call, assignment: Assignment) -> bool:
    if "search_term" not in call.params:
        return True
    term = call.request.text("search_term").lower()
    if len(term) < SHORTEST_SEARCH:
        raise search_term_too_short()
    return term in assignment.name.lower()


def _matches_kind(call: Call, assignment: Assignment) -> bool:
    return not call.request.flag("new_quizzes") or assignment.is_new_quiz


def _matches_ids(call: Call, assignment: Assignment) -> bool:
    wanted = call.request.texts("assignment_ids")
    if len(wanted) > MOST_IDS:
        raise refusal(400, {"message": "Request contains too many assignment_ids.  Limit 100"})
    return not wanted or str(assignment.id) in wanted


_FILTERS = (_matches_search, _matches_kind, _matches_ids)


def _check_ids(call: Call, assignments: list[Assignment]) -> None:
    """Refuse ids that are not on this page, also when only `per_page` is too small for them (9.1)."""
    wanted = call.request.texts("assignment_ids")
    shown_ids = {str(one.id) for one in assignments[: page_size(call.request)]}
    missing = [one for one in wanted if one not in shown_ids]
    if missing:
        raise refusal(400, {"message": f"Invalid assignment_ids: {','.join(missing)}"})


def _by_position(assignment: Assignment) -> tuple[Any, ...]:
    return assignment.position, assignment.id


def _by_name(assignment: Assignment) -> tuple[Any, ...]:
    return assignment.name.lower(), assignment.id


def _by_due_date(assignment: Assignment) -> tuple[Any, ...]:
    due_at: datetime | None = assignment.due_at
    return due_at is None, due_at.timestamp() if due_at else 0.0, assignment.id


_ORDERS: dict[str, Callable[[Assignment], tuple[Any, ...]]] = {"name": _by_name, "due_at": _by_due_date}


def list_user_assignments(call: Call) -> Answer:
    """Answer with a student's assignments in a course, with that student's dates."""
    course = call.course()
    user = call.user()
    call.require(call.caller.sees_as_staff(course) or user.id == call.caller.user.id)
    rows = [one for one in call.state.assignments.where("course", course.id) if one.workflow_state != "deleted"]
    own = sorted((one for one in rows if one.published and is_assigned(call.state, one, user.id)), key=_by_position)
    return call.paged(own, lambda one: _shape_with_dates_of(call, one, user.id))


def _shape_with_dates_of(call: Call, assignment: Assignment, user_id: int) -> Json:
    course = call.state.courses[assignment.course_id]
    dates = effective_dates(call.state, assignment, user_id)
    return assignment_json(
        call.state,
        assignment,
        call.request.base_url,
        dates,
        is_manager=call.caller.may_manage_assignments(course),
        with_sis=call.caller.may_read_sis(course),
    )


def show_assignment(call: Call) -> Answer:
    """Answer with one assignment; not allowed for a student who is not assigned."""
    course = call.course()
    call.require(call.caller.may_read(course))
    assignment = call.assignment(course)
    call.require(is_visible(call, course, assignment))
    return json_answer(shape_assignment(call, assignment))


def shape_assignment(call: Call, assignment: Assignment, *, with_overrides: bool | None = None) -> Json:
    """Return an assignment as the caller reads it, with the dates that `override_assignment_dates` asks for."""
    course = call.state.courses[assignment.course_id]
    if with_overrides is None:
        with_overrides = call.request.flag("override_assignment_dates", default=True)
    is_manager = call.caller.may_manage_assignments(course)
    shape = assignment_json(
        call.state,
        assignment,
        call.request.base_url,
        dates_for(call.state, call.caller, assignment, with_overrides=with_overrides),
        is_manager=is_manager,
        with_sis=call.caller.may_read_sis(course),
    )
    shape |= _included(call, assignment, is_manager=is_manager)
    for name in call.request.texts("exclude_response_fields"):
        shape.pop(name, None)
    return shape


def _included(call: Call, assignment: Assignment, *, is_manager: bool) -> Json:
    request = call.request
    shape: Json = {}
    if "in_closed_grading_period" not in request.texts("exclude_response_fields"):
        shape["in_closed_grading_period"] = anyone_is_in_closed_period(call.state, assignment)
    if request.includes("overrides") and is_manager:
        visible = visible_overrides(call.state, call.caller, assignment)
        shape["overrides"] = [shape_override(call, one) for one in visible]
    if request.includes("all_dates") or request.flag("all_dates"):
        shape |= all_dates_keys(call.state, assignment)
    if request.includes("can_edit"):
        shape["can_edit"] = call.caller.may_update(assignment)
    if request.includes("assignment_visibility") and is_manager:
        shape["assignment_visibility"] = _visibility(call, assignment)
    if request.includes("submission") and call.caller.is_student_of(call.state.courses[assignment.course_id]):
        row = call.state.submission_of(assignment, call.caller.user.id)
        shape["submission"] = submission_json(call.state, assignment, row, request.base_url)
    return shape


def _visibility(call: Call, assignment: Assignment) -> list[str]:
    """Return the students who have the assignment, as texts."""
    rows = call.state.enrollments.where("course", assignment.course_id)
    ids = {one.user_id for one in rows if one.type == "StudentEnrollment" and one.workflow_state == "active"}
    return [str(one) for one in sorted(ids) if is_assigned(call.state, assignment, one)]


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/assignments", list_assignments),
    Route("GET", "/api/v1/courses/:course_id/assignments/:assignment_id", show_assignment),
    Route("GET", "/api/v1/courses/:course_id/assignment_groups/:group_id/assignments", list_group_assignments),
    Route("GET", "/api/v1/users/:user_id/courses/:course_id/assignments", list_user_assignments),
]
