"""What only a browser shows of A06 to A40: focus over swaps, quiet polls, zoom, spacing, colours, paper, names."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accommodations.demo.accounts import ACCOUNTS, Account
from tests.browser.looks import width
from tests.browser.swaps import focused, pressed, swapped
from tests.services.stack import Stack

ADMINISTRATOR = next(account for account in ACCOUNTS if account.role == "administrator")
COORDINATOR = next(account for account in ACCOUNTS if account.role == "coordinator")
MADE = """
import json
from datetime import date
from django.contrib.auth.models import User
from accommodations.models import Course, PairStatus
from accommodations.planning.statuses import Reason
from accommodations.services import action_log
from tests import factories

ruth = User.objects.get(username="ruth")
course = Course.objects.order_by("pk").first()
students = [factories.make_student(name=f"Amara Osei {number}") for number in range(30)]
for student, reason in zip(students, list(Reason) * 2):
    factories.make_accommodation(student, recorded_by=ruth, effective_from=date(2025, 1, 1))
    factories.make_enrollment(student, course)
    quiz = factories.make_assessment(course, name=f"Quiz of {reason.value}")
    factories.make_pair(student, quiz, reason=reason)
    action_log.record_view(viewer=ruth, student=student)
    action_log.record_view(viewer=ruth, student=student)
print(json.dumps({"student": students[0].pk, "course": course.pk}))
"""


@pytest.fixture(scope="module")
def made(still_stack: Stack) -> dict[str, int]:
    """Return students of every reason in one course, made without a sync: this file needs rows, and no waiting."""
    found: dict[str, int] = json.loads(still_stack.run_python(MADE).splitlines()[-1])
    return found


def window(browser: Browser, stack: Stack, account: Account, **options: Any) -> Page:
    """Return a window in which the account has signed in."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options, base_url=stack.url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("Name", exact=True).fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    return page


@pytest.fixture
def office(browser: Browser, still_stack: Stack, made: dict[str, int]) -> Iterator[Page]:
    """Return a coordinator's window."""
    page = window(browser, still_stack, COORDINATOR)
    yield page
    page.context.close()


def test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came(office: Page, made: dict[str, int]) -> None:
    """Search, sort, page, filter, log, theme and preview, one after the other: never the body, never silent."""
    page = office
    page.goto("/students/")
    # Typed slowly, each letter searches; one that the next letter overtakes says nothing.
    with page.expect_response(lambda answer: bool(re.search(r"\bq=Amara(&|$)", answer.request.post_data or ""))):
        page.locator("#q").press_sequentially("Amara", delay=150)
    expect(page.locator("#announcer")).to_contain_text(re.compile(r"\d+ students"))
    assert 'id="q"' in focused(page), "typing goes on where it was"
    assert "students" in pressed(page, page.locator("#sort-gaps"))
    assert 'id="sort-gaps"' in focused(page)
    expect(page.locator("th[aria-sort]")).to_have_count(1)

    page.goto("/coverage/")
    said = pressed(page, page.locator(".pages a[rel=next], .pages li:last-child a").first)
    assert said
    assert "<body" not in focused(page)
    box = page.locator("input[name=status]").first
    box.focus()
    assert swapped(page, lambda: page.keyboard.press("Space"))
    assert 'name="status"' in focused(page)

    page.goto("/coverage/board/")
    chosen = page.locator("form[hx-get='/coverage/board/'] select").last
    chosen.focus()
    assert swapped(page, lambda: page.keyboard.press("ArrowDown"))
    assert "<select" in focused(page)
    onwards = page.locator("#board a[hx-get]").first
    if onwards.count():
        assert pressed(page, onwards)
        assert "<body" not in focused(page)

    page.goto("/log/")
    assert "entr" in pressed(page, page.locator("#page-older"))
    assert "<body" not in focused(page)

    assert pressed(page, page.get_by_role("button", name="Dark")) == "Theme: dark"
    assert 'value="dark"' in focused(page)

    page.goto(f"/students/{made['student']}/accommodations/new/")
    page.get_by_role("checkbox", name="Extra time", exact=True).focus()
    swapped(page, lambda: page.keyboard.press("Space"))
    assert "<input" in focused(page)


def test_a15_a_poll_takes_no_focus_and_says_nothing_while_nothing_changes(office: Page) -> None:
    """Home asks again and again: a screen reader hears nothing of it, and the focus stays."""
    page = office
    page.goto("/")
    page.locator("main a").first.focus()
    before = focused(page)
    said = page.evaluate(
        """() => new Promise((done) => {
          const heard = [];
          const region = document.getElementById("announcer");
          const listen = new MutationObserver(() => region.textContent && heard.push(region.textContent));
          listen.observe(region, { childList: true });
          setTimeout(() => done(heard), 6000);
        })"""
    )
    assert said == []
    assert focused(page) == before


def test_a11_a_check_that_was_asked_for_keeps_the_focus_and_says_its_result(
    browser: Browser, still_stack: Stack, made: dict[str, int]
) -> None:
    """The self-test of the connection: the button keeps the focus, the live region says how many are missing."""
    page = window(browser, still_stack, ADMINISTRATOR)
    page.goto("/connection/")
    said = pressed(page, page.get_by_role("button", name="Check the permissions"))
    assert "permissions checked" in said
    assert "<body" not in focused(page)
    page.context.close()


def test_a12_a_run_that_is_cancelled_gets_the_focus_on_its_heading(office: Page, made: dict[str, int]) -> None:
    """Start a sync, cancel it: the button is gone, and the focus is on what the run is now."""
    page = office
    page.goto(f"/courses/{made['course']}/")
    page.get_by_role("button", name=re.compile("^Sync")).first.click()
    cancel = page.get_by_role("button", name=re.compile("^(Cancel|Stop|Leave)"))
    if cancel.count():
        pressed(page, cancel.first)
        page.wait_for_timeout(300)
        assert "<body" not in focused(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run")


def test_a12_escape_closes_the_menu_and_gives_the_focus_back(office: Page) -> None:
    """On a narrow screen the navigation is behind a button."""
    page = office
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/students/")
    page.get_by_role("button", name="Menu", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Close menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Close menu")).to_be_hidden()
    assert 'aria-label="Menu"' in focused(page)


def test_a16_a_form_is_sent_once_and_its_button_keeps_the_focus_while_it_is_at_work(
    office: Page, still_stack: Stack
) -> None:
    """Two presses while the server waits for Canvas: one request, aria-busy, no button taken from under the focus."""
    page, sent = office, []
    still_stack.canvas("POST", "/_sandbox/faults", json={"kind": "latency", "path": "/api/", "value": 2})
    page.goto("/students/find/")
    page.evaluate(WRITE_DOWN_WHAT_A_SUBMIT_LEAVES)
    page.locator("main input[name=query]").fill("nobody-at-all")
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("main form:has(input[name=query]) button[type=submit]").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    still_stack.canvas("DELETE", "/_sandbox/faults")
    assert len(sent) == 1
    assert page.evaluate("sessionStorage.getItem('left')") == "busy, focus on BUTTON"


# Kept where the next page can still read it: while a page is on its way, Playwright does not ask the one that is there.
WRITE_DOWN_WHAT_A_SUBMIT_LEAVES = """() => document.addEventListener("submit", (event) => setTimeout(() => {
  const busy = event.target.getAttribute("aria-busy") === "true" ? "busy" : "not busy";
  sessionStorage.setItem("left", `${busy}, focus on ${document.activeElement.tagName}`);
}, 50))"""
STYLES = {
    "A22: text of 200 %": ":root { font-size: 200% !important; }",
    "A23: text spacing": (
        "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
        "p { margin-block-end: 2em !important; }"
    ),
}
_CUT_OFF = """() => [...document.querySelectorAll("main :is(.btn, .badge, .tag, h1, h2, th, td, label, p)")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).overflowX === "hidden" && !one.closest(".sr-only")
    && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("name", STYLES)
def test_a22_a23_larger_text_and_wider_spacing_cut_nothing_off(name: str, office: Page, made: dict[str, int]) -> None:
    """What the reader sets holds, and nothing is cut off or runs over the edge."""
    for path in ("/", "/students/", f"/students/{made['student']}/", "/coverage/", "/log/"):
        office.goto(path)
        office.evaluate(
            "(text) => { const one = new CSSStyleSheet(); one.replaceSync(text);"
            " document.adoptedStyleSheets = [one]; }",
            STYLES[name],
        )
        assert width(office, 1280) == [], f"{name} at {path}"
        assert office.evaluate(_CUT_OFF) == [], f"{name} at {path}"


def test_a24_to_a26_states_are_told_apart_in_forced_colours_and_without_motion(office: Page) -> None:
    """Each status keeps its word and its own shape whatever the colours; nothing moves for who asked for rest."""
    for media in ({"forced_colors": "active"}, {"contrast": "more"}, {"color_scheme": "dark"}):
        office.emulate_media(**media)
        office.goto("/styleguide/")
        shapes = office.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("main .badge[data-status]")]
              .filter((one) => one.checkVisibility())
              .map((one) => [one.dataset.status + (one.dataset.proof || ""),
                [one.textContent.trim(), one.querySelector("use")?.getAttribute("href") || ""]]))"""
        )
        assert len(shapes) >= 10
        assert all(words and shape for words, shape in shapes.values()), shapes
        assert len({shape for _, shape in shapes.values()}) == len(shapes), "each has a shape of its own"
    office.emulate_media(forced_colors="none", contrast="no-preference", reduced_motion="reduce")
    office.goto("/styleguide/")
    moving = office.evaluate(
        """() => document.getAnimations().filter((one) => one.playState === "running"
          && Number(one.effect.getComputedTiming().duration) > 10).length"""
    )
    assert moving == 0


def test_a37_on_paper_the_report_stands_alone(office: Page, made: dict[str, int]) -> None:
    """Without navigation and buttons, and as wide as the paper; the details are open."""
    office.goto(f"/courses/{made['course']}/report/")
    office.emulate_media(media="print")
    for gone in (".side", ".topbar", ".actions", ".footer"):
        expect(office.locator(gone).first).to_be_hidden()
    assert office.locator(".report-sheet").count() > 1
    assert width(office, 720) == []
    second = office.locator(".report-sheet").nth(1)
    assert second.evaluate("(one) => getComputedStyle(one).breakBefore") == "page"


def test_a38_the_tree_that_a_screen_reader_gets_has_the_words_of_the_main_job(
    office: Page, made: dict[str, int]
) -> None:
    """Names, roles and states of the record form and of the list of gaps, as the browser hands them on."""
    office.goto(f"/students/{made['student']}/accommodations/new/")
    tree = office.locator("main").aria_snapshot()
    for words in ('heading "', 'checkbox "Extra time"', 'checkbox "Extra attempts"', "button"):
        assert words.lower() in tree.lower(), words
    office.goto("/coverage/?status=in_place")
    tree = office.locator("main").aria_snapshot()
    assert "columnheader" in tree
    assert "In place" in tree


def test_a39_help_and_the_way_out_stand_in_the_same_place_on_each_page(office: Page, made: dict[str, int]) -> None:
    """Top bar, navigation and footer are the same, in the same order, wherever one is."""
    seen = set()
    for path in ("/", "/students/", "/coverage/", "/runs/", f"/students/{made['student']}/"):
        office.goto(path)
        links = office.locator(".side__link, .topbar button, .footer button").all_inner_texts()
        seen.add(tuple(words.strip() for words in links))
    assert len(seen) == 1
