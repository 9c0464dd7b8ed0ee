"""Extra attempts on assignments (contract 5)."""

import re
from typing import Any

from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal, rejected
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.rules.effective_dates import is_assigned

ALLOWED_TYPES = {"online_upload", "online_url", "online_text_entry"}
FORMAT = ":assignment_extensions must be in this format: { user_id: 1, extra_attempts: 2 }"
WRONG_TYPE = (
    "Extra attempts can only be set on submissions for an assignment with a type of "
    "online_upload, online_url, or online_text_entry"
)
NEGATIVE = "Extra attempts must be greater than or equal to 0"
NUMBER = re.compile(r"\s*[+-]?\d+(\.\d+)?\s*$")
NOT_A_NUMBER = "Extra attempts is not a number"


def extend_assignment(call: Call) -> Answer:
    """Set extra attempts of students; invalid values stop all, unknown students are silently left out."""
    course = call.course()
    assignment = call.assignment(course)
    call.require(call.caller.may_manage_assignments(course))
    wanted = _wanted_by_student(call, assignment)
    errors = [_errors_entry(call, assignment, user_id, value) for user_id, value in wanted.items()]
    bad = [one for one in errors if one["errors"]]
    if bad:
        raise refusal(400, {"errors": bad})
    rows = [call.state.submission_of(assignment, user_id) for user_id in wanted]
    for row in rows:
        value = wanted[row.user_id]
        row.extra_attempts = None if value is None else int(float(value))
    rows.sort(key=lambda row: row.id)
    shapes = [{"user_id": row.user_id, "extra_attempts": row.extra_attempts} for row in rows]
    return json_answer({"assignment_extensions": shapes})


def _wanted_by_student(call: Call, assignment: Assignment) -> dict[int, Any]:
    """Return the value for each assigned student that is named; the last element of a student counts."""
    elements = call.params.get("assignment_extensions")
    if not isinstance(elements, list):
        raise rejected("missing required key :assignment_extensions")
    wanted = {}
    for element in elements:
        if not isinstance(element, dict) or not {"user_id", "extra_attempts"} <= element.keys():
            raise rejected(FORMAT)
        user_id = plain_id(element["user_id"])
        if user_id is not None and is_assigned(call.state, assignment, user_id):
            wanted[user_id] = None if element["extra_attempts"] == "" else element["extra_attempts"]
    return wanted


def _errors_entry(call: Call, assignment: Assignment, user_id: int, value: Any) -> dict[str, Any]:
    errors = []
    number = _number(value)
    if value is not None and number is None:
        errors.append(NOT_A_NUMBER)
    elif number is not None and number < 0:
        errors.append(NEGATIVE)
    stored = call.state.submissions.first("assignment_user", (assignment.id, user_id))
    changes = number != (stored.extra_attempts if stored else None)
    if changes and not ALLOWED_TYPES & set(assignment.submission_types):
        errors.append(WRONG_TYPE)
    return {"user_id": user_id, "errors": errors}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return float(value) if isinstance(value, int | float) or NUMBER.match(value) else None


ROUTES = [
    Route("POST", "/api/v1/courses/:course_id/assignments/:assignment_id/extensions", extend_assignment),
]
