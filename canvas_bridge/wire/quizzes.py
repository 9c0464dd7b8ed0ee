"""Classic quizzes: settings, quiz submissions, attempts (contract 3.6, 10.1, 10.6, 10.7.8, 10.7.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, UNCHANGED, Absent, Unchanged
from canvas_bridge.wire.assignments import AssignmentDates, BlueprintLocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """One classic quiz. `time_limit` in minutes, null untimed; `allowed_attempts` −1 unlimited.

    `quiz_type` is practice_quiz, assignment, graded_survey or survey; `assignment_id` is null for the two ungraded
    ones. `hide_results` is null, always or until_after_last_attempt.
    """

    id: int
    title: str | Absent | None = ABSENT
    quiz_type: str | Absent = ABSENT
    assignment_id: int | Absent | None = ABSENT
    assignment_group_id: int | Absent | None = ABSENT
    description: str | Absent | None = field(default=ABSENT, repr=False)
    time_limit: int | Absent | None = ABSENT
    allowed_attempts: int | Absent | None = ABSENT
    due_at: datetime | Absent | None = ABSENT
    unlock_at: datetime | Absent | None = ABSENT
    lock_at: datetime | Absent | None = ABSENT
    published: bool | Absent | None = ABSENT
    unpublishable: bool | Absent | None = ABSENT
    points_possible: float | Absent | None = ABSENT
    question_count: int | Absent | None = ABSENT
    access_code: str | Absent | None = field(default=ABSENT, repr=False)
    ip_filter: str | Absent | None = field(default=ABSENT, repr=False)
    only_visible_to_overrides: bool | Absent | None = ABSENT
    all_dates: tuple[AssignmentDates, ...] | Absent | None = ABSENT
    locked_for_user: bool | Absent | None = ABSENT
    version_number: int | Absent | None = ABSENT
    one_question_at_a_time: bool | Absent | None = ABSENT
    cant_go_back: bool | Absent | None = ABSENT
    shuffle_answers: bool | Absent | None = ABSENT
    scoring_policy: str | Absent | None = ABSENT
    hide_results: str | Absent | None = ABSENT
    show_correct_answers: bool | Absent | None = ABSENT
    show_correct_answers_at: datetime | Absent | None = ABSENT
    hide_correct_answers_at: datetime | Absent | None = ABSENT
    show_correct_answers_last_attempt: bool | Absent | None = ABSENT
    one_time_results: bool | Absent | None = ABSENT
    in_paced_course: bool | Absent | None = ABSENT
    is_master_course_child_content: bool | Absent | None = ABSENT
    restricted_by_master_course: bool | Absent | None = ABSENT
    master_course_restrictions: BlueprintLocks | Absent | None = ABSENT
    html_url: str | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizValues:
    """What a classic quiz shall be; UNCHANGED is not sent, None clears. To create, `title` is needed.

    `time_limit` in minutes. `due_at`, `unlock_at` and `lock_at` are base dates, shared with the assignment of a graded
    quiz.
    """

    title: str | Unchanged = UNCHANGED
    description: str | Unchanged | None = field(default=UNCHANGED, repr=False)
    quiz_type: str | Unchanged = UNCHANGED
    assignment_group_id: int | Unchanged = UNCHANGED
    time_limit: int | Unchanged | None = UNCHANGED
    allowed_attempts: int | Unchanged = UNCHANGED
    scoring_policy: str | Unchanged = UNCHANGED
    access_code: str | Unchanged | None = field(default=UNCHANGED, repr=False)
    ip_filter: str | Unchanged | None = field(default=UNCHANGED, repr=False)
    due_at: datetime | Unchanged | None = UNCHANGED
    unlock_at: datetime | Unchanged | None = UNCHANGED
    lock_at: datetime | Unchanged | None = UNCHANGED
    only_visible_to_overrides: bool | Unchanged = UNCHANGED
    published: bool | Unchanged = UNCHANGED
    shuffle_answers: bool | Unchanged = UNCHANGED
    one_question_at_a_time: bool | Unchanged = UNCHANGED
    cant_go_back: bool | Unchanged = UNCHANGED
    hide_results: str | Unchanged | None = UNCHANGED
    show_correct_answers: bool | Unchanged = UNCHANGED
    show_correct_answers_at: datetime | Unchanged | None = UNCHANGED
    hide_correct_answers_at: datetime | Unchanged | None = UNCHANGED
    show_correct_answers_last_attempt: bool | Unchanged = UNCHANGED
    one_time_results: bool | Unchanged = UNCHANGED
    notify_of_update: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizQuestion:
    """A question of a quiz."""

    id: int
    quiz_id: int | Absent | None = ABSENT
    question_name: str | Absent | None = ABSENT
    question_type: str | Absent | None = ABSENT
    points_possible: float | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizQuestionValues:
    """A new question."""

    question_name: str | Unchanged = UNCHANGED
    question_text: str | Unchanged = UNCHANGED
    question_type: str | Unchanged = UNCHANGED
    points_possible: float | Unchanged = UNCHANGED
    answers: Sequence[Mapping[str, object]] | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizSubmission:
    """One student's row on one classic quiz: what was extended, and the latest attempt.

    `workflow_state` is settings_only (only an extension exists), untaken (in progress), pending_review, complete or
    preview. `extra_time` in minutes; null: never set. `attempts_left` −1 means unlimited. `validation_token` lets
    its holder hand the attempt in.
    """

    id: int
    user_id: int
    quiz_id: int
    workflow_state: str
    submission_id: int | Absent | None = ABSENT
    attempt: int | Absent | None = ABSENT
    extra_attempts: int | Absent | None = ABSENT
    extra_time: int | Absent | None = ABSENT
    manually_unlocked: bool | Absent | None = ABSENT
    started_at: datetime | Absent | None = ABSENT
    finished_at: datetime | Absent | None = ABSENT
    end_at: datetime | Absent | None = ABSENT
    time_spent: float | Absent | None = ABSENT
    attempts_left: int | Absent | None = ABSENT
    overdue_and_needs_submission: bool | Absent | None = ABSENT
    excused: bool | Absent | None = field(default=ABSENT, metadata={"key": "excused?"})
    has_seen_results: bool | Absent | None = ABSENT
    quiz_version: int | Absent | None = ABSENT
    quiz_points_possible: float | Absent | None = ABSENT
    fudge_points: float | Absent | None = field(default=ABSENT, repr=False)
    kept_score: float | Absent | None = field(default=ABSENT, repr=False)
    score: float | Absent | None = field(default=ABSENT, repr=False)
    score_before_regrade: float | Absent | None = field(default=ABSENT, repr=False)
    validation_token: str | Absent | None = field(default=ABSENT, repr=False)
    html_url: str | Absent | None = ABSENT
    result_url: str | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptTime:
    """The end of a running attempt, and the seconds that are left of it."""

    end_at: datetime | None
    time_left: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizAnswer:
    """What was answered to one question; the shape of `answer` follows the kind of question."""

    id: int
    answer: object = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizDates:
    """The dates of one quiz as they hold for the caller (`due_dates`), and for staff all of them (`all_dates`)."""

    quiz_id: int
    due_dates: tuple[AssignmentDates, ...] | Absent | None = ABSENT
    all_dates: tuple[AssignmentDates, ...] | Absent | None = ABSENT
