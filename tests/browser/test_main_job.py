"""The outcome in a real browser: record, read, apply, watch, see it in Canvas and in the log, end, as it was."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accommodations.demo.accounts import ACCOUNTS
from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.browser.plans import APPLY, CHANGED, DONE, MOST_TIMES, PLAN, SYNC_MS, apply_plan
from tests.services.canvas_look import CanvasLook, Fact, is_open_or_over
from tests.services.stack import Stack

COORDINATOR = ACCOUNTS[0]


class Visit:
    """One person at one browser window; every page that is seen goes through axe, where scripts may run."""

    def __init__(self, page: Page, stack: Stack, *, has_script: bool) -> None:
        self.page, self.stack, self.has_script = page, stack, has_script

    def seen(self) -> None:
        """Check the page as it stands now for accessibility."""
        if self.has_script:
            assert_accessible(self.page)

    def open(self, path: str) -> None:
        """Go to a path and look at the page."""
        self.page.goto(f"{self.stack.url}{path}")
        self.seen()

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the first button of that name."""
        self.page.get_by_role("button", name=name).first.click()

    def wait_for_heading(self, words: re.Pattern[str]) -> Locator:
        """Wait until the run's heading says so: the page follows by itself, or by its Refresh link without scripts."""
        heading = self.page.get_by_role("heading", level=1)
        if self.has_script:
            expect(heading).to_have_text(words, timeout=SYNC_MS)
            return heading
        for _ in range(SYNC_MS // 1500):
            if words.search(" ".join(heading.inner_text().split())):
                return heading
            self.page.wait_for_timeout(1500)
            self.page.goto(self.page.url)
        raise AssertionError(f"waited in vain for {words.pattern!r}: {heading.inner_text()}")

    def apply_plan(self, *, until: re.Pattern[str] = DONE) -> None:
        """Apply the plan that the page shows, and wait until the run's heading says so."""
        if self.has_script:
            return apply_plan(self.page, until=until)
        for _ in range(MOST_TIMES):
            self.press(APPLY)
            self.wait_for_heading(re.compile(f"{until.pattern}|{PLAN.pattern}"))
            if until.search(self.page.get_by_role("heading", level=1).inner_text()):
                return None
            expect(self.page.get_by_text(CHANGED).first).to_be_visible()
        raise AssertionError(f"the plan changed {MOST_TIMES} times")

    def sign_in(self) -> None:
        """Sign in as the coordinator, by the form."""
        self.open("/")
        self.page.get_by_label("Name", exact=True).fill(COORDINATOR.username)
        self.page.get_by_label("Password").fill(COORDINATOR.password)
        self.press("Sign in")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_attached()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def visit(request: pytest.FixtureRequest, browser: Browser, stack: Stack) -> Iterator[Visit]:
    """Return a window of its own: cookies and storage are nobody else's."""
    has_script = request.param == "with JavaScript"
    context = browser.new_context(java_script_enabled=has_script, viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield Visit(page, stack, has_script=has_script)
    context.close()
    assert complaints == [], "the browser's console must stay empty: scripts, styles and the CSP agree"


def test_a01_the_main_job_in_a_browser(visit: Visit) -> None:
    """One coordinator's afternoon, from sign-in to sign-out."""
    sis_user_id = "S100303" if visit.has_script else "S100302"
    look = CanvasLook(visit.stack.canvas_url, visit.stack.values["CANVAS_TOKEN"])
    student: int = look.student(sis_user_id)["id"]
    courses = look.courses_of(student)

    def set_in_canvas() -> dict[Fact, Any]:
        return {fact: value for fact, value in look.settings_in(courses).items() if fact[2] == student}

    before = set_in_canvas()

    visit.sign_in()
    for path in ("/", "/students/", "/coverage/", "/courses/", "/runs/", "/log/"):
        visit.open(path)
    record_three_provisions(visit, sis_user_id)
    visit.wait_for_heading(PLAN)
    visit.seen()
    expect(visit.page.get_by_text(re.compile(r"\d+ min becomes \d+ min")).first).to_be_visible()
    picture(visit.page, "staff-plan")
    assert set_in_canvas() == before, "a plan that is only read changes nothing"

    visit.apply_plan()
    visit.seen()
    picture(visit.page, "staff-run")
    after = set_in_canvas()
    assert {"classic quiz", "assignment", "dates"} <= {kind for kind, _, _ in after}

    student_page = see_it_in_place(visit)
    end_everything(visit, student_page)
    at_the_end = set_in_canvas()
    begun = begun_by_the_class(look, courses)
    assert {fact: value for fact, value in at_the_end.items() if fact[:2] not in begun} == {
        fact: value for fact, value in before.items() if fact[:2] not in begun
    }, "what the class has not begun is as it was; what is open stays until it is over (R18)"
    visit.press("Sign out")
    expect(visit.page.get_by_role("button", name="Sign in")).to_be_visible()


def record_three_provisions(visit: Visit, sis_user_id: str) -> None:
    """Find the student, fill in the form, see what it comes to, save."""
    page = visit.page
    visit.open("/students/find/")
    page.get_by_label("Name, SIS id, login or Canvas id").fill(sis_user_id)
    visit.press("Find the student")
    for words in ("Extra time", "Extra attempts", "Later dates"):
        page.get_by_role("checkbox", name=words, exact=True).check()
    page.get_by_role("radio", name="1.5×").check()
    page.get_by_label("Extra attempts", exact=True).last.fill("1")
    page.get_by_label("Later by", exact=True).last.fill("2")
    page.get_by_label("Unit").select_option(label="days")
    if visit.has_script:
        expect(page.locator("#preview")).not_to_be_empty()
    else:
        visit.press("Show what it comes to")
    visit.seen()
    picture(visit.page, "staff-record")
    visit.press("Save and read the plan")


def see_it_in_place(visit: Visit) -> str:
    """Visit the student's page, one of their courses and the log; return the address of the student's page."""
    visit.page.get_by_role("link", name=re.compile("’s page$")).click()
    visit.page.wait_for_url("**/students/*/")
    visit.seen()
    address = visit.page.url
    expect(visit.page.get_by_text(re.compile("In place", re.IGNORECASE)).first).to_be_visible()
    picture(visit.page, "staff-student")
    visit.page.locator('main a[href*="/courses/"]').first.click()
    visit.page.wait_for_url("**/courses/*/")
    visit.seen()
    visit.open("/log/")
    expect(visit.page.get_by_role("main")).to_contain_text("Accepted by Canvas")
    return address


def end_everything(visit: Visit, student_page: str) -> None:
    """End all three accommodations, each after reading what that changes."""
    for _ in range(3):
        visit.page.goto(student_page)
        visit.page.locator('a[href$="/end/"]').first.click()
        visit.seen()
        visit.page.get_by_role("button", name=re.compile("^End ")).click()
        heading = visit.wait_for_heading(re.compile(f"{PLAN.pattern}|{DONE.pattern}"))
        if "not yet" in heading.inner_text():
            visit.apply_plan()


def begun_by_the_class(look: CanvasLook, courses: list[int]) -> set[tuple[str, int]]:
    """Return what the class may have begun, as the first two parts of a fact."""
    begun: set[tuple[str, int]] = set()
    for course in courses:
        begun |= {("classic quiz", quiz["id"]) for quiz in look.quizzes(course) if is_open_or_over(quiz)}
        open_ids = {one["id"] for one in look.assignments(course) if is_open_or_over(one)}
        begun |= {(kind, number) for number in open_ids for kind in ("dates", "assignment", "new quiz")}
    return begun
