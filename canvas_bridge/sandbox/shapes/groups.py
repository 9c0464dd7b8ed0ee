"""Group sets, groups and memberships in JSON (contract 10.7.6)."""

from typing import Any

from canvas_bridge.sandbox.records.courses import Group, GroupCategory, Membership
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]


def group_category_json(category: GroupCategory, *, is_member: bool, with_sis: bool) -> Json:
    """Return a group set."""
    shape: Json = {
        "id": category.id,
        "name": category.name,
        "role": None,
        "self_signup": category.self_signup,
        "group_limit": category.group_limit,
        "auto_leader": category.auto_leader,
        "context_type": "Course",
        "course_id": category.course_id,
        "protected": False,
        "allows_multiple_memberships": category.non_collaborative,
        "is_member": is_member,
        "non_collaborative": category.non_collaborative,
    }
    return shape | ({"sis_group_category_id": category.sis_group_category_id} if with_sis else {})


def group_json(store: Store, group: Group, *, with_sis: bool) -> Json:
    """Return a group."""
    members = store.memberships.where("group", group.id)
    category = store.group_categories[group.category_id]
    shape: Json = {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "is_public": group.is_public,
        "join_level": group.join_level,
        "group_category_id": group.category_id,
        "max_membership": group.max_membership or category.group_limit,
        "members_count": sum(one.workflow_state == "accepted" for one in members),
        "created_at": shown(group.created_at),
        "storage_quota_mb": group.storage_quota_mb,
        "context_type": "Course",
        "course_id": group.course_id,
        "role": None,
        "leader": None,
        "avatar_url": None,
        "has_submission": False,
        "concluded": store.courses[group.course_id].workflow_state == "completed",
        "non_collaborative": category.non_collaborative,
    }
    return shape | ({"sis_group_id": group.sis_group_id} if with_sis else {})


def membership_json(membership: Membership) -> Json:
    """Return a group membership."""
    return {
        "id": membership.id,
        "group_id": membership.group_id,
        "user_id": membership.user_id,
        "workflow_state": membership.workflow_state,
        "moderator": membership.is_moderator,
        "created_at": shown(membership.created_at),
    }
