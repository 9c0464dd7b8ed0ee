"""Grading periods of a course: reads (contract 10.7.5)."""

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.grading_periods import periods_of
from canvas_bridge.sandbox.shapes.courses import grading_period_json


def list_grading_periods(call: Call) -> Answer:
    """Answer with the grading periods of a course or of its term, paged inside their envelope."""
    course = call.course()
    call.require(call.caller.may_read(course))
    return _answer_periods(call, course)


def show_grading_period(call: Call) -> Answer:
    """Answer with one grading period, in the same envelope."""
    course = call.course()
    call.require(call.caller.may_read(course))
    return _answer_periods(call, course, only=plain_id(call.path["grading_period_id"]))


def _answer_periods(call: Call, course: Course, *, only: int | None = None) -> Answer:
    periods = periods_of(call.state, course)
    last = max(periods, key=lambda one: one.end_date, default=None)
    if only is not None:
        periods = [found(next((one for one in periods if one.id == only), None))]
    page = numeric_page(call.request, periods)
    are_own = bool(call.state.grading_periods.where("course", course.id))
    shapes = [
        grading_period_json(call.state, one, is_last=one is last, may_manage=call.caller.is_admin) for one in page.items
    ]
    pagination = {"per_page": len(shapes), "page_count": 1}
    return json_answer(
        {
            "grading_periods": shapes,
            "meta": {"pagination": pagination, "primaryCollection": "grading_periods"},
            "grading_periods_read_only": not are_own,
            "can_create_grading_periods": call.caller.is_admin,
        },
        headers=page.headers,
    )


ROUTES = [
    Route("GET", "/api/v1/courses/:course_id/grading_periods", list_grading_periods),
    Route("GET", "/api/v1/courses/:course_id/grading_periods/:grading_period_id", show_grading_period),
]
