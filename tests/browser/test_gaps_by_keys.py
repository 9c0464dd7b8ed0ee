"""By keyboard alone in the demo: from home to a gap and why it is one, and the list of gaps as a file."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from accommodations.demo.accounts import ACCOUNTS
from tests.browser.keys import Keys
from tests.browser.test_tour import signed_in
from tests.services.stack import Stack


@pytest.fixture
def keys(browser: Browser, demo_stack: Stack) -> Iterator[Keys]:
    """Return the keyboard of a coordinator's window, at home."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=demo_stack.url)
    page = context.new_page()
    signed_in(page, ACCOUNTS[0])
    page.goto("/")
    yield Keys(page)
    context.close()


def test_a03_a04_a_gap_is_found_and_the_list_exported_by_keys_alone(keys: Keys) -> None:
    """Coverage, narrowed to what was missed; its file; the first of them with its reason."""
    page = keys.page
    keys.press(page.get_by_role("navigation").get_by_role("link", name="Coverage", exact=True))
    page.wait_for_url("**/coverage/")
    keys.check(page.get_by_role("checkbox", name="Missed", exact=True))
    expect(page).to_have_url(re.compile("status=missed"))
    expect(page.locator("#announcer")).to_contain_text(re.compile(r"\d"))

    keys.press(page.locator("#pair-results tbody a[href^='/coverage/']").first)
    expect(page.get_by_role("heading", name="Status and why")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("checkbox", name="Missed", exact=True)).to_be_checked()

    with page.expect_download() as download:
        keys.press(page.get_by_role("link", name="CSV of this list"))
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 1
    assert all("issed" in line for line in lines[1:])
    assert keys.tabs <= 80
