"""Sittings of New Quizzes, which no endpoint starts or ends: a student takes them on the pages of the service."""

from typing import Any

from canvas_bridge.sandbox.http.answers import not_found
from canvas_bridge.sandbox.records.work import NewQuizSession
from canvas_bridge.sandbox.rules.override_data import number_in
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.state import SandboxState

Json = dict[str, Any]


def start_new_quiz_session(state: SandboxState, params: Json) -> Json:
    """Begin a student's sitting of a New Quiz; `assignment_id` and `user_id` name both."""
    assignment = state.assignments.get(number_in(params.get("assignment_id")))
    user = state.users.get(number_in(params.get("user_id")))
    if assignment is None or not assignment.is_new_quiz or user is None:
        raise not_found()
    return _shape(state.start_new_quiz_session(assignment, user))


def finish_new_quiz_session(state: SandboxState, params: Json) -> Json:
    """End a sitting, named by the `session_id` that its start answered with."""
    session = state.new_quiz_sessions.get(number_in(params.get("session_id")))
    if session is None:
        raise not_found()
    session.finished_at = state.now()
    return _shape(session)


def _shape(session: NewQuizSession) -> Json:
    return {
        "session_id": session.id,
        "assignment_id": session.assignment_id,
        "user_id": session.user_id,
        "started_at": shown(session.started_at),
        "end_at": shown(session.end_at),
        "finished_at": shown(session.finished_at),
    }


NEW_QUIZ_ACTS = {
    "start_new_quiz_session": start_new_quiz_session,
    "finish_new_quiz_session": finish_new_quiz_session,
}
