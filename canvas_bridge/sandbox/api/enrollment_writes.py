"""Enrolling and ending enrollments, with the effect on overrides (contract 6.8, 10.7.10)."""

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.enrollments import shape_enrollment
from canvas_bridge.sandbox.api.fields import Fields, wrapped
from canvas_bridge.sandbox.api.finding import find_section, find_user
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, Refusal, json_answer, refusal
from canvas_bridge.sandbox.records.courses import Course, Enrollment, Section
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.leaving import delete_enrollment
from canvas_bridge.sandbox.shapes.courses import ROLES, is_test_enrollment

STATES_TO_CREATE = ("active", "invited", "inactive")
ENDING_STATES = {"deactivate": "inactive", "inactivate": "inactive"}
OVER = ("completed", "rejected", "deleted")
WITHOUT_USER = "Can't create an enrollment without a user. Include enrollment[user_id] to create an enrollment"
CONCLUDED = "Can't add an enrollment to a concluded course."


def enroll_in_course(call: Call) -> Answer:
    """Enroll a person in a course; `invited` unless a state is sent."""
    course = call.course()
    call.require(call.caller.may_manage_grades(course))
    values = _values(call)
    return _enroll(call, course, _wanted_section(call, course, values), values)


def enroll_in_section(call: Call) -> Answer:
    """Enroll a person in a section."""
    section = call.section()
    course = call.state.courses[section.course_id]
    call.require(call.caller.may_manage_grades(course))
    return _enroll(call, course, section, _values(call))


def _values(call: Call) -> Fields:
    values = wrapped(call, "enrollment")
    if not values.values:
        raise _refused(call, "No parameters given")
    if not values.has("user_id"):
        raise _refused(call, WITHOUT_USER)
    return values


def _refused(call: Call, message: str) -> Refusal:
    return refusal(call.state.switches.enrollment_error_status, {"message": message})


def _wanted_section(call: Call, course: Course, values: Fields) -> Section:
    wanted = values.text("course_section_id")
    if wanted is None:
        return call.state.default_section(course)
    section = found(find_section(call.state, wanted))
    return found(section if section.course_id == course.id else None)


def _enroll(call: Call, course: Course, section: Section, values: Fields) -> Answer:
    kind = _wanted_type(call, values)
    state = values.text("enrollment_state")
    if state is not None and state not in STATES_TO_CREATE:
        raise _refused(call, "Invalid enrollment state")
    if course.workflow_state == "completed":
        raise _refused(call, CONCLUDED)
    user = found(find_user(call.state, str(values.values["user_id"]), call.caller.user))
    observed = _observed(call, values, kind)
    existing = _existing(call, user, section, kind, observed)
    enrollment = existing or call.state.enroll(user, course, section=section, type=kind, state=state or "invited")
    enrollment.associated_user_id = observed.id if observed else None
    if existing:
        _take_up_again(call, existing, state)
    _mark_test_student(call, user)
    values.set_flags(enrollment, "limit_privileges_to_course_section")
    values.set_times(enrollment, "start_at", "end_at")
    return json_answer(shape_enrollment(call, enrollment))


def _mark_test_student(call: Call, user: User) -> None:
    """Make a person who has no enrollments but those of the student view a test student: real Canvas makes its own."""
    rows = call.state.enrollments.where("user", user.id)
    user.is_test_student = all(is_test_enrollment(one) for one in rows)


def _wanted_type(call: Call, values: Fields) -> str:
    """Return the wanted type, by its name, by a role's name or by a role's id."""
    kind = values.text("type") or values.text("role")
    role_id = values.number("role_id")
    of_role = next((one for one, number in ROLES.items() if number == role_id), None)
    if role_id is not None and of_role is None:
        raise _refused(call, "Invalid role")
    if kind is not None and kind not in ROLES:
        raise _refused(call, "Invalid type")
    if kind is not None and role_id is not None and ROLES[kind] != role_id:
        raise _refused(call, "The specified type must match the base type for the role")
    return kind or of_role or "StudentEnrollment"


def _observed(call: Call, values: Fields, kind: str) -> User | None:
    """Return the student whom an observer is to see; the key means nothing for other types."""
    wanted = values.text("associated_user_id")
    if kind != "ObserverEnrollment" or wanted is None:
        return None
    return found(find_user(call.state, wanted, call.caller.user))


def _existing(call: Call, user: User, section: Section, kind: str, observed: User | None) -> Enrollment | None:
    """Return the enrollment of the same person, type and section, and of the same observed student."""
    observed_id = observed.id if observed else None
    rows = call.state.enrollments.where("section", section.id)
    same = [one for one in rows if (one.user_id, one.type, one.associated_user_id) == (user.id, kind, observed_id)]
    return next((one for one in same if one.workflow_state not in OVER), same[-1] if same else None)


def _take_up_again(call: Call, enrollment: Enrollment, state: str | None) -> None:
    """Give an enrollment that is there already the state that was sent; one that is over begins anew."""
    wanted = state or ("invited" if enrollment.workflow_state in OVER else enrollment.workflow_state)
    if wanted != enrollment.workflow_state and not (enrollment.workflow_state == "active" and wanted == "invited"):
        enrollment.workflow_state = wanted
        enrollment.updated_at = call.state.now()


def end_enrollment(call: Call) -> Answer:
    """Conclude, deactivate or delete; the last deleted one takes the student out of ad-hoc overrides."""
    enrollment = _managed(call)
    task = call.request.text("task")
    if task == "delete":
        delete_enrollment(call.state, enrollment)
    else:
        _set_state(call, enrollment, ENDING_STATES.get(task, "completed"))
    return json_answer(shape_enrollment(call, enrollment))


def reactivate(call: Call) -> Answer:
    """Make an inactive enrollment active again."""
    enrollment = _managed(call)
    if enrollment.workflow_state != "inactive":
        raise refusal(400, {"error": "enrollment not inactive"})
    _set_state(call, enrollment, "active")
    return json_answer(shape_enrollment(call, enrollment))


def _managed(call: Call) -> Enrollment:
    """Return the enrollment of the path, to those who may end and revive it."""
    course = call.course()
    call.require(call.caller.may_manage_grades(course))
    return _enrollment_of(call, course)


def accept(call: Call) -> Answer:
    """Accept an invitation, as the person invited."""
    return _answer_invitation(call, "active")


def reject(call: Call) -> Answer:
    """Turn an invitation down, as the person invited."""
    return _answer_invitation(call, "rejected")


def _answer_invitation(call: Call, state: str) -> Answer:
    enrollment = _enrollment_of(call, call.course())
    call.require(enrollment.user_id == call.caller.user.id)
    if enrollment.workflow_state == "inactive":
        raise refusal(400, {"error": "membership not activated"})
    if enrollment.workflow_state == "invited":
        _set_state(call, enrollment, state)
    elif enrollment.workflow_state != state:
        raise refusal(400, {"error": "no current invitation"})
    return json_answer({"success": True})


def _set_state(call: Call, enrollment: Enrollment, state: str) -> None:
    enrollment.workflow_state = state
    enrollment.updated_at = call.state.now()


def _enrollment_of(call: Call, course: Course) -> Enrollment:
    enrollment = call.state.enrollments.get(plain_id(call.path["enrollment_id"]))
    is_there = enrollment is not None and enrollment.course_id == course.id and enrollment.workflow_state != "deleted"
    return found(enrollment if is_there else None)


COURSE_ENROLLMENTS = "/api/v1/courses/:course_id/enrollments"
ROUTES = [
    Route("POST", COURSE_ENROLLMENTS, enroll_in_course),
    Route("POST", "/api/v1/sections/:section_id/enrollments", enroll_in_section),
    Route("DELETE", f"{COURSE_ENROLLMENTS}/:enrollment_id", end_enrollment),
    Route("PUT", f"{COURSE_ENROLLMENTS}/:enrollment_id/reactivate", reactivate),
    Route("POST", f"{COURSE_ENROLLMENTS}/:enrollment_id/accept", accept),
    Route("POST", f"{COURSE_ENROLLMENTS}/:enrollment_id/reject", reject),
]
