"""Submissions of students, and handing one in (contract 5.3, 10.7.9)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, UNCHANGED, Absent, Unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One student's row on one assignment. A student who is not assigned has none.

    `cached_due_date` is the student's effective due date, `extra_attempts` what was granted (null: never set); both
    are newer keys and are computed in the background. `seconds_late` in seconds.
    """

    user_id: int
    assignment_id: int
    id: int | Absent | None = ABSENT
    attempt: int | Absent | None = ABSENT
    extra_attempts: int | Absent | None = ABSENT
    cached_due_date: datetime | Absent | None = ABSENT
    workflow_state: str | Absent | None = ABSENT
    submission_type: str | Absent | None = ABSENT
    submitted_at: datetime | Absent | None = ABSENT
    graded_at: datetime | Absent | None = ABSENT
    posted_at: datetime | Absent | None = ABSENT
    grading_period_id: int | Absent | None = ABSENT
    excused: bool | Absent | None = ABSENT
    late: bool | Absent | None = ABSENT
    missing: bool | Absent | None = ABSENT
    redo_request: bool | Absent | None = ABSENT
    late_policy_status: str | Absent | None = ABSENT
    seconds_late: float | Absent | None = ABSENT
    points_deducted: float | Absent | None = ABSENT
    score: float | Absent | None = field(default=ABSENT, repr=False)
    grade: str | Absent | None = field(default=ABSENT, repr=False)
    entered_score: float | Absent | None = field(default=ABSENT, repr=False)
    entered_grade: str | Absent | None = field(default=ABSENT, repr=False)
    grade_matches_current_submission: bool | Absent | None = ABSENT
    grader_id: int | Absent | None = ABSENT
    url: str | Absent | None = field(default=ABSENT, repr=False)
    body: str | Absent | None = field(default=ABSENT, repr=False)
    preview_url: str | Absent | None = field(default=ABSENT, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentSubmissions:
    """The submissions of one student, in a list that is grouped by student."""

    user_id: int
    submissions: tuple[Submission, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionListing:
    """Which submissions of chosen students to list.

    `assignment_ids` are plain numbers of published assignments; one that is not costs all (CanvasForbidden).
    `response_fields` and `exclude_response_fields` name keys of the row; `include` adds things to it.
    `enrollment_state` is active or concluded, by date unless `state_based_on_date` is False.
    """

    assignment_ids: Sequence[int] = ()
    include: Sequence[str] = ()
    response_fields: Sequence[str] = ()
    exclude_response_fields: Sequence[str] = ()
    workflow_state: str | None = None
    enrollment_state: str | None = None
    state_based_on_date: bool | None = None
    submitted_since: datetime | None = None
    graded_since: datetime | None = None
    grading_period_id: int | None = None
    post_to_sis: bool | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionValues:
    """What is handed in: `body` with online_text_entry, `url` with online_url, `file_ids` with online_upload.

    `user_id` and `submitted_at` hand in for someone else, which takes the right to grade.
    """

    submission_type: str
    body: str | Unchanged = field(default=UNCHANGED, repr=False)
    url: str | Unchanged = field(default=UNCHANGED, repr=False)
    file_ids: Sequence[int] | Unchanged = UNCHANGED
    user_id: int | Unchanged = UNCHANGED
    submitted_at: datetime | Unchanged = UNCHANGED
