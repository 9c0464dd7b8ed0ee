"""The administrator's guide lists every command that an operator may need, and no other."""

import re

from tests.services.processes import ROOT

ROW = re.compile(r"^\| `manage\.py (\w+)", re.MULTILINE)
OF_THE_DEMO = {"seed_demo"}


def test_the_administrators_guide_lists_every_command_once() -> None:
    """Besides the one that fills the demo."""
    there = {file.stem for file in (ROOT / "accommodations" / "management" / "commands").glob("[!_]*.py")}
    listed = ROW.findall((ROOT / "docs" / "administrator-guide.md").read_text())
    assert sorted(listed) == sorted(there - OF_THE_DEMO)
