"""An instructor's day: told, seen, objected to, answered, recorded from a letter. Axe at every step."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.guide import picture
from tests.browser.mails import account_of, let_digest_go, open_mail, seen, window_of
from tests.services.stack import Stack

SUBJECT = "Your Canvas courses: what was done"
LOGIN_IN = """
from accommodations.models import Enrollment
rows = Enrollment.objects.filter(course__pk={course}, state="active").exclude(student__login_id="")
print(rows.order_by("pk").first().student.login_id)
"""


def test_job_7_an_instructor_from_the_mail_to_the_answer(browser: Browser, demo_stack: Stack) -> None:
    """Told by mail, acknowledges; raises a concern that the office answers; records from a letter; starts a sync."""
    iris = account_of("instructor")
    with window_of("coordinator", browser, demo_stack) as office, window_of("instructor", browser, demo_stack) as page:
        let_digest_go(office, iris)
        open_mail(page, SUBJECT, iris.email)
        picture(page, "instructor-mail")
        page.locator('.letter a[href*="/notices/"]').click()
        expect(page.get_by_role("heading", name="What was done", level=1)).to_be_visible()
        seen(page)
        picture(page, "instructor-notice")
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.get_by_text("the office sees that you have seen it")).to_be_visible()
        seen(page)

        course = _first_course(page)
        _raise_concern(page)
        _answer_it(office)
        page.reload()
        expect(page.get_by_text("We will talk to you before the exam.")).to_be_visible()
        seen(page)

        login = demo_stack.run_python(LOGIN_IN.format(course=course)).strip()
        _record_letter(page, course, login)
        office.goto("/letters/")
        seen(office)
        office.get_by_role("button", name=re.compile("^Confirm")).first.click()
        expect(office.get_by_text("It stands as if the office had recorded it.")).to_be_visible()


def _first_course(page: Page) -> int:
    """Go to the first course of the home page, and return its number."""
    page.goto("/")
    page.get_by_role("table").locator('a[href^="/courses/"]').first.click()
    seen(page)
    return int(re.findall(r"/courses/(\d+)/", page.url)[0])


def _raise_concern(page: Page) -> None:
    page.get_by_role("link", name="Raise a concern").click()
    seen(page)
    page.get_by_role("button", name="Send it to the office").click()
    expect(page.get_by_role("alert")).to_be_focused()
    seen(page)
    page.get_by_label("About", exact=True).select_option(index=1)
    page.get_by_label("What does not fit?").fill("This one is a group presentation: nobody works alone.")
    page.get_by_role("button", name="Send it to the office").click()
    expect(page.get_by_text("Open: the office answers it here.")).to_be_visible()
    seen(page)
    picture(page, "instructor-concern")


def _answer_it(office: Page) -> None:
    office.goto("/concerns/?open=1")
    seen(office)
    office.get_by_role("table").get_by_role("link", name=re.compile(r".+, .+")).first.click()
    seen(office)
    office.get_by_label("Your answer").fill("We will talk to you before the exam.")
    office.get_by_role("button", name="Answer").click()
    expect(office.get_by_text("Answered. Whoever raised it is told.")).to_be_visible()
    seen(office)


def _record_letter(page: Page, course: int, login: str) -> None:
    page.goto(f"/courses/{course}/letter/")
    seen(page)
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    seen(page)
    page.get_by_label("Login or student id on the letter").fill(login)
    page.get_by_label("Extra attempts", exact=True).first.check()
    page.get_by_label("The student handed me a letter").check()
    picture(page, "instructor-letter")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("Recorded. It goes to Canvas now")).to_be_visible()
    seen(page)
