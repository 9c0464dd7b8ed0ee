"""Courses and terms (contract 10.5, 10.7.1, 10.7.2)."""

from datetime import datetime

from canvas_bridge.sandbox.api.call import Call, find_course, found, plain_id, sis_form
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, refusal, search_term_too_short
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.courses import Course, Term
from canvas_bridge.sandbox.shapes.courses import Json, course_json, term_json
from canvas_bridge.sandbox.shapes.times import shown

STATES = {
    "created": {"unpublished"},
    "claimed": {"unpublished"},
    "available": {"available"},
    "completed": {"completed"},
    "deleted": {"deleted"},
    "all": {"unpublished", "available", "completed", "deleted"},
}
SHORTEST_SEARCH = 2
ROOT_ACCOUNT_NAMES = ("self", "default")


def list_account_courses(call: Call) -> Answer:
    """Answer with the account's courses, all but deleted ones unless `state[]` says otherwise."""
    require_root_account(call)
    call.require(call.caller.is_admin)
    states = _wanted_states(call)
    courses = [one for one in call.state.courses if one.workflow_state in states]
    for matches in (_matches_search, _matches_term, _matches_enrollments, _matches_flags):
        courses = [one for one in courses if matches(call, one)]
    courses.sort(key=lambda one: (one.name.lower(), one.id))
    return call.paged(courses, lambda one: shape_course(call, one))


def require_root_account(call: Call) -> None:
    """Refuse with 404 any account but the root account."""
    text = call.path["account_id"]
    is_root = text in ROOT_ACCOUNT_NAMES or plain_id(text) == call.state.account.id
    found(call.state.account if is_root else None)


def _wanted_states(call: Call) -> set[str]:
    wanted = call.request.texts("state")
    if not wanted:
        return STATES["all"] - {"deleted"}
    return set().union(*(STATES.get(word, set()) for word in wanted))


def _matches_search(call: Call, course: Course) -> bool:
    if "search_term" not in call.params:
        return True
    term = call.request.text("search_term").strip().lower()
    if len(term) < SHORTEST_SEARCH:
        raise search_term_too_short()
    fields = (course.name, course.course_code, course.sis_course_id or "")
    return plain_id(term) == course.id or any(term in field.lower() for field in fields)


def _matches_term(call: Call, course: Course) -> bool:
    if "enrollment_term_id" not in call.params:
        return True
    term = _find_term(call, call.request.text("enrollment_term_id"))
    return term is not None and course.term_id == term.id


def _matches_enrollments(call: Call, course: Course) -> bool:
    if "with_enrollments" not in call.params:
        return True
    found_ones = call.state.enrollments.where("course", course.id)
    has_some = any(one.workflow_state in ("active", "invited", "completed") for one in found_ones)
    return has_some == call.request.flag("with_enrollments")


def _matches_flags(call: Call, course: Course) -> bool:
    request = call.request
    if "published" in call.params and request.flag("published") != (course.workflow_state != "unpublished"):
        return False
    return not ("completed" in call.params and request.flag("completed") != (course.workflow_state == "completed"))


def shape_course(call: Call, course: Course) -> Json:
    """Return a course with what `include[]` asks for."""
    state, request = call.state, call.request
    shape = course_json(state, course, call.caller.user, with_sis=call.caller.may_read_sis(course))
    if request.includes("term"):
        shape["term"] = _term_for_caller(call, course)
    if request.includes("concluded"):
        shape["concluded"] = _is_concluded(call, course)
    if request.includes("total_students"):
        shape["total_students"] = len(_people(call, course, "StudentEnrollment"))
    if request.includes("teachers"):
        shape["teachers"] = [_teacher(call, user_id) for user_id in _people(call, course, "TeacherEnrollment")]
    if request.includes("account_name"):
        shape["account_name"] = state.account.name
    if request.includes("sections"):
        shape["sections"] = [_own_section(call, one.section_id, one.type) for one in call.caller.enrollments_in(course)]
    return shape


def _term_for_caller(call: Call, course: Course) -> Json:
    """Return the term with start and end as they hold for the caller's enrollments in the course."""
    term = call.state.terms[course.term_id]
    shape = term_json(term, with_sis=call.caller.may_read_sis(course))
    own = [one for one in call.caller.enrollments_in(course) if one.type in term.overrides]
    if own:
        dates = term.overrides[own[0].type]
        shape |= {"start_at": shown(dates.start_at), "end_at": shown(dates.end_at)}
    return shape


def _is_concluded(call: Call, course: Course) -> bool:
    term = call.state.terms[course.term_id]
    end_at = course.end_at if course.restrict_enrollments_to_course_dates else term.end_at
    return course.workflow_state == "completed" or (end_at is not None and end_at < call.state.now())


def _people(call: Call, course: Course, kind: str) -> list[int]:
    found_ones = call.state.enrollments.where("course", course.id)
    current = [one.user_id for one in found_ones if one.type == kind and one.workflow_state in ("active", "invited")]
    return list(dict.fromkeys(current))


def _teacher(call: Call, user_id: int) -> Json:
    user = call.state.users[user_id]
    return {"id": user.id, "display_name": user.short_name, "anonymous_id": f"{user.id:x}", "html_url": ""}


def _own_section(call: Call, section_id: int, role: str) -> Json:
    section = call.state.sections[section_id]
    dates = {"start_at": shown(section.start_at), "end_at": shown(section.end_at)}
    return {"id": section.id, "name": section.name, **dates, "enrollment_role": role}


def show_course(call: Call) -> Answer:
    """Answer with one course; one that exists but may not be seen is not allowed rather than not found."""
    course = found(find_course(call.state, call.path["course_id"]))
    call.require(call.caller.may_read(course))
    return json_answer(shape_course(call, course))


def list_own_courses(call: Call) -> Answer:
    """Answer with the courses in which the caller has an active enrollment."""
    own = call.state.enrollments.where("user", call.caller.user.id)
    ids = dict.fromkeys(one.course_id for one in own if one.workflow_state in ("active", "completed"))
    courses = [call.state.courses[course_id] for course_id in ids]
    visible = [one for one in courses if one.workflow_state != "deleted" and call.caller.may_read(one)]
    return call.paged(visible, lambda one: shape_course(call, one))


def list_terms(call: Call) -> Answer:
    """Answer with the account's terms, paged inside their envelope."""
    _require_term_reader(call)
    wanted = call.request.texts("workflow_state") or ["active"]
    terms = [one for one in call.state.terms if one.workflow_state in wanted or "all" in wanted]
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
    _require_term_reader(call)
    term = found(_find_term(call, call.path["term_id"]))
    return json_answer(term_json(term, with_sis=call.caller.is_admin, with_overrides=True))


def _require_term_reader(call: Call) -> None:
    text = call.path["account_id"]
    if text not in ROOT_ACCOUNT_NAMES and plain_id(text) != call.state.account.id:
        raise refusal(400, {"message": "Terms only belong to root_accounts."})
    own = call.state.enrollments.where("user", call.caller.user.id)
    teaches = any(one.type == "TeacherEnrollment" and one.workflow_state == "active" for one in own)
    call.require(call.caller.is_admin or teaches)


def _find_term(call: Call, text: str) -> Term | None:
    if text == "default":
        return call.state.terms.get(min(term.id for term in call.state.terms))
    form = sis_form(text)
    if form is None:
        return call.state.terms.get(plain_id(text))
    return call.state.terms.first("sis", form[1]) if form[0] == "sis_term_id" else None


ROUTES = [
    Route("GET", "/api/v1/accounts/:account_id/courses", list_account_courses),
    Route("GET", "/api/v1/accounts/:account_id/courses/:course_id", show_course),
    Route("GET", "/api/v1/courses", list_own_courses),
    Route("GET", "/api/v1/courses/:course_id", show_course),
    Route("GET", "/api/v1/accounts/:account_id/terms", list_terms),
    Route("GET", "/api/v1/accounts/:account_id/terms/:term_id", show_term),
]
