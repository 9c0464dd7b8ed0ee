"""Reading accommodations of New Quizzes back: on some instances only, so by switch 4 (contract 8.4)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, not_found, refusal
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.work import NewQuizAccommodation

SERVICE_PROBLEMS = {
    "not_configured": (503, "New Quizzes service is not configured"),
    "not_answering": (502, "New Quizzes service did not answer"),
}


def list_accommodations(call: Call) -> Answer:
    """Answer with what is set on a New Quiz, of those students alone who have something; `user_id` picks one."""
    rows = [one for one in _rows(call) if one.extra_time or one.extra_attempts or one.reduce_choices_enabled]
    if "user_id" in call.params:
        rows = [one for one in rows if one.user_id == plain_id(call.params["user_id"])]
    return json_answer({"accommodations": [_shape(one) for one in rows]})


def show_accommodation(call: Call) -> Answer:
    """Answer with what is set for one student."""
    user_id = plain_id(call.path["user_id"])
    row = next((one for one in _rows(call) if one.user_id == user_id), None)
    if row is None:
        raise refusal(404, {"errors": [{"message": "No accommodation found for user"}]})
    return json_answer({"accommodation": _shape(row)})


def _rows(call: Call) -> list[NewQuizAccommodation]:
    """Return a New Quiz's rows, or refuse in the order of the source: right, kind, service."""
    if not call.state.switches.new_quiz_accommodation_reads:
        raise not_found()
    course = call.course()
    assignment = found(call.assignment(course))
    call.require(call.caller.may_manage_assignments(course))
    _require_service(call, assignment)
    rows = call.state.new_quiz_accommodations.where("course", course.id)
    return [one for one in rows if one.assignment_id == assignment.id]


def _require_service(call: Call, assignment: Assignment) -> None:
    if not assignment.is_new_quiz:
        raise refusal(422, {"errors": [{"message": "Assignment is not a New Quiz"}]})
    problem = SERVICE_PROBLEMS.get(call.state.switches.new_quiz_service)
    if problem:
        raise refusal(problem[0], {"errors": [{"message": problem[1]}]})


def _shape(row: NewQuizAccommodation) -> dict[str, Any]:
    names = ("user_id", "extra_time", "extra_attempts", "reduce_choices_enabled")
    return {name: getattr(row, name) for name in names}


ACCOMMODATIONS = "/api/v1/courses/:course_id/new_quizzes/:assignment_id/accommodations"
ROUTES = [
    Route("GET", ACCOMMODATIONS, list_accommodations),
    Route("GET", f"{ACCOMMODATIONS}/:user_id", show_accommodation),
]
