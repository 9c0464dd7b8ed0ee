"""What instructors and students do on Canvas's own pages, where no endpoint of the REST interface does the same."""

from collections.abc import Callable
from typing import Any

from canvas_bridge.sandbox.api.base_dates import read_quiz_date
from canvas_bridge.sandbox.builders.assessments import count_title
from canvas_bridge.sandbox.http.answers import not_found
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.rules.attempts import lengthen_running_attempts
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_due_at
from canvas_bridge.sandbox.rules.override_data import number_in
from canvas_bridge.sandbox.rules.override_saving import delete_override, touch
from canvas_bridge.sandbox.shapes.overrides import override_json
from canvas_bridge.sandbox.state import SandboxState

Json = dict[str, Any]
DATE_NAMES = ("due_at", "unlock_at", "lock_at")


def save_assignment_page(state: SandboxState, params: Json) -> Json:
    """Save the edit page of an assignment or graded quiz (contract 14.4).

    Every date that was not overridden becomes "no date", titles of ad-hoc overrides become counts. `renew_ids` makes
    each override anew; `merge_equal_dates` saves students with equal dates as one; `known_override_ids` are those that
    the page was opened with: others are deleted. Base dates in the parameters are saved with the page.
    """
    assignment = _assignment(state, params)
    overrides = _known_overrides(state, assignment, params)
    for override in overrides:
        _fill(override)
    if as_boolean(params.get("merge_equal_dates")):
        overrides = _merge(state, assignment, overrides)
    if as_boolean(params.get("renew_ids")):
        overrides = [_renew(state, assignment, override) for override in overrides]
    _save_base_dates(state, assignment, params)
    touch(state, assignment)
    return {"overrides": [override_json(state, override) for override in overrides]}


def _assignment(state: SandboxState, params: Json) -> Assignment:
    assignment = state.assignments.get(number_in(params.get("assignment_id")))
    if assignment is None or assignment.workflow_state == "deleted":
        raise not_found()
    return assignment


def _known_overrides(state: SandboxState, assignment: Assignment, params: Json) -> list[Override]:
    known = params.get("known_override_ids")
    kept = []
    for override in state.active_overrides(assignment):
        if known is None or override.id in [number_in(one) for one in known]:
            kept.append(override)
        else:
            delete_override(state, assignment, override)
    return kept


def _fill(override: Override) -> None:
    for name in DATE_NAMES:
        setattr(override, f"{name}_overridden", True)
    if override.set_type == "ADHOC":
        override.title = count_title(len(override.student_ids))


def _merge(state: SandboxState, assignment: Assignment, overrides: list[Override]) -> list[Override]:
    kept: dict[Any, Override] = {}
    for override in overrides:
        is_ad_hoc = override.set_type == "ADHOC"
        dates = tuple(getattr(override, name) for name in DATE_NAMES)
        first = kept.setdefault(dates if is_ad_hoc else override.id, override)
        if first is not override:
            first.student_ids += override.student_ids
            first.title = count_title(len(first.student_ids))
            delete_override(state, assignment, override)
    return list(kept.values())


def _renew(state: SandboxState, assignment: Assignment, override: Override) -> Override:
    values = dict(vars(override), student_ids=list(override.student_ids))
    delete_override(state, assignment, override)
    values |= {"id": state.overrides.take_id(), "created_at": state.now(), "updated_at": state.now()}
    return state.overrides.add(Override(**values))


def _save_base_dates(state: SandboxState, assignment: Assignment, params: Json) -> None:
    user = state.users.get(number_in(params.get("user_id")))
    zone = state.zone_of(user)
    if "due_at" in params:
        set_due_at(assignment, read_quiz_date(params["due_at"], zone), zone)
    if "unlock_at" in params:
        assignment.unlock_at = read_quiz_date(params["unlock_at"], zone)
    if "lock_at" in params:
        assignment.lock_at = moved_off_midnight(read_quiz_date(params["lock_at"], zone), zone)


def change_time_limit(state: SandboxState, params: Json) -> Json:
    """Change a classic quiz's time limit by the web form, which also lengthens running attempts (contract 3.3)."""
    quiz = state.quizzes.get(number_in(params.get("quiz_id")))
    if quiz is None:
        raise not_found()
    quiz.time_limit = number_in(params.get("time_limit"))
    quiz.updated_at = state.now()
    lengthen_running_attempts(state, quiz)
    return {"quiz_id": quiz.id, "time_limit": quiz.time_limit}


def revoke_tokens(state: SandboxState, params: Json) -> Json:
    """Revoke all tokens of a user."""
    user_id = number_in(params.get("user_id"))
    tokens = [token for token in state.tokens if token.user_id == user_id]
    for token in tokens:
        token.is_revoked = True
    return {"revoked": len(tokens)}


def start_attempt(state: SandboxState, params: Json) -> Json:
    """Start a student's attempt on a classic quiz, whoever asks."""
    quiz = state.quizzes.get(number_in(params.get("quiz_id")))
    user = state.users.get(number_in(params.get("user_id")))
    if quiz is None or user is None:
        raise not_found()
    row = state.start_attempt(quiz, user)
    return {"id": row.id, "end_at": row.end_at.isoformat() if row.end_at else None}


ACTS: dict[str, Callable[[SandboxState, Json], Json]] = {
    "save_assignment_page": save_assignment_page,
    "change_time_limit": change_time_limit,
    "revoke_tokens": revoke_tokens,
    "start_attempt": start_attempt,
}
