"""Q06: every page of the URL list takes at most 12 queries, and no more when there is three times as much to show.

Session, account, permissions, settings and the log's own writes are counted. A page is opened by every role, and sent
an empty form by every role; where nobody can open it, it needs a row in `whose`, or a line below.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accommodations.services.rate_budget import RateBudget
from tests.accommodations.every_page.world import World, addresses, grow, new_world, routes
from tests.accommodations.services.conftest import reach
from tests.accommodations.views_b.conftest import HTMX, THREE_PROVISIONS
from tests.kept import kept_between_tests

MOST = 12
SHOWN = 200
IS_TRANSACTION = re.compile(r"^(RELEASE |ROLLBACK TO )?SAVEPOINT", re.IGNORECASE)
"""A view's own transaction is a savepoint in a test, where production has BEGIN and COMMIT."""

FOR_MACHINES = {
    "healthz": "asks nothing of the database",
    "readyz": "looks at every part of the system",
    "metrics": "one query for each kind of number",
}
NO_PAGE_OF_ITS_OWN = frozenset(
    [
        *("accommodation_approve", "act_take_back", "alert_seen", "assessment_exam", "choose_theme", "find"),
        *("hold_release", "import_confirm", "import_discard", "import_look_up", "import_rows", "import_take"),
        *("invitation_accept", "invitation_open", "invitation_revoke", "log_check", "log_check_status"),
        *("notice_acknowledge", "pair_follow_class", "pair_unsettle", "set_aside_release", "sign_out"),
        *("start_course_sync", "start_reason_sync", "start_student_sync", "sync_run_apply", "sync_run_cancel"),
        *(
            "admin_sign_in",
            "sign_in",
            "sync_run_retry",
            "sync_run_status",
            "usual_set_retire",
            "letter_confirm",
            "student_gone_take_back",
        ),
    ]
)
"""URLs that take what is sent and go on to another page, or answer nothing but a poll."""
ADDED = 4
"""So many of everything come after the first measure: one query for each would add that many."""


def asked_by(world: World, path: str, role: str, sent: dict[str, Any] | None = None, **headers: str) -> list[str]:
    """Return the queries of the page for a role; none where there is no page for it. Nothing of it stays."""
    client = Client()
    client.cookies.load({name: one.value for name, one in world.clients[role].cookies.items()})
    with transaction.atomic():
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path) if sent is None else client.post(path, sent, headers=headers)
            if answer.streaming:
                b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    queries = [one["sql"] for one in captured.captured_queries if not IS_TRANSACTION.match(one["sql"])]
    return [f"{role} {path}", *queries] if answer.status_code == SHOWN else []


def most_of(world: World, name: str, sent: dict[str, Any] | None = None, **headers: str) -> list[str]:
    """Return the most queries that the page takes, about any row and for any role, after who asked for what."""
    pages = [asked_by(world, path, role, sent, **headers) for path in addresses(world, name) for role in world.clients]
    return max(pages, key=len, default=[])


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[World, dict[str, int]]]:
    """The small world, each page measured in it, and grown afterwards."""

    def measured(patch: pytest.MonkeyPatch) -> tuple[World, dict[str, int]]:
        world = new_world(patch)
        before = {name: len(most_of(world, name)) - 1 for name in PAGES}
        grow(world, ADDED)
        return world, before

    yield from kept_between_tests(measured, django_db_blocker)


PAGES = [name for name in routes() if name not in FOR_MACHINES and name not in NO_PAGE_OF_ITS_OWN]


@pytest.fixture
def world(kept: tuple[World, dict[str, int]], db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    found, _ = kept
    reach(found.university.state, monkeypatch)
    monkeypatch.setattr(RateBudget, "before_request", lambda budget: None)
    return found


def in_lines(queries: list[str]) -> str:
    return "\n".join(one[:300] for one in queries)


@pytest.mark.parametrize("name", PAGES)
def test_q06_a_page_takes_at_most_twelve_queries_however_much_it_shows(
    name: str, world: World, kept: tuple[World, dict[str, int]]
) -> None:
    queries = most_of(world, name)
    number, before = len(queries) - 1, kept[1][name]
    is_sent_only = number < 0 and len(most_of(world, name, {})) > 1
    assert number > 0 or is_sent_only, (
        f"nobody can open {name} ({routes()[name]}): let `whose` name a row that shows it, or say that it has no page"
    )
    assert number <= MOST, in_lines(queries)
    assert before < 0 or number < before + ADDED, f"{before} before\n{in_lines(queries)}"


@pytest.mark.parametrize("name", [name for name in routes() if name not in FOR_MACHINES])
def test_q06_a_form_that_comes_back_takes_at_most_twelve_queries(name: str, world: World) -> None:
    queries = most_of(world, name, {})
    assert len(queries) - 1 <= MOST, in_lines(queries)


EXCEPTION = {"reason": "It is what is examined.", "effective_until": "1 Dec 2030", "step": "preview"}
SENT: dict[str, tuple[str, dict[str, Any]]] = {
    "preview": ("accommodation_preview", THREE_PROVISIONS),
    "preview of what is refused": ("accommodation_preview", {**THREE_PROVISIONS, "attempts": "0"}),
    "exception": ("exception_new", EXCEPTION),
    "release": ("student_release", {"release": "per_course", "step": "preview"}),
    "student found": ("student_find", {"q": "ada"}),
    "students": ("student_list", {"q": "person"}),
    "courses": ("course_list", {"q": "course"}),
    "coverage": ("pair_list", {"q": "quiz"}),
    "log": ("log", {"q": "person"}),
    "notices": ("notice_list", {"q": "person"}),
    "concerns": ("concern_list", {"q": "why"}),
}


@pytest.mark.parametrize("what", SENT)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_q06_what_is_typed_is_answered_with_at_most_twelve_queries(
    what: str, headers: dict[str, str], world: World
) -> None:
    name, sent = SENT[what]
    if what == "exception":
        sent = {**sent, "where": f"course-{world.whose['courses/'][0]}"}
    queries = most_of(world, name, sent, **headers)
    assert len(queries) - 1 <= MOST, in_lines(queries)
    # Without scripts a search is sent on to its own address, which the test above opens.
    assert queries or not headers or reverse(name) == reverse("student_find")


SEARCH = re.compile(
    r'<form[^>]*role="search"[^>]*hx-post="(?P<address>[^"]*)" hx-target="#(?P<target>[^"]*)"'
    r'[^>]*hx-trigger="(?P<trigger>[^"]*)"'
)
LISTS = {
    "student_list",
    "course_list",
    "pair_list",
    "coverage_board",
    "log",
    "user_list",
    "notice_list",
    "concern_list",
}


def test_every_list_that_is_searched_answers_while_somebody_types(world: World) -> None:
    searched = set()
    for name in PAGES:
        if "<" in routes()[name]:
            continue
        for role in ("director", "administrator"):
            page = world.clients[role].get(reverse(name))
            found = None if page.streaming else SEARCH.search(page.content.decode(errors="replace"))
            if found is None:
                continue
            searched.add(name)
            assert "input changed delay:300ms from:#q" in found["trigger"], name
            part = world.clients[role].post(found["address"], {"q": "ada"}, headers=HTMX)
            assert f'id="{found["target"]}"' in part.content.decode(), f"{name} swaps what it asked for"
            assert "<html" not in part.content.decode(), "a part of the page alone"
    assert searched >= LISTS, LISTS - searched
