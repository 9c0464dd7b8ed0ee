"""Group sets, groups and memberships (contract 10.7.6, 10.7.10)."""

from dataclasses import dataclass, field
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, Absent
from canvas_bridge.wire.people import User


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCategory:
    """A group set. `non_collaborative` True: differentiation tags."""

    id: int
    name: str | Absent | None = ABSENT
    role: str | Absent | None = ABSENT
    self_signup: str | Absent | None = ABSENT
    group_limit: int | Absent | None = ABSENT
    auto_leader: str | Absent | None = ABSENT
    context_type: str | Absent | None = ABSENT
    course_id: int | Absent | None = ABSENT
    protected: bool | Absent | None = ABSENT
    allows_multiple_memberships: bool | Absent | None = ABSENT
    is_member: bool | Absent | None = ABSENT
    sis_group_category_id: str | Absent | None = ABSENT
    non_collaborative: bool | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group. `users` lists at most 1,000, and only where it was asked for."""

    id: int
    name: str | Absent | None = field(default=ABSENT, repr=False)
    description: str | Absent | None = field(default=ABSENT, repr=False)
    group_category_id: int | Absent | None = ABSENT
    course_id: int | Absent | None = ABSENT
    context_type: str | Absent | None = ABSENT
    is_public: bool | Absent | None = ABSENT
    join_level: str | Absent | None = ABSENT
    max_membership: int | Absent | None = ABSENT
    members_count: int | Absent | None = ABSENT
    created_at: datetime | Absent | None = ABSENT
    storage_quota_mb: float | Absent | None = ABSENT
    role: str | Absent | None = ABSENT
    leader: object | Absent = field(default=ABSENT, repr=False)
    has_submission: bool | Absent | None = ABSENT
    concluded: bool | Absent | None = ABSENT
    non_collaborative: bool | Absent | None = ABSENT
    sis_group_id: str | Absent | None = ABSENT
    users: tuple[User, ...] | Absent = field(default=ABSENT, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One person in one group; for dates only `accepted` ones count. `just_created` in the answer of joining."""

    id: int
    group_id: int
    user_id: int
    workflow_state: str
    moderator: bool | Absent | None = ABSENT
    created_at: datetime | Absent | None = ABSENT
    just_created: bool | Absent | None = ABSENT
