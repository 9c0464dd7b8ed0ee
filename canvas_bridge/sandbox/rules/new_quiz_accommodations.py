"""Accommodations of New Quizzes: closed source, so each guess of contract 8.3 has a switch."""

from datetime import timedelta
from typing import Any

from canvas_bridge.sandbox.builders.work import WorkBuilders
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.work import NewQuizSession
from canvas_bridge.sandbox.rules.enrollment import is_current_student
from canvas_bridge.sandbox.rules.override_data import number_in

MOST_MINUTES = 10_080
MOST_ATTEMPTS = 1000
LARGEST = {"extra_time": MOST_MINUTES, "extra_attempts": MOST_ATTEMPTS}

Element = dict[str, Any]


def problem_of(store: WorkBuilders, course: Course, assignment: Assignment | None, element: Element) -> str | None:
    """Return why a student's accommodation fails, in the words of the answer; None when it can be set."""
    user_id = number_in(element["user_id"])
    if user_id is None or not is_current_student(store, course.id, user_id):
        return f"User is not enrolled in course {course.id}"
    for name, largest in LARGEST.items():
        value = element.get(name)
        if value is None or (assignment is None and name == "extra_attempts"):
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            return f"{name} must be an integer"
        if not 0 <= value <= largest and store.switches.new_quiz_mode != "clamp":
            return f"{name} must be between 0 and {largest}"
    wants_running = as_boolean(element.get("apply_to_in_progress_quiz_sessions"))
    if assignment is None and wants_running and not _running_sessions(store, course, user_id):
        return f"User is not in any in-progress quiz sessions for course {course.id}"
    return None


def set_accommodation(store: WorkBuilders, course: Course, assignment: Assignment | None, element: Element) -> None:
    """Set what the element names; omitted keys stay as they are, unless the switch says otherwise."""
    user_id = int(element["user_id"])
    row = store.new_quiz_accommodation_of(course.id, assignment.id if assignment else None, user_id)
    names = ("extra_time", "extra_attempts") if assignment else ("extra_time",)
    for name in names:
        if element.get(name) is not None:
            value = min(max(int(element[name]), 0), LARGEST[name])
            stored = getattr(row, name) if store.switches.new_quiz_mode == "add" else 0
            setattr(row, name, stored + value)
        elif store.switches.new_quiz_mode == "omitted_resets":
            setattr(row, name, 0)
    if element.get("reduce_choices_enabled") is not None:
        row.reduce_choices_enabled = as_boolean(element["reduce_choices_enabled"])
    if assignment is None and as_boolean(element.get("apply_to_in_progress_quiz_sessions")):
        _move_ends(store, course, user_id)


def _running_sessions(store: WorkBuilders, course: Course, user_id: int) -> list[NewQuizSession]:
    quizzes = [one for one in store.assignments.where("course", course.id) if one.is_new_quiz]
    sessions = [one for quiz in quizzes for one in store.new_quiz_sessions.where("assignment_user", (quiz.id, user_id))]
    return [one for one in sessions if one.finished_at is None]


def _move_ends(store: WorkBuilders, course: Course, user_id: int) -> None:
    for session in _running_sessions(store, course, user_id):
        assignment = store.assignments[session.assignment_id]
        settings = assignment.quiz_settings or {}
        if settings.get("has_time_limit"):
            seconds = int(settings["session_time_limit_in_seconds"])
            minutes = store.new_quiz_minutes(assignment, user_id)
            session.end_at = session.started_at + timedelta(seconds=seconds, minutes=minutes)
