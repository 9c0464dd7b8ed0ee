"""The coverage board by keyboard: narrowed, walked through under its fixed heads, paged both ways, opened, exported."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accommodations.demo.accounts import ACCOUNTS
from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.browser.test_tour import assert_fits, signed_in
from tests.services.stack import Stack

COVERED_BY_A_HEAD = """cell => {
    const region = cell.closest(".board").getBoundingClientRect();
    const box = cell.getBoundingClientRect();
    const head = document.querySelector(".board thead th").getBoundingClientRect();
    const names = document.querySelector(".board tbody th").getBoundingClientRect();
    const isBelow = box.top < head.bottom - 1 || box.left < names.right - 1;
    const isOutside = box.bottom > region.bottom + 1 || box.right > region.right + 1;
    return isBelow || isOutside ? JSON.stringify([cell.textContent, box, head, names, region]) : "";
}"""
STEPS = 30


@pytest.fixture
def office(browser: Browser, demo_stack: Stack) -> Iterator[Page]:
    """Return a coordinator's window on the demo."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=demo_stack.url)
    page = context.new_page()
    signed_in(page, ACCOUNTS[0])
    yield page
    context.close()


def focused(page: Page) -> Locator:
    """Return what has the focus."""
    return page.locator(":focus")


def test_a05_the_board_is_narrowed_walked_opened_and_exported_by_keyboard(office: Page) -> None:
    """From the filter to a cell and back, then both exports; axe at each step; only the board scrolls sideways."""
    page = office
    page.goto("/coverage/board/")
    assert_accessible(page)
    assert_fits(page)

    page.get_by_label("Week").focus()
    page.get_by_label("Week").select_option("all")
    expect(page.locator("#announcer")).to_have_text(re.compile(r"\d+ students, \d+ assessments"))
    expect(page).to_have_url(re.compile("week=all"))
    expect(page.get_by_label("Week")).to_be_focused()
    assert_accessible(page)
    assert_fits(page)
    picture(page, "staff-board")

    walk_through_cells(page)
    go_to_the_next_assessments(page)

    page.get_by_role("textbox", name="Course", exact=True).or_(page.get_by_role("combobox", name="Course")).fill(
        "PSYC 101"
    )
    page.keyboard.press("Enter")
    expect(page.locator(".board").get_by_text("Unit test (attempts running now)")).to_be_visible()
    expect(page).to_have_url(re.compile("code=PSYC"))
    open_a_cell_and_come_back(page)

    for name in ("CSV", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).press("Enter")
        assert download.value.suggested_filename.endswith(name.lower())


def walk_through_cells(page: Page) -> None:
    """A08: step from cell to cell, forwards and back: no focus ever lies below a fixed head or outside the region."""
    page.locator(".board").focus()
    expect(page.locator(".board")).to_be_focused()
    for key, number in (("Tab", STEPS), ("Shift+Tab", STEPS // 2)):
        for _ in range(number):
            page.keyboard.press(key)
            if page.evaluate("document.activeElement.matches('.board .cell')"):
                assert_in_sight(focused(page))


def assert_in_sight(cell: Locator) -> None:
    """Fail where a focused cell stays under a head: scrolling to it may take the browser a moment."""
    for _ in range(20):
        hidden = cell.evaluate(COVERED_BY_A_HEAD)
        if not hidden:
            return
        cell.page.wait_for_timeout(100)
    raise AssertionError(hidden)


def go_to_the_next_assessments(page: Page) -> None:
    """The next page of assessments, by its link: the focus stays on it, and the students stay the same."""
    students = page.locator(".board tbody th").all_inner_texts()
    link = page.locator("#columns-next")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"Assessments 10 to \d+ of"))).to_be_visible()
    expect(page).to_have_url(re.compile("columns=2"))
    assert page.evaluate("document.activeElement !== document.body")
    assert page.locator(".board tbody th").all_inner_texts() == students
    assert_accessible(page)


def open_a_cell_and_come_back(page: Page) -> None:
    """Enter on a cell shows the derivation; back shows the same board."""
    cell = page.locator(".board .cell").first
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Status and why")).to_be_visible()
    page.go_back()
    expect(page.locator(".board").get_by_text("Unit test (attempts running now)")).to_be_visible()


def test_a36_the_board_works_without_scripts(browser: Browser, demo_stack: Stack) -> None:
    """Narrowed by its button, searched by name, paged by links."""
    context = browser.new_context(java_script_enabled=False, base_url=demo_stack.url)
    page = context.new_page()
    signed_in(page, ACCOUNTS[0])
    page.goto("/coverage/board/")
    page.get_by_label("Week").select_option("all")
    page.get_by_label("Course", exact=True).fill("PSYC 101")
    page.get_by_role("button", name="Show", exact=True).click()
    names = page.locator(".board tbody th").all_inner_texts()
    assert names
    page.get_by_role("search", name="Search the list").get_by_label("Student").fill(names[0].split()[-1])
    page.get_by_role("search", name="Search the list").get_by_role("button", name="Search").click()
    assert names[0] in page.locator(".board tbody th").all_inner_texts()
    assert names[0].split()[-1] not in page.url
    context.close()
