"""Sets of grading periods, which hold in the terms that name them (contract 10.7.5)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.fields import Fields, wrapped
from canvas_bridge.sandbox.api.finding import find_term
from canvas_bridge.sandbox.api.grading_periods import shape_period
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.courses import GradingPeriodSet, Term
from canvas_bridge.sandbox.shapes.grading_periods import grading_period_set_json

Json = dict[str, Any]


def list_sets(call: Call) -> Answer:
    """Answer with an account's sets, newest first, paged inside their envelope."""
    account = call.account()
    call.require(call.caller.is_admin)
    sets = [one for one in call.state.grading_period_sets if one.account_id == account.id]
    live = sorted((one for one in sets if one.workflow_state == "active"), key=lambda one: -one.id)
    page = numeric_page(call.request, live)
    return json_answer({"grading_period_sets": [_shape(call, one) for one in page.items]}, headers=page.headers)


def _shape(call: Call, grading_set: GradingPeriodSet) -> Json:
    rows = [one for one in call.state.grading_periods.where("set", grading_set.id) if one.workflow_state == "active"]
    rows.sort(key=lambda one: one.start_date)
    return grading_period_set_json(call.state, grading_set, [shape_period(call, one, may_manage=True) for one in rows])


def create_set(call: Call) -> Answer:
    """Add a set and let it hold in the terms named."""
    account = call.account()
    call.require(call.caller.is_admin)
    values = wrapped(call, "grading_period_set")
    title = values.text("title")
    if title is None:
        raise refusal(422, {"errors": {"title": ["can't be blank"]}})
    terms = _wanted_terms(call, values)
    grading_set = call.state.add_grading_period_set(title, *(terms or []))
    grading_set.account_id = account.id
    _write(grading_set, values)
    return json_answer({"grading_period_set": _shape(call, grading_set)}, 201)


def update_set(call: Call) -> Answer:
    """Change a set: only what was sent; the terms named are the whole list."""
    grading_set = _live_set(call)
    values = wrapped(call, "grading_period_set")
    terms = _wanted_terms(call, values)
    _write(grading_set, values)
    if terms is not None:
        _set_terms(call, grading_set, terms)
    return Answer(status=204)


def _live_set(call: Call) -> GradingPeriodSet:
    call.account()
    call.require(call.caller.is_admin)
    grading_set = call.state.grading_period_sets.get(plain_id(call.path["set_id"]))
    return found(grading_set if grading_set and grading_set.workflow_state == "active" else None)


def _wanted_terms(call: Call, values: Fields) -> list[Term] | None:
    """Return the terms of `enrollment_term_ids`, beside the wrapper or in it; None where none were sent."""
    sent = call.params.get("enrollment_term_ids", values.values.get("enrollment_term_ids"))
    if not isinstance(sent, list):
        return None
    return [found(find_term(call.state, str(text))) for text in sent if text != ""]


def _write(grading_set: GradingPeriodSet, values: Fields) -> None:
    grading_set.title = values.text("title", grading_set.title) or grading_set.title
    grading_set.is_weighted = values.flag("weighted", grading_set.is_weighted)
    grading_set.is_total_shown = values.flag("display_totals_for_all_grading_periods", grading_set.is_total_shown)


def _set_terms(call: Call, grading_set: GradingPeriodSet, terms: list[Term]) -> None:
    for term in call.state.terms:
        if term.grading_period_set_id == grading_set.id:
            term.grading_period_set_id = None
    for term in terms:
        term.grading_period_set_id = grading_set.id


def delete_set(call: Call) -> Answer:
    """Delete a set with its periods; its terms have none then."""
    grading_set = _live_set(call)
    grading_set.workflow_state = "deleted"
    _set_terms(call, grading_set, [])
    for period in call.state.grading_periods.where("set", grading_set.id):
        period.workflow_state = "deleted"
    return Answer(status=204)


SETS = "/api/v1/accounts/:account_id/grading_period_sets"
ROUTES = [
    Route("GET", SETS, list_sets),
    Route("POST", SETS, create_set),
    Route("PATCH", f"{SETS}/:set_id", update_set),
    Route("DELETE", f"{SETS}/:set_id", delete_set),
]
