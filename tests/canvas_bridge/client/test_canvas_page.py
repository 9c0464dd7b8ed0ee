"""docs/canvas.md tells the truth: every method with its endpoint, every scope that is needed, every named test."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from canvas_bridge.changes import (
    CreateOverride,
    DeleteOverride,
    ExtensionOnEveryQuiz,
    MoveOutOfSharedOverride,
    QuizDatesOfOne,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.client import CanvasClient
from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.facts import NOT_OVERRIDDEN, Dates, overridden_to
from canvas_bridge.sandbox.api.table import all_routes
from tests.canvas_bridge.gateway.campus import DUE, LATER, Campus, made_campus

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "canvas.md").read_text()
ROW = re.compile(r"^\| `(\w+ \S+)` \| `client\.(\w+)\.(\w+)` \| ([^|]+) \| ([^|]+) \| `([^|]+)` \|$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One row of the page's tables."""

    endpoint: str
    resource: str
    method: str
    used_by: str
    right: str
    tested_in: str

    @property
    def name(self) -> str:
        return f"{self.resource}.{self.method}"


ROWS = [Row(*(cell.strip() for cell in found)) for found in ROW.findall(PAGE)]


def scopes_of_page() -> list[str]:
    block = re.search(r"```scopes\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    return block.group(1).split()


def resources() -> Iterator[tuple[str, type[Resource]]]:
    client = CanvasClient.connected_to("https://canvas.example.edu", "t")
    for name, resource in vars(client).items():
        if isinstance(resource, Resource):
            yield name, type(resource)


def methods() -> Iterator[tuple[str, str, object]]:
    for resource, kind in resources():
        for name, method in vars(kind).items():
            if not name.startswith("_") and inspect.isfunction(method):
                yield resource, name, method


def endpoints_in(method: object) -> set[str]:
    """Return the endpoints that a method names itself, read from its source; a helper of it names none."""
    module = sys.modules[method.__module__]
    tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(method)))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    found = (getattr(module, name, None) for name in names)
    return {f"{one.method} {one.pattern}" for one in found if isinstance(one, Endpoint)}


def unnamed(scope: str) -> str:
    return re.sub(r":\w+(?=/|$)", ":", scope.removeprefix("url:"))


SANDBOX_SCOPES = {unnamed(route.scope): route.scope for route in all_routes()}


def test_every_method_of_the_client_is_on_the_page_with_its_endpoint() -> None:
    documented = {(row.resource, row.method): row.endpoint for row in ROWS}

    assert len(ROWS) == len(documented)
    assert set(documented) == {(resource, name) for resource, name, _ in methods()}
    for resource, name, method in methods():
        named = endpoints_in(method)
        endpoint = documented[resource, name]
        assert not named or endpoint in named, f"{resource}.{name} asks {named}"
        assert str(method.__doc__).startswith(f"`{endpoint}`"), f"{resource}.{name} says another endpoint"


def test_every_endpoint_that_the_client_names_has_a_method() -> None:
    named = {
        f"{one.method} {one.pattern}"
        for _, kind in resources()
        for one in vars(sys.modules[kind.__module__]).values()
        if isinstance(one, Endpoint)
    }

    assert named == {row.endpoint for row in ROWS}


def test_every_endpoint_is_one_that_canvas_has() -> None:
    endpoints = {row.endpoint.replace(" ", "|") for row in ROWS}

    assert {one for one in endpoints if unnamed(one) not in SANDBOX_SCOPES} == set()


def test_the_scopes_to_paste_are_those_of_what_leeway_uses() -> None:
    used = {f"url:{row.endpoint.replace(' ', '|')}" for row in ROWS if row.used_by != "–"}

    assert len(scopes_of_page()) == len(set(scopes_of_page()))
    assert set(scopes_of_page()) == used


def test_what_the_gateway_calls_is_marked_as_used() -> None:
    sources = "\n".join(path.read_text() for path in sorted((ROOT / "canvas_bridge" / "gateway").rglob("*.py")))
    names = {row.name for row in ROWS}
    called = {f"{resource}.{method}" for resource, method in re.findall(r"client\.(\w+)\.(\w+)\(", sources)} & names

    assert len(called) > 20
    assert {row.name for row in ROWS if row.name in called and row.used_by == "–"} == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_method_is_tested_where_the_page_says(row: Row) -> None:
    text = (ROOT / row.tested_in).read_text()

    assert re.search(rf"\.{row.name}\b", text)
    assert row.right


def confirmed_acts(campus: Campus) -> set[str]:
    """Carry out each act that only a person may ask for, and return how they ended."""
    student, gateway, course_id, quiz = campus.students[0], campus.gateway, campus.course.id, campus.quiz
    practice = campus.state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz", lock_at=DUE)
    campus.state.start_attempt(quiz, student)
    ids = {"canvas_course_id": course_id, "canvas_quiz_id": quiz.id, "canvas_user_id": student.id}
    dates = (NOT_OVERRIDDEN, NOT_OVERRIDDEN, overridden_to(LATER))
    stands = gateway.read_quiz_dates(canvas_course_id=course_id, canvas_quiz_id=practice.id)
    ended = (
        gateway.extend_running_attempt(**ids, minutes_from_end=10),
        gateway.set_unlocked(**ids, is_unlocked=True),
        gateway.extend_every_quiz(
            canvas_course_id=course_id, elements=[ExtensionOnEveryQuiz(student.id, extra_minutes=45)]
        ),
        gateway.write_quiz_dates(
            canvas_course_id=course_id, stands=stands, change=QuizDatesOfOne(student.id, dates, title="Extra 7KQ2")
        ),
    )
    return {one.kind.value for one in ended}


def test_leeway_works_with_these_scopes_and_no_others() -> None:
    """A whole round of the gateway, with a token that the sandbox limits to the scopes of the page."""
    campus = made_campus()
    campus.state.add_override(campus.essay, students=campus.students[1:3], title="Away team", due_at=DUE)
    category = campus.state.add_group_category(campus.course, "Labs")
    group = campus.state.add_group(category, "Lab 1", campus.students[0])
    campus.state.add_override(
        campus.state.add_assignment(campus.course, "Project", group_category=category), group=group, due_at=LATER
    )
    scopes = [SANDBOX_SCOPES[unnamed(scope)] for scope in scopes_of_page()]
    campus.gateway = campus.gateway_of(campus.state.add_token(campus.state.admin, scopes=scopes))
    amara, bao, chiara, dmitri = (one.id for one in campus.students)
    own = campus.state.add_override(campus.essay, students=[campus.students[3]], due_at=DUE)
    (shared,) = campus.state.overrides.where("assignment", campus.essay.id)[:1]

    assert [check for check in campus.gateway.check_permissions() if not check.is_ok] == []
    facts = campus.read()
    keys = frozenset(one.key for one in facts.assessments)
    campus.gateway.read_submissions(campus.gateway.read_extensions(facts, keys), keys)
    outcomes = campus.apply(
        SetQuizExtension(campus.quiz.id, amara, extra_minutes=30),
        SetAssignmentExtension(campus.essay.id, amara, extra_attempts=1),
        SetNewQuizAccommodation(campus.new_quiz.id, amara, extra_minutes=15),
        CreateOverride(campus.essay.id, amara, "Extra 7KQ2", Dates(due_at=LATER)),
        UpdateOverride(campus.essay.id, own.id, dmitri, NOT_OVERRIDDEN, overridden_to(LATER), NOT_OVERRIDDEN),
        MoveOutOfSharedOverride(
            canvas_assignment_id=campus.essay.id,
            canvas_shared_override_id=shared.id,
            canvas_user_id=bao,
            remaining_canvas_user_ids=(chiara,),
            shared_title="Away team",
            shared_unlock=NOT_OVERRIDDEN,
            shared_due=overridden_to(DUE),
            shared_lock=NOT_OVERRIDDEN,
            title="Extra 7KQ3",
            dates=Dates(due_at=LATER),
        ),
        DeleteOverride(campus.essay.id, own.id, dmitri),
    )

    assert {one.kind.value for one in outcomes} == {"applied"}
    assert confirmed_acts(campus) == {"applied"}
    assert campus.gateway.find_person(login_id=campus.students[0].login_id).canvas_user_id == amara
    assert campus.gateway.list_courses()
    assert campus.gateway.search_people("Amara")
