"""A tour of the demo: every page of the URL list, as every role, in its states; and what only the demo can show."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from accommodations.demo.accounts import ACCOUNTS, Account
from tests.browser.axe import assert_accessible, violations
from tests.browser.guide import picture
from tests.browser.looks import EMPTY_AND_SEND, error_summary, structure, way_of_the_focus, width
from tests.browser.pages import OWN, PAGES, PREPARED, ROWS, STRANGER, Seen
from tests.services.stack import Stack

NOT_A_PAGE = re.compile(r"/(admin|export|sign-out|static)/|\?|#")


def signed_in(page: Page, account: Account) -> None:
    """Sign in by the form."""
    page.goto("/sign-in/")
    page.get_by_label("Name", exact=True).fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()


@pytest.fixture(scope="module")
def rows(demo_stack: Stack) -> dict[str, int | None]:
    """Return the numbers of the demo's rows that pages are opened with."""
    asked = f"print(json.dumps({{name: number(expression) for name, expression in {ROWS!r}.items()}}))"
    found: dict[str, int | None] = json.loads(demo_stack.run_python(f"{PREPARED}\n{asked}").splitlines()[-1])
    return found


@dataclass(frozen=True)
class Visit:
    """One page in one state, as one role opens it."""

    name: str
    state: str
    path: str
    seen: Seen
    is_first: bool

    def __str__(self) -> str:
        return f"{self.name} ({self.state}) at {self.path}"


def visits_of(role: str, rows: dict[str, int | None]) -> list[Visit]:
    """Return every page of the list that the role opens; the first role of a page sees its further states too."""
    found = []
    for name, seen in (*PAGES.items(), *OWN):
        if role not in seen.roles:
            continue
        is_first = role == seen.roles[0]
        found.append(Visit(name, "main", path_of(name, seen.row, rows), seen, is_first))
        for state, row in seen.states.items() if is_first else ():
            own_row = seen.row if row.startswith("?") else row
            path = path_of(name, own_row, rows) + (row if row.startswith("?") else "")
            found.append(Visit(name, state, path, seen, is_first))
    return found


def path_of(name: str, row: str, rows: dict[str, int | None]) -> str:
    """Return the address; the demo must have the row, or nobody would notice that a page is no longer looked at."""
    if row:
        assert rows[row] is not None, f"{name}: the demo has no row for {row!r} (see ROWS in tests/browser/pages.py)"
    return reverse(name, args=[rows[row]] if row else [])


ROLES = (None, *ACCOUNTS)


@pytest.mark.parametrize("account", ROLES, ids=[account.role if account else STRANGER for account in ROLES])
def test_every_page_of_the_url_list_is_accessible_to_every_role_that_opens_it(
    account: Account | None, browser: Browser, demo_stack: Stack, rows: dict[str, int | None]
) -> None:
    """Axe with target size and best practices, the structure that axe does not see, and nothing wider than 320 px."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=demo_stack.url)
    page = context.new_page()
    page.set_default_navigation_timeout(120_000)
    if account is not None:
        signed_in(page, account)
    problems: list[str] = []
    links: dict[str, str] = {}
    for visit in visits_of(account.role if account else STRANGER, rows):
        problems += [f"{visit}: {words}" for words in looked_at(page, visit)]
        links = {kind_of(path): path for path in linked_paths(page)} | links
    problems += [
        f"{path} is linked and answers {status}" for path in links.values() if (status := asked(page, path)) != 200
    ]
    context.close()
    assert not problems, "\n".join(problems)


def looked_at(page: Page, visit: Visit) -> list[str]:
    """Return what is wrong with one page: its answer, and if that is good, everything that can be seen of it."""
    answer = page.goto(visit.path)
    if answer is None or answer.status != visit.seen.status:
        return [f"answers {answer.status if answer else 'nothing'}"]
    found = [*violations(page, in_the_dark=visit.is_first), *structure(page), *width(page)]
    if visit.is_first:
        found += way_of_the_focus(page)
    if visit.seen.refuses and visit.is_first and visit.state == "main":
        found += refused(page)
    return found


def refused(page: Page) -> list[str]:
    """Send the form of the page, emptied, and return what is wrong with how it is answered (A17 to A19)."""
    try:
        with page.expect_navigation(timeout=60_000):
            assert page.evaluate(EMPTY_AND_SEND)
    except AssertionError:
        return ["has no form to send"]
    return [f"sent empty: {words}" for words in (*error_summary(page), *violations(page), *structure(page))]


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


def first_link(page: Page, path: str, name: re.Pattern[str]) -> Locator:
    """Return the first link of that name on the page."""
    page.goto(path)
    return page.get_by_role("link", name=name).first


def test_a01_a_running_attempt_is_extended_from_home_by_keyboard_alone(office: Page) -> None:
    """The link, other minutes, the new end, the confirmation: each reached and pressed by keys."""
    link = first_link(office, "/", re.compile("^Extend the running attempt"))
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
    page.goto("/coverage/?status=missed")
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
    first_link(page, "/courses/", re.compile("ACCT 201")).click()
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
    """Return the paths of this site that the page links to."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    own = urlsplit(page.url).netloc
    return [urlsplit(one).path for one in found if urlsplit(one).netloc == own and not NOT_A_PAGE.search(one)]


def asked(page: Page, path: str) -> int:
    """Return the status with which a linked page answers, without drawing it."""
    return page.request.get(path).status


def assert_fits(page: Page) -> None:
    """The page is as wide as a small screen; only tables may scroll, in their own region."""
    found = width(page)
    assert not found, f"{page.url} {found}"
