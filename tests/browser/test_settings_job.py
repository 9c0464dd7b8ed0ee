"""Job 10: a director keeps the settings and holidays, an administrator lets a colleague in and out again."""

from playwright.sync_api import Browser, Page, expect

from accommodations.demo.accounts import ACCOUNTS, Account
from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.browser.test_accessibility import window
from tests.services.stack import Stack

BY_ROLE: dict[str, Account] = {account.role: account for account in ACCOUNTS}
PASSWORD = "seven lanterns over the quay"  # of an invented person, in a test


def test_job10_a_director_reads_what_a_setting_would_hurt_and_keeps_the_holidays(
    browser: Browser, stack: Stack
) -> None:
    """A setting that would hurt is said before it is saved; a break is looked at before it is added, and removed."""
    page = window(browser, stack, BY_ROLE["director"])
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_label("A second person approves").check()
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_role("heading", name="Nothing is saved yet. Before you do:")).to_be_focused()
    expect(page.get_by_text("Only one person may approve.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Save it all the same").check()
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_text("Saved. Each course follows with its next sync")).to_be_visible()
    picture(page, "settings")

    page.get_by_role("link", name="Terms", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Terms")
    page.get_by_role("link", name="Holidays", exact=True).click()
    page.get_by_label("Day, or first day of a break").fill("24 Dec 2029")
    page.get_by_label("Last day of a break, optional").fill("26 Dec 2029")
    page.get_by_label("What it is called, optional").fill("Winter break")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What it changes")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("button", name="Add it").click()
    days = page.get_by_role("listitem").filter(has_text="Winter break")
    expect(days).to_have_count(3)
    page.get_by_role("link", name="24 Dec 2029").click()
    assert_accessible(page)
    page.get_by_role("button", name="Remove the holiday").click()
    expect(days).to_have_count(2)
    page.context.close()


def test_job10_somebody_is_invited_comes_in_gets_a_role_and_is_switched_off(browser: Browser, stack: Stack) -> None:
    """The link is shown once and works once; what is taken away is gone at the other browser with the next click."""
    page = window(browser, stack, BY_ROLE["administrator"])
    page.get_by_role("link", name="Users and roles", exact=True).first.click()
    page.get_by_role("link", name="Invite somebody").first.click()
    page.get_by_label("Name to sign in with").fill("m.osei")
    page.get_by_label("First name").fill("Mara")
    page.get_by_label("Last name").fill("Osei")
    page.get_by_label("Coordinator:").check()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert_accessible(page)
    link = page.get_by_label("Good until").input_value()

    theirs = came_in(browser, link)
    expect(theirs.get_by_role("link", name="Import", exact=True)).to_be_visible()

    page.get_by_role("link", name="Done", exact=True).click()
    picture(page, "users")
    page.get_by_role("link", name="m.osei").click()
    page.get_by_label("Coordinator:").uncheck()
    page.get_by_label("Auditor:").check()
    page.get_by_role("button", name="Save the user").click()
    expect(page.get_by_text("Saved. It counts from the person’s next click.")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_role("link", name="Import", exact=True)).to_have_count(0)

    page.get_by_role("link", name="Switch the account off…").click()
    assert_accessible(page)
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_text("They were signed out in 1 browser.")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Sign in to Leeway")
    theirs.goto(link)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("This link cannot be used")
    theirs.context.close()
    page.context.close()


def came_in(browser: Browser, link: str) -> Page:
    """Open the link at another browser, set a password that is good enough at the second try, and sign in."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(link)
    assert "/invitation/" in page.url
    assert link.rstrip("/").rpartition("/")[2] not in page.url, "the secret is out of the address"
    page.get_by_label("New password").fill("too short")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    assert_accessible(page)
    page.get_by_label("New password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your password is set. Sign in with it.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("m.osei")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    return page
