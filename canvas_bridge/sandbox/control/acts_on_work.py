"""What instructors do on the pages of quizzes, and students in a quiz, whoever asks."""

from canvas_bridge.sandbox.control.describing import Act, Json, assignment_in, quiz_in, user_in
from canvas_bridge.sandbox.http.answers import refusal
from canvas_bridge.sandbox.records.work import NewQuizAccommodation
from canvas_bridge.sandbox.rules.attempts import is_running, lengthen_running_attempts
from canvas_bridge.sandbox.rules.override_data import number_in
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.state import SandboxState

QUIZ = {"quiz_id": "the classic quiz"}
QUIZ_AND_STUDENT = {**QUIZ, "user_id": "the student"}
NEW_QUIZ = {"assignment_id": "the New Quiz"}
NEW_QUIZ_AND_STUDENT = {**NEW_QUIZ, "user_id": "the student"}


def change_time_limit(state: SandboxState, params: Json) -> Json:
    """Change a classic quiz's time limit by the web form, which also lengthens running attempts (contract 3.3)."""
    quiz = quiz_in(state, params)
    limit = number_in(params.get("time_limit"))
    if params.get("time_limit") not in (None, "") and (limit is None or limit < 1):
        raise refusal(400, {"error": "time_limit must be minutes from 1, or null for none"})
    quiz.time_limit = limit
    quiz.updated_at = state.now()
    lengthen_running_attempts(state, quiz)
    return {"quiz_id": quiz.id, "time_limit": quiz.time_limit}


def empty_moderate_page(state: SandboxState, params: Json) -> Json:
    """Empty the fields of a classic quiz's Moderate page, for all students or one: no minutes, no attempts, locked."""
    quiz = quiz_in(state, params)
    only = number_in(params.get("user_id"))
    emptied = []
    for row in state.quiz_submissions.where("quiz", quiz.id):
        has_extension = row.extra_time or row.extra_attempts or row.manually_unlocked
        if has_extension and only in (None, row.user_id):
            row.extra_time, row.extra_attempts, row.manually_unlocked = 0, 0, False
            emptied.append(row.user_id)
    return {"quiz_id": quiz.id, "user_ids": emptied}


def empty_new_quiz_moderate_page(state: SandboxState, params: Json) -> Json:
    """Empty the moderation of a New Quiz, for all students or one."""
    assignment = assignment_in(state, params)
    only = number_in(params.get("user_id"))
    emptied = []
    for row in state.new_quiz_accommodations.where("course", assignment.course_id):
        has_values = row.extra_time or row.extra_attempts or row.reduce_choices_enabled
        if row.assignment_id == assignment.id and has_values and only in (None, row.user_id):
            row.extra_time, row.extra_attempts, row.reduce_choices_enabled = 0, 0, False
            emptied.append(row.user_id)
    return {"assignment_id": assignment.id, "user_ids": emptied}


def moderate_new_quiz(state: SandboxState, params: Json) -> Json:
    """Set a student's minutes and attempts by hand on a New Quiz's own page, which no endpoint can read."""
    assignment, user = assignment_in(state, params), user_in(state, params)
    row = state.new_quiz_accommodation_of(assignment.course_id, assignment.id, user.id)
    for name in ("extra_time", "extra_attempts"):
        if name in params:
            _set(row, name, number_in(params[name]))
    return {"user_id": user.id, "extra_time": row.extra_time, "extra_attempts": row.extra_attempts}


def _set(row: NewQuizAccommodation, name: str, value: int | None) -> None:
    if value is None or value < 0:
        raise refusal(400, {"error": f"{name} must be a number from 0"})
    setattr(row, name, value)


def start_attempt(state: SandboxState, params: Json) -> Json:
    """Start a student's attempt on a classic quiz, whoever asks."""
    row = state.start_attempt(quiz_in(state, params), user_in(state, params))
    return {"id": row.id, "end_at": shown(row.end_at)}


def complete_attempt(state: SandboxState, params: Json) -> Json:
    """Hand in a student's running attempt on a classic quiz."""
    quiz, user = quiz_in(state, params), user_in(state, params)
    row = state.quiz_submissions.first("quiz_user", (quiz.id, user.id))
    if row is None or not is_running(row):
        raise refusal(400, {"error": "the student has no running attempt"})
    state.complete_attempt(row)
    return {"id": row.id, "workflow_state": row.workflow_state}


def start_new_quiz_session(state: SandboxState, params: Json) -> Json:
    """Start a student's sitting of a New Quiz."""
    session = state.start_new_quiz_session(assignment_in(state, params), user_in(state, params))
    return {"id": session.id, "end_at": shown(session.end_at)}


def finish_new_quiz_session(state: SandboxState, params: Json) -> Json:
    """End a student's running sittings of a New Quiz."""
    key = (assignment_in(state, params).id, user_in(state, params).id)
    running = [one for one in state.new_quiz_sessions.where("assignment_user", key) if one.finished_at is None]
    for session in running:
        session.finished_at = state.now()
    return {"finished": len(running)}


ACTS = (
    Act(change_time_limit, QUIZ, {"time_limit": "minutes, or null for none"}),
    Act(empty_moderate_page, QUIZ, {"user_id": "only this student"}),
    Act(empty_new_quiz_moderate_page, NEW_QUIZ, {"user_id": "only this student"}),
    Act(moderate_new_quiz, NEW_QUIZ_AND_STUDENT, {"extra_time": "minutes", "extra_attempts": "a number"}),
    Act(start_attempt, QUIZ_AND_STUDENT),
    Act(complete_attempt, QUIZ_AND_STUDENT),
    Act(start_new_quiz_session, NEW_QUIZ_AND_STUDENT),
    Act(finish_new_quiz_session, NEW_QUIZ_AND_STUDENT),
)
