"""Every URL is on the list of pages that a browser opens, or says why there is nothing to look at."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser.pages import NO_PAGE, OWN, PAGES, ROWS, STATUSES
from tests.browser.swaps import SWAPS
from tests.services.processes import ROOT

HOW = (
    "Add a line to PAGES in tests/browser/pages.py (who opens it, of which row of the demo, in which states), "
    "or to NO_PAGE with the reason why there is nothing to look at."
)


def names_of_urls() -> set[str]:
    """Return the names of our own URLs; the admin's pages are Django's."""
    found, waiting = set(), list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLResolver):
            waiting += [] if one.app_name == "admin" else one.url_patterns
        elif isinstance(one, URLPattern) and one.name:
            found.add(one.name)
    return found


def test_a_new_url_has_its_line_among_the_pages_that_a_browser_opens() -> None:
    missing = sorted(names_of_urls() - PAGES.keys() - NO_PAGE.keys())
    assert not missing, f"{missing}: {HOW}"


def test_no_line_is_left_of_a_url_that_is_gone_or_stands_twice() -> None:
    assert sorted((PAGES.keys() | NO_PAGE.keys() | {name for name, _ in OWN}) - names_of_urls()) == []
    assert sorted(PAGES.keys() & NO_PAGE.keys()) == []


def test_every_row_that_a_page_names_can_be_found() -> None:
    lines = [*PAGES.values(), *(line for _, line in OWN)]
    named = {line.row for line in lines} | {state for line in lines for state in line.states.values()}
    assert sorted(row for row in named if row and not row.startswith("?") and row not in ROWS) == []


def test_every_status_has_a_page_that_shows_it() -> None:
    from accommodations.planning.statuses import Status

    assert {status.value for status in Status} == set(STATUSES)


def test_a09_every_swap_of_a_template_has_a_test_that_looks_where_the_focus_goes() -> None:
    folder = ROOT / "templates"
    swapping = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if re.search(r"hx-(get|post)=", path.read_text())
    }
    missing, gone = sorted(swapping - SWAPS.keys()), sorted(SWAPS.keys() - swapping)
    assert (missing, gone) == ([], []), "Give each its line in tests/browser/swaps.py, and its test the swap."


def names_of_tests() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        found |= set(re.findall(r"^\s*def (test_[a-z0-9_]+)", path.read_text(), re.MULTILINE))
    return found


def test_the_tests_that_swaps_and_docs_accessibility_name_exist() -> None:
    page = (ROOT / "docs" / "accessibility.md").read_text()
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", page)) | set(SWAPS.values())
    assert sorted(named - names_of_tests()) == []


@pytest.mark.parametrize("number", range(1, 41))
def test_every_accessibility_target_has_a_line_with_a_test_or_says_that_it_was_not_run(number: int) -> None:
    page = (ROOT / "docs" / "accessibility.md").read_text()
    lines = [line for line in page.splitlines() if line.startswith(f"| A{number:02} |")]
    assert lines
    assert all("`test_" in line or "not yet" in line for line in lines)
