"""Dates of all quizzes of a course, read-only (contract 10.6)."""

from collections.abc import Sequence
from typing import Any

from canvas_bridge.sandbox.api.assignments import is_visible
from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.reader_dates import dates_of_readers, readers_of, visible_overrides
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.shapes.assignments import all_dates
from canvas_bridge.sandbox.shapes.times import shown

Json = dict[str, Any]


def list_quiz_dates(call: Call) -> Answer:
    """Answer with the dates of the classic quizzes."""
    course = _readable(call)
    quizzes = [one for one in call.state.quizzes.where("course", course.id) if _is_there(call, course, one)]
    return _answer(call, course, quizzes)


def list_new_quiz_dates(call: Call) -> Answer:
    """Answer with the dates of the New Quizzes, by the ids of their assignments."""
    course = _readable(call)
    rows = [one for one in call.state.assignments.where("course", course.id) if one.is_new_quiz]
    return _answer(call, course, [one for one in rows if is_visible(call, course, one)])


def _readable(call: Call) -> Course:
    course = call.course()
    call.require(call.caller.may_read(course))
    return course


def _is_there(call: Call, course: Course, quiz: Quiz) -> bool:
    if quiz.workflow_state == "deleted":
        return False
    if call.caller.sees_as_staff(course):
        return True
    return quiz.published and any(is_assigned(call.state, quiz, one) for one in readers_of(call.caller, quiz))


def _answer(call: Call, course: Course, items: Sequence[Assignment | Quiz]) -> Answer:
    wanted = _wanted_ids(call)
    kept = [one for one in items if not wanted or str(one.id) in wanted]
    page = numeric_page(call.request, kept)
    shapes = [_shape(call, course, one) for one in page.items]
    return json_answer({"quiz_assignment_overrides": shapes}, headers=page.headers)


def _wanted_ids(call: Call) -> set[str]:
    """Return the ids of `quiz_assignment_overrides[][quiz_ids][]`; empty for all."""
    sent = call.params.get("quiz_assignment_overrides")
    entries = sent if isinstance(sent, list) else [sent]
    ids = [one.get("quiz_ids") for one in entries if isinstance(one, dict)]
    return {str(one) for some in ids for one in (some if isinstance(some, list) else [some]) if one is not None}


def _shape(call: Call, course: Course, item: Assignment | Quiz) -> Json:
    if call.caller.sees_as_staff(course):
        every = all_dates(call.state, item, visible_overrides(call.state, call.caller, item))
        return {"quiz_id": item.id, "due_dates": every, "all_dates": every}
    dates = dates_of_readers(call.state, call.caller, item)
    own = {"due_at": shown(dates.due_at), "unlock_at": shown(dates.unlock_at), "lock_at": shown(dates.lock_at)}
    return {"quiz_id": item.id, "due_dates": [own], "all_dates": [own]}


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/quizzes/assignment_overrides", list_quiz_dates),
    Route("GET", "/api/v1/courses/:course_id/new_quizzes/assignment_overrides", list_new_quiz_dates),
]
