"""What `include[]` and other parameters add to an assignment (contract 9.1, 9.2, 10.7.11)."""

from statistics import mean, quantiles
from typing import Any

from canvas_bridge.sandbox.api.assignment_filters import needs_grading
from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.overrides import shape_override
from canvas_bridge.sandbox.api.reader_dates import visible_overrides
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.rules.grading_periods import anyone_is_in_closed_period, closed_dates_of
from canvas_bridge.sandbox.shapes.assignments import all_dates_keys
from canvas_bridge.sandbox.shapes.content import checkpoints_json
from canvas_bridge.sandbox.shapes.times import read_optional_time
from canvas_bridge.sandbox.shapes.work import submission_json

Json = dict[str, Any]
FEWEST_SCORES = 5


def included(call: Call, assignment: Assignment) -> Json:
    """Return the keys that the request adds to an assignment."""
    shape: Json = {}
    if "in_closed_grading_period" not in call.request.texts("exclude_response_fields"):
        shape["in_closed_grading_period"] = anyone_is_in_closed_period(call.state, assignment)
    for add in (_add_overrides, _add_dates, _add_staff_keys, _add_submission, _add_checkpoints):
        add(call, assignment, shape)
    return shape


def _is_manager(call: Call, assignment: Assignment) -> bool:
    return call.caller.may_manage_assignments(call.state.courses[assignment.course_id])


def _add_overrides(call: Call, assignment: Assignment, shape: Json) -> None:
    if call.request.includes("overrides") and _is_manager(call, assignment):
        visible = visible_overrides(call.state, call.caller, assignment, of_modules_too=True)
        shape["overrides"] = [shape_override(call, one) for one in visible]


def _add_dates(call: Call, assignment: Assignment, shape: Json) -> None:
    wants_edit = call.request.includes("can_edit")
    may_edit = call.caller.may_update(assignment)
    is_closed = None if call.caller.is_admin else closed_dates_of(call.state, call.state.courses[assignment.course_id])
    if wants_edit:
        is_stuck = is_closed is not None and anyone_is_in_closed_period(call.state, assignment)
        shape["can_edit"] = may_edit and not is_stuck
    if not (call.request.includes("all_dates") or call.request.flag("all_dates")):
        return
    shape |= all_dates_keys(call.state, assignment, visible_overrides(call.state, call.caller, assignment))
    for entry in shape.get("all_dates", ()) if wants_edit else ():
        due_at = read_optional_time(entry["due_at"], "UTC")
        entry["can_edit"] = may_edit and not (is_closed is not None and is_closed(due_at))


def _add_staff_keys(call: Call, assignment: Assignment, shape: Json) -> None:
    course = call.state.courses[assignment.course_id]
    if call.request.includes("assignment_visibility") and _is_manager(call, assignment):
        shape["assignment_visibility"] = _visibility(call, assignment)
    if call.request.includes("ab_guid"):
        shape["ab_guid"] = []
    if not call.caller.may_view_grades(course):
        return
    shape["needs_grading_count"] = needs_grading(call, assignment)
    if call.request.flag("needs_grading_count_by_section"):
        shape["needs_grading_count_by_section"] = _counts_by_section(call, assignment)


def _visibility(call: Call, assignment: Assignment) -> list[str]:
    """Return the students who have the assignment, as texts."""
    rows = call.state.enrollments.where("course", assignment.course_id)
    ids = {one.user_id for one in rows if one.type == "StudentEnrollment" and one.workflow_state == "active"}
    return [str(one) for one in sorted(ids) if is_assigned(call.state, assignment, one)]


def _counts_by_section(call: Call, assignment: Assignment) -> list[Json]:
    counts = []
    for section in call.state.sections.where("course", assignment.course_id):
        rows = call.state.enrollments.where("section", section.id)
        count = needs_grading(call, assignment, {one.user_id for one in rows if one.workflow_state == "active"})
        if count:
            counts.append({"section_id": section.id, "needs_grading_count": count})
    return counts


def _add_submission(call: Call, assignment: Assignment, shape: Json) -> None:
    if not call.request.includes("submission"):
        return
    course = call.state.courses[assignment.course_id]
    observed = call.caller.observed_students(course)
    if call.request.includes("observed_users") and observed:
        shape["submission"] = [_submission(call, assignment, one) for one in sorted(observed)]
    elif call.caller.is_student_of(course):
        shape["submission"] = _submission(call, assignment, call.caller.user.id)
        if call.request.includes("score_statistics"):
            shape |= _statistics(call, assignment)


def _submission(call: Call, assignment: Assignment, user_id: int) -> Json:
    row = call.state.submission_of(assignment, user_id)
    return submission_json(call.state, assignment, row, call.request.base_url)


def _statistics(call: Call, assignment: Assignment) -> Json:
    """Return figures on the scores, which Canvas shows from five scores on."""
    rows = call.state.submissions.where("assignment", assignment.id)
    scores = sorted(one.score for one in rows if one.score is not None)
    if len(scores) < FEWEST_SCORES:
        return {}
    lower, middle, upper = quantiles(scores, n=4, method="inclusive")
    figures = {"min": scores[0], "max": scores[-1], "mean": round(mean(scores), 1)}
    return {"score_statistics": {**figures, "lower_q": lower, "median": middle, "upper_q": upper}}


def _add_checkpoints(call: Call, assignment: Assignment, shape: Json) -> None:
    if call.request.includes("checkpoints") and assignment.has_checkpoints:
        parts = checkpoints_json(call.state, assignment, lambda one: shape_override(call, one), is_full=True)
        shape["checkpoints"] = parts
