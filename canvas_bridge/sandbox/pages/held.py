"""What "Canvas" holds for one student on one assessment, and what everybody else has there."""

from dataclasses import dataclass
from datetime import datetime

from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.effective_dates import applying_overrides, is_assigned, supplier_of
from canvas_bridge.sandbox.rules.enrollment import is_student
from canvas_bridge.sandbox.state import SandboxState

Assessment = Assignment | Quiz
QUIZ_KINDS = {
    "assignment": "Classic quiz",
    "practice_quiz": "Practice quiz",
    "graded_survey": "Graded survey",
    "survey": "Survey",
}
TARGETS = {"ADHOC": "ad-hoc", "CourseSection": "section", "Group": "group", "Course": "course", "Noop": "mastery path"}
DATE_NAMES = {"unlock_at": "Opens", "due_at": "Due", "lock_at": "Closes"}


@dataclass(frozen=True)
class Limits:
    """What everybody has: minutes (None: no limit) and attempts (None: any number)."""

    minutes: int | None
    attempts: int | None


@dataclass(frozen=True)
class Work:
    """How far a student is with an assessment; `end_at` is when a running attempt ends by itself."""

    attempt: int
    is_running: bool
    started_at: datetime | None
    end_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True)
class Held:
    """What one student has on one assessment: dates with their suppliers, extras, and work done."""

    item: Assessment
    user: User
    has_it: bool
    dates: dict[str, datetime | None]
    suppliers: dict[str, Override | None]
    minutes: int
    attempts: int
    is_unlocked_by_hand: bool
    work: Work | None

    @property
    def changed_dates(self) -> list[str]:
        """Return the names of the dates that are not everybody's."""
        return [name for name, at in self.dates.items() if at != getattr(self.item, name)]

    @property
    def is_own(self) -> bool:
        """Whether the student has anything that the class has not."""
        extras = self.minutes or self.attempts or self.is_unlocked_by_hand
        return bool(self.changed_dates or extras) or not self.has_it


def name_of(item: Assessment) -> str:
    """Return an assessment's name."""
    return item.title if isinstance(item, Quiz) else item.name


def address_of(item: Assessment, user: User | None = None) -> str:
    """Return the address of an assessment's page, or of one student's on it."""
    student = f"/users/{user.id}" if user else ""
    return f"/courses/{item.course_id}{student}/{'quizzes' if isinstance(item, Quiz) else 'assignments'}/{item.id}"


def quiz_of(state: SandboxState, item: Assessment) -> Quiz | None:
    """Return the classic quiz that an assessment is, or None."""
    return item if isinstance(item, Quiz) else state.quizzes.get(item.quiz_id)


def kind_of(state: SandboxState, item: Assessment) -> str:
    """Return an assessment's kind in words."""
    quiz = quiz_of(state, item)
    if quiz:
        return QUIZ_KINDS[quiz.quiz_type]
    if isinstance(item, Assignment) and item.is_new_quiz:
        return "New Quiz"
    types = item.submission_types if isinstance(item, Assignment) else []
    return ", ".join(word.replace("_", " ") for word in types).capitalize()


def limits_of(state: SandboxState, item: Assessment) -> Limits:
    """Return the time limit and the attempts that everybody has."""
    quiz = quiz_of(state, item)
    if quiz:
        return Limits(quiz.time_limit or None, None if quiz.allowed_attempts < 0 else quiz.allowed_attempts)
    if isinstance(item, Assignment) and item.is_new_quiz and item.quiz_settings:
        settings = item.quiz_settings
        seconds = settings.get("session_time_limit_in_seconds") if settings.get("has_time_limit") else 0
        return Limits(int(seconds or 0) // 60 or None, (settings.get("multiple_attempts") or {}).get("max_attempts"))
    allowed = item.allowed_attempts
    return Limits(None, None if allowed < 0 else allowed)


def held_by(state: SandboxState, item: Assessment, user: User) -> Held:
    """Return what one student has on an assessment."""
    applying = applying_overrides(state, item, user.id)
    suppliers = {name: supplier_of(state, name, applying) for name in DATE_NAMES}
    minutes, attempts, is_unlocked = _extras(state, item, user)
    return Held(
        item=item,
        user=user,
        has_it=is_assigned(state, item, user.id),
        dates={name: getattr(supplier or state.dated(item), name) for name, supplier in suppliers.items()},
        suppliers=suppliers,
        minutes=minutes,
        attempts=attempts,
        is_unlocked_by_hand=is_unlocked,
        work=_work(state, item, user),
    )


def _extras(state: SandboxState, item: Assessment, user: User) -> tuple[int, int, bool]:
    quiz = quiz_of(state, item)
    if quiz:
        row = state.quiz_submissions.first("quiz_user", (quiz.id, user.id))
        return (row.extra_time or 0, row.extra_attempts or 0, bool(row.manually_unlocked)) if row else (0, 0, False)
    if isinstance(item, Assignment) and item.is_new_quiz:
        kept = state.new_quiz_accommodations.first("target", (item.course_id, item.id, user.id))
        return state.new_quiz_minutes(item, user.id), kept.extra_attempts if kept else 0, False
    submission = state.submissions.first("assignment_user", (item.id, user.id))
    return 0, (submission.extra_attempts or 0) if submission else 0, False


def _work(state: SandboxState, item: Assessment, user: User) -> Work | None:
    quiz = quiz_of(state, item)
    if quiz:
        row = state.quiz_submissions.first("quiz_user", (quiz.id, user.id))
        is_begun = row is not None and row.attempt is not None
        if row is None or not is_begun:
            return None
        return Work(row.attempt or 1, row.workflow_state == "untaken", row.started_at, row.end_at, row.finished_at)
    sittings = state.new_quiz_sessions.where("assignment_user", (item.id, user.id))
    if sittings:
        last = sittings[-1]
        return Work(len(sittings), last.finished_at is None, last.started_at, last.end_at, last.finished_at)
    submission = state.submissions.first("assignment_user", (item.id, user.id))
    if submission is None or submission.submitted_at is None:
        return None
    return Work(submission.attempt or 1, False, None, None, submission.submitted_at)


def students_of(state: SandboxState, course: Course) -> list[User]:
    """Return a course's students by name: those who have left it are not among them."""
    ids = {one.user_id for one in state.enrollments.where("course", course.id)}
    users = [state.users[one] for one in ids if is_student(state, course.id, one)]
    real = [one for one in users if not one.is_test_student]
    return sorted(real, key=lambda one: (one.sortable_name.lower(), one.id))


def assessments_of(state: SandboxState, course: Course) -> list[Assessment]:
    """Return a course's assessments once each, by due date: assignments, and quizzes that have none."""
    items: list[Assessment] = [
        one for one in state.assignments.where("course", course.id) if one.workflow_state != "deleted"
    ]
    quizzes = state.quizzes.where("course", course.id)
    items += [one for one in quizzes if one.assignment_id is None and one.workflow_state != "deleted"]
    return sorted(items, key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0.0, one.id))


def own_counts(state: SandboxState, course: Course) -> dict[int, int]:
    """Return for each student how many assessments an ad-hoc override or an extension names them on."""
    counts: dict[int, set[tuple[str, int]]] = {}
    for item in assessments_of(state, course):
        for user_id in named_on(state, item):
            counts.setdefault(user_id, set()).add((type(item).__name__, item.id))
    return {user_id: len(items) for user_id, items in counts.items()}


def named_on(state: SandboxState, item: Assessment) -> set[int]:
    """Return the students whom an ad-hoc override or an extension names on an assessment."""
    named = {one for override in state.active_overrides(item) for one in override.student_ids}
    quiz = quiz_of(state, item)
    if quiz:
        rows = state.quiz_submissions.where("quiz", quiz.id)
        return named | {row.user_id for row in rows if row.extra_time or row.extra_attempts or row.manually_unlocked}
    kept = state.new_quiz_accommodations.where("course", item.course_id)
    named |= {row.user_id for row in kept if row.assignment_id == item.id and (row.extra_time or row.extra_attempts)}
    return named | {row.user_id for row in state.submissions.where("assignment", item.id) if row.extra_attempts}
