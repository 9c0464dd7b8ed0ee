"""A real Chromium, and a whole Leeway with the demo's data for it to visit."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.services.processes import wait_until
from tests.services.stack import Stack, running_stack

# What a page is waited for: on a machine that runs everything at once, five seconds say nothing of the page.
expect.set_options(timeout=30_000)

WITHOUT_CHROMIUM = (
    "NOT RUN: there is no Chromium here. On Debian: apt-get install chromium. "
    "Elsewhere: name it with CHROMIUM=/path/to/chromium. With CI=true this is a failure."
)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium; where there is none, say which tests did not run and how to get it."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(WITHOUT_CHROMIUM)
    pytest.skip(WITHOUT_CHROMIUM)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Return a running Chromium. Of module scope: Playwright's event loop must not outlive the browser tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stack(chromium: str) -> Iterator[Stack]:
    """Return a running Leeway with the seeded university, in which nobody has an accommodation yet."""
    with running_stack() as stack:
        yield stack


@pytest.fixture(scope="module")
def still_stack(chromium: str) -> Iterator[Stack]:
    """Return a Leeway without worker and beat: rows that a test makes stay as they are, however long it takes."""
    with running_stack(with_background_work=False) as stack:
        yield stack


# The text of the run's end differs with what Canvas refused in it, so it is asked whether it has ended at all. One
# process looks again and again: starting one for each look would take the processor from the sync that is waited for.
FIRST_SYNC_HAS_ENDED = """
import time
from accommodations.models import SyncRun
for _ in range(200):
    has_ended = SyncRun.objects.filter(trigger=SyncRun.Trigger.FIRST).exclude(ended_at=None).exists()
    if has_ended:
        break
    time.sleep(0.5)
print("ended" if has_ended else "at work")
"""


@pytest.fixture(scope="package")
def demo_stack(chromium: str) -> Iterator[Stack]:
    """Return the demo, running, after its first sync: sixty students of every status. All files of the demo share it.

    They run in one process, in the order of their names but the tour first, which looks at everything as it is in the
    beginning (`StacksTogether` and `pytest_collection_modifyitems` in tests/conftest.py).
    """
    with running_stack(with_demo_data=True) as stack:
        wait_until(
            lambda: stack.run_python(FIRST_SYNC_HAS_ENDED).split()[-1] == "ended",
            what="the first sync of the demo",
            timeout_seconds=600,
        )
        yield stack
