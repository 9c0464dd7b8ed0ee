"""Classic quizzes of all types: their order, what a blueprint locks, and the change from graded to ungraded."""

from canvas_bridge.sandbox.builders.assessments import GRADED_QUIZ_TYPES
from canvas_bridge.sandbox.builders.work import WorkBuilders
from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.store import Store

DATE_NAMES = ("due_at", "unlock_at", "lock_at", "all_day", "all_day_date", "only_visible_to_overrides")


def course_order(store: Store, quiz: Quiz) -> tuple[bool, float, str, int]:
    """Return where a quiz stands among those of its course: by lock (none last), title, id."""
    lock_at = store.dated(quiz).lock_at
    return lock_at is None, lock_at.timestamp() if lock_at else 0.0, quiz.title.lower(), quiz.id


def blueprint_locks(store: Store, quiz: Quiz) -> list[str]:
    """Return what the blueprint locks on a quiz: a graded one shares that with its assignment."""
    assignment = store.assignments.get(quiz.assignment_id)
    return assignment.blueprint_restrictions if assignment else quiz.blueprint_restrictions


def change_type(store: WorkBuilders, quiz: Quiz, quiz_type: str) -> None:
    """Give a quiz another type: a graded one has an assignment, which then holds the dates; overrides stay."""
    quiz.quiz_type = quiz_type
    if quiz_type in GRADED_QUIZ_TYPES and quiz.assignment_id is None:
        _become_graded(store, quiz)
    elif quiz_type not in GRADED_QUIZ_TYPES and quiz.assignment_id is not None:
        _become_ungraded(store, quiz)


def _become_graded(store: WorkBuilders, quiz: Quiz) -> None:
    locks = list(quiz.blueprint_restrictions)
    assignment = store.add_quiz_assignment(store.courses[quiz.course_id], quiz, None)
    for name in DATE_NAMES:
        setattr(assignment, name, getattr(quiz, name))
    assignment.blueprint_restrictions = locks
    _carry_overrides(store, quiz, assignment.id)


def _become_ungraded(store: WorkBuilders, quiz: Quiz) -> None:
    assignment = store.assignments[quiz.assignment_id or 0]
    for name in DATE_NAMES:
        setattr(quiz, name, getattr(assignment, name))
    quiz.blueprint_restrictions = list(assignment.blueprint_restrictions)
    assignment.workflow_state = "deleted"
    quiz.assignment_id = None
    _carry_overrides(store, quiz, None)


def _carry_overrides(store: Store, quiz: Quiz, assignment_id: int | None) -> None:
    for override in store.overrides.where("quiz", quiz.id):
        override.assignment_id = assignment_id
        store.overrides.reindex(override)
