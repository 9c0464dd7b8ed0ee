"""New Quizzes (contract 8.2, 10.7.10). Canvas's own source is closed: this is what its documentation says."""

from dataclasses import dataclass, field
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, UNCHANGED, Absent, Unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleAttempts:
    """How many attempts: `attempt_limit` False means unlimited. `cooling_period_seconds` in seconds."""

    multiple_attempts_enabled: bool | Absent | None = ABSENT
    attempt_limit: bool | Absent | None = ABSENT
    max_attempts: int | Absent | None = ABSENT
    score_to_keep: str | Absent | None = ABSENT
    cooling_period: bool | Absent | None = ABSENT
    cooling_period_seconds: int | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizSettings:
    """Settings of a New Quiz. `session_time_limit_in_seconds` in seconds, counts where `has_time_limit`."""

    calculator_type: str | Absent | None = ABSENT
    filter_ip_address: bool | Absent | None = ABSENT
    filters: object | Absent = field(default=ABSENT, repr=False)
    one_at_a_time_type: str | Absent | None = ABSENT
    allow_backtracking: bool | Absent | None = ABSENT
    shuffle_answers: bool | Absent | None = ABSENT
    shuffle_questions: bool | Absent | None = ABSENT
    require_student_access_code: bool | Absent | None = ABSENT
    student_access_code: str | Absent | None = field(default=ABSENT, repr=False)
    has_time_limit: bool | Absent | None = ABSENT
    session_time_limit_in_seconds: int | Absent | None = ABSENT
    multiple_attempts: MultipleAttempts | Absent | None = ABSENT
    result_view_settings: object | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuiz:
    """One New Quiz. Assumed: its `id`, text in the documentation, is the id of its assignment."""

    id: int
    title: str | Absent | None = ABSENT
    instructions: str | Absent | None = field(default=ABSENT, repr=False)
    assignment_group_id: int | Absent | None = ABSENT
    points_possible: float | Absent | None = ABSENT
    due_at: datetime | Absent | None = ABSENT
    unlock_at: datetime | Absent | None = ABSENT
    lock_at: datetime | Absent | None = ABSENT
    published: bool | Absent | None = ABSENT
    grading_type: str | Absent | None = ABSENT
    quiz_settings: QuizSettings | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuizValues:
    """What a New Quiz shall be; UNCHANGED is not sent, None clears.

    A setting that is ABSENT in `quiz_settings` is not sent. Publish by editing the assignment.
    """

    title: str | Unchanged = UNCHANGED
    instructions: str | Unchanged | None = field(default=UNCHANGED, repr=False)
    assignment_group_id: int | Unchanged = UNCHANGED
    points_possible: float | Unchanged = UNCHANGED
    due_at: datetime | Unchanged | None = UNCHANGED
    unlock_at: datetime | Unchanged | None = UNCHANGED
    lock_at: datetime | Unchanged | None = UNCHANGED
    grading_type: str | Unchanged = UNCHANGED
    quiz_settings: QuizSettings | Unchanged = UNCHANGED
