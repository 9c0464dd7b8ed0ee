"""The courses of an account, with every filter and order (contract 10.5)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.accounts import accounts_below, is_within
from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.course_shape import is_concluded, people_of, shape_course
from canvas_bridge.sandbox.api.courses import SHORT_TYPES
from canvas_bridge.sandbox.api.fields import search_term
from canvas_bridge.sandbox.api.finding import find_account, find_term, find_user
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, refusal
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.shapes.times import read_time

STATES = {
    "created": {"unpublished"},
    "claimed": {"unpublished"},
    "available": {"available"},
    "completed": {"completed"},
    "deleted": {"deleted"},
    "all": {"unpublished", "available", "completed", "deleted"},
}
CURRENT = ("active", "invited", "completed")


def list_account_courses(call: Call) -> Answer:
    """Answer with the courses of an account and those below it, all but deleted ones unless `state[]` asks for them."""
    account = call.account()
    call.require(call.caller.is_admin)
    states = _wanted_states(call)
    search_term(call)
    courses = [one for one in call.state.courses if one.workflow_state in states]
    ids = {account.id, *(one.id for one in accounts_below(call.state, account))}
    courses = [one for one in courses if one.account_id in ids]
    for name, matches in FILTERS.items():
        if name in call.params:
            courses = [one for one in courses if matches(call, one)]
    order = ORDERS.get(call.request.text("sort"), _by_name)
    courses.sort(key=lambda one: (order(call, one), one.id), reverse=call.request.text("order") == "desc")
    return call.paged(courses, lambda one: shape_course(call, one))


def _wanted_states(call: Call) -> set[str]:
    wanted = call.request.texts("state")
    if not wanted:
        return STATES["all"] - {"deleted"}
    return set().union(*(STATES.get(word, set()) for word in wanted))


def _matches_search(call: Call, course: Course) -> bool:
    term = search_term(call) or ""
    if call.request.text("search_by") == "teacher":
        return any(term in name.lower() for name in _teacher_names(call, course))
    fields = (course.name, course.course_code, course.sis_course_id or "")
    return plain_id(term) == course.id or any(term in field.lower() for field in fields)


def _teacher_names(call: Call, course: Course) -> list[str]:
    users = [call.state.users[one] for one in people_of(call, course, "TeacherEnrollment")]
    return [name for user in users for name in (user.name, user.sortable_name)]


def _matches_term(call: Call, course: Course) -> bool:
    term = find_term(call.state, call.request.text("enrollment_term_id"))
    return term is not None and course.term_id == term.id


def _has_enrollments(call: Call, course: Course) -> bool:
    return any(one.workflow_state in CURRENT for one in call.state.enrollments.where("course", course.id))


def _has_wanted_types(call: Call, course: Course) -> bool:
    wanted = {SHORT_TYPES.get(word, word) for word in call.request.texts("enrollment_type")}
    rows = call.state.enrollments.where("course", course.id)
    return any(one.type in wanted and one.workflow_state in CURRENT for one in rows)


def _is_taught_by(call: Call, course: Course) -> bool:
    users = [find_user(call.state, text, call.caller.user) for text in call.request.texts("by_teachers")]
    teachers = people_of(call, course, "TeacherEnrollment")
    return any(user is not None and user.id in teachers for user in users)


def _is_in_sub_accounts(call: Call, course: Course) -> bool:
    accounts = [find_account(call.state, text) for text in call.request.texts("by_subaccounts")]
    return any(one is not None and is_within(call.state, one, course.account_id) for one in accounts)


def _starts_before(call: Call, course: Course) -> bool:
    start_at = course.start_at or call.state.terms[course.term_id].start_at
    return start_at is None or start_at < _time(call, "starts_before")


def _ends_after(call: Call, course: Course) -> bool:
    end_at = course.end_at or call.state.terms[course.term_id].end_at
    return end_at is None or end_at > _time(call, "ends_after")


def _time(call: Call, name: str) -> datetime:
    try:
        return read_time(call.request.text(name), call.caller.zone)
    except ValueError as error:
        raise refusal(400, {"errors": {name: f"Invalid datetime for {name}"}}) from error


FILTERS: dict[str, Callable[[Call, Course], bool]] = {
    "search_term": _matches_search,
    "enrollment_term_id": _matches_term,
    "with_enrollments": lambda call, one: _has_enrollments(call, one) == call.request.flag("with_enrollments"),
    "enrollment_type": _has_wanted_types,
    "published": lambda call, one: (one.workflow_state != "unpublished") == call.request.flag("published"),
    "completed": lambda call, one: is_concluded(call, one) == call.request.flag("completed"),
    "blueprint": lambda call, one: one.is_blueprint == call.request.flag("blueprint"),
    "by_teachers": _is_taught_by,
    "by_subaccounts": _is_in_sub_accounts,
    "starts_before": _starts_before,
    "ends_after": _ends_after,
}


def _by_name(call: Call, course: Course) -> Any:
    return course.name.lower()


def _by_account(call: Call, course: Course) -> Any:
    return (call.state.sub_accounts.get(course.account_id) or call.state.account).name.lower()


ORDERS: dict[str, Callable[[Call, Course], Any]] = {
    "course_name": _by_name,
    "sis_course_id": lambda call, one: one.sis_course_id or "",
    "teacher": lambda call, one: min((name.lower() for name in _teacher_names(call, one)), default=""),
    "account_name": _by_account,
    "subaccount": _by_account,
}


ROUTES = [Route("GET", "/api/v1/accounts/:account_id/courses", list_account_courses)]
