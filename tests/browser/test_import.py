"""The file from the case system in a real browser, with and without scripts: uploaded, checked, taken, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from accommodations.demo.accounts import ACCOUNTS
from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.browser.test_tour import assert_fits, signed_in
from tests.services.stack import Stack

LINES = (
    "{0}1,,1.5,,2030-06-30",
    "{0}2,,2,2 working days,",
    "{0}3,,1.25,,",
    '{0}4,,"1,5",,',
    "nobody-knows-me,,1.5,,",
)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Browser, stack: Stack) -> Iterator[Page]:
    """Return a coordinator's window."""
    context = browser.new_context(
        java_script_enabled=request.param, viewport={"width": 1280, "height": 900}, base_url=stack.url
    )
    page = context.new_page()
    page.has_script = request.param  # type: ignore[attr-defined]  # asked for below
    signed_in(page, ACCOUNTS[0])
    yield page
    context.close()


def seen(page: Page) -> None:
    """Check the page for accessibility and on a small screen."""
    if not page.has_script:  # type: ignore[attr-defined]  # set by the fixture
        return
    assert_accessible(page)
    assert_fits(page)


def upload(page: Page, path: Path) -> None:
    """Go to the import from the navigation and send a file."""
    page.goto("/imports/")
    page.get_by_role("link", name="Import a file").click()
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Upload and check").click()


def test_a01_the_file_from_the_case_system(page: Page, tmp_path: Path) -> None:
    """One file, checked and taken; the same again changes nothing; undone."""
    source, start = ("Cases", "S10031") if page.has_script else ("List", "S10032")  # type: ignore[attr-defined]
    headers = f"{source} number,Full name,How much,Days,Ends"
    lines = [line.format(start) for line in LINES]
    file = tmp_path / "term-export.csv"
    file.write_text("\n".join((headers, *lines)), encoding="utf-8")
    page.goto("/imports/new/")
    seen(page)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="1 thing to put right")).to_be_visible()
    seen(page)
    page.get_by_label("Where the file comes from").fill(source)
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Which column holds what?")
    seen(page)
    picture(page, "import-columns")
    page.get_by_label("Student", exact=True).select_option(index=1)
    page.get_by_label("Multiplier", exact=True).select_option(index=3)
    page.get_by_role("button", name="Check the rows").click()

    added = page.get_by_role("heading", name="4 added")
    for _ in range(60):
        if added.count():
            break
        page.wait_for_timeout(1000)
        page.goto(page.url)
    expect(added).to_be_visible()
    expect(page.get_by_text("“1,5” is no number; write 1.5.")).to_be_visible()
    expect(page.get_by_text("“nobody-knows-me” is neither an SIS id nor a login")).to_be_visible()
    seen(page)
    page.get_by_role("button", name="Take 4 changes").click()
    expect(page.get_by_text("2 rows need a decision. Decide, or take the valid rows only.").first).to_be_visible()
    seen(page)
    page.get_by_role("button", name="Leave out row 5").click()
    page.wait_for_url("**/#troubles")
    expect(page.get_by_role("heading", name="1 left out")).to_be_visible()
    page.get_by_label("Take the valid rows only").check()
    page.get_by_role("button", name="Take 4 changes").click()

    expect(page.get_by_text("Taken. You now read the plan")).to_be_visible()
    seen(page)
    taken = page.url
    page.get_by_role("link", name="plan of run").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Run ")

    upload(page, file)
    expect(page.get_by_role("heading", name="This very file was taken before")).to_be_visible()
    expect(page.get_by_role("button", name="Take 0 changes")).to_be_visible()
    seen(page)
    page.get_by_role("button", name="Discard the file").click()

    file.write_text("\n".join((headers, lines[0].replace("1.5", "2"), lines[2])), encoding="utf-8")
    upload(page, file)
    expect(page.get_by_role("heading", name="1 changed")).to_be_visible()
    expect(page.get_by_role("heading", name="2 ended")).to_be_visible()
    seen(page)
    picture(page, "import-difference")
    page.get_by_role("button", name="Discard the file").click()
    expect(page.get_by_text("Discarded. Nothing was taken")).to_be_visible()
    seen(page)

    page.goto(taken)
    page.get_by_role("link", name="Undo this import").click()
    seen(page)
    page.get_by_role("button", name="Undo it: 4 changes").click()
    expect(page.get_by_text("Undone. You now read the plan")).to_be_visible()
    seen(page)
