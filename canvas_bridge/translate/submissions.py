"""Quiz submissions and submissions to extensions, attempts and "has submitted" (contract 3.6, 5.3, 10.7.9)."""

from canvas_bridge.facts import ObservedAttempt, ObservedExtension, ObservedSubmission
from canvas_bridge.wire.fields import JsonObject

_BEGUN_STATES = frozenset({"untaken", "pending_review", "complete"})
_FINISHED_STATES = frozenset({"pending_review", "complete"})
_HANDED_IN_STATES = frozenset({"submitted", "pending_review"})


def quiz_submission_user_id(value: object) -> int:
    """Return whose row it is."""
    return JsonObject(value, "quiz submission").whole_number("user_id")


def quiz_extension(value: object, assessment_key: str) -> ObservedExtension:
    """Return the extension of a quiz submission; values never set are null and count as 0."""
    row = JsonObject(value, "quiz submission").named("quiz submission")
    return ObservedExtension(
        assessment_key=assessment_key,
        canvas_user_id=row.whole_number("user_id"),
        extra_minutes=row.optional_whole_number("extra_time") or 0,
        extra_attempts=row.optional_whole_number("extra_attempts") or 0,
        is_manually_unlocked=row.flag("manually_unlocked"),
    )


def quiz_attempt(value: object, assessment_key: str) -> ObservedAttempt | None:
    """Return the student's latest attempt; None for a row that only holds settings, or a preview (contract 3.3)."""
    row = JsonObject(value, "quiz submission").named("quiz submission")
    state = row.text("workflow_state")
    if state not in _BEGUN_STATES:
        return None
    return ObservedAttempt(
        assessment_key=assessment_key,
        canvas_user_id=row.whole_number("user_id"),
        canvas_quiz_submission_id=row.whole_number("id"),
        is_running=state == "untaken",
        has_begun=True,
        started_at=row.instant("started_at"),
        end_at=row.instant("end_at"),
        finished_at=row.instant("finished_at"),
    )


def quiz_handed_in(value: object, assessment_key: str) -> ObservedSubmission:
    """Return whether the student has finished an attempt: this one, or one before it."""
    row = JsonObject(value, "quiz submission")
    is_finished = row.text("workflow_state") in _FINISHED_STATES
    return ObservedSubmission(
        assessment_key=assessment_key,
        canvas_user_id=row.whole_number("user_id"),
        has_submitted=is_finished or (row.optional_whole_number("attempt") or 0) > 1,
        submitted_at=row.instant("finished_at") if is_finished else None,
    )


def submission_owner(value: object) -> tuple[int, int]:
    """Return the assignment and the student of a submission."""
    row = JsonObject(value, "submission")
    return row.whole_number("assignment_id"), row.whole_number("user_id")


def submission(value: object, assessment_key: str) -> ObservedSubmission:
    """Return whether the student has handed something in. A grade alone, given without any work, is not that."""
    row = JsonObject(value, "submission")
    submitted_at = row.instant("submitted_at")
    return ObservedSubmission(
        assessment_key=assessment_key,
        canvas_user_id=row.whole_number("user_id"),
        has_submitted=submitted_at is not None or row.short_text("workflow_state") in _HANDED_IN_STATES,
        submitted_at=submitted_at,
    )


def assignment_extension(value: object, assessment_key: str) -> ObservedExtension:
    """Return the extra attempts of a submission; null or absent counts as 0."""
    row = JsonObject(value, "submission")
    return ObservedExtension(
        assessment_key=assessment_key,
        canvas_user_id=row.whole_number("user_id"),
        extra_attempts=row.optional_whole_number("extra_attempts") or 0,
    )
