"""A student's day: told by mail that something changed, and the own page that says what. Axe at every step."""

from playwright.sync_api import Browser, expect

from tests.browser.guide import picture
from tests.browser.mails import account_of, let_digest_go, open_mail, seen, window_of
from tests.services.stack import Stack

SUBJECT = "Your assessments in Canvas: what has changed"


def test_job_8_a_student_is_told_and_sees_what_they_get(browser: Browser, demo_stack: Stack) -> None:
    """The digest names assessments and no reason; its link leads to the own page; an assessment says the rest."""
    noor = account_of("student")
    with window_of("coordinator", browser, demo_stack) as office:
        let_digest_go(office, f"{noor.first_name} {noor.last_name}")
    with window_of("student", browser, demo_stack) as page:
        open_mail(page, SUBJECT, noor.email)
        expect(page.get_by_text("put in place").first).to_be_visible()
        page.locator('.letter a[href$="/me/"]').click()
        expect(page.get_by_role("heading", name="Your arrangements", level=1)).to_be_visible()
        expect(page.get_by_text("Last checked").first).to_be_visible()
        expect(page.get_by_role("link", name="access@maplewater.example")).to_be_visible()
        seen(page)
        picture(page, "student-page")
        page.get_by_role("table").locator('a[href^="/coverage/"]').first.click()
        seen(page)
        picture(page, "student-assessment")
