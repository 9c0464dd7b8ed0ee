"""Pictures for the guides, taken by the browser tests themselves, so that they show what was just proven.

`make guide` runs the tests with GUIDE=1; without it nothing is written. Pictures are light and 1280 px wide.
"""

import os
from pathlib import Path

from playwright.sync_api import Locator, Page

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def picture(page: Page, name: str, part: Locator | None = None) -> None:
    """Write docs/images/NAME.png of the page's first screen, or of one part of it; name the job, then what is seen."""
    if os.environ.get("GUIDE") != "1":
        return
    page.mouse.move(0, 0)
    # A fade that is half way would make each run's picture another one.
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    target = IMAGES / f"{name}.png"
    if part is None:
        page.screenshot(path=target)
    else:
        part.screenshot(path=target)
