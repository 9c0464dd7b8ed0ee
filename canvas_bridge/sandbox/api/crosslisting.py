"""Cross-listing a section into another course, and back (contract 6.8, 10.7.4)."""

from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.finding import find_course
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.sections import shape_section
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.records.courses import Course, Section
from canvas_bridge.sandbox.rules.leaving import drop_section_overrides

NOT_CROSS_LISTED = "section is not cross-listed"


def crosslist(call: Call) -> Answer:
    """Move a section with its enrollments; its overrides end, the original course is kept over further moves."""
    section = call.section()
    target = found(find_course(call.state, call.path["new_course_id"]))
    call.require(_may_manage(call, section.course_id) and _may_manage(call, target.id))
    if not _sticks(call) or target.id == section.course_id:
        return json_answer(shape_section(call, section))
    if section.nonxlist_course_id is None:
        section.nonxlist_course_id = section.course_id
    _move(call, section, target)
    return json_answer(shape_section(call, section))


def de_crosslist(call: Call) -> Answer:
    """Move a section back to its original course; a deleted one comes back unpublished."""
    section = call.section()
    call.require(_may_manage(call, section.course_id))
    if section.nonxlist_course_id is None:
        raise refusal(400, {"message": NOT_CROSS_LISTED})
    if not _sticks(call):
        return json_answer(shape_section(call, section))
    original = call.state.courses[section.nonxlist_course_id]
    if original.workflow_state == "deleted":
        original.workflow_state = "unpublished"
    _move(call, section, original)
    return json_answer(shape_section(call, section))


def _may_manage(call: Call, course_id: int) -> bool:
    return call.caller.may_manage_assignments(call.state.courses[course_id])


def _sticks(call: Call) -> bool:
    """Whether the move happens at all: with `override_sis_stickiness=false` nothing does."""
    return call.request.flag("override_sis_stickiness", default=True)


def _move(call: Call, section: Section, target: Course) -> None:
    state = call.state
    drop_section_overrides(state, section)
    section.course_id = target.id
    if section.nonxlist_course_id == target.id:
        section.nonxlist_course_id = None
    state.sections.reindex(section)
    for enrollment in state.enrollments.where("section", section.id):
        enrollment.course_id = target.id
        enrollment.updated_at = state.now()
        state.enrollments.reindex(enrollment)


CROSSLIST = "/api/v1/sections/:section_id/crosslist"
ROUTES = [
    Route("POST", f"{CROSSLIST}/:new_course_id", crosslist),
    Route("DELETE", CROSSLIST, de_crosslist),
]
