"""A tour of the demo by every role: each kind of page goes through axe, and fits a small screen."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from accommodations.demo.accounts import ACCOUNTS, Account
from tests.browser.axe import assert_accessible
from tests.services.stack import Stack

NOT_A_PAGE = re.compile(r"/(admin|export|sign-out|static)/|\?|#")
MOST_PAGES = 24


@pytest.fixture(params=ACCOUNTS, ids=[account.role for account in ACCOUNTS])
def visitor(request: pytest.FixtureRequest, browser: Browser, demo_stack: Stack) -> Iterator[Page]:
    """Return a window in which one user of the demo has signed in."""
    account: Account = request.param
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=demo_stack.url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("Name", exact=True).fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    yield page
    context.close()


def test_every_page_of_every_role_is_accessible_and_fits_a_small_screen(visitor: Page) -> None:
    """One page of each kind: no violation of axe, and nothing to scroll sideways at 360 px."""
    page, seen, waiting = visitor, set[str](), ["/"]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} is linked and answers {answer.status}"
        assert_accessible(page)
        assert_fits(page)
        waiting += linked_paths(page)
    assert seen


def kind_of(path: str) -> str:
    """Return the path with numbers taken out: pages that differ only by what they show."""
    return re.sub(r"\d+", "N", path)


def linked_paths(page: Page) -> list[str]:
    """Return the paths of this site that the page links to, its own navigation first."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    own = urlsplit(page.url).netloc
    paths = [urlsplit(one).path for one in found if urlsplit(one).netloc == own and not NOT_A_PAGE.search(one)]
    return list(dict.fromkeys(paths))


def assert_fits(page: Page) -> None:
    """The page is as wide as a small screen; only tables may scroll, in their own region."""
    page.set_viewport_size({"width": 360, "height": 740})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert width <= 360, f"{page.url} is {width} px wide on a screen of 360 px"
