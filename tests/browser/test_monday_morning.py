"""Monday morning: home in one look, each number to its list and back, what was missed is written about, and undone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accommodations.demo.accounts import ACCOUNTS
from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.browser.test_tour import assert_fits, signed_in
from tests.services.stack import Stack

MISSED = "Source quiz (closed, extra time forgotten)"


@pytest.fixture
def office(browser: Browser, demo_stack: Stack) -> Iterator[Page]:
    """Return a coordinator's window on the demo, at home."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=demo_stack.url)
    page = context.new_page()
    signed_in(page, ACCOUNTS[0])
    page.goto("/")
    yield page
    context.close()


def missed(page: Page) -> Locator:
    """Return the panel of what was missed."""
    return page.locator("section", has=page.locator("#group-missed"))


def test_a03_home_answers_who_is_not_covered_and_what_to_do_about_it(office: Page) -> None:
    """The first sentence, the exams at risk with their button, the numbers with their lists, the charts with theirs."""
    page = office
    expect(
        page.get_by_text(re.compile(r"not covered for an exam in the next 7 days; the next of these"))
    ).to_be_visible()
    expect(page.get_by_role("heading", name="Exams at risk, next first")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    picture(page, "home")
    follow_a_number_and_come_back(page)
    open_the_numbers_of_a_chart(page)


def follow_a_number_and_come_back(page: Page) -> None:
    """The list behind a number that no sync changes has just as many rows."""
    link = missed(page).get_by_role("link", name=re.compile(r"^All \d+ missed"))
    number = re.search(r"\d+", link.inner_text())
    assert number
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"{number.group()} found")).to_be_visible()
    assert_accessible(page)
    page.go_back()
    expect(missed(page).get_by_text(MISSED).first).to_be_visible()


def open_the_numbers_of_a_chart(page: Page) -> None:
    """The finding is the chart's name; its table opens by keyboard, and a day of it leads to that day."""
    expect(
        page.get_by_role("img", name=re.compile(r"Coverage was [\d.]+ % on .* and is [\d.]+ % today"))
    ).to_be_visible()
    panel = page.locator("section", has=page.locator("#coverage-chart-h"))
    panel.locator("summary").focus()
    page.keyboard.press("Enter")
    figure = panel.get_by_role("link", name=re.compile(r"^[\d,]+ of [\d,]+$")).last
    expect(figure).to_be_visible()
    assert_accessible(page)
    words = figure.inner_text()
    figure.press("Enter")
    expect(page.get_by_text(f"{words} that needed something were in place that night")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.goto("/")


def test_what_was_missed_stays_until_somebody_writes_what_was_done_and_can_be_taken_back(office: Page) -> None:
    """From home to the form, written, gone from home; taken back, there again."""
    page = office
    missed(page).get_by_role("link", name=re.compile(rf"^Write what was done….*{re.escape(MISSED)}")).click()
    address = page.url.split("#")[0]
    expect(page.get_by_role("heading", name="What was done about it?")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("What was done, by whom and when").fill(
        "Sat the quiz again with 45 minutes, agreed with the class's teacher."
    )
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Written down. It no longer counts as open.")).to_be_visible()
    assert_accessible(page)
    page.goto("/")
    expect(missed(page).get_by_text(MISSED)).to_have_count(0)
    page.goto(address)
    page.get_by_role("button", name="Take this back").click()
    expect(page.get_by_text("Taken back. It is open again")).to_be_visible()
    assert_accessible(page)
    page.goto("/")
    expect(missed(page).get_by_text(MISSED).first).to_be_visible()
