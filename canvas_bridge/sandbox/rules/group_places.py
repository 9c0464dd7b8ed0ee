"""Places in groups: who may have one, and that a person has at most one in each set (contract 10.7.6)."""

from canvas_bridge.sandbox.records.courses import Group, Membership
from canvas_bridge.sandbox.state import SandboxState

CURRENT_STATES = ("active", "invited", "creation_pending")


def may_be_member(state: SandboxState, group: Group, user_id: int) -> bool:
    """Whether the person is in the group's course now."""
    rows = state.enrollments.where("course_user", (group.course_id, user_id))
    return any(one.workflow_state in CURRENT_STATES for one in rows)


def place_in(state: SandboxState, group: Group, user_id: int) -> Membership | None:
    """Return a person's membership of a group that is not deleted."""
    rows = state.memberships.where("group", group.id)
    return next((one for one in rows if one.user_id == user_id and one.workflow_state != "deleted"), None)


def join(state: SandboxState, group: Group, user_id: int) -> Membership:
    """Put a person into a group, and out of the set's other ones unless it is a set of differentiation tags.

    Someone who is not in the course is only invited.
    """
    wanted = "accepted" if may_be_member(state, group, user_id) else "invited"
    membership = place_in(state, group, user_id) or state.add_membership(group, state.users[user_id], state=wanted)
    membership.workflow_state = wanted
    if wanted == "accepted":
        leave_others(state, membership)
    return membership


def leave_others(state: SandboxState, membership: Membership) -> None:
    """Take the person of an accepted membership out of the other groups of the set."""
    group = state.groups[membership.group_id]
    if state.group_categories[group.category_id].non_collaborative:
        return
    for other in state.memberships.where("user", membership.user_id):
        is_in_set = state.groups[other.group_id].category_id == group.category_id
        if is_in_set and other.id != membership.id:
            leave(other)


def leave(membership: Membership) -> None:
    """End a membership."""
    membership.workflow_state = "deleted"
