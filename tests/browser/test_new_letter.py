"""A new letter in a real browser: found, recorded from a usual set, approved by another person, released, excepted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from accommodations.demo.accounts import ACCOUNTS
from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.browser.plans import PLAN, SYNC_MS, apply_plan
from tests.services.canvas_look import CanvasLook
from tests.services.stack import Stack

COORDINATOR, DIRECTOR = ACCOUNTS[0], ACCOUNTS[1]
PREVIEW_DELAY_MS = 500
"""A little longer than the form waits after a change before it asks for a preview."""
SET_NAME = "This term: 1.5×, one attempt, two working days"


@contextmanager
def signed_in(browser: Browser, stack: Stack, username: str, *, has_script: bool = True) -> Iterator[Page]:
    """Return the window of one person; the browser's console must stay empty."""
    context = browser.new_context(
        java_script_enabled=has_script, viewport={"width": 1280, "height": 900}, base_url=stack.url
    )
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/sign-in/")
    page.get_by_label("Name", exact=True).fill(username)
    page.get_by_label("Password").fill(COORDINATOR.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    yield page
    context.close()
    assert complaints == [], "the browser's console must stay empty: scripts, styles and the CSP agree"


def settled(page: Page) -> None:
    """Wait until the preview that follows what was typed has come: who leaves while it is fetched breaks it off."""
    page.wait_for_timeout(PREVIEW_DELAY_MS)
    page.wait_for_load_state("networkidle")


def opened(page: Page, path: str) -> None:
    """Go to a path, and check what is there."""
    page.goto(path)
    assert_accessible(page)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button of the page's main part, and check the page that follows."""
    page.get_by_role("main").get_by_role("button", name=name).first.click()
    page.wait_for_load_state()
    assert_accessible(page)


@pytest.fixture(scope="module")
def office(browser: Browser, stack: Stack) -> Stack:
    """Return the office as its director has set it up: two people, release per course, one usual set."""
    with signed_in(browser, stack, DIRECTOR.username) as page:
        opened(page, "/settings/")
        page.get_by_label("A second person approves").check()
        page.get_by_label("Release per course").check()
        press(page, re.compile("^Save"))
        if page.get_by_label("Save it all the same").count():
            page.get_by_label("Save it all the same").check()
            press(page, re.compile("^Save"))
        opened(page, "/settings/")
        expect(page.get_by_label("A second person approves")).to_be_checked()
        opened(page, "/usual-sets/")
        page.get_by_role("main").get_by_role("link", name="Add a set").click()
        press(page, "Save the set")
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_role("alert")).to_contain_text("Enter a name.")
        page.get_by_label("Name", exact=True).fill(SET_NAME)
        for words in ("Extra time", "Extra attempts", "Later dates"):
            page.get_by_role("checkbox", name=words, exact=True).check()
        time_kinds = page.get_by_role("group", name="Kinds for extra time")
        for kind in ("Classic quizzes", "New Quizzes"):
            time_kinds.get_by_label(kind).check()
        page.get_by_label("Unit").select_option(label="working days")
        page.get_by_role("group", name="Kinds for later dates").get_by_label("Assignments").check()
        page.get_by_role("radio", name=re.compile("^The term in which")).check()
        picture(page, "letter-usual-set")
        press(page, "Save the set")
        expect(page.get_by_role("rowheader", name=SET_NAME)).to_be_visible()
    return stack


def found_by_name(page: Page, stack: Stack, sis_user_id: str) -> str:
    """Look the student up by a part of the name and choose them by the SIS id; return the name."""
    look = CanvasLook(stack.canvas_url, stack.values["CANVAS_TOKEN"])
    name: str = look.student(sis_user_id)["name"]
    opened(page, "/students/find/")
    page.get_by_label("Name, SIS id, login or Canvas id").fill(name.split()[-1][:5].lower())
    press(page, "Find the student")
    expect(page.get_by_role("heading", name=re.compile(r"fits?$"))).to_be_focused()
    picture(page, "letter-find")
    row = page.get_by_role("row").filter(has_text=sis_user_id)
    expect(row).to_contain_text(name)
    row.get_by_role("button", name=re.compile("^Record")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Record accommodation")
    assert_accessible(page)
    return name


def test_a_letter_is_recorded_by_one_person_and_approved_by_another(browser: Browser, office: Stack) -> None:
    """The whole job, with two people: found by name, started from a set, released, approved, applied, handed out."""
    with signed_in(browser, office, COORDINATOR.username) as page:
        name = found_by_name(page, office, "S100310")
        page.get_by_label("Note (optional)").fill("Letter of Monday")
        press(page, SET_NAME)
        expect(page.get_by_label("Note (optional)")).to_have_value("Letter of Monday")
        expect(page.get_by_role("button", name=SET_NAME)).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("radio", name="One term")).to_be_checked()
        for box in page.get_by_role("group", name="Release to").get_by_role("checkbox").all():
            box.check()
        expect(page.locator("#preview")).not_to_contain_text("No preview yet")
        settled(page)
        picture(page, "letter-record")
        page.get_by_label("Extra attempts", exact=True).last.fill("1001")
        settled(page)
        press(page, "Save for approval")
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_label("Extra attempts", exact=True).last).to_have_value("1001")
        page.get_by_label("Extra attempts", exact=True).last.fill("1")
        settled(page)
        press(page, "Save for approval")
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.get_by_role("heading", name="3 provisions wait for approval")).to_be_visible()
        student = page.url
        page.get_by_role("link", name="Read what waits").click()
        expect(page.get_by_text("A director approves it.")).to_be_visible()
        assert_accessible(page)
        page.go_back()
        expect(page).to_have_url(student)

    with signed_in(browser, office, DIRECTOR.username) as page:
        opened(page, "/approvals/")
        picture(page, "letter-approvals")
        page.get_by_role("link", name=f"Read and approve what waits for {name}").click()
        boxes = page.get_by_role("main").get_by_role("checkbox")
        expect(boxes).to_have_count(3)
        boxes.first.uncheck()
        expect(page.locator("[data-selection-count]")).to_have_text("2 of 3 ticked")
        expect(page.locator("#announcer")).to_have_text("2 ticked")
        boxes.first.check()
        picture(page, "letter-approve")
        assert_accessible(page)
        page.get_by_role("button", name="Approve what is ticked").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(PLAN, timeout=SYNC_MS)
        assert_accessible(page)
        apply_plan(page)
        hand_out_and_except(page, student)


def hand_out_and_except(page: Page, student: str) -> None:
    """Read the summary, decide an exception and withdraw it, and take one release back, each after its effect."""
    page.goto(student)
    page.get_by_role("main").get_by_role("link", name="Summary").click()
    expect(page.get_by_role("main")).not_to_contain_text("Letter of Monday")
    expect(page.get_by_role("main")).to_contain_text("Extra time 1.5×")
    picture(page, "letter-summary")
    assert_accessible(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.emulate_media(media="screen")

    page.goto(student)
    page.get_by_role("link", name="Decide an exception…").click()
    press(page, "Show what it takes back")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Where nothing applies").select_option(index=1)
    page.get_by_label("Reason").fill("Speed is what is examined.")
    page.get_by_label("Until").fill("2099-12-31")
    press(page, "Show what it takes back")
    expect(page.get_by_role("heading", name="What it does in Canvas")).to_be_focused()
    picture(page, "letter-exception")
    press(page, "Change it")
    expect(page.get_by_label("Reason")).to_have_value("Speed is what is examined.")
    press(page, "Show what it takes back")
    page.get_by_role("button", name="Decide the exception").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("run", re.IGNORECASE), timeout=SYNC_MS)
    page.goto(student)
    expect(page.get_by_text("Speed is what is examined.").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Withdraw")).click()
    assert_accessible(page)
    page.get_by_role("button", name="Withdraw the exception").click()
    page.goto(student)
    expect(page.get_by_text("None. What is approved applies wherever it counts.")).to_be_visible()

    page.get_by_role("link", name="Change the release…").click()
    page.get_by_role("group", name="Released to").get_by_role("checkbox").first.uncheck()
    expect(page.locator("[data-selection-count]")).to_contain_text("ticked")
    press(page, "Show what it changes")
    picture(page, "letter-release")
    expect(page.get_by_text("No longer released:")).to_be_visible()
    page.get_by_role("button", name="Save the release").click()
    page.goto(student)
    expect(page.get_by_text("Not released", exact=True).first).to_be_visible()
    assert_accessible(page)


def test_an_urgent_letter_counts_at_once_and_is_approved_after(browser: Browser, office: Stack) -> None:
    """Refused without a reason, saved with one, in the plan at once, and waiting for the director all the same."""
    with signed_in(browser, office, COORDINATOR.username) as page:
        name = found_by_name(page, office, "S100311")
        page.get_by_role("checkbox", name="Extra time", exact=True).check()
        page.get_by_role("radio", name="2×").check()
        page.get_by_role("radio", name=re.compile("^At once")).check()
        press(page, "Save for approval")
        expect(page.get_by_role("alert")).to_contain_text("Say why it cannot wait")
        page.get_by_label("Why it is urgent").fill("The exam is tomorrow at eight.")
        press(page, "Save for approval")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("run", re.IGNORECASE), timeout=SYNC_MS)

    with signed_in(browser, office, DIRECTOR.username) as page:
        opened(page, "/approvals/")
        row = page.get_by_role("row").filter(has_text=name)
        expect(row).to_contain_text("Urgent")
        row.get_by_role("link", name=re.compile("^Read and approve")).click()
        expect(page.get_by_text("The exam is tomorrow at eight.")).to_be_visible()
        press(page, "Approve what is ticked")
        expect(page.get_by_text("It counts already: nothing more goes to Canvas.")).to_be_visible()


def test_a36_a_letter_is_recorded_and_approved_without_scripts(browser: Browser, office: Stack) -> None:
    """By SIS id, from the set, previewed, saved; then read and approved: nothing of it needs a script."""
    with signed_in(browser, office, COORDINATOR.username, has_script=False) as page:
        page.goto("/students/find/")
        page.get_by_label("Name, SIS id, login or Canvas id").fill("S100312")
        page.get_by_role("button", name="Find the student").click()
        page.get_by_role("button", name=SET_NAME).click()
        page.get_by_label("Note (optional)").fill("By post")
        page.get_by_role("button", name="Show what it comes to").click()
        expect(page.get_by_label("Note (optional)")).to_have_value("By post")
        page.get_by_role("button", name="Save for approval").click()
        expect(page.get_by_role("heading", name="3 provisions wait for approval")).to_be_visible()
        waiting = page.get_by_role("link", name="Read what waits").get_attribute("href") or ""
    with signed_in(browser, office, DIRECTOR.username, has_script=False) as page:
        page.goto(waiting)
        page.get_by_role("button", name="Approve what is ticked").click()
        expect(page.get_by_text("Approved: 3.")).to_be_visible()
