"""Sections of a course: reads (contract 10.7.4)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.fields import search_term
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.records.courses import Enrollment, Section
from canvas_bridge.sandbox.rules.enrollment import STUDENT_TYPES
from canvas_bridge.sandbox.shapes.courses import enrollment_json, section_json
from canvas_bridge.sandbox.shapes.people import AVATAR, user_json

Json = dict[str, Any]


def list_sections(call: Call) -> Answer:
    """Answer with a course's sections by name; any value in `all` switches paging off."""
    course = call.course()
    call.require(call.caller.may_read(course) or call.caller.may_read_roster(course))
    term = search_term(call) or ""
    sections = [one for one in call.state.sections.where("course", course.id) if one.workflow_state == "active"]
    sections = [one for one in sections if term in one.name.lower()]
    sections.sort(key=lambda one: (one.name.lower(), one.id))
    if "all" in call.params:
        return json_answer([shape_section(call, one) for one in sections])
    return call.paged(sections, lambda one: shape_section(call, one))


def show_section(call: Call) -> Answer:
    """Answer with one section."""
    return _answer_section(call, call.section())


def show_course_section(call: Call) -> Answer:
    """Answer with one section of a course."""
    course = call.course()
    section = call.section()
    return _answer_section(call, found(section if section.course_id == course.id else None))


def _answer_section(call: Call, section: Section) -> Answer:
    call.require(call.caller.may_read(call.state.courses[section.course_id]))
    return json_answer(shape_section(call, section))


def shape_section(call: Call, section: Section) -> Json:
    """Return a section with what `include[]` asks for; what tells of people only to readers of the roster."""
    course = call.state.courses[section.course_id]
    shape = section_json(call.state, section, with_sis=call.caller.may_read_sis(course))
    if call.request.includes("permissions"):
        may_manage = call.caller.may_manage_assignments(course)
        shape["permissions"] = {"manage_calendar": may_manage}
    if not call.caller.may_read_roster(course):
        return shape
    rows = _students(call, section)
    if call.request.includes("students"):
        shape["students"] = [_student(call, one) for one in rows]
    if call.request.includes("total_students"):
        shape["total_students"] = len({one.user_id for one in rows if one.type == "StudentEnrollment"})
    if call.request.includes("passback_status"):
        shape["passback_status"] = None
    return shape


def _students(call: Call, section: Section) -> list[Enrollment]:
    rows = call.state.enrollments.where("section", section.id)
    students = [one for one in rows if one.type in STUDENT_TYPES and one.workflow_state in ("active", "invited")]
    return sorted(students, key=lambda one: (call.state.users[one.user_id].sortable_name.lower(), one.id))


def _student(call: Call, enrollment: Enrollment) -> Json:
    course = call.state.courses[enrollment.course_id]
    with_sis = call.caller.may_read_sis(course)
    shape = user_json(call.state.users[enrollment.user_id], with_sis=with_sis, with_contact=with_sis)
    if call.request.includes("avatar_url"):
        shape["avatar_url"] = AVATAR
    if call.request.includes("enrollments"):
        shape["enrollments"] = [enrollment_json(call.state, enrollment, call.request.base_url, with_sis=with_sis)]
    return shape


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/sections", list_sections),
    Route("GET", "/api/v1/courses/:course_id/sections/:section_id", show_course_section),
    Route("GET", "/api/v1/sections/:section_id", show_section),
]
