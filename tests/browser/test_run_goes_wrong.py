"""A run goes wrong half-way: Canvas refuses a part, the page tells it without a reload, what failed is retried, undone.

Signing in, recording and reading the plan are those of the main job; here begins what Canvas does not take.
"""

import re

from playwright.sync_api import Browser, expect

from tests.browser.axe import assert_accessible
from tests.browser.guide import picture
from tests.browser.plans import DONE, PLAN
from tests.browser.test_main_job import Visit, record_three_provisions
from tests.services.stack import Stack

CANVAS_WORDS = "This quiz is being regraded. Try again later."
REFUSES_MINUTES = {
    "kind": "status",
    "method": "POST",
    "path": r"/quizzes/\d+/extensions",
    "value": {"code": 400, "body": {"errors": [{"message": CANVAS_WORDS}]}},
}
IN_PART = re.compile(r"Run \d+: (done in part|failed)", re.IGNORECASE)


def test_what_canvas_refused_is_told_live_retried_and_undone(browser: Browser, stack: Stack) -> None:
    """One coordinator, one run, no reload: the plan, the refusal in Canvas's words, the retry, and the way back."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    visit = Visit(page, stack, has_script=True)
    visit.sign_in()
    record_three_provisions(visit, "S100305")
    visit.wait_for_heading(PLAN)
    number = page.url.rstrip("/").split("/")[-1]

    stack.canvas("POST", "/_sandbox/faults", json=REFUSES_MINUTES)
    page.evaluate("window.isStillTheSamePage = true")
    visit.apply_plan(until=IN_PART)
    assert page.evaluate("window.isStillTheSamePage"), "the page has followed by itself"
    expect(page.get_by_role("heading", name=re.compile(r"\d+ changes? did not reach Canvas"))).to_be_visible()
    expect(page.get_by_text("Canvas said (400):").first).to_be_visible()
    expect(page.get_by_text(CANVAS_WORDS).first).to_be_visible()
    expect(page.get_by_text("Accepted", exact=True).first).to_be_visible()
    expect(page.locator("#announcer")).to_contain_text("has ended")
    assert_accessible(page)
    picture(page, "staff-run-failed")

    stack.canvas("DELETE", "/_sandbox/faults")
    page.get_by_role("button", name=re.compile("^Retry what failed, in")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"It retries what failed in run {number}.")).to_be_visible()
    heading = visit.wait_for_heading(re.compile(f"{PLAN.pattern}|{DONE.pattern}"))
    assert_accessible(page)
    if "not yet" in heading.inner_text():
        visit.apply_plan()
    again = page.url.rstrip("/").split("/")[-1]
    assert again != number

    visit.open(f"/runs/{number}/")
    expect(page.get_by_text(f"Tried again by run {again} (done).")).to_be_visible()
    page.get_by_role("link", name="Undo this run…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Undo run {number}?")
    expect(page.get_by_text(re.compile(r"becomes")).first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Reason").fill("The letter was withdrawn.")
    picture(page, "staff-run-undo")
    page.get_by_role("button", name=re.compile(r"^Undo \d+ assessment")).click()
    expect(page.get_by_text("Held by your name. Read the plan, and apply it.")).to_be_visible()
    visit.wait_for_heading(PLAN)
    assert_accessible(page)
    visit.apply_plan()
    assert_accessible(page)

    page.locator('main a[href^="/students/"]').first.click()
    expect(page.get_by_text("The letter was withdrawn.").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Release")).first).to_be_visible()
    assert_accessible(page)
    context.close()
