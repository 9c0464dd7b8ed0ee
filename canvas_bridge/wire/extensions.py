"""Extensions of quizzes and assignments, and accommodations of New Quizzes (contract 3, 4, 5, 8)."""

from dataclasses import dataclass
from datetime import datetime

from canvas_bridge.wire.absent import ABSENT, UNCHANGED, Absent, Unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizExtensionRequest:
    """What one student shall have on classic quizzes: absolute values, so that sending it twice equals once.

    `extra_time` in minutes, 0–10080; `extra_attempts` 0–1000 (Canvas clips what is larger). `manually_unlocked` opens
    the quiz for the student whatever its dates say. UNCHANGED leaves a value; 0 and False take it away. Canvas has no
    way back to null.
    """

    user_id: int
    extra_time: int | Unchanged = UNCHANGED
    extra_attempts: int | Unchanged = UNCHANGED
    manually_unlocked: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizExtension:
    """What a student has on one classic quiz, as Canvas answers; what was never set is null.

    `extra_time` in minutes. `end_at` is the end of the attempt that is running, or of the last one.
    """

    user_id: int
    quiz_id: int
    extra_attempts: int | Absent | None = ABSENT
    extra_time: int | Absent | None = ABSENT
    manually_unlocked: bool | Absent | None = ABSENT
    end_at: datetime | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentExtension:
    """A student's extra attempts on one assignment, as sent and as answered; null means none was ever set."""

    user_id: int
    extra_attempts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedExtension:
    """A student whose assignment extension was refused, with Canvas's words; the others are not named."""

    user_id: int
    errors: object | Absent = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizAccommodationRequest:
    """What one student shall have on one New Quiz. `extra_time` in minutes, 0–10080.

    Assumed: values are set, not added, and UNCHANGED ones stay. `reduce_choices_enabled` removes one wrong answer
    where a question has four or more.
    """

    user_id: int
    extra_time: int | Unchanged = UNCHANGED
    extra_attempts: int | Unchanged = UNCHANGED
    reduce_choices_enabled: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAccommodationRequest:
    """What one student shall have on every New Quiz of a course. `extra_time` in minutes, 0–10080.

    `apply_to_in_progress_quiz_sessions` also reaches attempts that are running: Canvas reports students without one
    as failed.
    """

    user_id: int
    extra_time: int | Unchanged = UNCHANGED
    apply_to_in_progress_quiz_sessions: bool | Unchanged = UNCHANGED
    reduce_choices_enabled: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class AccommodatedStudent:
    """A student whose accommodation was accepted."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedAccommodation:
    """A student whose accommodation failed, with Canvas's words, although the status was 200."""

    user_id: int
    error: str | Absent | None = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class AccommodationOutcome:
    """Canvas's answer to accommodations, student by student. Who is in neither list is unknown."""

    successful: tuple[AccommodatedStudent, ...]
    failed: tuple[FailedAccommodation, ...] | Absent = ABSENT
    message: str | Absent | None = ABSENT

    @property
    def succeeded(self) -> frozenset[int]:
        """Return the students whose accommodation was accepted."""
        return frozenset(row.user_id for row in self.successful)

    @property
    def failures(self) -> dict[int, str]:
        """Return Canvas's words for each student whose accommodation failed."""
        return {row.user_id: row.error or "" for row in self.failed or ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuizAccommodation:
    """What a student has on one New Quiz; readable on some instances only (contract 8.4). `extra_time` in minutes."""

    user_id: int
    extra_time: int | Absent | None = ABSENT
    extra_attempts: int | Absent | None = ABSENT
    reduce_choices_enabled: bool | Absent | None = ABSENT
