"""Every place where htmx swaps a part of a page, and the browser test that looks where the focus goes (A09 to A12).

`tests/ops/test_pages_listed.py` compares this with the templates: a new swap needs its line.
"""

import contextlib
from collections.abc import Callable

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

SWAPS = {
    "accommodations/accommodation_form.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "accommodations/board.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "accommodations/connection.html": "test_a11_a_check_that_was_asked_for_keeps_the_focus_and_says_its_result",
    "accommodations/pair_list.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "accommodations/partials/_board_pages.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "accommodations/partials/_chain.html": "test_a15_a_poll_takes_no_focus_and_says_nothing_while_nothing_changes",
    "accommodations/partials/_footer.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "accommodations/partials/_home_live.html": "test_a15_a_poll_takes_no_focus_and_says_nothing_while_nothing_changes",
    "accommodations/partials/_log_entries.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "accommodations/partials/_pager.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "accommodations/partials/_run_apply.html": "test_a01_the_main_job_in_a_browser",
    "accommodations/partials/_run_head.html": "test_a12_a_run_that_is_cancelled_gets_the_focus_on_its_heading",
    "accommodations/partials/_search.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "accommodations/partials/_sync_run_status.html": "test_a01_the_main_job_in_a_browser",
    "accommodations/partials/_table_sort.html": "test_a09_to_a13_every_swap_keeps_the_focus_and_says_what_came",
    "imports/_progress.html": "test_a01_the_file_from_the_case_system",
}

_SETTLED = """() => {
  window.swapHasSettled = new Promise((done) => {
    document.body.addEventListener("htmx:afterRequest", () => setTimeout(() => done(true), 250), { once: true });
  });
}"""


def swapped(page: Page, act: Callable[[], None]) -> str:
    """Do something that swaps a part of the page, and return what the live region says then."""
    page.evaluate("document.getElementById('announcer').textContent = ''")
    page.evaluate(_SETTLED)
    act()
    page.evaluate("window.swapHasSettled")
    # It is said a moment after the swap; a search that was overtaken by the next letter says nothing.
    # A function, since the page forbids that text becomes script: an expression would be refused at the second look.
    with contextlib.suppress(PlaywrightTimeoutError):
        page.wait_for_function("() => document.getElementById('announcer').textContent", timeout=8000)
    return page.locator("#announcer").inner_text()


def focused(page: Page) -> str:
    """Return what has the focus, as the beginning of its markup; `<body` would mean that it is lost."""
    found: str = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
    return found


def pressed(page: Page, what: Locator) -> str:
    """Press an element by keyboard and return what the live region says after the swap."""
    what.focus()
    return swapped(page, lambda: page.keyboard.press("Enter"))
