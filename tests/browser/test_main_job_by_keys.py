"""The main job by keyboard alone: sign in, record, preview, apply, sign out. Nothing is clicked, nothing is focused."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accommodations.demo.accounts import ACCOUNTS
from tests.browser.keys import Keys
from tests.browser.plans import PLAN, SYNC_MS, apply_plan
from tests.services.stack import Stack

MOST_TABS = 160
"""For the whole job, over seven pages: a quarter more than it takes now."""


@pytest.fixture
def keys(browser: Browser, stack: Stack) -> Iterator[Keys]:
    """Return the keyboard of a window in which nobody is signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=stack.url)
    yield Keys(context.new_page())
    context.close()


def test_a01_a02_a05_recorded_previewed_and_applied_by_keys_alone(keys: Keys) -> None:
    """From the sign-in to the sign-out; no page of it holds the focus, and few presses of Tab are needed."""
    page = keys.page
    page.goto("/")
    keys.find_no_trap()
    page.goto("/")
    sign_in(keys)

    keys.press(page.get_by_role("navigation").get_by_role("link", name="Students", exact=True))
    page.wait_for_url("**/students/")
    keys.press(page.get_by_role("main").get_by_role("link", name="Record accommodation"))
    keys.type(page.get_by_label("Name, SIS id, login or Canvas id"), "S100303")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accommodations/new/")
    fill_in(keys)
    keys.press(page.get_by_role("button", name="Save and read the plan"))

    expect(page.get_by_role("heading", level=1)).to_have_text(PLAN, timeout=SYNC_MS)
    apply_plan(page, press=keys.press)
    keys.press(page.get_by_role("button", name="Sign out"), most=80)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert keys.tabs <= MOST_TABS


def sign_in(keys: Keys) -> None:
    """Type name and password and press Enter."""
    page = keys.page
    keys.type(page.get_by_label("Name", exact=True), ACCOUNTS[0].username)
    keys.type(page.get_by_label("Password"), ACCOUNTS[0].password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()


def fill_in(keys: Keys) -> None:
    """Choose time and a half and one extra attempt, and hear at once what it comes to."""
    page = keys.page
    for words in ("Extra time", "Extra attempts"):
        keys.check(page.get_by_role("checkbox", name=words, exact=True))
    keys.choose(page.get_by_role("radio", name="1.5×"))
    keys.type(page.get_by_label("Extra attempts", exact=True).last, "1")
    expect(page.locator("#preview")).to_contain_text("in the plan that you read after saving")
    assert page.locator(":focus").count() == 1, "the preview takes no focus away"


@pytest.mark.parametrize("path", ["/", "/students/", "/students/find/", "/coverage/", "/log/"])
def test_a05_no_page_of_the_job_holds_the_focus(keys: Keys, path: str) -> None:
    """Tab leaves each page at its end, Shift and Tab at its beginning, and each stop comes once."""
    page: Page = keys.page
    page.goto("/")
    sign_in(keys)
    page.goto(path)
    keys.find_no_trap()
