"""What students do: quiz attempts, submissions, and what staff granted them for these."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(kw_only=True)
class QuizAttempt:
    """A finished attempt on a classic quiz."""

    attempt: int
    started_at: datetime | None = None
    finished_at: datetime | None = None
    end_at: datetime | None = None
    score: float | None = None
    workflow_state: str = "complete"


@dataclass(kw_only=True)
class QuizSubmission:
    """The one row of a student on a classic quiz, shared by all attempts (contract 3.3).

    `workflow_state`: settings_only, untaken (running), pending_review, complete, or preview (of staff). Extensions are
    None when never set. `answers` are those of the running attempt, by the question's id as text.
    """

    id: int
    quiz_id: int
    user_id: int
    workflow_state: str = "settings_only"
    attempt: int | None = None
    extra_attempts: int | None = None
    extra_time: int | None = None
    manually_unlocked: bool | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    end_at: datetime | None = None
    score: float | None = None
    validation_token: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    past_attempts: list[QuizAttempt] = field(default_factory=list)


@dataclass(kw_only=True)
class Submission:
    """A student's row on an assignment; made on demand, as every assigned student has one."""

    id: int
    assignment_id: int
    user_id: int
    workflow_state: str = "unsubmitted"
    attempt: int | None = None
    submission_type: str | None = None
    submitted_at: datetime | None = None
    body: str | None = None
    url: str | None = None
    extra_attempts: int | None = None
    score: float | None = None
    grade: str | None = None
    graded_at: datetime | None = None
    grader_id: int | None = None
    excused: bool = False
    late_policy_status: str | None = None
    comments: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class NewQuizAccommodation:
    """What was granted a student for New Quizzes: of the whole course (`assignment_id` None) or of one quiz."""

    id: int
    course_id: int
    assignment_id: int | None = None
    user_id: int
    extra_time: int = 0
    extra_attempts: int = 0
    reduce_choices_enabled: bool = False


@dataclass(kw_only=True)
class NewQuizSession:
    """One sitting of a student in a New Quiz; running while `finished_at` is None."""

    id: int
    assignment_id: int
    user_id: int
    started_at: datetime
    end_at: datetime | None = None
    finished_at: datetime | None = None
