"""The people of a course (contract 10.3)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.courses import SHORT_TYPES
from canvas_bridge.sandbox.api.fields import search_term
from canvas_bridge.sandbox.api.finding import find_user
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.users import ORDERS, matches_term
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.http.paging import numeric_page, page_size
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.records.courses import Course, Enrollment
from canvas_bridge.sandbox.records.people import User, opaque_id
from canvas_bridge.sandbox.rules.enrollment import groups_of
from canvas_bridge.sandbox.shapes.courses import ROLES, enrollment_json
from canvas_bridge.sandbox.shapes.people import AVATAR, user_json

Json = dict[str, Any]

CURRENT = frozenset({"active", "invited"})
NOT_THERE_YET = ("invited", "creation_pending", "rejected")


def list_course_users(call: Call) -> Answer:
    """Answer with a course's people, once each; the test student is taken out after the page is cut."""
    course = call.course()
    _require_reader(call, course)
    users = _wanted_users(call, course)
    page = numeric_page(_with_page_of_user(call, users), users, has_total=False)
    rows = [one for one in page.items if not one.is_test_student or _wants_test_student(call)]
    return json_answer([_shape(call, course, one) for one in rows], headers=page.headers)


def _require_reader(call: Call, course: Course) -> None:
    caller = call.caller
    call.require(caller.may_read_roster(course) or caller.may_view_grades(course) or caller.may_manage_grades(course))


def _wants_test_student(call: Call) -> bool:
    return call.request.includes("test_student") or "student_view" in call.request.texts("enrollment_type")


def _wanted_users(call: Call, course: Course) -> list[User]:
    rows = [one for one in call.state.enrollments.where("course", course.id) if _is_wanted(call, course, one)]
    users = _unique(call.state.users[one.user_id] for one in rows)
    term = search_term(call)
    if term is not None:
        users = [one for one in users if matches_term(one, term)]
    wanted = [text for entry in call.request.texts("user_ids") for text in entry.split(",")]
    if wanted:
        ids = {user.id for user in (find_user(call.state, text.strip(), call.caller.user) for text in wanted) if user}
        users = [one for one in users if one.id in ids]
    order = ORDERS.get(call.request.text("sort"), ORDERS["username"])
    return sorted(users, key=lambda one: (order(one), one.id))


def _unique(users: Iterable[User]) -> list[User]:
    return list({one.id: one for one in users}.values())


def _is_wanted(call: Call, course: Course, enrollment: Enrollment) -> bool:
    request = call.request
    states = frozenset(request.texts("enrollment_state")) or CURRENT
    if request.flag("include_inactive") and call.caller.sees_as_staff(course):
        states |= {"inactive"}
    types = {SHORT_TYPES.get(word, word) for word in request.texts("enrollment_type")}
    role_id = plain_id(request.text("enrollment_role_id"))
    is_of_type = not types or enrollment.type in types
    is_of_role = role_id is None or ROLES[enrollment.type] == role_id
    return enrollment.workflow_state in states and is_of_type and is_of_role and _is_visible(call, course, enrollment)


def _is_visible(call: Call, course: Course, enrollment: Enrollment) -> bool:
    """Whether the caller may see the person: all but instructors who are held to their sections may."""
    sections = call.caller.visible_sections(course)
    return sections is None or enrollment.section_id in sections


def _with_page_of_user(call: Call, users: list[User]) -> Request:
    """Return the request, turned to the page that holds the user of `user_id`; its links do not name the user again."""
    request = call.request
    wanted = find_user(call.state, request.text("user_id"), call.caller.user)
    places = [number for number, one in enumerate(users) if wanted and one.id == wanted.id]
    if not places:
        return request
    kept = [pair for pair in parse_qsl(request.query, keep_blank_values=True) if pair[0] not in ("user_id", "page")]
    page = places[0] // page_size(request) + 1
    return replace(request, query=urlencode([*kept, ("page", page)]))


def show_course_user(call: Call) -> Answer:
    """Answer with one person of a course."""
    course = call.course()
    _require_reader(call, course)
    user = call.user()
    rows = call.state.enrollments.where("course_user", (course.id, user.id))
    is_there = any(one.workflow_state != "deleted" and _is_visible(call, course, one) for one in rows)
    return json_answer(_shape(call, course, found(user if is_there else None)))


def _shape(call: Call, course: Course, user: User) -> Json:
    rows = call.state.enrollments.where("course_user", (course.id, user.id))
    live = [one for one in rows if one.workflow_state != "deleted"]
    is_there = any(one.workflow_state not in NOT_THERE_YET for one in live)
    with_keys = call.caller.may_read_sis(course) and is_there
    shape = user_json(user, with_sis=with_keys, with_contact=with_keys)
    for word, value_of in INCLUDES.items():
        if call.request.includes(word):
            shape[word] = value_of(call, course, user)
    if call.request.includes("enrollments"):
        with_sis = call.caller.may_read_sis(course)
        base_url = call.request.base_url
        current = [one for one in live if one.workflow_state in ("active", "invited", "completed", "inactive")]
        shape["enrollments"] = [_without_user(call, one, base_url, with_sis=with_sis) for one in current]
    return shape


def _without_user(call: Call, enrollment: Enrollment, base_url: str, *, with_sis: bool) -> Json:
    shape = enrollment_json(call.state, enrollment, base_url, with_sis=with_sis)
    return {name: value for name, value in shape.items() if name != "user"}


INCLUDES: dict[str, Callable[[Call, Course, User], Any]] = {
    "avatar_url": lambda call, course, user: AVATAR,
    "locked": lambda call, course, user: False,
    "bio": lambda call, course, user: user.bio,
    "custom_links": lambda call, course, user: [],
    "uuid": lambda call, course, user: opaque_id("user", user.id),
    "group_ids": lambda call, course, user: sorted(groups_of(call.state, course.id, user.id)),
}


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/users", list_course_users),
    Route("GET", "/api/v1/courses/:course_id/search_users", list_course_users),
    Route("GET", "/api/v1/courses/:course_id/users/:user_id", show_course_user),
]
