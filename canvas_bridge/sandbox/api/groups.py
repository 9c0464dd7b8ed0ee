"""Group sets, groups and memberships: reads (contract 10.7.6)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.fields import search_term
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.users import matches_term
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.records.courses import Course, Group, GroupCategory, Membership
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.shapes.groups import group_category_json, group_json, membership_json
from canvas_bridge.sandbox.shapes.people import AVATAR, user_json

Json = dict[str, Any]

MOST_USERS_LISTED = 1000
LIVE_STATES = ("accepted", "invited", "requested")


def course_of(call: Call, record: Group | GroupCategory) -> Course:
    """Return the course of a group or set."""
    return call.state.courses[record.course_id]


def list_group_categories(call: Call) -> Answer:
    """Answer with a course's group sets."""
    course = call.course()
    call.require(call.caller.sees_as_staff(course))
    rows = [one for one in call.state.group_categories.where("course", course.id) if one.workflow_state == "active"]
    rows.sort(key=lambda one: (one.name.lower(), one.id))
    return call.paged(rows, lambda one: shape_category(call, one))


def show_group_category(call: Call) -> Answer:
    """Answer with one group set."""
    category = call.group_category()
    call.require(call.caller.sees_as_staff(course_of(call, category)))
    return json_answer(shape_category(call, category))


def shape_category(call: Call, category: GroupCategory) -> Json:
    """Return a group set as the caller sees it."""
    with_sis = call.caller.may_read_sis(course_of(call, category))
    own = accepted_in(call, category, call.caller.user.id)
    return group_category_json(category, is_member=bool(own), with_sis=with_sis)


def accepted_in(call: Call, category: GroupCategory, user_id: int) -> list[Membership]:
    """Return a person's accepted memberships in the live groups of a set."""
    ids = {one.id for one in call.state.groups.where("category", category.id) if one.workflow_state == "available"}
    rows = call.state.memberships.where("user", user_id)
    return [one for one in rows if one.group_id in ids and one.workflow_state == "accepted"]


def list_groups_of_category(call: Call) -> Answer:
    """Answer with a set's groups by name."""
    category = call.group_category()
    call.require(call.caller.sees_as_staff(course_of(call, category)))
    return _answer_groups(call, call.state.groups.where("category", category.id))


def list_users_of_category(call: Call) -> Answer:
    """Answer with the students of a set's course; with `unassigned` only those who are in none of its groups."""
    category = call.group_category()
    course = course_of(call, category)
    call.require(call.caller.may_read_roster(course))
    rows = call.state.enrollments.where("course", course.id)
    current = [one for one in rows if one.type == "StudentEnrollment" and one.workflow_state in ("active", "invited")]
    users = list({one.user_id: call.state.users[one.user_id] for one in current}.values())
    if call.request.flag("unassigned"):
        users = [one for one in users if not accepted_in(call, category, one.id)]
    return _answer_users(call, course, users)


def list_course_groups(call: Call) -> Answer:
    """Answer with a course's groups by name; differentiation tags are not for students to see."""
    course = call.course()
    call.require(call.caller.may_read_roster(course))
    rows = [one for one in call.state.groups.where("course", course.id) if _is_visible(call, one)]
    if call.request.flag("only_own_groups"):
        own = {one.group_id for one in call.state.memberships.where("user", call.caller.user.id) if _is_accepted(one)}
        rows = [one for one in rows if one.id in own]
    return _answer_groups(call, rows)


def _is_accepted(membership: Membership) -> bool:
    return membership.workflow_state == "accepted"


def _is_visible(call: Call, group: Group) -> bool:
    is_tag = call.state.group_categories[group.category_id].non_collaborative
    return not is_tag or call.caller.sees_as_staff(course_of(call, group))


def list_own_groups(call: Call) -> Answer:
    """Answer with the groups in which the caller is."""
    own = [one.group_id for one in call.state.memberships.where("user", call.caller.user.id) if _is_accepted(one)]
    return _answer_groups(call, [one for one in (call.state.groups[key] for key in own) if _is_visible(call, one)])


def _answer_groups(call: Call, groups: list[Group]) -> Answer:
    term = search_term(call) or ""
    rows = [one for one in groups if one.workflow_state == "available" and term in one.name.lower()]
    rows.sort(key=lambda one: (one.name.lower(), one.id))
    return call.paged(rows, lambda one: shape_group(call, one))


def shape_group(call: Call, group: Group) -> Json:
    """Return a group with what `include[]` asks for; of its people at most 1,000."""
    course = course_of(call, group)
    with_sis = call.caller.may_read_sis(course)
    shape = group_json(call.state, group, with_sis=with_sis)
    if call.request.includes("users"):
        people = _people_of(call, group)[:MOST_USERS_LISTED]
        shape["users"] = [user_json(one, with_sis=with_sis, with_contact=with_sis) for one in people]
    if call.request.includes("tabs"):
        shape["tabs"] = []
    if call.request.includes("permissions"):
        may_manage = call.caller.may_manage_assignments(course)
        shape["permissions"] = {"join": False, "create_discussion_topic": True, "create_announcement": may_manage}
    if call.request.includes("group_category"):
        shape["group_category"] = shape_category(call, call.state.group_categories[group.category_id])
    return shape


def _people_of(call: Call, group: Group) -> list[User]:
    rows = [one for one in call.state.memberships.where("group", group.id) if _is_accepted(one)]
    users = [call.state.users[one.user_id] for one in rows]
    return sorted(users, key=lambda one: (one.sortable_name.lower(), one.id))


def visible_group(call: Call) -> Group:
    """Return the group of the path, to those who may read it."""
    group = call.group()
    call.require(call.caller.may_read_roster(course_of(call, group)) and _is_visible(call, group))
    return group


def show_group(call: Call) -> Answer:
    """Answer with one group."""
    return json_answer(shape_group(call, visible_group(call)))


def list_group_users(call: Call) -> Answer:
    """Answer with a group's people."""
    group = visible_group(call)
    return _answer_users(call, course_of(call, group), _people_of(call, group))


def _answer_users(call: Call, course: Course, users: list[User]) -> Answer:
    term = search_term(call)
    rows = [one for one in users if term is None or matches_term(one, term)]
    rows.sort(key=lambda one: (one.sortable_name.lower(), one.id))
    with_sis = call.caller.may_read_sis(course)
    more = {"avatar_url": AVATAR} if call.request.includes("avatar_url") else {}
    return call.paged(rows, lambda one: user_json(one, with_sis=with_sis, with_contact=with_sis) | more)


def list_memberships(call: Call) -> Answer:
    """Answer with a group's memberships."""
    group = visible_group(call)
    states = call.request.texts("filter_states") or LIVE_STATES
    rows = [one for one in call.state.memberships.where("group", group.id) if one.workflow_state in states]
    return call.paged(rows, membership_json)


def show_membership(call: Call) -> Answer:
    """Answer with one membership of a group, by its number or its user."""
    return json_answer(membership_json(membership_of(call, visible_group(call))))


def membership_of(call: Call, group: Group) -> Membership:
    """Return the membership of the path: a number, `self`, or a user's id in any form; deleted ones are not found."""
    rows = [one for one in call.state.memberships.where("group", group.id) if one.workflow_state in LIVE_STATES]
    number = plain_id(call.path.get("membership_id", ""))
    if number is not None:
        return found(next((one for one in rows if one.id == number), None))
    is_self = call.path.get("membership_id") == "self"
    user = call.caller.user if is_self else found(call.user() if "user_id" in call.path else None)
    return found(next((one for one in rows if one.user_id == user.id), None))


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/group_categories", list_group_categories),
    Route("GET", "/api/v1/group_categories/:group_category_id", show_group_category),
    Route("GET", "/api/v1/group_categories/:group_category_id/groups", list_groups_of_category),
    Route("GET", "/api/v1/group_categories/:group_category_id/users", list_users_of_category),
    Route("GET", "/api/v1/courses/:course_id/groups", list_course_groups),
    Route("GET", "/api/v1/users/self/groups", list_own_groups),
    Route("GET", "/api/v1/groups/:group_id", show_group),
    Route("GET", "/api/v1/groups/:group_id/users", list_group_users),
    Route("GET", "/api/v1/groups/:group_id/users/:user_id", show_membership),
    Route("GET", "/api/v1/groups/:group_id/memberships", list_memberships),
    Route("GET", "/api/v1/groups/:group_id/memberships/:membership_id", show_membership),
]
