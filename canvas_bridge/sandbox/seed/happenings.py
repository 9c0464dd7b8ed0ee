"""Puts into the sandbox what instructors and students did, and the standing faults."""

from datetime import datetime
from math import ceil
from typing import Any

from canvas_bridge.sandbox.records.assessments import Quiz
from canvas_bridge.sandbox.seed.acts import (
    ATTEMPTS,
    EXTENSIONS_BY_HAND,
    HANDED_IN,
    PAST_QUIZZES_EXTENDED_BY_HAND,
    STAFF_OVERRIDES,
    STANDING_FAULTS,
)
from canvas_bridge.sandbox.seed.campus import BuiltCourse, Campus
from canvas_bridge.sandbox.seed.events import FaultWord, StaffOverride, StandingFault
from canvas_bridge.sandbox.store import Fault

SUBMITTERS_PER_ASSIGNMENT = 12
"""How many students have handed in each assignment that is over: enough for the course to look lived in."""


def put_what_happened(campus: Campus) -> None:
    """Put overrides, extensions, attempts and submissions into the sandbox, in the order in which they arose."""
    for override in STAFF_OVERRIDES:
        _put_override(campus, override)
    _put_extensions(campus)
    _put_attempts(campus)
    _put_submissions(campus)
    campus.state.control.faults.extend(_fault(campus, fault) for fault in STANDING_FAULTS)


def _put_override(campus: Campus, spec: StaffOverride) -> None:
    built = campus.courses[spec.course]
    instant = campus.calendar.maybe_instant
    campus.state.add_override(
        built.assessments[spec.assessment],
        students=[campus.students[sis_user_id] for sis_user_id in spec.students],
        section=built.sections[spec.section - 1] if spec.section else None,
        title=spec.title,
        unlock_at=instant(spec.opens, built.spec.zone),
        due_at=instant(spec.due, built.spec.zone),
        lock_at=instant(spec.closes, built.spec.zone),
    )


def _put_extensions(campus: Campus) -> None:
    for sis_user_id, percent in PAST_QUIZZES_EXTENDED_BY_HAND.items():
        user = campus.students[sis_user_id]
        for built in campus.courses.values():
            if user in built.students:
                for quiz in _timed_quizzes_that_are_over(campus, built):
                    campus.state.set_quiz_extension(quiz, user, extra_time=ceil((quiz.time_limit or 0) * percent / 100))
    for spec in EXTENSIONS_BY_HAND:
        campus.state.set_quiz_extension(
            campus.courses[spec.course].quiz(spec.assessment),
            campus.students[spec.student],
            extra_time=spec.minutes,
            extra_attempts=spec.attempts,
        )


def _timed_quizzes_that_are_over(campus: Campus, built: BuiltCourse) -> list[Quiz]:
    quizzes = [one for one in built.assessments.values() if isinstance(one, Quiz) and one.time_limit]
    return [quiz for quiz in quizzes if _is_over(campus, quiz.lock_at)]


def _is_over(campus: Campus, lock_at: datetime | None) -> bool:
    return lock_at is not None and lock_at < campus.calendar.now


def _put_attempts(campus: Campus) -> None:
    for spec in ATTEMPTS:
        built = campus.courses[spec.course]
        quiz, user = built.quiz(spec.assessment), campus.students[spec.student]
        started_at = campus.calendar.instant(spec.started, built.spec.zone)
        row = campus.state.start_attempt(quiz, user, started_at=started_at)
        if spec.finished:
            finished_at = campus.calendar.instant(spec.finished, built.spec.zone)
            campus.state.complete_attempt(row, finished_at=finished_at, score=8)


def _put_submissions(campus: Campus) -> None:
    for spec in HANDED_IN:
        built = campus.courses[spec.course]
        at = campus.calendar.instant(spec.at, built.spec.zone)
        campus.state.submit(built.assignment(spec.assessment), campus.students[spec.student], submitted_at=at)
    for built in campus.courses.values():
        for assessment in built.assessments.values():
            if isinstance(assessment, Quiz) or not assessment.due_at or not _is_over(campus, assessment.lock_at):
                continue
            for user in built.students[:SUBMITTERS_PER_ASSIGNMENT]:
                campus.state.submit(assessment, user, submitted_at=assessment.due_at)


def _fault(campus: Campus, spec: StandingFault) -> Fault:
    built = campus.courses[spec.course]
    path = f"^/api/v1/courses/{built.course.id}/quizzes/{built.quiz(spec.assessment).id}/extensions"
    return Fault(kind="status", method="POST", path=path, value=FAULT_ANSWERS[spec.word])


FAULT_ANSWERS: dict[FaultWord, dict[str, Any]] = {
    "refuses": {"code": 400, "body": {"errors": [{"message": "this quiz does not take extensions"}]}},
    "does_not_answer": {"code": 503, "body": {"errors": [{"message": "Service Unavailable"}]}},
    "forbids": {
        "code": 403,
        "body": {
            "status": "forbidden",
            "message": "you are not allowed to change extension settings for this submission",
        },
    },
}
"""What Canvas answers under each standing fault, in the shapes of contract 1.2 and 3.1."""
