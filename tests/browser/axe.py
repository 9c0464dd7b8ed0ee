"""axe-core on a page: WCAG 2.2 A and AA, target size and best practices, in the light and in the dark."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations", "incomplete"],
}
# A button that fades from its light to its dark colour has neither while it does.
COLOURS_AT_REST = "Promise.allSettled(document.getAnimations().map((one) => one.finished))"
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def assert_accessible(page: Page) -> None:
    """Fail with every violation of the page as it stands: all rules in the light, contrast in the dark too."""
    found = violations(page)
    assert not found, f"{page.url} ({page.title()}):\n" + "\n".join(found)


def violations(page: Page, *, in_the_dark: bool = True) -> list[str]:
    """Return every violation of the page as it stands."""
    found = _violations(page, RULES)
    if in_the_dark:
        page.emulate_media(color_scheme="dark")
        page.evaluate(COLOURS_AT_REST)
        found += _violations(page, CONTRAST)
        page.emulate_media(color_scheme="light")
        page.evaluate(COLOURS_AT_REST)
    return found


def _violations(page: Page, options: dict[str, Any]) -> list[str]:
    response = Axe().run(page, options=options).response
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node['html'][:200]} {node.get('failureSummary', '')}"
        for one in response["violations"]
        for node in one["nodes"]
    ]
