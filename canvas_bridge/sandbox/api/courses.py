"""Courses, one at a time and the caller's own (contract 10.7.1)."""

from canvas_bridge.sandbox.api.accounts import is_within
from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.course_shape import shape_course
from canvas_bridge.sandbox.api.finding import find_course
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.records.courses import Course, Enrollment
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.enrollment import is_over_by_date

SHORT_TYPES = {
    "teacher": "TeacherEnrollment",
    "student": "StudentEnrollment",
    "student_view": "StudentViewEnrollment",
    "ta": "TaEnrollment",
    "observer": "ObserverEnrollment",
    "designer": "DesignerEnrollment",
}
STATES_OF_LEARNERS = {"available"}
STATES_OF_OTHERS = {"unpublished", "available", "completed"}
LEARNERS = ("StudentEnrollment", "StudentViewEnrollment", "ObserverEnrollment")


def show_course(call: Call) -> Answer:
    """Answer with one course; one that exists but may not be seen is not allowed rather than not found."""
    deleted_too = call.request.includes("all_courses")
    course = found(find_course(call.state, call.path["course_id"], deleted_too=deleted_too))
    call.require(call.caller.may_read(course))
    return json_answer(shape_course(call, course))


def show_course_of_account(call: Call) -> Answer:
    """Answer with one course of an account or of one below it."""
    account = call.account()
    course = found(find_course(call.state, call.path["course_id"], deleted_too=call.request.includes("all_courses")))
    found(course if is_within(call.state, account, course.account_id) else None)
    return show_course(call)


def list_own_courses(call: Call) -> Answer:
    """Answer with the courses in which the caller is enrolled."""
    return _answer_courses_of(call, call.caller.user)


def list_courses_of_user(call: Call) -> Answer:
    """Answer with a person's courses, to the person and to administrators."""
    user = call.user()
    call.require(user.id == call.caller.user.id or call.caller.is_admin)
    return _answer_courses_of(call, user)


def _answer_courses_of(call: Call, user: User) -> Answer:
    rows = [one for one in call.state.enrollments.where("user", user.id) if _is_wanted(call, one)]
    courses = [call.state.courses[course_id] for course_id in dict.fromkeys(one.course_id for one in rows)]
    visible = [one for one in courses if call.caller.may_read(one)]
    visible.sort(key=lambda one: (one.name.lower(), one.id))
    return call.paged(visible, lambda one: shape_course(call, one))


def _is_wanted(call: Call, enrollment: Enrollment) -> bool:
    """Whether an enrollment brings its course into the list."""
    request, course = call.request, call.state.courses[enrollment.course_id]
    kind = request.text("enrollment_type")
    if kind and enrollment.type != SHORT_TYPES.get(kind, kind):
        return False
    states = set(request.texts("state"))
    if not states:
        states = STATES_OF_LEARNERS if enrollment.type in LEARNERS else STATES_OF_OTHERS
    return course.workflow_state in states and _has_wanted_state(call, enrollment, course)


def _has_wanted_state(call: Call, enrollment: Enrollment, course: Course) -> bool:
    is_over = course.workflow_state == "completed" or is_over_by_date(call.state, enrollment)
    wanted = call.request.text("enrollment_state")
    if wanted == "completed":
        return enrollment.workflow_state == "completed" or (is_over and enrollment.workflow_state == "active")
    if wanted == "invited_or_pending":
        return enrollment.workflow_state in ("invited", "creation_pending")
    if wanted == "active":
        return enrollment.workflow_state == "active" and not is_over
    return enrollment.workflow_state in ("active", "invited", "completed")


ROUTES = [
    Route("GET", "/api/v1/accounts/:account_id/courses/:course_id", show_course_of_account),
    Route("GET", "/api/v1/courses", list_own_courses),
    Route("GET", "/api/v1/users/:user_id/courses", list_courses_of_user),
    Route("GET", "/api/v1/courses/:course_id", show_course),
]
