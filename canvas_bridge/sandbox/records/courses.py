"""Terms, grading periods, courses, sections, enrollments, group sets, groups and memberships."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(kw_only=True)
class TermDates:
    """Dates of a term for one enrollment type (contract 10.7.2)."""

    start_at: datetime | None = None
    end_at: datetime | None = None


@dataclass(kw_only=True)
class Term:
    """An enrollment term. `overrides` maps an enrollment type to its own dates."""

    id: int
    name: str
    start_at: datetime | None = None
    end_at: datetime | None = None
    sis_term_id: str | None = None
    workflow_state: str = "active"
    grading_period_set_id: int | None = None
    overrides: dict[str, TermDates] = field(default_factory=dict)
    created_at: datetime


@dataclass(kw_only=True)
class GradingPeriodSet:
    """Grading periods of an account, which hold in every term that names the set."""

    id: int
    account_id: int
    title: str
    is_weighted: bool = False
    is_total_shown: bool = False
    workflow_state: str = "active"
    created_at: datetime


@dataclass(kw_only=True)
class GradingPeriod:
    """A grading period, of a set or (old style) of one course."""

    id: int
    title: str
    start_date: datetime
    end_date: datetime
    close_date: datetime
    weight: float | None = None
    set_id: int | None = None
    course_id: int | None = None
    workflow_state: str = "active"


@dataclass(kw_only=True)
class Course:
    """A course. `workflow_state` holds the words of the API: unpublished, available, completed, deleted.

    `extras` keeps the keys that are only stored and echoed.
    """

    id: int
    name: str
    course_code: str
    account_id: int
    term_id: int
    workflow_state: str = "available"
    sis_course_id: str | None = None
    integration_id: str | None = None
    time_zone: str = ""
    start_at: datetime | None = None
    end_at: datetime | None = None
    restrict_enrollments_to_course_dates: bool = False
    is_paced: bool = False
    is_blueprint: bool = False
    is_blueprint_child: bool = False
    extras: dict[str, Any] = field(default_factory=dict)
    created_at: datetime


@dataclass(kw_only=True)
class Section:
    """A section. `nonxlist_course_id` is the original course of a cross-listed one.

    `is_default`: who is enrolled in the course without a section named is put here.
    """

    id: int
    course_id: int
    name: str
    sis_section_id: str | None = None
    integration_id: str | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    restrict_enrollments_to_section_dates: bool = False
    nonxlist_course_id: int | None = None
    is_default: bool = False
    workflow_state: str = "active"
    created_at: datetime


@dataclass(kw_only=True)
class Enrollment:
    """One enrollment of one person in one section; `type` is Canvas's, e.g. StudentEnrollment."""

    id: int
    user_id: int
    course_id: int
    section_id: int
    type: str = "StudentEnrollment"
    workflow_state: str = "active"
    associated_user_id: int | None = None
    limit_privileges_to_course_section: bool = False
    start_at: datetime | None = None
    end_at: datetime | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True)
class GroupCategory:
    """A group set of a course; `non_collaborative` marks differentiation tags."""

    id: int
    course_id: int
    name: str
    self_signup: str | None = None
    auto_leader: str | None = None
    group_limit: int | None = None
    sis_group_category_id: str | None = None
    non_collaborative: bool = False
    workflow_state: str = "active"


@dataclass(kw_only=True)
class Group:
    """A group of a set."""

    id: int
    category_id: int
    course_id: int
    name: str
    sis_group_id: str | None = None
    description: str | None = None
    is_public: bool = False
    join_level: str = "invitation_only"
    max_membership: int | None = None
    storage_quota_mb: int = 50
    workflow_state: str = "available"
    created_at: datetime


@dataclass(kw_only=True)
class Membership:
    """A person's place in a group; only `accepted` ones count for dates."""

    id: int
    group_id: int
    user_id: int
    workflow_state: str = "accepted"
    is_moderator: bool = False
    created_at: datetime


@dataclass(kw_only=True)
class AssignmentGroup:
    """An assignment group of a course, such as "Exams"."""

    id: int
    course_id: int
    name: str
    position: int = 1
    group_weight: float = 0
