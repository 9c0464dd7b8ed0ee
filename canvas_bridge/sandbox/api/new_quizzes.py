"""New Quizzes: reading them, and accommodations of a course or of one quiz (contract 8)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, not_allowed, refusal
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.new_quiz_accommodations import problem_of, set_accommodation
from canvas_bridge.sandbox.shapes.quizzes import new_quiz_json

Element = dict[str, Any]


def list_new_quizzes(call: Call) -> Answer:
    """Answer with a course's New Quizzes."""
    course = call.course()
    call.require(call.caller.may_read(course))
    is_staff = call.caller.sees_as_staff(course)
    rows = [one for one in call.state.assignments.where("course", course.id) if _is_live_new_quiz(one)]
    return call.paged([one for one in rows if is_staff or one.published], new_quiz_json)


def _is_live_new_quiz(assignment: Assignment) -> bool:
    return assignment.is_new_quiz and assignment.workflow_state != "deleted"


def show_new_quiz(call: Call) -> Answer:
    """Answer with one New Quiz; the id in the path is the assignment's."""
    course = call.course()
    call.require(call.caller.may_read(course))
    return json_answer(new_quiz_json(_new_quiz(call, course)))


def _new_quiz(call: Call, course: Course) -> Assignment:
    assignment = call.assignment(course)
    return found(assignment if assignment.is_new_quiz else None)


def accommodate_in_course(call: Call) -> Answer:
    """Set accommodations for all New Quizzes of the course."""
    course = call.course()
    _require_grader(call, course)
    return _process(call, course, None)


def accommodate_in_quiz(call: Call) -> Answer:
    """Set accommodations for one New Quiz."""
    course = call.course()
    _require_grader(call, course)
    return _process(call, course, _new_quiz(call, course))


def _require_grader(call: Call, course: Course) -> None:
    """Refuse with 401, as documented for this service, not 403."""
    if not call.caller.may_manage_grades(course):
        raise not_allowed(status=401)


def _process(call: Call, course: Course, assignment: Assignment | None) -> Answer:
    """Set what can be set; students who cannot are listed under `failed`, and the answer is still 200."""
    successful, failed = [], []
    for element in _elements(call):
        problem = problem_of(call.state, course, assignment, element)
        if problem is None:
            set_accommodation(call.state, course, assignment, element)
            successful.append({"user_id": element["user_id"]})
        else:
            failed.append({"user_id": element["user_id"], "error": problem})
    return json_answer({"message": "Accommodations processed", "successful": successful, "failed": failed})


def _elements(call: Call) -> list[Element]:
    elements = call.params.get("_json")
    if not isinstance(elements, list):
        raise refusal(400, {"errors": [{"message": "Invalid JSON: a list is expected"}]})
    if not all(isinstance(one, dict) and one.get("user_id") is not None for one in elements):
        raise refusal(400, {"errors": [{"message": "user_id is required"}]})
    return elements


def list_accommodations(call: Call) -> Answer:
    """Answer with what is set on a New Quiz: on some instances only (8.4), so not found unless switch 4 is on."""
    course = call.course()
    assignment = call.assignment(course)
    found(assignment if call.state.switches.new_quiz_accommodation_reads else None)
    call.require(call.caller.may_manage_assignments(course))
    if not assignment.is_new_quiz:
        raise refusal(422, {"errors": [{"message": "Assignment is not a New Quiz"}]})
    rows = call.state.new_quiz_accommodations.where("course", course.id)
    shapes = [
        {
            "user_id": one.user_id,
            "extra_time": one.extra_time,
            "extra_attempts": one.extra_attempts,
            "reduce_choices_enabled": one.reduce_choices_enabled,
        }
        for one in rows
        if one.assignment_id == assignment.id and (one.extra_time or one.extra_attempts or one.reduce_choices_enabled)
    ]
    return json_answer({"accommodations": shapes})


QUIZZES = "/api/quiz/v1/courses/:course_id/quizzes"
ROUTES = [
    Route("GET", QUIZZES, list_new_quizzes),
    Route("GET", f"{QUIZZES}/:assignment_id", show_new_quiz),
    Route("POST", "/api/quiz/v1/courses/:course_id/accommodations", accommodate_in_course),
    Route("POST", f"{QUIZZES}/:assignment_id/accommodations", accommodate_in_quiz),
    Route("GET", "/api/v1/courses/:course_id/new_quizzes/:assignment_id/accommodations", list_accommodations),
]
