"""Each endpoint with requests that nobody meant well: none fails by accident, and no read changes anything."""

import json
import re
from datetime import timedelta

import pytest

from canvas_bridge.sandbox.api.table import all_routes
from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.dump import dump
from canvas_bridge.sandbox.http.request import Request

ROUTES = {route.endpoint: route for route in all_routes()}
IDS = ["0", "abc", "-1", "99999999999999999999", "sis_user_id:none", "hex:sis_course_id:zz", "%00", "self", "None"]
VALUES = [None, "", "x", -1.5, 10**30, True, [None], {"0": "x"}, [[]], "2026-13-45T99:99:99Z"]
# Words that some handler looks for, at the top of its parameters or inside.
WRAPPERS = [
    "assignment", "assignment_group", "assignment_override", "assignment_overrides", "assignment_extensions", "course",
    "course_section", "enrollment", "enrollment_term", "grading_periods", "grading_period_set", "members", "module",
    "module_item", "overrides", "pseudonym", "question", "quiz", "quiz_extensions", "quiz_questions", "quiz_settings",
    "submission", "user", "wiki_page",
]  # fmt: skip
FIELDS = [
    "all_dates", "assignment_id", "attempt", "course_id", "course_section_id", "due_at", "end_at", "end_date", "event",
    "extra_attempts", "extra_time", "group_id", "id", "include", "lock_at", "member_ids", "name", "order", "per_page",
    "position", "published", "question_type", "search_term", "sort", "start_at", "start_date", "state", "student_ids",
    "submission_type", "time_limit", "time_zone", "title", "type", "unlock_at", "user_id", "validation_token",
]  # fmt: skip


@pytest.fixture
def names(state, campus):
    """The parts of paths, filled with what is really there; those of New Quizzes have an assignment of their own."""
    course, due = campus.course, campus.due
    category = state.add_group_category(course, "Lab pairs")
    group = state.add_group(category, "Pair 1", campus.ana)
    override = state.add_override(campus.essay, students=[campus.bao], due_at=due)
    attempt = state.start_attempt(campus.quiz, campus.chidi)
    state.start_new_quiz_session(campus.new_quiz, campus.ana)
    discussion, page = state.add_discussion(course, "Membranes"), state.add_page(course, "Reading list")
    module = state.add_module(course, "Week 1", campus.essay, discussion)
    term = state.terms[course.term_id]
    period = state.add_grading_period("Fall", start_date=due, end_date=due + timedelta(days=30), term=term)
    ids = {
        "account_id": "self",
        "course_id": course.id,
        "new_course_id": state.add_course("Botany").id,
        "section_id": campus.morning.id,
        "user_id": campus.ana.id,
        "assignment_id": campus.essay.id,
        "new_quiz_id": campus.new_quiz.id,
        "quiz_id": campus.quiz.id,
        "override_id": override.id,
        "submission_id": attempt.id,
        "quiz_submission_id": attempt.id,
        "group_id": group.id,
        "group_category_id": category.id,
        "term_id": term.id,
        "grading_period_id": period.id,
        "set_id": period.set_id,
        "topic_id": discussion.id,
        "url_or_id": page.url,
        "module_id": module.id,
        "item_id": next(iter(state.module_items)).id,
        "enrollment_id": state.enrollments.where("user", campus.ana.id)[0].id,
        "membership_id": state.memberships.where("user", campus.ana.id)[0].id,
    }
    return {name: str(value) for name, value in ids.items()} | {
        "assignment_group": str(campus.essay.assignment_group_id)
    }


@pytest.fixture
def ask(state):
    """Ask the application itself, as an administrator; it answers faster than a session would."""
    application, token = SandboxApplication(state), state.add_admin_token()
    headers = {"host": "canvas.test", "authorization": f"Bearer {token}", "content-type": "application/json"}

    def ask(method, path, body=None, query=""):
        state.control.buckets.clear()
        text = b"" if body is None else json.dumps(body).encode()
        return application.handle(Request(method, path, query, headers, text)).status

    return ask


def address_of(route, names):
    """Return a path of the route; a part for which nothing is there is a number that does not exist."""
    if "/assignment_groups/:group_id" in route.pattern:
        names = {**names, "group_id": names["assignment_group"]}
    if "/api/quiz/" in route.pattern or "/new_quizzes/" in route.pattern:
        names = {**names, "assignment_id": names["new_quiz_id"]}
    return re.sub(r":(\w+)", lambda match: names.get(match.group(1), "999999"), route.pattern)


def bodies():
    """Return bodies of every shape: bare values, values under each word, and values inside each word."""
    for value in VALUES:
        inside = dict.fromkeys(FIELDS, value)
        yield value
        yield dict.fromkeys([*WRAPPERS, *FIELDS], value)
        yield dict.fromkeys(WRAPPERS, inside) | inside
        yield {key: [inside, value] for key in WRAPPERS}
        yield [inside, value]


@pytest.mark.parametrize("endpoint", [name for name, route in ROUTES.items() if route.method != "GET"])
def test_contract_1_2_no_parameters_make_an_endpoint_fail_by_accident(ask, names, caplog, endpoint):
    route = ROUTES[endpoint]
    path = address_of(route, names)
    failed = [body for body in bodies() if ask(route.method, path, body) == 500]
    assert not failed, f"{json.dumps(failed[0])[:300]}\n{caplog.text[-1500:]}"


@pytest.mark.parametrize("endpoint", ROUTES)
def test_contract_1_6_no_id_makes_an_endpoint_fail_by_accident(ask, names, caplog, endpoint):
    route = ROUTES[endpoint]
    parts = re.findall(r":(\w+)", route.pattern)
    asked = [
        (part, value, ask(route.method, address_of(route, {**names, part: value}))) for part in parts for value in IDS
    ]
    assert [one for one in asked if one[2] == 500] == [], caplog.text[-1500:]


@pytest.mark.parametrize("endpoint", [name for name, route in ROUTES.items() if route.method == "GET"])
def test_reading_changes_nothing_that_the_state_tells(state, ask, names, endpoint):
    include = "include[]=submission&include[]=all_dates&include[]=overrides&include[]=user&per_page=1"
    path, before = address_of(ROUTES[endpoint], names), dump(state, with_tokens=False)
    assert 500 not in [ask("GET", path, query=query) for query in ("", include, f"as_user_id={names['user_id']}")]
    assert dump(state, with_tokens=False) == before
