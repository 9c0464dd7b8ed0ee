"""New Quizzes: reading them, and accommodations of a course or of one quiz (contract 8)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.reader_dates import readers_of
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, not_allowed, refusal
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.effective_dates import is_assigned
from canvas_bridge.sandbox.rules.new_quiz_accommodations import problem_of, set_accommodation
from canvas_bridge.sandbox.shapes.quizzes import new_quiz_json

Element = dict[str, Any]


def list_new_quizzes(call: Call) -> Answer:
    """Answer with a course's New Quizzes."""
    course = call.course()
    call.require(call.caller.may_read(course))
    rows = call.state.assignments.where("course", course.id)
    return call.paged([one for one in rows if one.is_new_quiz and _is_visible(call, course, one)], new_quiz_json)


def _is_visible(call: Call, course: Course, assignment: Assignment) -> bool:
    if assignment.workflow_state == "deleted":
        return False
    if call.caller.sees_as_staff(course):
        return True
    readers = readers_of(call.caller, assignment)
    return assignment.published and any(is_assigned(call.state, assignment, one) for one in readers)


def show_new_quiz(call: Call) -> Answer:
    """Answer with one New Quiz; the id in the path is the assignment's."""
    course = call.course()
    call.require(call.caller.may_read(course))
    assignment = new_quiz_of_path(call, course)
    call.require(_is_visible(call, course, assignment))
    return json_answer(new_quiz_json(assignment))


def new_quiz_of_path(call: Call, course: Course) -> Assignment:
    """Return the New Quiz of the path; any other assignment is not found."""
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
    return _process(call, course, new_quiz_of_path(call, course))


def _require_grader(call: Call, course: Course) -> None:
    """Refuse with 401, as documented for this service, not 403."""
    if not call.caller.may_manage_grades(course):
        raise not_allowed(status=401)


def _process(call: Call, course: Course, assignment: Assignment | None) -> Answer:
    """Set what can be set; students who cannot are listed under `failed`, and the answer is still 200."""
    successful: list[Element] = []
    failed: list[Element] = []
    for element in _elements(call):
        problem = problem_of(call.state, course, assignment, element)
        if problem is None:
            set_accommodation(call.state, course, assignment, element)
            successful.append({"user_id": int(element["user_id"])})
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


QUIZZES = "/api/quiz/v1/courses/:course_id/quizzes"
ROUTES = [
    Route("GET", QUIZZES, list_new_quizzes),
    Route("GET", f"{QUIZZES}/:assignment_id", show_new_quiz),
    Route("POST", "/api/quiz/v1/courses/:course_id/accommodations", accommodate_in_course),
    Route("POST", f"{QUIZZES}/:assignment_id/accommodations", accommodate_in_quiz),
]
