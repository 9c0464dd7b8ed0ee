"""Attempts on classic quizzes: when a new one ends, how many are left, which can be extended (contract 3.3)."""

from datetime import datetime, timedelta

from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.records.work import QuizSubmission
from canvas_bridge.sandbox.rules.effective_dates import effective_dates
from canvas_bridge.sandbox.rules.enrollment import validity_end
from canvas_bridge.sandbox.rules.module_overrides import modules_holding
from canvas_bridge.sandbox.store import Store

GRADERS = ("TeacherEnrollment", "TaEnrollment")


def attempts_left(quiz: Quiz, row: QuizSubmission | None) -> int:
    """Return how often the student may still start; −1 where the quiz allows any number."""
    if quiz.allowed_attempts < 0:
        return -1
    used = (row.attempt or 0) if row else 0
    extra = (row.extra_attempts or 0) if row else 0
    return max(0, quiz.allowed_attempts - used + extra)


def end_of_new_attempt(store: Store, quiz: Quiz, row: QuizSubmission, started_at: datetime) -> datetime | None:
    """Return when an attempt started at that instant ends: extra time never runs past the student's lock."""
    end = None
    if quiz.time_limit:
        end = started_at + timedelta(minutes=quiz.time_limit + (row.extra_time or 0))
    if has_grading_rights(store, quiz.course_id, row.user_id):
        return end
    lock_at = effective_dates(store, quiz, row.user_id).lock_at
    if lock_at is None or row.manually_unlocked:
        lock_at = validity_end(store, quiz.course_id, row.user_id)
    return earlier(end, lock_at)


def has_grading_rights(store: Store, course_id: int, user_id: int) -> bool:
    """Whether a taker may also grade in the course, so that neither lock nor enrollment cut the attempt short."""
    user = store.users.get(user_id)
    own = store.enrollments.where("course_user", (course_id, user_id))
    is_grader = any(one.type in GRADERS and one.workflow_state == "active" for one in own)
    return is_grader or (user is not None and user.is_account_admin)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier of two instants, where None is "never"."""
    known = [at for at in (one, other) if at is not None]
    return min(known) if known else None


def is_running(row: QuizSubmission) -> bool:
    """Whether an attempt is in progress."""
    return row.workflow_state == "untaken"


def is_overdue(store: Store, row: QuizSubmission) -> bool:
    """Whether an attempt is still open although its time is over."""
    return is_running(row) and row.end_at is not None and row.end_at < store.now()


def is_extendable(store: Store, quiz: Quiz, row: QuizSubmission) -> bool:
    """Whether `extend_from_…` acts on the row: running, timed, and at most an hour over."""
    if not is_running(row) or not quiz.time_limit or row.end_at is None:
        return False
    return row.end_at + timedelta(hours=1) > store.now()


def is_locked_for(store: Store, quiz: Quiz, user_id: int) -> bool:
    """Whether the quiz is closed to the student now, by unlock or lock; `manually_unlocked` opens it."""
    if _is_unlocked_by_hand(store, quiz, user_id):
        return False
    dates = effective_dates(store, quiz, user_id)
    now = store.now()
    return bool((dates.unlock_at and now < dates.unlock_at) or (dates.lock_at and now > dates.lock_at))


def is_locked_by_modules(store: Store, quiz: Quiz, user_id: int) -> bool:
    """Whether every module that holds the quiz is still locked; `manually_unlocked` opens these too."""
    item = store.assignments.get(quiz.assignment_id) or quiz
    modules = modules_holding(store, item)
    now = store.now()
    is_shut = bool(modules) and all(one.unlock_at is not None and now < one.unlock_at for one in modules)
    return is_shut and not _is_unlocked_by_hand(store, quiz, user_id)


def _is_unlocked_by_hand(store: Store, quiz: Quiz, user_id: int) -> bool:
    row = store.quiz_submissions.first("quiz_user", (quiz.id, user_id))
    return bool(row and row.manually_unlocked)


def kept_score(quiz: Quiz, row: QuizSubmission) -> float | None:
    """Return the score that counts, of all finished attempts: the highest, the latest or their average."""
    scores = [one.score for one in row.past_attempts if one.score is not None]
    if not scores:
        return row.score
    if quiz.scoring_policy == "keep_latest":
        return scores[-1]
    return sum(scores) / len(scores) if quiz.scoring_policy == "keep_average" else max(scores)


def lengthen_running_attempts(store: Store, quiz: Quiz) -> None:
    """Move the ends of running attempts to start + limit, without extra time, where that is later."""
    for row in store.quiz_submissions.where("quiz", quiz.id):
        if not is_running(row) or row.started_at is None or quiz.time_limit is None:
            continue
        end_at = row.started_at + timedelta(minutes=quiz.time_limit)
        if row.end_at is not None and end_at > row.end_at:
            row.end_at = end_at
