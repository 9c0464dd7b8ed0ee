"""Grading periods of courses and accounts: reads, and the envelope of every answer (contract 10.7.5)."""

from typing import Any

from canvas_bridge.sandbox.api.accounts import accounts_below
from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.courses import Course, GradingPeriod
from canvas_bridge.sandbox.records.people import Account
from canvas_bridge.sandbox.rules.grading_periods import own_periods_of, periods_of
from canvas_bridge.sandbox.shapes.grading_periods import grading_period_json

Json = dict[str, Any]


def list_grading_periods(call: Call) -> Answer:
    """Answer with the grading periods of a course or of its term, paged inside their envelope."""
    course = call.course()
    call.require(call.caller.may_read(course))
    return answer_course_periods(call, course, periods_of(call.state, course))


def show_grading_period(call: Call) -> Answer:
    """Answer with one grading period, in the same envelope."""
    course = call.course()
    call.require(call.caller.may_read(course))
    return answer_course_periods(call, course, [period_of_course(call, course)])


def period_of_course(call: Call, course: Course) -> GradingPeriod:
    """Return the period of the path, one of the course's or of its term's."""
    number = plain_id(call.path["grading_period_id"])
    return found(next((one for one in periods_of(call.state, course) if one.id == number), None))


def list_account_grading_periods(call: Call) -> Answer:
    """Answer with the periods of all sets of an account."""
    account = call.account()
    call.require(call.caller.is_admin)
    periods = account_periods(call, account)
    return answer_periods(call, periods, is_read_only=False, may_manage=True)


def account_periods(call: Call, account: Account) -> list[GradingPeriod]:
    """Return the periods of the sets of an account, by start."""
    ids = {account.id, *(one.id for one in accounts_below(call.state, account))}
    sets = [one for one in call.state.grading_period_sets if one.account_id in ids and one.workflow_state == "active"]
    periods = [one for found_set in sets for one in call.state.grading_periods.where("set", found_set.id)]
    return _live_by_start(periods)


def _live_by_start(periods: list[GradingPeriod]) -> list[GradingPeriod]:
    return sorted((one for one in periods if one.workflow_state == "active"), key=lambda one: (one.start_date, one.id))


def siblings_of(call: Call, period: GradingPeriod) -> list[GradingPeriod]:
    """Return the live periods of the same set or course, by start."""
    index, key = ("course", period.course_id) if period.set_id is None else ("set", period.set_id)
    return _live_by_start(call.state.grading_periods.where(index, key))


def answer_course_periods(call: Call, course: Course, periods: list[GradingPeriod]) -> Answer:
    """Answer with periods of a course; those of its term are not the course's to change."""
    are_own = bool(own_periods_of(call.state, course))
    may_manage = call.caller.may_manage_grades(course) if are_own else call.caller.is_admin
    return answer_periods(call, periods, is_read_only=not are_own, may_manage=may_manage)


def answer_periods(call: Call, periods: list[GradingPeriod], *, is_read_only: bool, may_manage: bool) -> Answer:
    """Answer with periods in their envelope, paged."""
    page = numeric_page(call.request, periods)
    return json_answer(
        {
            "grading_periods": [shape_period(call, one, may_manage=may_manage) for one in page.items],
            "meta": {"pagination": _pagination(call, page.headers), "primaryCollection": "grading_periods"},
            "grading_periods_read_only": is_read_only,
            "can_create_grading_periods": call.caller.is_admin,
        },
        headers=page.headers,
    )


def _pagination(call: Call, headers: dict[str, str]) -> Json:
    """Return the addresses of the Link header once more, by their names."""
    parts = [part.partition(">; rel=") for part in headers.get("Link", "").split(",<")]
    return {name.strip('"'): address.lstrip("<") for address, _, name in parts if name}


def shape_period(call: Call, period: GradingPeriod, *, may_manage: bool) -> Json:
    """Return a period, which knows whether it is the last of its set or course."""
    last = max(siblings_of(call, period), key=lambda one: one.end_date, default=None)
    return grading_period_json(call.state, period, is_last=period is last, may_manage=may_manage)


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/grading_periods", list_grading_periods),
    Route("GET", "/api/v1/courses/:course_id/grading_periods/:grading_period_id", show_grading_period),
    Route("GET", "/api/v1/accounts/:account_id/grading_periods", list_account_grading_periods),
]
