"""Sections of a course (contract 10.7.4)."""

from canvas_bridge.sandbox.api.call import Call, find_section, found
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, search_term_too_short
from canvas_bridge.sandbox.records.courses import Section
from canvas_bridge.sandbox.shapes.courses import section_json

SHORTEST_SEARCH = 2


def list_sections(call: Call) -> Answer:
    """Answer with a course's sections by name; any value in `all` switches paging off."""
    course = call.course()
    call.require(call.caller.may_read(course))
    sections = [one for one in call.state.sections.where("course", course.id) if one.workflow_state == "active"]
    if "search_term" in call.params:
        term = call.request.text("search_term").lower()
        if len(term) < SHORTEST_SEARCH:
            raise search_term_too_short()
        sections = [one for one in sections if term in one.name.lower()]
    sections.sort(key=lambda one: (one.name.lower(), one.id))
    with_sis = call.caller.may_read_sis(course)
    if "all" in call.params:
        return json_answer([section_json(call.state, one, with_sis=with_sis) for one in sections])
    return call.paged(sections, lambda one: section_json(call.state, one, with_sis=with_sis))


def show_section(call: Call) -> Answer:
    """Answer with one section."""
    section = found(find_section(call.state, call.path["section_id"]))
    return _answer_section(call, section)


def show_course_section(call: Call) -> Answer:
    """Answer with one section of a course."""
    course = call.course()
    section = found(find_section(call.state, call.path["section_id"]))
    return _answer_section(call, found(section if section.course_id == course.id else None))


def _answer_section(call: Call, section: Section) -> Answer:
    course = call.state.courses[section.course_id]
    call.require(call.caller.may_read(course))
    return json_answer(section_json(call.state, section, with_sis=call.caller.may_read_sis(course)))


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/sections", list_sections),
    Route("GET", "/api/v1/courses/:course_id/sections/:section_id", show_course_section),
    Route("GET", "/api/v1/sections/:section_id", show_section),
]
