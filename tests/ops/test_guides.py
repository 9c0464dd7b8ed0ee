"""The guides' pictures: each one is taken by a browser test, shown on a page, and described in words."""

import re
from pathlib import Path

import pytest

from tests.services.processes import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHOWN = re.compile(r"!\[([^\]]*)\]\((?:docs/)?images/([\w-]+)\.png\)")
TAKEN = re.compile(r'\bpicture\([^"\n]*"([\w-]+)"')
JOBS = sorted((ROOT / "tests" / "browser").glob("test_*.py"))


def taken() -> set[str]:
    """Return the names of the pictures that browser tests take."""
    return {name for job in JOBS for name in TAKEN.findall(job.read_text())}


def test_a_guide_shows_each_picture_that_a_test_takes_and_no_other() -> None:
    shown = {name for page in PAGES for _, name in SHOWN.findall(page.read_text())}
    assert shown == taken()


@pytest.mark.parametrize("name", sorted(taken()))
def test_each_picture_is_kept(name: str) -> None:
    assert (ROOT / "docs" / "images" / f"{name}.png").is_file(), "take it with: make guide"


def test_no_picture_is_left_over() -> None:
    assert {path.stem for path in (ROOT / "docs" / "images").glob("*.png")} == taken()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a20_each_picture_says_in_words_what_it_shows(page: Path) -> None:
    for words, name in SHOWN.findall(page.read_text()):
        assert len(words.split()) > 3, f"{name}: say what is to be seen"
