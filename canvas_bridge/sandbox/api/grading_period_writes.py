"""Writing grading periods, many at once, and deleting them (contract 10.7.5)."""

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.fields import Fields
from canvas_bridge.sandbox.api.grading_periods import (
    answer_course_periods,
    answer_periods,
    period_of_course,
    siblings_of,
)
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, missing_parameter, not_found, refusal
from canvas_bridge.sandbox.records.courses import Course, GradingPeriod, GradingPeriodSet
from canvas_bridge.sandbox.rules.grading_periods import own_periods_of
from canvas_bridge.sandbox.shapes.times import read_time

OVERLAP = "Grading period cannot overlap with existing grading periods in group"
ENDS_BEFORE_START = "must be after start date"
CLOSES_BEFORE_END = "must be on or after end date"
UNWRITTEN = 0


def update_account_periods(call: Call) -> Answer:
    """Change and add periods of the set that `set_id` names."""
    call.account()
    call.require(call.caller.is_admin)
    return _update_set(call, _live_set(call, call.request.text("set_id")))


def update_set_periods(call: Call) -> Answer:
    """Change and add periods of a set."""
    call.require(call.caller.is_admin)
    return _update_set(call, _live_set(call, call.path["set_id"]))


def _live_set(call: Call, text: str) -> GradingPeriodSet:
    grading_set = call.state.grading_period_sets.get(plain_id(text))
    return found(grading_set if grading_set and grading_set.workflow_state == "active" else None)


def _update_set(call: Call, grading_set: GradingPeriodSet) -> Answer:
    current = [one for one in call.state.grading_periods.where("set", grading_set.id) if one.workflow_state == "active"]
    _write_all(call, current, set_id=grading_set.id)
    periods = call.state.grading_periods.where("set", grading_set.id)
    return answer_periods(call, _sorted(periods), is_read_only=False, may_manage=True)


def _sorted(periods: list[GradingPeriod]) -> list[GradingPeriod]:
    return sorted((one for one in periods if one.workflow_state == "active"), key=lambda one: one.start_date)


def update_course_periods(call: Call) -> Answer:
    """Change and add a course's own periods."""
    course = call.course()
    call.require(call.caller.may_manage_grades(course))
    _write_all(call, own_periods_of(call.state, course), course_id=course.id)
    return answer_course_periods(call, course, _sorted(own_periods_of(call.state, course)))


def update_course_period(call: Call) -> Answer:
    """Change one of a course's own periods."""
    course = call.course()
    call.require(call.caller.may_manage_grades(course))
    period = _own_period(call, course)
    sent = call.params.get("grading_periods")
    values = sent[0] if isinstance(sent, list) and sent and isinstance(sent[0], dict) else {}
    _save_all(call, own_periods_of(call.state, course), [{**values, "id": period.id}], course_id=course.id)
    return answer_course_periods(call, course, [period])


def _own_period(call: Call, course: Course) -> GradingPeriod:
    period = period_of_course(call, course)
    return found(period if period.course_id == course.id else None)


def _write_all(
    call: Call, current: list[GradingPeriod], *, set_id: int | None = None, course_id: int | None = None
) -> None:
    sent = call.params.get("grading_periods")
    if not isinstance(sent, list):
        raise missing_parameter("grading_periods")
    _save_all(call, current, sent, set_id=set_id, course_id=course_id)


def _save_all(
    call: Call,
    current: list[GradingPeriod],
    sent: list[object],
    *,
    set_id: int | None = None,
    course_id: int | None = None,
) -> None:
    """Save all that was sent, or nothing where one of the periods cannot be."""
    by_id = {one.id: one for one in current}
    drafts = {one.id: replace(one) for one in current}
    added: list[GradingPeriod] = []
    errors: list[str] = []
    for values in sent:
        fields = Fields(call, values)
        if fields.has("id"):
            draft = drafts.get(plain_id(fields.values["id"]) or UNWRITTEN)
            if draft is None:
                raise not_found()
        else:
            now = call.state.now()
            draft = GradingPeriod(
                id=UNWRITTEN, title="", start_date=now, end_date=now, close_date=now, set_id=set_id, course_id=course_id
            )
            added.append(draft)
        errors += _written(draft, fields)
    errors += _overlaps([*drafts.values(), *added])
    if errors:
        raise refusal(422, {"errors": [{"message": one} for one in dict.fromkeys(errors)]})
    for number, draft in drafts.items():
        vars(by_id[number]).update(vars(draft))
    for draft in added:
        draft.id = call.state.grading_periods.take_id()
        call.state.grading_periods.add(draft)


def _written(draft: GradingPeriod, fields: Fields) -> list[str]:
    """Write what was sent onto a draft and return what is wrong with it."""
    draft.title = fields.text("title", draft.title) or draft.title
    errors = [] if draft.title else ["Title can't be blank"]
    is_new = draft.id == UNWRITTEN
    start_at, end_at = (_time(fields, name) for name in ("start_date", "end_date"))
    if is_new and (start_at is None or end_at is None):
        return [*errors, *(f"{name} can't be blank" for name in ("Start date", "End date"))]
    closes_with_end = draft.close_date == draft.end_date
    draft.start_date, draft.end_date = start_at or draft.start_date, end_at or draft.end_date
    if draft.course_id is not None or (is_new or closes_with_end):
        draft.close_date = draft.end_date
    if draft.course_id is None:
        draft.close_date = _time(fields, "close_date") or draft.close_date
    if fields.has("weight"):
        draft.weight = _weight(fields)
    if draft.end_date <= draft.start_date:
        errors.append(f"End date {ENDS_BEFORE_START}")
    elif draft.close_date < draft.end_date:
        errors.append(f"Close date {CLOSES_BEFORE_END}")
    return errors


def _time(fields: Fields, name: str) -> datetime | None:
    try:
        return read_time(fields.values.get(name), fields.zone)
    except ValueError:
        return None


def _weight(fields: Fields) -> float | None:
    try:
        return float(fields.values["weight"])
    except (TypeError, ValueError):
        return None


def _overlaps(periods: list[GradingPeriod]) -> list[str]:
    """Return a text where two periods overlap; one may begin in the minute in which another ends."""
    in_order = sorted(periods, key=lambda one: one.start_date)
    is_clash = any(after.start_date < before.end_date for before, after in pairwise(in_order))
    return [OVERLAP] if is_clash else []


def delete_course_period(call: Call) -> Answer:
    """Delete one of a course's own periods."""
    course = call.course()
    call.require(call.caller.may_manage_grades(course))
    _own_period(call, course).workflow_state = "deleted"
    return Answer(status=204)


def delete_account_period(call: Call) -> Answer:
    """Delete a period of one of the account's sets."""
    call.account()
    call.require(call.caller.is_admin)
    period = found(call.state.grading_periods.get(plain_id(call.path["grading_period_id"])))
    is_there = period.set_id is not None and period in siblings_of(call, period)
    found(period if is_there else None).workflow_state = "deleted"
    return json_answer({"delete": True})


COURSE_PERIODS = "/api/v1/courses/:course_id/grading_periods"
ACCOUNT_PERIODS = "/api/v1/accounts/:account_id/grading_periods"
ROUTES = [
    Route("PATCH", f"{ACCOUNT_PERIODS}/batch_update", update_account_periods),
    Route("PATCH", "/api/v1/grading_period_sets/:set_id/grading_periods/batch_update", update_set_periods),
    Route("PATCH", f"{COURSE_PERIODS}/batch_update", update_course_periods),
    Route("PUT", f"{COURSE_PERIODS}/:grading_period_id", update_course_period),
    Route("DELETE", f"{COURSE_PERIODS}/:grading_period_id", delete_course_period),
    Route("DELETE", f"{ACCOUNT_PERIODS}/:grading_period_id", delete_account_period),
]
