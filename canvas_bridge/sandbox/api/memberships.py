"""Joining and leaving groups (contract 10.7.6, 10.7.10)."""

from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.fields import Fields
from canvas_bridge.sandbox.api.finding import find_user
from canvas_bridge.sandbox.api.groups import course_of, membership_of
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, model_error
from canvas_bridge.sandbox.records.courses import Group, Membership
from canvas_bridge.sandbox.rules.group_places import join, leave, leave_others, may_be_member, place_in
from canvas_bridge.sandbox.shapes.groups import membership_json


def create_membership(call: Call) -> Answer:
    """Put a person into a group; one who is in it already is answered as they are."""
    group = call.group()
    wanted = call.request.text("user_id")
    user = found(find_user(call.state, wanted, call.caller.user))
    is_own = user.id == call.caller.user.id
    call.require(_may_manage(call, group) or (is_own and _may_sign_up(call, group)))
    existing = place_in(call.state, group, user.id)
    if existing is None:
        _require_room(call, group)
    membership = existing or join(call.state, group, user.id)
    return json_answer(membership_json(membership) | {"just_created": existing is None})


def _may_manage(call: Call, group: Group) -> bool:
    return call.caller.may_manage_assignments(course_of(call, group))


def _may_sign_up(call: Call, group: Group) -> bool:
    """Whether students choose their group of the set themselves."""
    category = call.state.group_categories[group.category_id]
    is_open = category.self_signup is not None or group.join_level == "parent_context_auto_join"
    return is_open and may_be_member(call.state, group, call.caller.user.id)


def _require_room(call: Call, group: Group) -> None:
    limit = group.max_membership or call.state.group_categories[group.category_id].group_limit
    members = [one for one in call.state.memberships.where("group", group.id) if one.workflow_state == "accepted"]
    if limit is not None and len(members) >= limit:
        raise invalid({"group_id": [model_error("group_id", "The group is full.")]})


def update_membership(call: Call) -> Answer:
    """Accept an invitation, as the person invited; or make a moderator, as one who manages the groups."""
    group = call.group()
    membership = membership_of(call, group)
    is_own = membership.user_id == call.caller.user.id
    call.require(is_own or _may_manage(call, group))
    values = Fields(call, call.params)
    if values.text("workflow_state") == "accepted":
        membership.workflow_state = "accepted"
        leave_others(call.state, membership)
    if "moderator" in values and _may_manage(call, group):
        membership.is_moderator = values.flag("moderator")
    return json_answer(membership_json(membership))


def delete_membership(call: Call) -> Answer:
    """Take a person out of a group."""
    group = call.group()
    membership = membership_of(call, group)
    call.require(_may_manage(call, group) or _may_leave(call, group, membership))
    leave(membership)
    return json_answer({"ok": True})


def _may_leave(call: Call, group: Group, membership: Membership) -> bool:
    is_own = membership.user_id == call.caller.user.id
    return is_own and (_may_sign_up(call, group) or membership.workflow_state != "accepted")


BY_NUMBER = "/api/v1/groups/:group_id/memberships/:membership_id"
BY_USER = "/api/v1/groups/:group_id/users/:user_id"
ROUTES = [
    Route("POST", "/api/v1/groups/:group_id/memberships", create_membership),
    Route("PUT", BY_NUMBER, update_membership),
    Route("PUT", BY_USER, update_membership),
    Route("DELETE", BY_NUMBER, delete_membership),
    Route("DELETE", BY_USER, delete_membership),
]
