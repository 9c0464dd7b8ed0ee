"""Accommodations of New Quizzes: closed source, so each guess of contract 8.3 is a mode of one switch."""

from typing import Any

from canvas_bridge.sandbox.builders.work import WorkBuilders
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.work import NewQuizSession
from canvas_bridge.sandbox.rules.enrollment import is_current_student
from canvas_bridge.sandbox.rules.override_data import number_in

MOST_MINUTES = 10_080

Element = dict[str, Any]


def problem_of(store: WorkBuilders, course: Course, assignment: Assignment | None, element: Element) -> str | None:
    """Return why a student's accommodation fails, in the words of the answer; None when it can be set."""
    user_id = number_in(element["user_id"])
    if user_id is None or not is_current_student(store, course.id, user_id):
        return f"User is not enrolled in course {course.id}"
    for name in _names(assignment):
        problem = _problem_of_value(store, name, element.get(name))
        if problem:
            return problem
    wants_running = as_boolean(element.get("apply_to_in_progress_quiz_sessions"))
    if assignment is None and wants_running and not _running_sessions(store, course, user_id):
        return f"User is not in any in-progress quiz sessions for course {course.id}"
    return None


def _names(assignment: Assignment | None) -> tuple[str, ...]:
    """Return the numbers that count: extra attempts are of one quiz, never of a course."""
    return ("extra_time", "extra_attempts") if assignment else ("extra_time",)


def _problem_of_value(store: WorkBuilders, name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        return f"{name} must be an integer"
    if store.switches.new_quiz_mode == "clamp" or _within(name, value) == value:
        return None
    return f"{name} must be between 0 and {MOST_MINUTES}" if name == "extra_time" else f"{name} must be 0 or more"


def _within(name: str, value: int) -> int:
    return min(max(value, 0), MOST_MINUTES) if name == "extra_time" else max(value, 0)


def set_accommodation(store: WorkBuilders, course: Course, assignment: Assignment | None, element: Element) -> None:
    """Set what the element names; omitted keys stay as they are, unless the switch says otherwise."""
    user_id = int(element["user_id"])
    row = store.new_quiz_accommodation_of(course.id, assignment.id if assignment else None, user_id)
    mode = store.switches.new_quiz_mode
    for name in _names(assignment):
        if element.get(name) is not None:
            stored = getattr(row, name) if mode == "add" else 0
            setattr(row, name, stored + _within(name, element[name]))
        elif mode == "omitted_resets":
            setattr(row, name, 0)
    if element.get("reduce_choices_enabled") is not None:
        row.reduce_choices_enabled = as_boolean(element["reduce_choices_enabled"])
    elif mode == "omitted_resets":
        row.reduce_choices_enabled = False
    if assignment is None and as_boolean(element.get("apply_to_in_progress_quiz_sessions")):
        _move_ends(store, course, user_id)


def _running_sessions(store: WorkBuilders, course: Course, user_id: int) -> list[NewQuizSession]:
    quizzes = [one for one in store.assignments.where("course", course.id) if one.is_new_quiz]
    sessions = [one for quiz in quizzes for one in store.new_quiz_sessions.where("assignment_user", (quiz.id, user_id))]
    now = store.now()
    return [one for one in sessions if one.finished_at is None and (one.end_at is None or now <= one.end_at)]


def _move_ends(store: WorkBuilders, course: Course, user_id: int) -> None:
    for session in _running_sessions(store, course, user_id):
        assignment = store.assignments[session.assignment_id]
        session.end_at = store.end_of_new_quiz_session(assignment, user_id, session.started_at)
