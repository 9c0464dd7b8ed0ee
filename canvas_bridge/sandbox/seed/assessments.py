"""Puts one assessment of the seeded university into the sandbox."""

from typing import Any

from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.seed.campus import BuiltCourse, Campus
from canvas_bridge.sandbox.seed.moments import day
from canvas_bridge.sandbox.seed.specs import AssessmentSpec


def put_assessment(campus: Campus, built: BuiltCourse, spec: AssessmentSpec) -> None:
    """Add an assessment to its course, under its name."""
    if spec.kind == "new_quiz":
        made: Assignment | Quiz = _new_quiz(campus, built, spec)
    elif spec.kind in ("assignment", "discussion"):
        made = _assignment(campus, built, spec)
    else:
        made = _classic_quiz(campus, built, spec)
    built.assessments[spec.name] = made


def _new_quiz(campus: Campus, built: BuiltCourse, spec: AssessmentSpec) -> Assignment:
    return campus.state.add_new_quiz(
        built.course,
        spec.name,
        time_limit_seconds=spec.minutes * 60 if spec.minutes else None,
        max_attempts=spec.attempts if spec.attempts > 0 else None,
        **_common(campus, built, spec),
    )


def _assignment(campus: Campus, built: BuiltCourse, spec: AssessmentSpec) -> Assignment:
    return campus.state.add_assignment(
        built.course,
        spec.name,
        submission_types=spec.submission_types,
        allowed_attempts=spec.attempts,
        only_visible_to_overrides=spec.only_for_overrides,
        group_category=campus.group_set(built.course) if spec.is_group_work else None,
        has_checkpoints=spec.has_checkpoints,
        moderated_grading=spec.is_moderated,
        blueprint_restrictions=list(spec.blueprint_locks),
        **_common(campus, built, spec),
    )


def _classic_quiz(campus: Campus, built: BuiltCourse, spec: AssessmentSpec) -> Quiz:
    return campus.state.add_quiz(
        built.course,
        spec.name,
        quiz_type="assignment" if spec.kind == "quiz" else spec.kind,
        time_limit=spec.minutes,
        allowed_attempts=spec.attempts,
        question_count=12,
        **_common(campus, built, spec),
    )


def _common(campus: Campus, built: BuiltCourse, spec: AssessmentSpec) -> dict[str, Any]:
    """Return what every kind of assessment has; they were made long enough ago for Canvas to send its notices."""
    zone = built.spec.zone
    return {
        "unlock_at": campus.calendar.maybe_instant(spec.opens, zone),
        "due_at": campus.calendar.maybe_instant(spec.due, zone),
        "lock_at": campus.calendar.maybe_instant(spec.closes, zone),
        "points_possible": spec.points,
        "published": spec.is_published,
        "assignment_group": campus.assignment_group(built.course, spec.group),
        "created_at": campus.calendar.instant(day(-40, "09:00")),
    }
