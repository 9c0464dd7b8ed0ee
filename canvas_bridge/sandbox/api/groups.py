"""Group sets, groups and memberships: reads (contract 10.7.6)."""

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.shapes.courses import group_category_json, group_json, membership_json
from canvas_bridge.sandbox.shapes.people import user_json


def list_group_categories(call: Call) -> Answer:
    """Answer with a course's group sets."""
    course = call.course()
    call.require(call.caller.sees_as_staff(course))
    rows = [one for one in call.state.group_categories.where("course", course.id) if one.workflow_state == "active"]
    return call.paged(rows, group_category_json)


def show_group_category(call: Call) -> Answer:
    """Answer with one group set."""
    category = call.group_category()
    call.require(call.caller.sees_as_staff(call.state.courses[category.course_id]))
    return json_answer(group_category_json(category))


def list_groups_of_category(call: Call) -> Answer:
    """Answer with a set's groups by name."""
    category = call.group_category()
    call.require(call.caller.sees_as_staff(call.state.courses[category.course_id]))
    rows = [one for one in call.state.groups.where("category", category.id) if one.workflow_state == "available"]
    rows.sort(key=lambda one: (one.name.lower(), one.id))
    return call.paged(rows, lambda one: group_json(call.state, one))


def list_course_groups(call: Call) -> Answer:
    """Answer with a course's groups by name."""
    course = call.course()
    call.require(call.caller.may_read_roster(course))
    rows = [one for one in call.state.groups.where("course", course.id) if one.workflow_state == "available"]
    rows.sort(key=lambda one: (one.name.lower(), one.id))
    return call.paged(rows, lambda one: group_json(call.state, one))


def show_group(call: Call) -> Answer:
    """Answer with one group."""
    group = call.group()
    call.require(call.caller.may_read_roster(call.state.courses[group.course_id]))
    return json_answer(group_json(call.state, group))


def list_group_users(call: Call) -> Answer:
    """Answer with a group's people."""
    group = call.group()
    course = call.state.courses[group.course_id]
    call.require(call.caller.may_read_roster(course))
    rows = call.state.memberships.where("group", group.id)
    users = [call.state.users[one.user_id] for one in rows if one.workflow_state == "accepted"]
    with_sis = call.caller.may_read_sis(course)
    return call.paged(users, lambda one: user_json(one, with_sis=with_sis, with_contact=False))


def list_memberships(call: Call) -> Answer:
    """Answer with a group's memberships."""
    group = call.group()
    call.require(call.caller.may_read_roster(call.state.courses[group.course_id]))
    states = call.request.texts("filter_states") or ["accepted", "invited", "requested"]
    rows = [one for one in call.state.memberships.where("group", group.id) if one.workflow_state in states]
    return call.paged(rows, membership_json)


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/group_categories", list_group_categories),
    Route("GET", "/api/v1/group_categories/:group_category_id", show_group_category),
    Route("GET", "/api/v1/group_categories/:group_category_id/groups", list_groups_of_category),
    Route("GET", "/api/v1/courses/:course_id/groups", list_course_groups),
    Route("GET", "/api/v1/groups/:group_id", show_group),
    Route("GET", "/api/v1/groups/:group_id/users", list_group_users),
    Route("GET", "/api/v1/groups/:group_id/memberships", list_memberships),
]
