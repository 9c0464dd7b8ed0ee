"""Enrolling and ending enrollments, with the effect on overrides (contract 6.8, 10.7.10)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, find_section, find_user, found, plain_id
from canvas_bridge.sandbox.api.enrollments import TYPE_ORDER
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, Refusal, json_answer, refusal
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.courses import Course, Enrollment, Section
from canvas_bridge.sandbox.rules.enrollment import is_student
from canvas_bridge.sandbox.rules.override_saving import drop_student
from canvas_bridge.sandbox.shapes.courses import enrollment_json
from canvas_bridge.sandbox.shapes.times import read_optional_time

STATES_TO_CREATE = ("active", "invited", "inactive")
ENDING_STATES = {"delete": "deleted", "deactivate": "inactive", "inactivate": "inactive"}


def enroll_in_course(call: Call) -> Answer:
    """Enroll a person in a course; `invited` unless a state is sent."""
    course = call.course()
    values = _values(call)
    return _enroll(call, course, _wanted_section(call, course, values), values)


def enroll_in_section(call: Call) -> Answer:
    """Enroll a person in a section."""
    section = call.section()
    return _enroll(call, call.state.courses[section.course_id], section, _values(call))


def _values(call: Call) -> dict[str, Any]:
    values = call.params.get("enrollment")
    if not isinstance(values, dict) or not values.get("user_id"):
        raise _refused(call, "Can't create an enrollment without a user. Include enrollment[user_id] to create one")
    return values


def _refused(call: Call, message: str) -> Refusal:
    return refusal(call.state.switches.enrollment_error_status, {"message": message})


def _wanted_section(call: Call, course: Course, values: dict[str, Any]) -> Section:
    wanted = values.get("course_section_id")
    if wanted in (None, ""):
        return call.state.default_section(course)
    section = found(find_section(call.state, str(wanted)))
    return found(section if section.course_id == course.id else None)


def _enroll(call: Call, course: Course, section: Section, values: dict[str, Any]) -> Answer:
    call.require(call.caller.is_admin or call.caller.may_manage_grades(course))
    user = found(find_user(call.state, str(values["user_id"]), call.caller.user))
    kind = str(values.get("type") or "StudentEnrollment")
    if kind not in TYPE_ORDER:
        raise _refused(call, "Invalid type")
    state = str(values.get("enrollment_state") or "invited")
    if state not in STATES_TO_CREATE:
        raise _refused(call, "Invalid enrollment state")
    existing = _existing(call, user.id, section, kind)
    if existing:
        return _answer(call, existing)
    enrollment = call.state.enroll(
        user,
        course,
        section=section,
        type=kind,
        state=state,
        limit_privileges_to_course_section=as_boolean(values.get("limit_privileges_to_course_section")),
        associated_user_id=plain_id(values.get("associated_user_id")),
        start_at=read_optional_time(values.get("start_at"), call.caller.zone),
        end_at=read_optional_time(values.get("end_at"), call.caller.zone),
    )
    return _answer(call, enrollment)


def _existing(call: Call, user_id: int, section: Section, kind: str) -> Enrollment | None:
    rows = call.state.enrollments.where("section", section.id)
    live = ("active", "invited")
    return next(
        (one for one in rows if one.user_id == user_id and one.type == kind and one.workflow_state in live), None
    )


def end_enrollment(call: Call) -> Answer:
    """Conclude, deactivate or delete; the last deleted one takes the student out of ad-hoc overrides."""
    course = call.course()
    call.require(call.caller.is_admin or call.caller.may_manage_grades(course))
    enrollment = _enrollment_of(call, course)
    state = ENDING_STATES.get(call.request.text("task"), "completed")
    enrollment.workflow_state = state
    enrollment.updated_at = call.state.now()
    if state == "deleted" and not is_student(call.state, course.id, enrollment.user_id):
        drop_student(call.state, course.id, enrollment.user_id)
    return _answer(call, enrollment)


def reactivate(call: Call) -> Answer:
    """Make an inactive enrollment active again."""
    course = call.course()
    call.require(call.caller.is_admin or call.caller.may_manage_grades(course))
    enrollment = _enrollment_of(call, course)
    if enrollment.workflow_state != "inactive":
        raise refusal(400, {"error": "enrollment not inactive"})
    enrollment.workflow_state = "active"
    enrollment.updated_at = call.state.now()
    return _answer(call, enrollment)


def accept(call: Call) -> Answer:
    """Accept an invitation, as the person invited."""
    course = call.course()
    enrollment = _enrollment_of(call, course)
    call.require(enrollment.user_id == call.caller.user.id)
    if enrollment.workflow_state == "invited":
        enrollment.workflow_state = "active"
        enrollment.updated_at = call.state.now()
    return json_answer({"success": True})


def _enrollment_of(call: Call, course: Course) -> Enrollment:
    enrollment = call.state.enrollments.get(plain_id(call.path["enrollment_id"]))
    is_there = enrollment is not None and enrollment.course_id == course.id
    return found(enrollment if is_there else None)


def _answer(call: Call, enrollment: Enrollment) -> Answer:
    course = call.state.courses[enrollment.course_id]
    with_sis = call.caller.may_read_sis(course)
    return json_answer(enrollment_json(call.state, enrollment, call.request.base_url, with_sis=with_sis))


COURSE_ENROLLMENTS = "/api/v1/courses/:course_id/enrollments"
ROUTES = [
    Route("POST", COURSE_ENROLLMENTS, enroll_in_course),
    Route("POST", "/api/v1/sections/:section_id/enrollments", enroll_in_section),
    Route("DELETE", f"{COURSE_ENROLLMENTS}/:enrollment_id", end_enrollment),
    Route("PUT", f"{COURSE_ENROLLMENTS}/:enrollment_id/reactivate", reactivate),
    Route("POST", f"{COURSE_ENROLLMENTS}/:enrollment_id/accept", accept),
]
