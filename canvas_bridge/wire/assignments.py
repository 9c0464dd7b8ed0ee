"""Assignments as Canvas shows them (contract 8.5, 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, Absent
from canvas_bridge.wire.overrides import Override
from canvas_bridge.wire.submissions import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentGroup:
    """A part of a course's assignments. An instructor may rename it, and move an assignment into another."""

    id: int
    name: str | Absent | None = ABSENT
    position: int | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDates:
    """One entry of `all_dates`: base dates (`base` true) or an override without its students.

    A date that is not overridden is null here: only `overrides` tells it from "no date" (contract 9.2).
    """

    id: int | Absent | None = ABSENT
    base: bool | Absent | None = ABSENT
    title: str | Absent | None = field(default=ABSENT, repr=False)
    due_at: datetime | Absent | None = ABSENT
    unlock_at: datetime | Absent | None = ABSENT
    lock_at: datetime | Absent | None = ABSENT
    set_type: str | Absent | None = ABSENT
    set_id: int | Absent | None = ABSENT
    can_edit: bool | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueprintLocks:
    """What a blueprint course locks on its copies."""

    content: bool | Absent | None = ABSENT
    points: bool | Absent | None = ABSENT
    due_dates: bool | Absent | None = ABSENT
    availability_dates: bool | Absent | None = ABSENT
    settings: bool | Absent | None = ABSENT
    all: bool | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """One of the two due dates of a checkpointed discussion. Assumed: its keys are named as on an assignment."""

    tag: str
    name: str | Absent | None = ABSENT
    points_possible: float | Absent | None = ABSENT
    due_at: datetime | Absent | None = ABSENT
    unlock_at: datetime | Absent | None = ABSENT
    lock_at: datetime | Absent | None = ABSENT
    only_visible_to_overrides: bool | Absent | None = ABSENT
    overrides: tuple[Override, ...] | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One assignment. Its dates are the base dates where it was read with `override_assignment_dates` False.

    `allowed_attempts` −1 means unlimited. Keys that Canvas shows to some callers, or for some kinds, may be ABSENT:
    `quiz_id` tells a classic quiz, `is_quiz_lti_assignment` a New Quiz; `overrides` is there for its managers alone;
    from 25 overrides on `all_dates_count` comes instead of `all_dates`. `assignment_visibility` holds user ids.
    """

    id: int
    name: str | None
    course_id: int | Absent = ABSENT
    description: str | Absent | None = field(default=ABSENT, repr=False)
    due_at: datetime | Absent | None = ABSENT
    unlock_at: datetime | Absent | None = ABSENT
    lock_at: datetime | Absent | None = ABSENT
    points_possible: float | Absent | None = ABSENT
    grading_type: str | Absent | None = ABSENT
    grading_standard_id: int | Absent | None = ABSENT
    submission_types: tuple[str, ...] | Absent | None = ABSENT
    allowed_attempts: int | Absent | None = ABSENT
    allowed_extensions: tuple[str, ...] | Absent | None = ABSENT
    published: bool | Absent | None = ABSENT
    unpublishable: bool | Absent | None = ABSENT
    workflow_state: str | Absent | None = ABSENT
    only_visible_to_overrides: bool | Absent | None = ABSENT
    visible_to_everyone: bool | Absent | None = ABSENT
    has_overrides: bool | Absent | None = ABSENT
    has_submitted_submissions: bool | Absent | None = ABSENT
    assignment_group_id: int | Absent | None = ABSENT
    group_category_id: int | Absent | None = ABSENT
    grade_group_students_individually: bool | Absent | None = ABSENT
    position: int | Absent | None = ABSENT
    created_at: datetime | Absent | None = ABSENT
    updated_at: datetime | Absent | None = ABSENT
    html_url: str | Absent | None = ABSENT
    is_quiz_assignment: bool | Absent | None = ABSENT
    quiz_id: int | Absent | None = ABSENT
    is_quiz_lti_assignment: bool | Absent | None = ABSENT
    in_closed_grading_period: bool | Absent | None = ABSENT
    in_paced_course: bool | Absent | None = ABSENT
    has_sub_assignments: bool | Absent | None = ABSENT
    checkpoints: tuple[Checkpoint, ...] | Absent | None = ABSENT
    frozen_attributes: tuple[str, ...] | Absent | None = ABSENT
    sis_assignment_id: str | Absent | None = ABSENT
    integration_id: str | Absent | None = ABSENT
    integration_data: object | Absent = ABSENT
    peer_reviews: bool | Absent | None = ABSENT
    automatic_peer_reviews: bool | Absent | None = ABSENT
    peer_review: object | Absent = ABSENT
    moderated_grading: bool | Absent | None = ABSENT
    grader_count: int | Absent | None = ABSENT
    final_grader_id: int | Absent | None = ABSENT
    anonymous_grading: bool | Absent | None = ABSENT
    omit_from_final_grade: bool | Absent | None = ABSENT
    hide_in_gradebook: bool | Absent | None = ABSENT
    muted: bool | Absent | None = ABSENT
    is_master_course_child_content: bool | Absent | None = ABSENT
    is_master_course_master_content: bool | Absent | None = ABSENT
    restricted_by_master_course: bool | Absent | None = ABSENT
    master_course_restrictions: BlueprintLocks | Absent | None = ABSENT
    overrides: tuple[Override, ...] | Absent = ABSENT
    all_dates: tuple[AssignmentDates, ...] | Absent = ABSENT
    all_dates_count: int | Absent | None = ABSENT
    submission: Submission | tuple[Submission, ...] | Absent | None = ABSENT
    assignment_visibility: tuple[int, ...] | Absent | None = ABSENT
    score_statistics: object | Absent = ABSENT
    ab_guid: object | Absent = ABSENT
    can_edit: bool | Absent | None = ABSENT
    needs_grading_count: int | Absent | None = ABSENT
    needs_grading_count_by_section: object | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatedAssignment:
    """A copy just made: in the shape of an assignment (`name`), or of a quiz (`title`) where that was asked for."""

    id: int
    name: str | Absent | None = ABSENT
    title: str | Absent | None = ABSENT
    workflow_state: str | Absent | None = ABSENT
    new_positions: dict[str, int] | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentListing:
    """Which assignments to list, and how.

    `override_assignment_dates` is False unless asked for: otherwise Canvas shows the dates collapsed for the token's
    user, and one student's lock could pass for the class's (contract 7.5). `include` takes overrides, all_dates,
    submission, observed_users, assignment_visibility, score_statistics, ab_guid, can_edit, checkpoints; `bucket` past,
    overdue, undated, ungraded, unsubmitted, upcoming, future; `order_by` position, name, due_at. At most 100
    `assignment_ids`; an unknown one costs all. `search_term` has two characters or more.
    """

    include: Sequence[str] = ()
    exclude_response_fields: Sequence[str] = ()
    override_assignment_dates: bool | None = False
    search_term: str | None = field(default=None, repr=False)
    bucket: str | None = None
    assignment_ids: Sequence[int] = ()
    order_by: str | None = None
    post_to_sis: bool | None = None
    new_quizzes: bool | None = None
    needs_grading_count_by_section: bool | None = None
