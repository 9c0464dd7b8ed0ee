"""Enrollments of a course, a section and a person: reads (contract 10.2)."""

from collections.abc import Callable, Set
from typing import Any

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.enrollment_states import SYNTHETIC_STATES, is_finished
from canvas_bridge.sandbox.api.finding import find_term, find_user
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.http.paging import bookmark_page
from canvas_bridge.sandbox.records.courses import Course, Enrollment
from canvas_bridge.sandbox.records.people import opaque_id
from canvas_bridge.sandbox.rules.enrollment import STUDENT_TYPES, groups_of
from canvas_bridge.sandbox.shapes.courses import enrollment_json, role_of, shown_state
from canvas_bridge.sandbox.shapes.people import AVATAR, user_json

Json = dict[str, Any]

CURRENT = frozenset({"active", "invited"})
REAL_STATES = {"active", "invited", "creation_pending", "deleted", "rejected", "completed", "inactive"}
SIS_FILTERS = ("sis_user_id", "sis_course_id", "sis_section_id", "sis_account_id")


def list_course_enrollments(call: Call) -> Answer:
    """Answer with a course's enrollments, in bookmark paging."""
    course = call.course()
    _require_reader(call, course)
    return _answer_enrollments(call, _visible_in_course(call, course))


def list_section_enrollments(call: Call) -> Answer:
    """Answer with a section's enrollments."""
    section = call.section()
    course = call.state.courses[section.course_id]
    _require_reader(call, course)
    rows = [one for one in _visible_in_course(call, course) if one.section_id == section.id]
    return _answer_enrollments(call, rows)


def _require_reader(call: Call, course: Course) -> None:
    """Refuse who may neither read the roster nor the grades, observes nobody, and does not ask for themselves."""
    caller = call.caller
    asks_for_own = call.request.text("user_id") in ("self", str(caller.user.id))
    observes = any(one.type == "ObserverEnrollment" for one in caller.enrollments_in(course))
    call.require(caller.may_read_roster(course) or observes or asks_for_own)
    _require_sis_filter_right(call, is_allowed=caller.may_read_sis(course))


def _require_sis_filter_right(call: Call, *, is_allowed: bool) -> None:
    if any(name in call.params for name in SIS_FILTERS) and not is_allowed:
        raise refusal(400, {"message": "Insufficient permissions to filter by SIS fields"})


def _visible_in_course(call: Call, course: Course) -> list[Enrollment]:
    default = CURRENT | {"creation_pending"}
    if call.caller.sees_as_staff(course):
        default |= {"inactive"}
    states = frozenset(call.request.texts("state")) or default
    rows = [one for one in call.state.enrollments.where("course", course.id) if _has_state(call, one, states)]
    if not call.caller.may_read_roster(course):
        people = {call.caller.user.id, *call.caller.observed_students(course)}
        return [one for one in rows if one.user_id in people]
    sections = call.caller.visible_sections(course)
    if sections is None:
        return rows
    return [one for one in rows if one.section_id in sections or one.type not in STUDENT_TYPES]


def _has_state(call: Call, enrollment: Enrollment, states: Set[str]) -> bool:
    """Whether an enrollment is in a wanted state; those of deleted courses and sections count as deleted."""
    is_gone = shown_state(call.state, enrollment) == "deleted"
    return "deleted" in states if is_gone else enrollment.workflow_state in states


def list_user_enrollments(call: Call) -> Answer:
    """Answer with a person's enrollments in all courses."""
    user = call.user()
    is_own = user.id == call.caller.user.id
    call.require(is_own or call.caller.is_admin or _observes(call, user.id))
    _require_sis_filter_right(call, is_allowed=call.caller.is_admin)
    wanted = call.request.texts("state")
    for word in wanted:
        if is_own and word not in REAL_STATES | set(SYNTHETIC_STATES):
            raise refusal(400, {"error": f"Invalid state {word}"})
    rows = call.state.enrollments.where("user", user.id)
    rows = [one for one in rows if _is_wanted_of_person(call, one, wanted, is_own=is_own)]
    if "enrollment_term_id" in call.params:
        term = found(find_term(call.state, call.request.text("enrollment_term_id")))
        rows = [one for one in rows if call.state.courses[one.course_id].term_id == term.id]
    return _answer_enrollments(call, rows)


def _observes(call: Call, user_id: int) -> bool:
    own = call.state.enrollments.where("user", call.caller.user.id)
    return any(one.associated_user_id == user_id and one.workflow_state == "active" for one in own)


def _is_wanted_of_person(call: Call, enrollment: Enrollment, wanted: list[str], *, is_own: bool) -> bool:
    if not wanted:
        is_current = _has_state(call, enrollment, CURRENT)
        return is_current and not (is_own and is_finished(call.state, enrollment))
    if _has_state(call, enrollment, set(wanted)):
        return True
    if shown_state(call.state, enrollment) == "deleted":
        return False
    return any(word in SYNTHETIC_STATES and SYNTHETIC_STATES[word](call.state, enrollment) for word in wanted)


def _answer_enrollments(call: Call, rows: list[Enrollment]) -> Answer:
    for name, is_match in FILTERS.items():
        wanted = call.request.texts(name)
        if wanted:
            rows = [one for one in rows if is_match(call, one, wanted)]
    page = bookmark_page(call.request, rows, lambda one: _enrollment_key(call, one))
    return json_answer([shape_enrollment(call, one) for one in page.items], headers=page.headers)


def shape_enrollment(call: Call, enrollment: Enrollment) -> Json:
    """Return an enrollment with what `include[]` asks for."""
    course = call.state.courses[enrollment.course_id]
    user = call.state.users[enrollment.user_id]
    with_sis = call.caller.may_read_sis(course)
    shape = enrollment_json(call.state, enrollment, call.request.base_url, with_sis=with_sis)
    for word, value in {"avatar_url": AVATAR, "uuid": opaque_id("user", user.id)}.items():
        if call.request.includes(word):
            shape["user"][word] = value
    if call.request.includes("group_ids"):
        shape["user"]["group_ids"] = sorted(groups_of(call.state, course.id, user.id))
    if call.request.includes("locked"):
        shape["sections_locked"] = False
    if call.request.includes("can_be_removed"):
        shape["can_be_removed"] = call.caller.may_manage_grades(course)
    observed = call.state.users.get(enrollment.associated_user_id)
    if call.request.includes("observed_users") and observed:
        shape["observed_user"] = user_json(observed, with_sis=with_sis, with_contact=False)
    return shape


def _enrollment_key(call: Call, enrollment: Enrollment) -> tuple[str, str, int]:
    return enrollment.type, call.state.users[enrollment.user_id].sortable_name.lower(), enrollment.id


def _is_of_type(call: Call, enrollment: Enrollment, wanted: list[str]) -> bool:
    """Whether the type is wanted; where a role is asked for, it alone decides."""
    return bool(call.request.texts("role")) or enrollment.type in wanted


def _is_of_user(call: Call, enrollment: Enrollment, wanted: list[str]) -> bool:
    users = (find_user(call.state, text, call.caller.user) for text in wanted)
    return any(user is not None and user.id == enrollment.user_id for user in users)


def _is_of_account(call: Call, enrollment: Enrollment, wanted: list[str]) -> bool:
    account_id = call.state.courses[enrollment.course_id].account_id
    return (call.state.sub_accounts.get(account_id) or call.state.account).sis_account_id in wanted


FILTERS: dict[str, Callable[[Call, Enrollment, list[str]], bool]] = {
    "type": _is_of_type,
    "role": lambda call, one, wanted: role_of(one) in wanted,
    "user_id": _is_of_user,
    "sis_user_id": lambda call, one, wanted: call.state.users[one.user_id].sis_user_id in wanted,
    "sis_course_id": lambda call, one, wanted: call.state.courses[one.course_id].sis_course_id in wanted,
    "sis_section_id": lambda call, one, wanted: call.state.sections[one.section_id].sis_section_id in wanted,
    "sis_account_id": _is_of_account,
}


def show_enrollment(call: Call) -> Answer:
    """Answer with one enrollment, by its number alone."""
    call.account()
    enrollment = found(call.state.enrollments.get(plain_id(call.path["enrollment_id"])))
    course = call.state.courses[enrollment.course_id]
    is_own = enrollment.user_id == call.caller.user.id
    call.require(is_own or call.caller.is_admin or call.caller.sees_as_staff(course))
    return json_answer(shape_enrollment(call, enrollment))


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/enrollments", list_course_enrollments),
    Route("GET", "/api/v1/sections/:section_id/enrollments", list_section_enrollments),
    Route("GET", "/api/v1/users/:user_id/enrollments", list_user_enrollments),
    Route("GET", "/api/v1/accounts/:account_id/enrollments/:enrollment_id", show_enrollment),
]
