"""Dates of many assignments at once, by a background job, and following such jobs (contract 9.7)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.base_dates import OUT_OF_ORDER, closed_period_problem, is_out_of_order, locked_problem
from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.builders.assessments import OMITTED, MaybeDate, replace_dates
from canvas_bridge.sandbox.http.answers import Answer, json_answer, model_error, refusal
from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.records.content import Progress
from canvas_bridge.sandbox.rules.grading_periods import closed_dates_of
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_dates
from canvas_bridge.sandbox.rules.override_list import INTO_CLOSED, OUT_OF_CLOSED
from canvas_bridge.sandbox.rules.override_saving import touch
from canvas_bridge.sandbox.shapes.content import FINISHED, progress_json
from canvas_bridge.sandbox.shapes.times import read_optional_time

DATE_NAMES = ("due_at", "unlock_at", "lock_at")
Json = dict[str, Any]


class JobFailed(Exception):
    """The job ends as failed, with these results."""

    def __init__(self, results: Any) -> None:
        super().__init__(str(results))
        self.results = results


@dataclass
class Change:
    """What one element of the list makes of an assignment: copies, put in place when all are good."""

    assignment: Assignment
    base: Assignment
    overrides: list[tuple[Override, Override]] = field(default_factory=list)


def put_bulk_dates(call: Call) -> Answer:
    """Take a list of dates and answer with the job that saves them; everything is checked first, then saved."""
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    entries = call.params.get("_json")
    if not isinstance(entries, list):
        raise refusal(400, {"message": "expected array"})
    ids = [one.get("id") if isinstance(one, dict) else None for one in entries]
    if any(one in (None, "") for one in ids):
        raise refusal(400, {"message": "missing assignment id"})
    assignments = [call.state.assignments.get(plain_id(one)) for one in ids]
    live = [one for one in assignments if one and one.course_id == course.id and one.workflow_state != "deleted"]
    if len({one.id for one in live}) != len(ids):
        found(None)
    for assignment in live:
        call.require(call.caller.may_update(assignment))
    now = call.state.now()
    job = Progress(
        id=call.state.progresses.take_id(),
        course_id=course.id,
        user_id=call.caller.user.id,
        tag="assignment_bulk_update",
        created_at=now,
        updated_at=now,
    )
    call.state.progresses.add(job)
    answer = json_answer(progress_json(job, call.request.base_url))
    _run(call, job, list(zip(live, entries, strict=True)))
    return answer


def _run(call: Call, job: Progress, work: list[tuple[Assignment, Json]]) -> None:
    """Do the job at once: who follows it finds it finished."""
    try:
        changes = [_read(call, assignment, entry) for assignment, entry in work]
        problems = [problem for change in changes for problem in _problems(call, change)]
        if problems:
            raise JobFailed(problems)
        count = sum(_save(call, change) for change in changes)
        job.workflow_state, job.results = "completed", {"updated_count": count}
    except JobFailed as failed:
        job.workflow_state, job.results = "failed", failed.results
    job.completion = 100


def _read(call: Call, assignment: Assignment, entry: Json) -> Change:
    change = Change(assignment, deepcopy(assignment))
    dates = entry.get("all_dates")
    for one in dates if isinstance(dates, list) else []:
        values = one if isinstance(one, dict) else {}
        if values.get("base"):
            _read_base(call, change, values)
        else:
            _read_override(call, change, values)
    return change


def _read_base(call: Call, change: Change, values: Json) -> None:
    dates: dict[str, datetime | None] = {name: getattr(change.base, name) for name in DATE_NAMES}
    dates |= {name: _date(call, change, name, values[name]) for name in DATE_NAMES if name in values}
    set_dates(change.base, call.caller.zone, **dates)


def _read_override(call: Call, change: Change, values: Json) -> None:
    wanted = plain_id(values.get("id"))
    known = {one.id: one for one in call.state.active_overrides(change.assignment)}
    if wanted not in known:
        named = "" if values.get("id") is None else values["id"]
        text = f"invalid assignment override id {named} for assignment {change.assignment.id}"
        raise JobFailed({"message": text})
    override = known[wanted]
    copy = replace(override)
    dates: dict[str, MaybeDate] = {
        name: _date(call, change, name, values[name], override) if name in values else OMITTED for name in DATE_NAMES
    }
    replace_dates(copy, call.caller.zone, **dates)
    change.overrides.append((override, copy))


def _date(call: Call, change: Change, name: str, value: Any, override: Override | None = None) -> datetime | None:
    try:
        return read_optional_time(value, call.caller.zone)
    except ValueError as error:
        text = f"Invalid datetime for {name}"
        raise JobFailed([_problem(change, name, text, override)]) from error


def _problem(change: Change, name: str, text: str, override: Override | None = None) -> Json:
    owner: Json = {"assignment_id": change.assignment.id}
    if override:
        owner["assignment_override_id"] = override.id
    return {**owner, name: [model_error(name, text)]}


def _problems(call: Call, change: Change) -> list[Json]:
    base = change.base
    problems = []
    if is_out_of_order(base.unlock_at, base.due_at, moved_off_midnight(base.lock_at, call.caller.zone)):
        problems.append(_problem(change, "due_at", OUT_OF_ORDER))
    course = call.state.courses[base.course_id]
    moved = [name for name in DATE_NAMES if getattr(base, name) != getattr(change.assignment, name)]
    locked = locked_problem(course, base.blueprint_restrictions, moved)
    if locked:
        problems.append(_problem(change, "base", locked))
    is_only_visible = base.only_visible_to_overrides
    closed = closed_period_problem(call, change.assignment, base.due_at, is_only_visible=is_only_visible)
    if closed:
        problems.append(_problem(change, *closed))
    is_closed = closed_dates_of(call.state, course)
    if is_closed and not call.caller.is_admin:
        problems += _closed_overrides(change, is_closed)
    return problems


def _closed_overrides(change: Change, is_closed: Callable[[datetime | None], bool]) -> list[Json]:
    problems = []
    for override, copy in change.overrides:
        if (override.due_at_overridden, override.due_at) == (copy.due_at_overridden, copy.due_at):
            continue
        if is_closed(override.due_at):
            problems.append(_problem(change, "due_at", OUT_OF_CLOSED, override))
        elif is_closed(copy.due_at):
            problems.append(_problem(change, "due_at", INTO_CLOSED, override))
    return problems


def _save(call: Call, change: Change) -> bool:
    """Put the copies in place; whether anything has really changed."""
    is_changed = change.base != change.assignment
    vars(change.assignment).update(vars(change.base))
    for override, copy in change.overrides:
        if copy != override:
            copy.updated_at = call.state.now()
            vars(override).update(vars(copy))
            is_changed = True
    if is_changed:
        touch(call.state, change.assignment)
    return is_changed


def show_progress(call: Call) -> Answer:
    """Answer with a background job."""
    return json_answer(progress_json(_progress(call), call.request.base_url))


def cancel_progress(call: Call) -> Answer:
    """Cancel a background job; one that has ended stays as it is."""
    job = _progress(call)
    if job.workflow_state not in FINISHED:
        job.workflow_state = "failed"
        job.message = str(call.params.get("message") or "canceled")
        job.updated_at = call.state.now()
    return json_answer(progress_json(job, call.request.base_url))


def _progress(call: Call) -> Progress:
    job = found(call.state.progresses.get(plain_id(call.path["progress_id"])))
    is_own = job.user_id == call.caller.user.id
    call.require(is_own or call.caller.may_manage_assignments(call.state.courses[job.course_id]))
    return job


ROUTES = [
    Route("PUT", "/api/v1/courses/:course_id/assignments/bulk_update", put_bulk_dates),
    Route("GET", "/api/v1/progress/:progress_id", show_progress),
    Route("POST", "/api/v1/progress/:progress_id/cancel", cancel_progress),
]
