"""Assignments in JSON (contract 8.5, 9.1, 9.2): the keys that tell the kinds apart are absent, not false."""

from collections.abc import Sequence
from typing import Any

from canvas_bridge.sandbox.records.assessments import Assignment, Dated, Override, Quiz
from canvas_bridge.sandbox.rules.effective_dates import EffectiveDates
from canvas_bridge.sandbox.shapes.overrides import date_entry
from canvas_bridge.sandbox.shapes.times import shown, shown_day
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]

DEFAULTS: Json = {
    "grading_standard_id": None,
    "peer_reviews": False,
    "automatic_peer_reviews": False,
    "omit_from_final_grade": False,
    "hide_in_gradebook": False,
    "anonymous_grading": False,
    "grader_count": 0,
    "grader_comments_visible_to_graders": True,
    "graders_anonymous_to_graders": False,
    "graders_names_visible_to_final_grader": True,
}
SIS_EXTRAS = ("integration_id", "integration_data")
FIRST_COUNT_WITHOUT_ALL_DATES = 25


def assignment_json(
    store: Store,
    assignment: Assignment,
    base_url: str,
    dates: Dated | EffectiveDates,
    *,
    is_manager: bool,
    with_sis: bool,
) -> Json:
    """Return an assignment with the given dates; managers also read whether it has overrides."""
    address = f"{base_url}/courses/{assignment.course_id}/assignments/{assignment.id}"
    shape: Json = {
        "id": assignment.id,
        "name": assignment.name,
        "description": assignment.description,
        "course_id": assignment.course_id,
        "due_at": shown(dates.due_at),
        "unlock_at": shown(dates.unlock_at),
        "lock_at": shown(dates.lock_at),
        "all_day": dates.all_day,
        "all_day_date": shown_day(dates.all_day_date),
        "points_possible": assignment.points_possible,
        "grading_type": assignment.grading_type,
        "submission_types": assignment.submission_types,
        "allowed_attempts": assignment.allowed_attempts,
        "published": assignment.published,
        "workflow_state": assignment.workflow_state,
        "only_visible_to_overrides": assignment.only_visible_to_overrides,
        "group_category_id": assignment.group_category_id,
        "grade_group_students_individually": assignment.grade_group_students_individually,
        "assignment_group_id": assignment.assignment_group_id,
        "position": assignment.position,
        "has_submitted_submissions": has_submissions(store, assignment),
        "moderated_grading": assignment.moderated_grading,
        "final_grader_id": assignment.final_grader_id,
        "created_at": shown(assignment.created_at),
        "updated_at": shown(assignment.updated_at),
        "html_url": address,
        "is_quiz_assignment": _is_graded_quiz(store, assignment),
        **DEFAULTS,
        **{name: value for name, value in assignment.extras.items() if name not in SIS_EXTRAS},
    }
    if with_sis:
        shape |= {name: value for name, value in assignment.extras.items() if name in SIS_EXTRAS}
    if is_manager:
        shape["has_overrides"] = bool(store.active_overrides(assignment))
    if with_sis:
        shape["sis_assignment_id"] = assignment.sis_assignment_id
    return shape | _kind_keys(store, assignment, base_url) | _course_keys(store, assignment)


def has_submissions(store: Store, assignment: Assignment) -> bool:
    """Whether any student has handed something in."""
    return any(row.submitted_at is not None for row in store.submissions.where("assignment", assignment.id))


def _is_graded_quiz(store: Store, assignment: Assignment) -> bool:
    quiz = store.quizzes.get(assignment.quiz_id)
    return quiz is not None and quiz.quiz_type == "assignment"


def _kind_keys(store: Store, assignment: Assignment, base_url: str) -> Json:
    shape: Json = {}
    if assignment.quiz_id is not None:
        shape["quiz_id"] = assignment.quiz_id
    if assignment.is_new_quiz:
        shape |= {"is_quiz_lti_assignment": True, "frozen_attributes": ["submission_types"]}
    if "discussion_topic" in assignment.submission_types:
        address = f"{base_url}/courses/{assignment.course_id}/discussion_topics/{assignment.discussion_topic_id}"
        shape["discussion_topic"] = {
            "id": assignment.discussion_topic_id,
            "title": assignment.name,
            "assignment_id": assignment.id,
            "html_url": address,
        }
    if assignment.has_checkpoints:
        shape["has_sub_assignments"] = True
    return shape


def _course_keys(store: Store, assignment: Assignment) -> Json:
    shape: Json = {"in_paced_course": True} if store.courses[assignment.course_id].is_paced else {}
    return shape | blueprint_keys(store, assignment.course_id, assignment.blueprint_restrictions)


def blueprint_keys(store: Store, course_id: int, restrictions: Sequence[str]) -> Json:
    """Return what content of a blueprint, or of its child, says of its locks; no key in other courses (10.7.11)."""
    course = store.courses[course_id]
    if not (course.is_blueprint or course.is_blueprint_child):
        return {}
    name = "is_master_course_child_content" if course.is_blueprint_child else "is_master_course_master_content"
    shape: Json = {name: True, "restricted_by_master_course": bool(restrictions)}
    if restrictions:
        shape["master_course_restrictions"] = dict.fromkeys(restrictions, True)
    return shape


def all_dates_keys(store: Store, item: Assignment, visible: Sequence[Override]) -> Json:
    """Return `all_dates`, or `all_dates_count` from 25 active overrides on (9.2)."""
    count = len(store.active_overrides(item))
    if count >= FIRST_COUNT_WITHOUT_ALL_DATES:
        return {"all_dates_count": count}
    return {"all_dates": all_dates(store, item, visible)}


def all_dates(store: Store, item: Assignment | Quiz, visible: Sequence[Override]) -> list[Json]:
    """Return the dates of an item by target, by due date and those without one last (9.2)."""
    entries = [date_entry(store, one) for one in visible if not one.unassign_item]
    if not _base_is_replaced(store, item):
        dates = store.dated(item)
        entries.append(
            {
                "base": True,
                "title": "Everyone else" if entries else "Everyone",
                "due_at": shown(dates.due_at),
                "unlock_at": shown(dates.unlock_at),
                "lock_at": shown(dates.lock_at),
            }
        )
    return sorted(entries, key=lambda entry: (entry["due_at"] is None, entry["due_at"] or ""))


def _base_is_replaced(store: Store, item: Assignment | Quiz) -> bool:
    has_course_override = any(one.set_type == "Course" for one in store.active_overrides(item))
    return has_course_override or every_section_has_an_override(store, item)


def every_section_has_an_override(store: Store, item: Assignment | Quiz) -> bool:
    """Whether each active section of the course has an override of its own."""
    sections = store.sections.where("course", item.course_id)
    active = {one.id for one in sections if one.workflow_state == "active"}
    overrides = store.active_overrides(item)
    return bool(active) and active <= {one.set_id for one in overrides if one.set_type == "CourseSection"}
