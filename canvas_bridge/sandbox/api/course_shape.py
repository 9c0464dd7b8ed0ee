"""A course with all that `include[]` may ask for (contract 10.7.1)."""

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import opaque_id
from canvas_bridge.sandbox.rules.enrollment import STUDENT_TYPES, is_over_by_date
from canvas_bridge.sandbox.shapes.courses import Json, course_json, term_json
from canvas_bridge.sandbox.shapes.times import shown


def shape_course(call: Call, course: Course) -> Json:
    """Return a course with what `include[]` asks for."""
    request = call.request
    with_sis = call.caller.may_read_sis(course)
    shape = course_json(call.state, course, call.caller.user, request.base_url, with_sis=with_sis)
    for word, value_of in INCLUDES.items():
        if request.includes(word):
            shape[word] = value_of(call, course)
    return shape


def is_concluded(call: Call, course: Course) -> bool:
    """Whether a course has ended by hand or by date: its own dates where they bind, else its term's."""
    term = call.state.terms[course.term_id]
    end_at = course.end_at if course.restrict_enrollments_to_course_dates else term.end_at
    return course.workflow_state == "completed" or (end_at is not None and end_at < call.state.now())


def people_of(call: Call, course: Course, kind: str) -> list[int]:
    """Return the people with a current enrollment of a type, each once."""
    found = call.state.enrollments.where("course", course.id)
    current = [one.user_id for one in found if one.type == kind and one.workflow_state in ("active", "invited")]
    return list(dict.fromkeys(current))


def _term_for_caller(call: Call, course: Course) -> Json:
    """Return the term with start and end as they hold for the caller's enrollments in the course."""
    term = call.state.terms[course.term_id]
    shape = term_json(term, with_sis=call.caller.may_read_sis(course))
    own = [one for one in call.caller.enrollments_in(course) if one.type in term.overrides]
    if own:
        dates = term.overrides[own[0].type]
        start_at, end_at = dates.start_at or term.start_at, dates.end_at or term.end_at
        shape |= {"start_at": shown(start_at), "end_at": shown(end_at)}
    return shape


def _account(call: Call, course: Course) -> Json:
    account = call.state.sub_accounts.get(course.account_id) or call.state.account
    parent_id = account.parent_account_id
    names = {"id": account.id, "name": account.name, "parent_account_id": parent_id, "workflow_state": "active"}
    return names | {"root_account_id": None if parent_id is None else call.state.account.id}


def _sections(call: Call, course: Course) -> list[Json]:
    """Return the sections in which the caller is enrolled."""
    return [_own_section(call, one.section_id, one.type) for one in call.caller.enrollments_in(course)]


def _own_section(call: Call, section_id: int, role: str) -> Json:
    section = call.state.sections[section_id]
    dates = {"start_at": shown(section.start_at), "end_at": shown(section.end_at)}
    return {"id": section.id, "name": section.name, **dates, "enrollment_role": role}


def _teachers(call: Call, course: Course) -> list[Json]:
    users = [call.state.users[one] for one in people_of(call, course, "TeacherEnrollment")]
    base_url = call.request.base_url
    return [
        {
            "id": one.id,
            "display_name": one.short_name,
            "anonymous_id": f"{one.id:x}",
            "avatar_image_url": None,
            "html_url": f"{base_url}/courses/{course.id}/users/{one.id}",
            "pronouns": one.pronouns,
        }
        for one in users
    ]


def _permissions(call: Call, course: Course) -> Json:
    caller = call.caller
    return {
        "create_discussion_topic": caller.may_read(course),
        "create_announcement": caller.may_manage_assignments(course),
        "manage_grades": caller.may_manage_grades(course),
        "read_roster": caller.may_read_roster(course),
        "update": caller.may_manage_assignments(course),
    }


def _progress(call: Call, course: Course) -> Json:
    is_student = any(one.type in STUDENT_TYPES for one in call.caller.enrollments_in(course))
    if not is_student:
        return {"error": {"message": "no progress available because this course is not module based"}}
    return {
        "requirement_count": 0,
        "requirement_completed_count": 0,
        "next_requirement_url": None,
        "completed_at": None,
    }


def _access_is_restricted(call: Call, course: Course) -> bool:
    own = call.caller.enrollments_in(course)
    return bool(own) and all(is_over_by_date(call.state, one) for one in own)


INCLUDES = {
    "term": _term_for_caller,
    "concluded": is_concluded,
    "sections": _sections,
    "total_students": lambda call, course: len(people_of(call, course, "StudentEnrollment")),
    "teachers": _teachers,
    "account": _account,
    "account_name": lambda call, course: _account(call, course)["name"],
    "permissions": _permissions,
    "favorites": lambda call, course: False,
    "is_favorite": lambda call, course: False,
    "syllabus_body": lambda call, course: course.extras.get("syllabus_body"),
    "public_description": lambda call, course: course.extras.get("public_description"),
    "course_progress": _progress,
    "lti_context_id": lambda call, course: opaque_id("course", course.id),
    "storage_quota_used_mb": lambda call, course: 0,
    "needs_grading_count": lambda call, course: 0,
    "course_image": lambda call, course: None,
    "access_restricted_by_date": _access_is_restricted,
}
