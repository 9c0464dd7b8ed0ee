"""Making, changing and deleting group sets and groups; none of their parameters has a wrapper (contract 10.7.10)."""

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.fields import Fields, blank, taken
from canvas_bridge.sandbox.api.finding import find_user
from canvas_bridge.sandbox.api.groups import course_of, shape_category, shape_group
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, model_error
from canvas_bridge.sandbox.records.courses import Course, Group, GroupCategory
from canvas_bridge.sandbox.rules.group_places import join, leave, may_be_member

SIGN_UPS = ("enabled", "restricted")
LEADERS = ("first", "random")
JOIN_LEVELS = ("parent_context_auto_join", "parent_context_request", "invitation_only")
MOST_GROUPS_AT_ONCE = 200


def create_group_category(call: Call) -> Answer:
    """Add a set; `create_group_count` adds empty groups, `split_group_count` spreads the students over them."""
    course = call.course()
    _require_manager(call, course)
    values = Fields(call, call.params)
    name = values.text("name")
    if name is None:
        raise blank("name")
    _check_category(call, course, values, None)
    category = call.state.add_group_category(course, name, non_collaborative=values.flag("non_collaborative"))
    _write_category(call, category, values)
    count = values.number("split_group_count") or values.number("create_group_count") or 0
    groups = [call.state.add_group(category, f"{name} {number}") for number in range(1, _bounded(count) + 1)]
    if values.has("split_group_count") and groups:
        _spread(call, course, groups)
    return json_answer(shape_category(call, category))


def _bounded(count: int) -> int:
    return min(max(count, 0), MOST_GROUPS_AT_ONCE)


def _require_manager(call: Call, course: Course) -> None:
    """Refuse who may not manage the course's groups."""
    call.require(call.caller.may_manage_assignments(course))


def _spread(call: Call, course: Course, groups: list[Group]) -> None:
    rows = call.state.enrollments.where("course", course.id)
    current = [one for one in rows if one.type == "StudentEnrollment" and one.workflow_state in ("active", "invited")]
    for place, user_id in enumerate(sorted({one.user_id for one in current})):
        join(call.state, groups[place % len(groups)], user_id)


def _check_category(call: Call, course: Course, values: Fields, category: GroupCategory | None) -> None:
    others = [one for one in call.state.group_categories.where("course", course.id) if one is not category]
    if any(one.workflow_state == "active" and one.name == values.text("name") for one in others):
        raise taken("name")
    for name, words in (("self_signup", SIGN_UPS), ("auto_leader", LEADERS)):
        if values.has(name) and values.text(name) not in words:
            raise invalid({name: [model_error(name, "inclusion")]})


def _write_category(call: Call, category: GroupCategory, values: Fields) -> None:
    category.name = values.text("name", category.name) or category.name
    values.set_texts(category, "self_signup", "auto_leader")
    if "group_limit" in values:
        category.group_limit = values.number("group_limit")
    if call.caller.is_admin:
        values.set_texts(category, "sis_group_category_id")


def update_group_category(call: Call) -> Answer:
    """Change a set: only what was sent."""
    category = call.group_category()
    _require_manager(call, course_of(call, category))
    values = Fields(call, call.params)
    _check_category(call, course_of(call, category), values, category)
    _write_category(call, category, values)
    count = _bounded(values.number("create_group_count") or 0)
    taken_numbers = len(call.state.groups.where("category", category.id))
    for number in range(taken_numbers + 1, taken_numbers + count + 1):
        call.state.add_group(category, f"{category.name} {number}")
    return json_answer(shape_category(call, category))


def delete_group_category(call: Call) -> Answer:
    """Delete a set with its groups."""
    category = call.group_category()
    _require_manager(call, course_of(call, category))
    category.workflow_state = "deleted"
    for group in call.state.groups.where("category", category.id):
        _delete(call, group)
    return json_answer(shape_category(call, category))


def create_group(call: Call) -> Answer:
    """Add a group to a set."""
    category = call.group_category()
    _require_manager(call, course_of(call, category))
    values = Fields(call, call.params)
    _check_group(call, values, None)
    group = call.state.add_group(category, values.text("name", category.name) or category.name)
    _write_group(call, group, values)
    return json_answer(shape_group(call, group))


def update_group(call: Call) -> Answer:
    """Change a group: only what was sent; `members[]` is the whole list of its people."""
    group = call.group()
    _require_manager(call, course_of(call, group))
    values = Fields(call, call.params)
    _check_group(call, values, group)
    _write_group(call, group, values)
    if "members" in values:
        _set_members(call, group)
    return json_answer(shape_group(call, group))


def _check_group(call: Call, values: Fields, group: Group | None) -> None:
    if values.has("join_level") and values.text("join_level") not in JOIN_LEVELS:
        raise invalid({"join_level": [model_error("join_level", "inclusion")]})
    if call.caller.is_admin and values.has("sis_group_id"):
        owners = call.state.groups.where("sis", values.text("sis_group_id"))
        if any(one is not group and one.workflow_state != "deleted" for one in owners):
            raise taken("sis_source_id")


def _write_group(call: Call, group: Group, values: Fields) -> None:
    group.name = values.text("name", group.name) or group.name
    values.set_texts(group, "description")
    values.set_flags(group, "is_public")
    group.join_level = values.text("join_level", group.join_level) or group.join_level
    if "max_membership" in values:
        group.max_membership = values.number("max_membership")
    if call.caller.is_admin:
        group.storage_quota_mb = values.number("storage_quota_mb") or group.storage_quota_mb
        values.set_texts(group, "sis_group_id")
        call.state.groups.reindex(group)


def _set_members(call: Call, group: Group) -> None:
    """Make the people of a group exactly those listed; who is not of the course is passed over."""
    users = [find_user(call.state, text, call.caller.user) for text in call.request.texts("members") if text]
    wanted = [one.id for one in users if one and may_be_member(call.state, group, one.id)]
    for membership in call.state.memberships.where("group", group.id):
        if membership.user_id not in wanted:
            leave(membership)
    for user_id in dict.fromkeys(wanted):
        join(call.state, group, user_id)


def delete_group(call: Call) -> Answer:
    """Delete a group."""
    group = call.group()
    _require_manager(call, course_of(call, group))
    _delete(call, group)
    return json_answer(shape_group(call, group))


def _delete(call: Call, group: Group) -> None:
    group.workflow_state = "deleted"
    for membership in call.state.memberships.where("group", group.id):
        leave(membership)


CATEGORY = "/api/v1/group_categories/:group_category_id"
ROUTES = [
    Route("POST", "/api/v1/courses/:course_id/group_categories", create_group_category),
    Route("PUT", CATEGORY, update_group_category),
    Route("DELETE", CATEGORY, delete_group_category),
    Route("POST", f"{CATEGORY}/groups", create_group),
    Route("PUT", "/api/v1/groups/:group_id", update_group),
    Route("DELETE", "/api/v1/groups/:group_id", delete_group),
]
