"""Quiz submissions, extensions and submissions in JSON (contract 3.6, 5.3, 10.7.9)."""

from datetime import datetime, timedelta
from typing import Any

from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.work import QuizAttempt, QuizSubmission, Submission
from canvas_bridge.sandbox.rules.attempts import attempts_left, is_overdue, kept_score
from canvas_bridge.sandbox.rules.effective_dates import cached_due_date
from canvas_bridge.sandbox.rules.grading_periods import period_of, periods_of
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]

QUIZ_GRACE = timedelta(seconds=60)


def quiz_extension_json(row: QuizSubmission) -> Json:
    """Return a row as the answer of an extension request shows it."""
    return {
        "user_id": row.user_id,
        "quiz_id": row.quiz_id,
        "extra_attempts": row.extra_attempts,
        "extra_time": row.extra_time,
        "manually_unlocked": row.manually_unlocked,
        "end_at": shown(row.end_at),
    }


def quiz_submission_json(
    store: Store, quiz: Quiz, row: QuizSubmission, base_url: str, *, attempt: QuizAttempt | None = None
) -> Json:
    """Return the row of a student on a quiz, with the current attempt or an older one."""
    now = store.now()
    at = attempt or row
    submission = None
    if quiz.assignment_id is not None:
        submission = store.submissions.first("assignment_user", (quiz.assignment_id, row.user_id))
    address = f"{base_url}/courses/{quiz.course_id}/quizzes/{quiz.id}/submissions/{row.id}"
    needs_submission = attempt is None and is_overdue(store, row)
    shape: Json = {
        "id": row.id,
        "user_id": row.user_id,
        "submission_id": submission.id if submission else None,
        "quiz_id": quiz.id,
        "quiz_points_possible": quiz.points_possible,
        "quiz_version": quiz.version_number,
        "attempt": at.attempt,
        "extra_attempts": row.extra_attempts,
        "extra_time": row.extra_time,
        "manually_unlocked": row.manually_unlocked,
        "started_at": shown(at.started_at),
        "finished_at": shown(at.finished_at),
        "end_at": shown(at.end_at),
        "fudge_points": None,
        "kept_score": kept_score(quiz, row),
        "score": at.score,
        "score_before_regrade": None,
        "has_seen_results": None,
        "validation_token": row.validation_token or None,
        "workflow_state": at.workflow_state,
        "time_spent": _seconds_spent(at.started_at, at.finished_at or now),
        "attempts_left": attempts_left(quiz, row),
        "overdue_and_needs_submission": needs_submission,
        "excused?": bool(submission and submission.excused),
        "html_url": address,
    }
    if needs_submission or at.workflow_state in ("complete", "pending_review"):
        shape["result_url"] = f"{base_url}/courses/{quiz.course_id}/quizzes/{quiz.id}/history?user_id={row.user_id}"
    return shape


def _seconds_spent(started_at: datetime | None, until: datetime) -> int | None:
    return int((until - started_at).total_seconds()) if started_at else None


def submission_json(store: Store, assignment: Assignment, row: Submission, base_url: str) -> Json:
    """Return a submission; lateness follows the due date as it holds for the student now."""
    due_at = cached_due_date(store, assignment, row.user_id)
    late_by = _late_by(assignment, row, due_at)
    is_late = row.late_policy_status == "late" or (row.late_policy_status is None and late_by is not None)
    address = f"{base_url}/courses/{assignment.course_id}/assignments/{assignment.id}"
    return {
        "id": row.id,
        "user_id": row.user_id,
        "assignment_id": assignment.id,
        "attempt": row.attempt,
        "submission_type": row.submission_type,
        "submitted_at": shown(row.submitted_at),
        "workflow_state": row.workflow_state,
        "score": row.score,
        "grade": row.grade,
        "entered_score": row.score,
        "entered_grade": row.grade,
        "excused": row.excused,
        "late": is_late and not row.excused,
        "missing": _is_missing(store, assignment, row, due_at),
        "late_policy_status": row.late_policy_status,
        "points_deducted": None,
        "seconds_late": int(late_by.total_seconds()) if late_by else 0,
        "graded_at": shown(row.graded_at),
        "grader_id": row.grader_id,
        "grade_matches_current_submission": _is_grade_of_last_attempt(row),
        "url": row.url,
        "body": row.body,
        "preview_url": f"{address}/submissions/{row.user_id}?preview=1",
        "cached_due_date": shown(due_at),
        "extra_attempts": row.extra_attempts,
        "grading_period_id": grading_period_id(store, assignment, row),
        "redo_request": False,
        "posted_at": shown(row.graded_at),
    }


def grading_period_id(store: Store, assignment: Assignment, row: Submission) -> int | None:
    """Return the grading period in which the student's due date lies."""
    periods = periods_of(store, store.courses[assignment.course_id])
    period = period_of(periods, cached_due_date(store, assignment, row.user_id)) if periods else None
    return period.id if period else None


def _is_grade_of_last_attempt(row: Submission) -> bool:
    return row.graded_at is None or row.submitted_at is None or row.submitted_at <= row.graded_at


def _late_by(assignment: Assignment, row: Submission, due_at: datetime | None) -> timedelta | None:
    """Return by how much work came late, the minute that quizzes are given taken off."""
    if row.submitted_at is None or due_at is None:
        return None
    is_quiz = "online_quiz" in assignment.submission_types or assignment.is_new_quiz
    handed_in = row.submitted_at - (QUIZ_GRACE if is_quiz else timedelta())
    return handed_in - due_at if handed_in > due_at else None


def _is_missing(store: Store, assignment: Assignment, row: Submission, due_at: datetime | None) -> bool:
    if row.excused:
        return False
    if row.late_policy_status is not None:
        return row.late_policy_status == "missing"
    expects_work = not {"none", "on_paper", "not_graded"} & set(assignment.submission_types)
    return expects_work and row.submitted_at is None and due_at is not None and due_at < store.now()
