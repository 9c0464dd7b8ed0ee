"""Making, changing and deleting sections (contract 10.7.4, 10.7.10)."""

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.fields import Fields, taken, wrapped
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.sections import shape_section
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.records.courses import Course, Section
from canvas_bridge.sandbox.rules.leaving import drop_section_overrides
from canvas_bridge.sandbox.shapes.courses import is_test_enrollment

SIS_IDS = ("sis_section_id", "integration_id")
SIS_RIGHT_MISSING = "You must have manage_sis permission to update sis attributes"
HAS_ENROLLMENTS = "You can't delete a section that has enrollments"


def create_section(call: Call) -> Answer:
    """Add a section; SIS ids are passed over without the right."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    values = wrapped(call, "course_section")
    _check(call, values, None)
    section = call.state.add_section(course, values.text("name", course.name) or course.name, is_default=False)
    _write(call, section, values)
    return json_answer(shape_section(call, section))


def update_section(call: Call) -> Answer:
    """Change a section: only what was sent; SIS ids without the right are refused."""
    section = call.section()
    call.require(call.caller.may_manage_assignments(_course_of(call, section)))
    values = wrapped(call, "course_section")
    if any(name in values for name in SIS_IDS) and not call.caller.is_admin:
        raise refusal(401, {"message": SIS_RIGHT_MISSING})
    _check(call, values, section)
    section.name = values.text("name", section.name) or section.name
    _write(call, section, values)
    return json_answer(shape_section(call, section))


def _course_of(call: Call, section: Section) -> Course:
    return call.state.courses[section.course_id]


def _check(call: Call, values: Fields, section: Section | None) -> None:
    for index, name in (("sis", "sis_section_id"), ("integration", "integration_id")):
        if not call.caller.is_admin or not values.has(name):
            continue
        owners = call.state.sections.where(index, values.text(name))
        if any(one is not section and one.workflow_state != "deleted" for one in owners):
            raise taken("sis_source_id" if index == "sis" else name)


def _write(call: Call, section: Section, values: Fields) -> None:
    values.set_times(section, "start_at", "end_at")
    values.set_flags(section, "restrict_enrollments_to_section_dates")
    if call.caller.is_admin:
        values.set_texts(section, *SIS_IDS)
        call.state.sections.reindex(section)


def delete_section(call: Call) -> Answer:
    """Delete a section with its overrides; refused while it has enrollments other than rejected or test ones."""
    section = call.section()
    call.require(call.caller.may_manage_assignments(_course_of(call, section)))
    rows = [one for one in call.state.enrollments.where("section", section.id) if one.workflow_state != "deleted"]
    if any(one.workflow_state != "rejected" and not is_test_enrollment(one) for one in rows):
        raise refusal(400, {"message": HAS_ENROLLMENTS})
    for one in rows:
        one.workflow_state = "deleted"
        one.updated_at = call.state.now()
    section.workflow_state = "deleted"
    drop_section_overrides(call.state, section)
    return json_answer(shape_section(call, section))


ROUTES = [
    Route("POST", "/api/v1/courses/:course_id/sections", create_section),
    Route("PUT", "/api/v1/sections/:section_id", update_section),
    Route("DELETE", "/api/v1/sections/:section_id", delete_section),
]
