"""A real Chromium, and a whole Leeway with the demo's data for it to visit."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

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
def demo_stack(chromium: str) -> Iterator[Stack]:
    """Return the demo, running: sixty students of every status, with the first sync under way."""
    with running_stack(with_demo_data=True) as stack:
        yield stack
