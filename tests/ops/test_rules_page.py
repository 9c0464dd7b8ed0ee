"""docs/rules.md names tests that exist, and every rule of the product is on it."""

import re

import pytest

from tests.services.processes import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text()
NAMED = sorted(set(re.findall(r"`(test_[a-z0-9_]+)`", PAGE)))


def test_every_named_test_exists() -> None:
    defined = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        defined |= set(re.findall(r"^\s*def (test_[a-z0-9_]+)", path.read_text(), re.MULTILINE))
    assert len(NAMED) > 80
    assert [name for name in NAMED if name not in defined] == []


@pytest.mark.parametrize("number", range(1, 20))
def test_every_rule_has_a_line_with_a_test(number: int) -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith(f"| R{number} |")]
    assert lines
    assert all("`test_" in line for line in lines)
