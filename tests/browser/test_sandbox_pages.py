"""The sandbox Canvas's own pages with axe and at the widths that people use, in the light and in the dark."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.server import SandboxServer
from canvas_bridge.sandbox.state import SandboxState
from tests.browser.axe import assert_accessible

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def paths() -> Iterator[dict[str, str]]:
    """Return the address of each kind of page, with one student who has something of everything."""
    state = SandboxState(now=datetime(2026, 11, 22, 15, 0, tzinfo=UTC))
    course = state.add_course("Cell Biology", "BIOL 201")
    users = [state.add_user(name) for name in ("Hadi Abboud", "Ana Oliveira", "Bao Nguyen")]
    for one in users:
        state.enroll(one, course)
    user, due = users[0], state.now() + timedelta(days=1)
    quiz = state.add_quiz(course, "Pre-lab quiz 1: Membranes", time_limit=60, due_at=due, lock_at=due)
    state.add_assignment(course, "Lab report with a name too long for any one line", due_at=due)
    assignment = state.assignments[quiz.assignment_id]
    later = due + timedelta(days=2)
    state.add_override(assignment, students=[user], title="Plan 7F2K", due_at=later, lock_at=later)
    state.set_quiz_extension(quiz, user, extra_time=30, extra_attempts=1, manually_unlocked=True)
    state.start_attempt(quiz, user)
    server = SandboxServer(SandboxApplication(state))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    base = f"{server.base_url}/courses/{course.id}"
    yield {
        "home": f"{server.base_url}/",
        "search": f"{server.base_url}/?q=a",
        "course": base,
        "assessment": f"{base}/assignments/{assignment.id}",
        "student": f"{base}/users/{user.id}",
        "pair": f"{base}/users/{user.id}/assignments/{assignment.id}",
        "not found": f"{server.base_url}/nothing",
    }
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", ["home", "search", "course", "assessment", "student", "pair", "not found"])
def test_a_page_of_the_sandbox_can_be_read_by_everybody(
    browser: Browser, paths: dict[str, str], name: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(paths[name])
    assert page.evaluate(OVERFLOW) <= 0
    assert_accessible(page)
    context.close()


def test_the_keyboard_reaches_the_content_and_the_search_works_without_scripts(
    browser: Browser, paths: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(paths["home"])
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.get_by_label("Search courses and people").fill("Cell")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Cell Biology").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Cell Biology"
    context.close()
