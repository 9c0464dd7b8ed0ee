"""Making, changing, ending and deleting courses (contract 10.7.10)."""

from typing import Any

from canvas_bridge.sandbox.api.accounts import wanted_account
from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.course_shape import shape_course
from canvas_bridge.sandbox.api.fields import Fields, taken, wrapped
from canvas_bridge.sandbox.api.finding import find_course, find_term
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, model_error, refusal
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.shapes.courses import STORED_ONLY

UNNAMED = "Unnamed Course"
STATES_AFTER = {
    "offer": "available",
    "conclude": "completed",
    "delete": "deleted",
    "undelete": "unpublished",
    "claim": "unpublished",
}
SIS_IDS = ("sis_course_id", "integration_id")
ECHOED = (*STORED_ONLY, "syllabus_body", "public_description")


def create_course(call: Call) -> Answer:
    """Add a course, unpublished unless `offer` is sent; its dates are dropped unless they are to bind students."""
    account = call.account()
    call.require(call.caller.is_admin)
    values = wrapped(call, "course")
    if not values.flag("restrict_enrollments_to_course_dates"):
        values.values = {name: one for name, one in values.values.items() if name not in ("start_at", "end_at")}
    _check(call, values, None)
    name = values.text("name", UNNAMED) or UNNAMED
    course = call.state.add_course(name, values.text("course_code"), workflow_state="unpublished")
    course.account_id = account.id
    _write(call, course, values)
    if call.request.flag("offer"):
        course.workflow_state = "available"
    if call.request.flag("enroll_me"):
        call.state.enroll(call.caller.user, course, type="TeacherEnrollment")
    return json_answer(shape_course(call, course))


def update_course(call: Call) -> Answer:
    """Change a course: only what was sent; `course[event]` publishes, concludes, deletes and brings back."""
    values = wrapped(call, "course")
    event = values.text("event")
    course = found(find_course(call.state, call.path["course_id"], deleted_too=event == "undelete"))
    call.require(_may_update(call, course))
    if event is not None and event not in STATES_AFTER:
        raise invalid({"event": [model_error("event", "inclusion")]})
    if event in ("delete", "undelete"):
        call.require(call.caller.is_admin)
    _check(call, values, course)
    _write(call, course, values)
    if event and not (event == "undelete" and course.workflow_state != "deleted"):
        course.workflow_state = STATES_AFTER[event]
    if call.request.flag("offer") or values.flag("offer"):
        course.workflow_state = "available"
    return json_answer(shape_course(call, course))


def _may_update(call: Call, course: Course) -> bool:
    """Whether the caller may change the course; one that has ended is read-only for its instructors."""
    return call.caller.may_manage_assignments(course)


def end_course(call: Call) -> Answer:
    """Conclude or delete a course, as `event` says."""
    course = call.course()
    event = call.request.text("event")
    if event not in ("delete", "conclude"):
        call.require(_may_update(call, course))
        raise refusal(400, {"message": "Only 'delete' and 'conclude' events are allowed"})
    call.require(call.caller.is_admin if event == "delete" else _may_update(call, course))
    course.workflow_state = STATES_AFTER[event]
    return json_answer({event: True})


def _check(call: Call, values: Fields, course: Course | None) -> None:
    for index, name in (("sis", "sis_course_id"), ("integration", "integration_id")):
        if not call.caller.is_admin or not values.has(name):
            continue
        owners = call.state.courses.where(index, values.text(name))
        if any(one is not course and one.workflow_state != "deleted" for one in owners):
            raise taken(name)
    if values.has("term_id") and find_term(call.state, str(values.values["term_id"])) is None:
        raise invalid({"enrollment_term_id": [model_error("enrollment_term_id", "invalid")]})


def _write(call: Call, course: Course, values: Fields) -> None:
    course.name = values.text("name", course.name) or course.name
    course.course_code = values.text("course_code", course.course_code) or course.course_code
    course.time_zone = values.text("time_zone", course.time_zone) or course.time_zone
    values.set_times(course, "start_at", "end_at")
    values.set_flags(course, "restrict_enrollments_to_course_dates")
    if "blueprint" in values and call.caller.is_admin:
        course.is_blueprint = values.flag("blueprint")
    for name in ECHOED:
        if name in values:
            course.extras[name] = _echoed(name, values.values[name])
    if values.has("term_id"):
        course.term_id = found(find_term(call.state, str(values.values["term_id"]))).id
    if call.caller.is_admin:
        _write_as_administrator(call, course, values)


def _write_as_administrator(call: Call, course: Course, values: Fields) -> None:
    current = wanted_account(call, str(course.account_id), call.state.account)
    course.account_id = wanted_account(call, str(values.values.get("account_id", "")), current).id
    values.set_texts(course, *SIS_IDS)
    call.state.courses.reindex(course)


def _echoed(name: str, value: Any) -> Any:
    """Return a value as it is shown again: a boolean or a number where the key is one."""
    default = STORED_ONLY.get(name)
    if isinstance(default, bool):
        return as_boolean(value)
    is_number = isinstance(default, int) or name == "grading_standard_id"
    return (int(value) if str(value).isdecimal() else default) if is_number else value


def set_nickname(call: Call) -> Answer:
    """Give a course the caller's own name."""
    course = call.course()
    call.require(call.caller.may_read(course))
    call.caller.user.course_nicknames[str(course.id)] = call.request.text("nickname")
    return _answer_nickname(call, course)


def remove_nickname(call: Call) -> Answer:
    """Forget the caller's own name for a course."""
    course = call.course()
    answer = _answer_nickname(call, course)
    call.caller.user.course_nicknames.pop(str(course.id), None)
    return answer


def _answer_nickname(call: Call, course: Course) -> Answer:
    nickname = call.caller.user.course_nicknames.get(str(course.id))
    return json_answer({"course_id": course.id, "name": course.name, "nickname": nickname})


NICKNAME = "/api/v1/users/self/course_nicknames/:course_id"
ROUTES = [
    Route("POST", "/api/v1/accounts/:account_id/courses", create_course),
    Route("PUT", "/api/v1/courses/:course_id", update_course),
    Route("DELETE", "/api/v1/courses/:course_id", end_course),
    Route("PUT", NICKNAME, set_nickname),
    Route("DELETE", NICKNAME, remove_nickname),
]
