"""What instructors do to a whole course on its pages: publish its pace, split a discussion into checkpoints."""

from typing import Any

from canvas_bridge.sandbox.api.base_dates import read_quiz_date
from canvas_bridge.sandbox.api.call import found
from canvas_bridge.sandbox.control.describing import Act, Json, assignment_in
from canvas_bridge.sandbox.http.answers import refusal
from canvas_bridge.sandbox.rules.override_data import number_in
from canvas_bridge.sandbox.rules.pacing import pace_student
from canvas_bridge.sandbox.shapes.content import checkpoints_json
from canvas_bridge.sandbox.shapes.overrides import override_json
from canvas_bridge.sandbox.state import SandboxState


def publish_pace(state: SandboxState, params: Json) -> Json:
    """Publish a course pace: its due dates are put into ad-hoc overrides of the active students (contract 10.7.11)."""
    course = found(state.courses.get(number_in(params["course_id"])))
    course.is_paced = True
    due_dates = params["due_dates"]
    if not isinstance(due_dates, dict):
        raise refusal(400, {"error": "due_dates must map ids of assignments to dates"})
    saved = []
    for key, text in due_dates.items():
        assignment = assignment_in(state, {"assignment_id": key})
        due_at = read_quiz_date(text, course.time_zone)
        for user_id in _students(state, course.id, params.get("user_ids")) if due_at else ():
            pace_student(state, assignment, user_id, found(due_at))
        saved += [override_json(state, one) for one in state.active_overrides(assignment)]
    return {"overrides": saved}


def _students(state: SandboxState, course_id: int, wanted: Any) -> list[int]:
    rows = state.enrollments.where("course", course_id)
    active = {one.user_id for one in rows if one.type == "StudentEnrollment" and one.workflow_state == "active"}
    if wanted is None:
        return sorted(active)
    if not isinstance(wanted, list):
        raise refusal(400, {"error": "user_ids must be a list"})
    return [one for one in map(number_in, wanted) if one in active and one is not None]


def split_into_checkpoints(state: SandboxState, params: Json) -> Json:
    """Make a graded discussion a checkpointed one, with a due date for each of its two parts (contract 10.7.11)."""
    assignment = assignment_in(state, params)
    if assignment.discussion_topic_id is None or assignment.has_checkpoints:
        raise refusal(400, {"error": "only a graded discussion without checkpoints can be split"})
    zone = state.account.time_zone
    state.add_checkpoints(
        assignment,
        reply_to_topic_due_at=read_quiz_date(params.get("reply_to_topic_due_at"), zone),
        required_replies_due_at=read_quiz_date(params.get("required_replies_due_at"), zone),
    )
    return {"checkpoints": checkpoints_json(state, assignment, lambda one: override_json(state, one), is_full=True)}


ACTS = (
    Act(
        publish_pace,
        {"course_id": "the course", "due_dates": "map of ids of assignments to due dates, ISO 8601"},
        {"user_ids": "students; left out, all active ones"},
    ),
    Act(
        split_into_checkpoints,
        {"assignment_id": "the assignment of the discussion"},
        {"reply_to_topic_due_at": "ISO 8601 or null", "required_replies_due_at": "ISO 8601 or null"},
    ),
)
