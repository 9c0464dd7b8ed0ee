"""What a browser can tell of a page beyond axe: its structure, its width, the way of the focus, its errors."""

from pathlib import Path

from playwright.sync_api import Page

NARROWEST, WIDE = 320, {"width": 1280, "height": 900}

_SOURCE = (Path(__file__).parent / "looks.js").read_text()
EMPTY_AND_SEND = f"({_SOURCE}).emptyAndSend()"


def structure(page: Page) -> list[str]:
    """Return what is wrong with headings, landmarks, tables, names, icons and fields (A13, A20, A28, A30 to A40)."""
    found: list[str] = page.evaluate(f"({_SOURCE}).structure()")
    return found


def error_summary(page: Page) -> list[str]:
    """Return what is wrong with the summary of errors (A17, A18)."""
    found: list[str] = page.evaluate(f"({_SOURCE}).errors()")
    return found


def width(page: Page, narrowest: int = NARROWEST) -> list[str]:
    """Return by how much the page is wider than a narrow screen, or one that is enlarged to 400 % (A21)."""
    page.set_viewport_size({"width": narrowest, "height": 740})
    found: int = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(WIDE)
    return [f"A21: {found} px wide on a screen of {narrowest} px"] if found > narrowest else []


def way_of_the_focus(page: Page) -> list[str]:
    """Return the stops at which the focus cannot be seen well, or lies under a sticky bar (A06, A07).

    One key first, so that the browser draws the focus as it does for who uses the keyboard.
    """
    page.keyboard.press("Tab")
    found: list[str] = page.evaluate(f"({_SOURCE}).stops()")
    return found
