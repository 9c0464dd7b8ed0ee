"""Quiz submissions and submissions to extensions, attempts and "has submitted" (contract 3.6, 5.3, 10.7.9)."""

from canvas_bridge.facts import ObservedAttempt, ObservedExtension, ObservedSubmission
from canvas_bridge.wire.quizzes import QuizSubmission
from canvas_bridge.wire.submissions import Submission

_BEGUN_STATES = frozenset({"untaken", "pending_review", "complete"})
_FINISHED_STATES = frozenset({"pending_review", "complete"})
_HANDED_IN_STATES = frozenset({"submitted", "pending_review"})


def quiz_extension(row: QuizSubmission, assessment_key: str) -> ObservedExtension:
    """Return the extension of a quiz submission; values never set are null and count as 0."""
    return ObservedExtension(
        assessment_key=assessment_key,
        canvas_user_id=row.user_id,
        extra_minutes=row.extra_time or 0,
        extra_attempts=row.extra_attempts or 0,
        is_manually_unlocked=row.manually_unlocked is True,
    )


def quiz_attempt(row: QuizSubmission, assessment_key: str) -> ObservedAttempt | None:
    """Return the student's latest attempt; None for a row that only holds settings, or a preview (contract 3.3)."""
    if row.workflow_state not in _BEGUN_STATES:
        return None
    return ObservedAttempt(
        assessment_key=assessment_key,
        canvas_user_id=row.user_id,
        canvas_quiz_submission_id=row.id,
        is_running=row.workflow_state == "untaken",
        has_begun=True,
        started_at=row.started_at or None,
        end_at=row.end_at or None,
        finished_at=row.finished_at or None,
    )


def quiz_handed_in(row: QuizSubmission, assessment_key: str) -> ObservedSubmission:
    """Return whether the student has finished an attempt: this one, or one before it."""
    is_finished = row.workflow_state in _FINISHED_STATES
    return ObservedSubmission(
        assessment_key=assessment_key,
        canvas_user_id=row.user_id,
        has_submitted=is_finished or (row.attempt or 0) > 1,
        submitted_at=(row.finished_at or None) if is_finished else None,
    )


def submission(row: Submission, assessment_key: str) -> ObservedSubmission:
    """Return whether the student has handed something in. A grade alone, given without any work, is not that."""
    submitted_at = row.submitted_at or None
    return ObservedSubmission(
        assessment_key=assessment_key,
        canvas_user_id=row.user_id,
        has_submitted=submitted_at is not None or row.workflow_state in _HANDED_IN_STATES,
        submitted_at=submitted_at,
    )


def assignment_extension(row: Submission, assessment_key: str) -> ObservedExtension:
    """Return the extra attempts of a submission; null or absent counts as 0."""
    return ObservedExtension(
        assessment_key=assessment_key, canvas_user_id=row.user_id, extra_attempts=row.extra_attempts or 0
    )
