"""Enrollments and people of a course: reads (contract 10.2, 10.3)."""

from collections.abc import Callable
from typing import Any

from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.http.paging import bookmark_page, numeric_page
from canvas_bridge.sandbox.records.courses import Course, Enrollment
from canvas_bridge.sandbox.shapes.courses import enrollment_json
from canvas_bridge.sandbox.shapes.people import user_json

TYPE_ORDER = [
    "StudentEnrollment",
    "TeacherEnrollment",
    "TaEnrollment",
    "DesignerEnrollment",
    "ObserverEnrollment",
    "StudentViewEnrollment",
]
CURRENT = {"active", "invited"}
SYNTHETIC_STATES = {
    "current_and_invited": CURRENT,
    "current_and_future": CURRENT | {"creation_pending"},
    "current_future_and_restricted": CURRENT | {"creation_pending"},
    "current_and_concluded": CURRENT | {"completed"},
}
REAL_STATES = {"active", "invited", "creation_pending", "deleted", "rejected", "completed", "inactive"}
SHORT_TYPES = {
    "teacher": "TeacherEnrollment",
    "student": "StudentEnrollment",
    "student_view": "StudentViewEnrollment",
    "ta": "TaEnrollment",
    "observer": "ObserverEnrollment",
    "designer": "DesignerEnrollment",
}


def list_course_enrollments(call: Call) -> Answer:
    """Answer with a course's enrollments, in bookmark paging."""
    course = call.course()
    _require_enrollment_reader(call, course)
    return _answer_enrollments(call, _visible_in_course(call, course))


def list_section_enrollments(call: Call) -> Answer:
    """Answer with a section's enrollments."""
    section = call.section()
    course = call.state.courses[section.course_id]
    _require_enrollment_reader(call, course)
    rows = [one for one in _visible_in_course(call, course) if one.section_id == section.id]
    return _answer_enrollments(call, rows)


def _require_enrollment_reader(call: Call, course: Course) -> None:
    asks_for_own = call.request.text("user_id") in ("self", str(call.caller.user.id))
    call.require(call.caller.may_read_roster(course) or asks_for_own)


def _visible_in_course(call: Call, course: Course) -> list[Enrollment]:
    default = CURRENT | {"creation_pending"} | ({"inactive"} if call.caller.is_admin else set())
    rows = _with_wanted_states(call, call.state.enrollments.where("course", course.id), default)
    sections = call.caller.visible_sections(course)
    if sections is not None:
        rows = [one for one in rows if one.section_id in sections or one.type not in TYPE_ORDER[:1]]
    return rows


def list_user_enrollments(call: Call) -> Answer:
    """Answer with a person's enrollments in all courses."""
    user = call.user()
    is_own = user.id == call.caller.user.id
    call.require(is_own or call.caller.is_admin)
    for word in call.request.texts("state"):
        if is_own and word not in REAL_STATES | set(SYNTHETIC_STATES):
            raise refusal(400, {"error": f"Invalid state {word}"})
    rows = _with_wanted_states(call, call.state.enrollments.where("user", user.id), CURRENT)
    if "enrollment_term_id" in call.params:
        term_id = plain_id(call.request.text("enrollment_term_id"))
        rows = [one for one in rows if call.state.courses[one.course_id].term_id == term_id]
    return _answer_enrollments(call, rows)


def _with_wanted_states(call: Call, rows: list[Enrollment], default: set[str]) -> list[Enrollment]:
    wanted: set[str] = set()
    for word in call.request.texts("state"):
        wanted |= SYNTHETIC_STATES.get(word, {word})
    states = wanted or default
    return [one for one in rows if one.workflow_state in states and _is_shown(call, one)]


def _is_shown(call: Call, enrollment: Enrollment) -> bool:
    """Whether an enrollment is listed: those of deleted courses and sections only where `deleted` is asked for."""
    course = call.state.courses[enrollment.course_id]
    section = call.state.sections[enrollment.section_id]
    is_gone = "deleted" in (course.workflow_state, section.workflow_state)
    return not is_gone or "deleted" in call.request.texts("state")


def _answer_enrollments(call: Call, rows: list[Enrollment]) -> Answer:
    for name, value_of in _FILTERS.items():
        wanted = call.request.texts(name)
        if wanted:
            rows = [one for one in rows if value_of(call, one) in wanted]
    _require_sis_filter_right(call)
    page = bookmark_page(call.request, rows, lambda one: _enrollment_key(call, one))
    shapes = [_shape_enrollment(call, one) for one in page.items]
    return json_answer(shapes, headers=page.headers)


def _shape_enrollment(call: Call, enrollment: Enrollment) -> dict[str, Any]:
    course = call.state.courses[enrollment.course_id]
    with_sis = call.caller.may_read_sis(course)
    return enrollment_json(call.state, enrollment, call.request.base_url, with_sis=with_sis)


def _require_sis_filter_right(call: Call) -> None:
    asks = any(call.request.texts(name) for name in ("sis_user_id", "sis_course_id", "sis_section_id"))
    if asks and not call.caller.is_admin:
        raise refusal(400, {"message": "Insufficient permissions to filter by SIS fields"})


def _enrollment_key(call: Call, enrollment: Enrollment) -> tuple[int, str, int]:
    name = call.state.users[enrollment.user_id].sortable_name.lower()
    return TYPE_ORDER.index(enrollment.type), name, enrollment.id


def _user_id_of(call: Call, enrollment: Enrollment) -> str:
    is_own = enrollment.user_id == call.caller.user.id and call.request.text("user_id") == "self"
    return "self" if is_own else str(enrollment.user_id)


_FILTERS: dict[str, Callable[[Call, Enrollment], str | None]] = {
    "type": lambda call, one: one.type,
    "role": lambda call, one: one.type,
    "user_id": _user_id_of,
    "sis_user_id": lambda call, one: call.state.users[one.user_id].sis_user_id,
    "sis_course_id": lambda call, one: call.state.courses[one.course_id].sis_course_id,
    "sis_section_id": lambda call, one: call.state.sections[one.section_id].sis_section_id,
}


def list_course_users(call: Call) -> Answer:
    """Answer with a course's people, once each; the test student is taken out after the page is cut."""
    course = call.course()
    call.require(call.caller.may_read_roster(course))
    states = set(call.request.texts("enrollment_state")) or CURRENT
    types = {SHORT_TYPES.get(word, word) for word in call.request.texts("enrollment_type")}
    rows = [one for one in call.state.enrollments.where("course", course.id) if one.workflow_state in states]
    ids = {one.user_id for one in rows if not types or one.type in types}
    ids = {one for one in ids if call.caller.sees_student(course, one)}
    users = sorted((call.state.users[one] for one in ids), key=lambda one: (one.sortable_name.lower(), one.id))
    page = numeric_page(call.request, users, has_total=False)
    with_sis = call.caller.may_read_sis(course)
    shown_users = [one for one in page.items if not one.is_test_student]
    shapes = [user_json(one, with_sis=with_sis, with_contact=with_sis) for one in shown_users]
    return json_answer(shapes, headers=page.headers)


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/enrollments", list_course_enrollments),
    Route("GET", "/api/v1/sections/:section_id/enrollments", list_section_enrollments),
    Route("GET", "/api/v1/users/:user_id/enrollments", list_user_enrollments),
    Route("GET", "/api/v1/courses/:course_id/users", list_course_users),
]
