"""What an assignment shall be: the parameters of creating, editing and dating in bulk (contract 9.3, 9.7, 9.8).

An assignment's list of overrides is not among them, on purpose: Canvas takes it for the complete one and deletes all
others by what was read a while ago. Overrides have calls of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from canvas_bridge.wire.absent import NOT_OVERRIDDEN, UNCHANGED, OverrideDate, Unchanged
from canvas_bridge.wire.writing import json_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalTool:
    """The tool of an assignment that is taken in one."""

    url: str
    new_tab: bool | Unchanged = UNCHANGED
    resource_link_id: str | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerReviewValues:
    """The peer-review part of an assignment; needs the course feature of that name.

    `peer_review_overrides` is the complete list of its overrides, as plain objects.
    """

    points_possible: float | Unchanged | None = UNCHANGED
    grading_type: str | Unchanged = UNCHANGED
    due_at: datetime | Unchanged | None = UNCHANGED
    unlock_at: datetime | Unchanged | None = UNCHANGED
    lock_at: datetime | Unchanged | None = UNCHANGED
    peer_review_overrides: Sequence[Mapping[str, object]] | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentValues:
    """What to create or to change; UNCHANGED is not sent, None clears. Base dates: unlock ≤ due ≤ lock.

    To create, `name` is needed. `allowed_attempts` −1 is unlimited. A base `due_at` sent while the assignment is only
    visible to overrides makes it visible to everyone. `override_dates` False makes an edit answer with base dates;
    `force_updated_at` and `override_dates` count on an edit only, `quiz_lti` on creation only.
    """

    name: str | Unchanged = UNCHANGED
    position: int | Unchanged = UNCHANGED
    description: str | Unchanged | None = field(default=UNCHANGED, repr=False)
    points_possible: float | Unchanged | None = UNCHANGED
    grading_type: str | Unchanged = UNCHANGED
    grading_standard_id: int | Unchanged | None = UNCHANGED
    assignment_group_id: int | Unchanged = UNCHANGED
    submission_types: Sequence[str] | Unchanged = UNCHANGED
    allowed_extensions: Sequence[str] | Unchanged = UNCHANGED
    annotatable_attachment_id: int | Unchanged | None = UNCHANGED
    external_tool_tag_attributes: ExternalTool | Unchanged = UNCHANGED
    quiz_lti: bool | Unchanged = UNCHANGED
    turnitin_enabled: bool | Unchanged = UNCHANGED
    vericite_enabled: bool | Unchanged = UNCHANGED
    turnitin_settings: Mapping[str, object] | Unchanged = UNCHANGED
    peer_reviews: bool | Unchanged = UNCHANGED
    automatic_peer_reviews: bool | Unchanged = UNCHANGED
    peer_reviews_assign_at: datetime | Unchanged | None = UNCHANGED
    peer_review: PeerReviewValues | Unchanged = UNCHANGED
    group_category_id: int | Unchanged | None = UNCHANGED
    grade_group_students_individually: bool | Unchanged = UNCHANGED
    integration_id: str | Unchanged | None = UNCHANGED
    integration_data: Mapping[str, object] | Unchanged | None = UNCHANGED
    sis_assignment_id: str | Unchanged | None = UNCHANGED
    due_at: datetime | Unchanged | None = UNCHANGED
    unlock_at: datetime | Unchanged | None = UNCHANGED
    lock_at: datetime | Unchanged | None = UNCHANGED
    allowed_attempts: int | Unchanged | None = UNCHANGED
    only_visible_to_overrides: bool | Unchanged = UNCHANGED
    published: bool | Unchanged = UNCHANGED
    muted: bool | Unchanged = UNCHANGED
    omit_from_final_grade: bool | Unchanged = UNCHANGED
    hide_in_gradebook: bool | Unchanged = UNCHANGED
    moderated_grading: bool | Unchanged = UNCHANGED
    grader_count: int | Unchanged = UNCHANGED
    final_grader_id: int | Unchanged | None = UNCHANGED
    grader_comments_visible_to_graders: bool | Unchanged = UNCHANGED
    graders_anonymous_to_graders: bool | Unchanged = UNCHANGED
    graders_names_visible_to_final_grader: bool | Unchanged = UNCHANGED
    anonymous_grading: bool | Unchanged = UNCHANGED
    asset_processors: Sequence[Mapping[str, object]] | Unchanged = UNCHANGED
    notify_of_update: bool | Unchanged = UNCHANGED
    force_updated_at: bool | Unchanged = UNCHANGED
    override_dates: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseDatesChange:
    """New base dates; UNCHANGED ones stay."""

    due_at: datetime | Unchanged | None = UNCHANGED
    unlock_at: datetime | Unchanged | None = UNCHANGED
    lock_at: datetime | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideDatesChange:
    """New dates of one override, all three: NOT_OVERRIDDEN ones stop being overridden."""

    id: int
    due_at: OverrideDate = NOT_OVERRIDDEN
    unlock_at: OverrideDate = NOT_OVERRIDDEN
    lock_at: OverrideDate = NOT_OVERRIDDEN


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkDates:
    """New dates of one assignment in a bulk update. Overrides that are not named keep theirs."""

    assignment_id: int
    base: BaseDatesChange | None = None
    overrides: Sequence[OverrideDatesChange] = ()

    def element(self) -> object:
        """Return the element of the request."""
        entries = [json_of(one) for one in self.overrides]
        base = json_of(self.base)
        if isinstance(base, dict):
            entries.insert(0, {"base": True, **base})
        return {"id": self.assignment_id, "all_dates": entries}
