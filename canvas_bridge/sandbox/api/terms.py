"""Terms of the root account: reads and writes (contract 10.7.2, 10.7.10)."""

from datetime import datetime

from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.caller import GRADERS
from canvas_bridge.sandbox.api.fields import Fields, taken, wrapped
from canvas_bridge.sandbox.api.finding import find_term
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, model_error, refusal
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.courses import Term, TermDates
from canvas_bridge.sandbox.shapes.courses import term_json

TYPES_WITH_DATES = (
    "StudentEnrollment",
    "TeacherEnrollment",
    "TaEnrollment",
    "DesignerEnrollment",
    "ObserverEnrollment",
    "StudentViewEnrollment",
)


def list_terms(call: Call) -> Answer:
    """Answer with the account's terms, newest first, paged inside their envelope."""
    _require_reader(call)
    wanted = call.request.texts("workflow_state") or ["active"]
    terms = [one for one in call.state.terms if one.workflow_state in wanted or "all" in wanted]
    name = call.request.text("term_name").lower()
    terms = [one for one in terms if name in one.name.lower()]
    terms.sort(key=lambda one: (_newest_first(one.start_at), _newest_first(one.end_at), one.id))
    page = numeric_page(call.request, terms)
    with_overrides = call.request.includes("overrides")
    with_sis = call.caller.is_admin
    shapes = [term_json(one, with_sis=with_sis, with_overrides=with_overrides) for one in page.items]
    return json_answer({"enrollment_terms": shapes}, headers=page.headers)


def _newest_first(at: datetime | None) -> float:
    """Return a sort key for "descending", where PostgreSQL puts null first."""
    return float("-inf") if at is None else -at.timestamp()


def show_term(call: Call) -> Answer:
    """Answer with one term, its overrides included."""
    _require_reader(call)
    return _answer(call, found(find_term(call.state, call.path["term_id"])))


def _answer(call: Call, term: Term) -> Answer:
    return json_answer(term_json(term, with_sis=call.caller.is_admin, with_overrides=True))


def _require_root_account(call: Call) -> None:
    if call.account().parent_account_id is not None:
        raise refusal(400, {"message": "Terms only belong to root_accounts."})


def _require_reader(call: Call) -> None:
    _require_root_account(call)
    own = call.state.enrollments.where("user", call.caller.user.id)
    teaches = any(one.type in GRADERS and one.workflow_state == "active" for one in own)
    call.require(call.caller.is_admin or teaches)


def _require_writer(call: Call) -> None:
    _require_root_account(call)
    call.require(call.caller.is_admin)


def create_term(call: Call) -> Answer:
    """Add a term."""
    _require_writer(call)
    values = wrapped(call, "enrollment_term")
    _check(call, values, None)
    term = call.state.add_term(values.text("name") or "")
    _write(call, term, values)
    return _answer(call, term)


def update_term(call: Call) -> Answer:
    """Change a term: only what was sent."""
    _require_writer(call)
    term = found(find_term(call.state, call.path["term_id"]))
    values = wrapped(call, "enrollment_term")
    _check(call, values, term)
    _write(call, term, values)
    return _answer(call, term)


def delete_term(call: Call) -> Answer:
    """Delete a term; neither the default one, nor one that has courses."""
    _require_writer(call)
    term = found(find_term(call.state, call.path["term_id"]))
    if term.id == call.state.default_term.id:
        raise invalid({"workflow_state": [model_error("workflow_state", "Cannot delete the default term")]})
    if any(one.term_id == term.id and one.workflow_state != "deleted" for one in call.state.courses):
        raise invalid({"workflow_state": [model_error("workflow_state", "Cannot delete a term with active courses")]})
    term.workflow_state = "deleted"
    return _answer(call, term)


def _check(call: Call, values: Fields, term: Term | None) -> None:
    owners = call.state.terms.where("sis", values.text("sis_term_id")) if values.has("sis_term_id") else []
    if any(one is not term and one.workflow_state != "deleted" for one in owners):
        raise taken("sis_source_id")
    for kind in _overrides(values):
        if kind not in TYPES_WITH_DATES:
            raise invalid({"base": [model_error("base", f"Invalid enrollment type: {kind}")]})


def _overrides(values: Fields) -> dict[str, object]:
    sent = values.values.get("overrides")
    return sent if isinstance(sent, dict) else {}


def _write(call: Call, term: Term, values: Fields) -> None:
    term.name = values.text("name", term.name) or term.name
    values.set_times(term, "start_at", "end_at")
    if "sis_term_id" in values:
        term.sis_term_id = values.text("sis_term_id")
        call.state.terms.reindex(term)
    for kind, sent in _overrides(values).items():
        dates = term.overrides.setdefault(kind, TermDates())
        Fields(call, sent).set_times(dates, "start_at", "end_at")


TERMS = "/api/v1/accounts/:account_id/terms"
ROUTES = [
    Route("GET", TERMS, list_terms),
    Route("GET", f"{TERMS}/:term_id", show_term),
    Route("POST", TERMS, create_term),
    Route("PUT", f"{TERMS}/:term_id", update_term),
    Route("DELETE", f"{TERMS}/:term_id", delete_term),
]
