"""Classic quizzes and New Quizzes in JSON (contract 8.2, 10.1, 10.7.8)."""

from typing import Any

from canvas_bridge.sandbox.records.assessments import Assignment, Dated, Quiz
from canvas_bridge.sandbox.records.questions import QuizQuestion
from canvas_bridge.sandbox.rules.effective_dates import EffectiveDates
from canvas_bridge.sandbox.shapes.assignments import all_dates, blueprint_keys
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]


def quiz_json(
    store: Store, quiz: Quiz, base_url: str, dates: Dated | EffectiveDates, *, is_staff: bool, is_locked: bool
) -> Json:
    """Return a classic quiz with the dates that hold for the reader: base dates for staff, a student's own."""
    address = f"{base_url}/courses/{quiz.course_id}/quizzes/{quiz.id}"
    assignment = store.assignments.get(quiz.assignment_id)
    shape: Json = {
        "id": quiz.id,
        "title": quiz.title,
        "html_url": address,
        "mobile_url": f"{address}?force_user=1&persist_headless=1",
        "description": quiz.description,
        "quiz_type": quiz.quiz_type,
        "assignment_id": quiz.assignment_id,
        "assignment_group_id": assignment.assignment_group_id if assignment else None,
        "time_limit": quiz.time_limit,
        "allowed_attempts": quiz.allowed_attempts,
        "scoring_policy": quiz.scoring_policy,
        "shuffle_answers": quiz.shuffle_answers,
        "hide_results": quiz.hide_results,
        "show_correct_answers": quiz.show_correct_answers,
        "show_correct_answers_last_attempt": quiz.show_correct_answers_last_attempt,
        "show_correct_answers_at": shown(quiz.show_correct_answers_at),
        "hide_correct_answers_at": shown(quiz.hide_correct_answers_at),
        "one_time_results": quiz.one_time_results,
        "one_question_at_a_time": quiz.one_question_at_a_time,
        "cant_go_back": quiz.cant_go_back,
        "due_at": shown(dates.due_at),
        "unlock_at": shown(dates.unlock_at),
        "lock_at": shown(dates.lock_at),
        "published": quiz.published,
        "points_possible": quiz.points_possible,
        "question_count": quiz.question_count,
        "has_access_code": bool(quiz.access_code),
        "ip_filter": quiz.ip_filter,
        "require_lockdown_browser": quiz.require_lockdown_browser,
        "locked_for_user": is_locked,
        "version_number": quiz.version_number,
    }
    return shape | _course_keys(store, quiz) | (_staff_keys(store, quiz) if is_staff else {})


def _course_keys(store: Store, quiz: Quiz) -> Json:
    """Return the keys of paced courses and blueprints, which are absent elsewhere (10.7.11)."""
    shape: Json = {"in_paced_course": True} if store.courses[quiz.course_id].is_paced else {}
    assignment = store.assignments.get(quiz.assignment_id)
    locks = assignment.blueprint_restrictions if assignment else quiz.blueprint_restrictions
    return shape | blueprint_keys(store, quiz.course_id, locks)


def _staff_keys(store: Store, quiz: Quiz) -> Json:
    base = store.dated(quiz)
    overrides = [one for one in store.active_overrides(quiz) if one.set_type != "Noop"]
    rows = store.quiz_submissions.where("quiz", quiz.id)
    has_attempts = any(row.workflow_state not in ("settings_only", "preview") for row in rows)
    return {
        "access_code": quiz.access_code,
        "unpublishable": not has_attempts,
        "only_visible_to_overrides": base.only_visible_to_overrides,
        "all_dates": all_dates(store, quiz, overrides),
    }


def quiz_question_json(question: QuizQuestion, *, with_weights: bool = True) -> Json:
    """Return a question; takers do not read which answers are right."""
    names = ("id", "text", "weight") if with_weights else ("id", "text")
    return {
        "id": question.id,
        "quiz_id": question.quiz_id,
        "quiz_group_id": None,
        "position": question.position,
        "question_name": question.question_name,
        "question_type": question.question_type,
        "question_text": question.question_text,
        "points_possible": question.points_possible,
        "answers": [{name: one[name] for name in names} for one in question.answers],
    }


def new_quiz_json(assignment: Assignment) -> Json:
    """Return a New Quiz; ids are text, as in its documentation."""
    return {
        "id": str(assignment.id),
        "title": assignment.name,
        "instructions": assignment.instructions,
        "assignment_group_id": str(assignment.assignment_group_id),
        "points_possible": assignment.points_possible,
        "due_at": shown(assignment.due_at),
        "lock_at": shown(assignment.lock_at),
        "unlock_at": shown(assignment.unlock_at),
        "published": assignment.published,
        "grading_type": assignment.grading_type,
        "quiz_settings": assignment.quiz_settings,
    }
