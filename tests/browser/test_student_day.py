"""A student's day: told by mail that something changed, and the own page that says what. Axe at every step."""

import re

from playwright.sync_api import Browser, Page, expect

from accommodations.demo.accounts import Account
from tests.browser.guide import picture
from tests.browser.mails import FIRST_SYNC_LOOKS, account_of, let_digest_go, open_mail, seen, window_of
from tests.services.stack import Stack

SUBJECT = "Your assessments in Canvas: what has changed"
SUMMARY = "Your assessments in Canvas: a summary"


def test_job_8_a_student_is_told_and_sees_what_they_get(browser: Browser, demo_stack: Stack) -> None:
    """The digest names assessments and no reason; its link leads to the own page; an assessment says the rest."""
    noor = account_of("student")
    with window_of("coordinator", browser, demo_stack) as office:
        let_digest_go(office, noor)
        mail_summary(office, noor)
    with window_of("student", browser, demo_stack) as page:
        open_mail(page, SUBJECT, noor.email)
        expect(page.get_by_text("put in place").first).to_be_visible()
        page.locator('.letter a[href$="/me/"]').click()
        expect(page.get_by_role("heading", name="Your arrangements", level=1)).to_be_visible()
        expect(page.get_by_text("Last checked").first).to_be_visible()
        expect(page.get_by_role("link", name="access@maplewater.example")).to_be_visible()
        seen(page)
        picture(page, "student-page")
        page.get_by_role("region", name="What you were told").get_by_role("link").first.click()
        expect(page.get_by_role("heading", name=SUMMARY, level=1)).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("What was approved for you, and what it comes to")
        seen(page)
        page.go_back()
        page.get_by_role("table").locator('a[href^="/coverage/"]').first.click()
        seen(page)
        picture(page, "student-assessment")


def mail_summary(office: Page, to: Account) -> None:
    """Mail the student's summary from the page of their notice: read it first, then wait until it has left."""
    office.get_by_role("main").get_by_role("link", name=f"{to.first_name} {to.last_name}", exact=True).click()
    office.get_by_role("main").get_by_role("link", name="Summary", exact=True).click()
    office.get_by_role("link", name="Mail it…").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("Mail the summary to")
    seen(office)
    picture(office, "letter-mail")
    office.get_by_role("button", name=f"Send it to {to.email}").click()
    expect(office.get_by_text("The mail is on its way.")).to_be_visible()
    row = office.get_by_role("row").filter(has_text="Summary to a student").filter(has_text=re.compile("Sent"))
    for _ in range(FIRST_SYNC_LOOKS):
        office.goto("/notices/")
        if row.count():
            return
        office.wait_for_timeout(1000)
    raise AssertionError("the summary was never sent")
