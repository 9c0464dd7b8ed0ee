"""A submission as a request asks for it: `include[]`, and the fields that are wanted (contract 10.7.9)."""

from typing import Any

from canvas_bridge.sandbox.api.assignments import shape_assignment
from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.work import Submission
from canvas_bridge.sandbox.shapes.people import user_json
from canvas_bridge.sandbox.shapes.work import submission_json


def shape_submission(call: Call, assignment: Assignment, row: Submission) -> dict[str, Any]:
    """Return a submission with what the request includes, and without the fields that it does not want."""
    shape = submission_json(call.state, assignment, row, call.request.base_url)
    shape |= _included(call, assignment, row, shape)
    wanted = call.request.texts("response_fields")
    unwanted = call.request.texts("exclude_response_fields")
    return {name: value for name, value in shape.items() if (not wanted or name in wanted) and name not in unwanted}


def _included(call: Call, assignment: Assignment, row: Submission, shape: dict[str, Any]) -> dict[str, Any]:
    request = call.request
    more: dict[str, Any] = {}
    if request.includes("submission_history"):
        more["submission_history"] = [dict(shape)]
    if request.includes("submission_comments"):
        more["submission_comments"] = [{"comment": text} for text in row.comments]
    if request.includes("assignment"):
        more["assignment"] = shape_assignment(call, assignment)
    if request.includes("user"):
        more["user"] = user_json(call.state.users[row.user_id], with_sis=False, with_contact=False)
    if request.includes("visibility"):
        more["assignment_visible"] = True
    return more
