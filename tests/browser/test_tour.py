"""A tour of the demo by every role: each kind of page goes through axe, and fits a small screen."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accommodations.demo.accounts import ACCOUNTS, Account
from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.services.stack import Stack

NOT_A_PAGE = re.compile(r"/(admin|export|sign-out|static)/|\?|#")
MOST_PAGES = 24


@pytest.fixture(params=ACCOUNTS, ids=[account.role for account in ACCOUNTS])
def visitor(request: pytest.FixtureRequest, browser: Browser, demo_stack: Stack) -> Iterator[Page]:
    """Return a window in which one user of the demo has signed in."""
    account: Account = request.param
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=demo_stack.url)
    page = context.new_page()
    signed_in(page, account)
    yield page
    context.close()


def signed_in(page: Page, account: Account) -> None:
    """Sign in by the form."""
    page.goto("/sign-in/")
    page.get_by_label("Name", exact=True).fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()


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


@pytest.fixture
def office(browser: Browser, demo_stack: Stack) -> Iterator[Page]:
    """Return a coordinator's window."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=demo_stack.url)
    page = context.new_page()
    signed_in(page, ACCOUNTS[0])
    yield page
    context.close()


@pytest.fixture
def office_without_scripts(browser: Browser, demo_stack: Stack) -> Iterator[Page]:
    """Return a coordinator's window in which no script runs."""
    context = browser.new_context(java_script_enabled=False, base_url=demo_stack.url)
    page = context.new_page()
    signed_in(page, ACCOUNTS[0])
    yield page
    context.close()


def wait_for_link(page: Page, path: str, name: re.Pattern[str]) -> Locator:
    """Return the first link of that name on the page, as soon as the first sync of the demo has come so far."""
    link = page.get_by_role("link", name=name).first
    for _ in range(60):
        page.goto(path)
        if link.count():
            return link
        page.wait_for_timeout(2000)
    raise AssertionError(f"{path} never had a link {name.pattern!r}")


def test_a01_a_running_attempt_is_extended_from_home_by_keyboard_alone(office: Page) -> None:
    """The link, other minutes, the new end, the confirmation: each reached and pressed by keys."""
    link = wait_for_link(office, "/", re.compile("^Extend the running attempt"))
    picture(office, "home")
    link.focus()
    office.keyboard.press("Enter")
    expect(office.get_by_role("heading", level=1)).to_contain_text("Extend the running attempt of")
    assert_accessible(office)
    assert_fits(office)
    office.get_by_label("Minutes to add").fill("1.5")
    office.keyboard.press("Enter")
    expect(office.get_by_role("alert")).to_be_focused()
    assert_accessible(office)
    office.get_by_label("Minutes to add").fill("7")
    office.keyboard.press("Enter")
    expect(office.get_by_role("heading", name="With 7 min it ends")).to_be_focused()
    picture(office, "extend-attempt")
    assert_accessible(office)
    office.get_by_role("button", name="Extend the attempt by 7 min").press("Enter")
    expect(office.get_by_text("Extended. In Canvas the attempt now ends")).to_be_visible()
    assert_accessible(office)


def test_a36_a_closed_quiz_is_unlocked_and_locked_again_without_scripts(office_without_scripts: Page) -> None:
    """Shown what it means, unlocked, seen on the pair's page, locked again."""
    page = office_without_scripts
    wait_for_link(page, "/coverage/?status=missed", re.compile("extra time forgotten"))
    row = page.get_by_role("row").filter(has_text="extra time forgotten").first
    page.goto(row.locator('a[href^="/coverage/"]').last.get_attribute("href") or "")
    page.get_by_role("link", name="Unlock for this student…").click()
    expect(page.get_by_text("It gives no further attempt")).to_be_visible()
    page.get_by_role("button", name="Unlock it for this student").click()
    expect(page.get_by_role("heading", name="Set by hand in Canvas")).to_be_visible()
    page.get_by_role("link", name="Lock again…").click()
    page.get_by_role("button", name="Lock it again").click()
    expect(page.get_by_text("Locked again in Canvas.")).to_be_visible()


def test_a36_the_same_on_all_quizzes_is_read_before_it_is_written_without_scripts(office_without_scripts: Page) -> None:
    """The form, what it comes to, back to the form with what was typed, and nothing written."""
    page = office_without_scripts
    wait_for_link(page, "/courses/", re.compile("ACCT 201")).click()
    page.get_by_role("link", name="The same on all quizzes…").click()
    page.locator("input[name=students]").first.check()
    page.get_by_label("Extra minutes on every quiz").fill("15")
    page.get_by_role("button", name="Show what it comes to").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The same on all")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("Extra minutes on every quiz")).to_have_value("15")


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
