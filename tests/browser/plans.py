"""Applying a plan as a person does: what the schedule's rounds did meanwhile changes it, then it is applied anew."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

SYNC_MS = 120_000
PLAN = re.compile(r"Plan of run \d+: \d+ changes?, not yet in Canvas")
DONE = re.compile(r"Run \d+ is done|nothing to change")
CHANGED = "since you read"
"""In what the page says of a plan that is shown again."""
APPLY = re.compile("^Apply th")
MOST_TIMES = 4


def apply_plan(page: Page, *, until: re.Pattern[str] = DONE, press: Callable[[Locator], None] = Locator.click) -> None:
    """Apply the plan that the page shows, and wait until the run's heading says so; `press` is by mouse or by key."""
    heading = page.get_by_role("heading", level=1).filter(has_text=until)
    for _ in range(MOST_TIMES):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            press(page.get_by_role("button", name=APPLY).first)
        expect(heading.or_(page.get_by_text(CHANGED)).first).to_be_visible(timeout=SYNC_MS)
        if heading.count():
            return
        expect(page.get_by_role("button", name=APPLY).first).to_be_visible(timeout=SYNC_MS)
    raise AssertionError(f"the plan changed {MOST_TIMES} times: {page.get_by_role('main').inner_text()[:2000]}")
