"""docs/sandbox.md names what the sandbox has, and nothing else."""

import dataclasses
import re

from canvas_bridge.sandbox.control.handlers import HANDLERS
from canvas_bridge.sandbox.http.faults import KINDS
from canvas_bridge.sandbox.switches import Switches
from tests.services.processes import ROOT

GUIDE = (ROOT / "docs" / "sandbox.md").read_text()


def section(name):
    return GUIDE.split(f"## {name}\n")[1].split("\n## ")[0]


def first_cells(text):
    return [
        cell for row in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE) for cell in re.findall(r"`([^`]+)`", row)
    ]


def written(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_guide_names_every_switch_with_its_values_the_default_first():
    told = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section("Switches"), re.MULTILINE))
    fields = {one.name: one for one in dataclasses.fields(Switches)}
    assert set(told) == set(fields)
    for name, one in fields.items():
        values = one.metadata.get("values", (one.default, not one.default))
        assert told[name].split(", ") == [written(value) for value in values], name


def test_the_guide_names_every_kind_of_fault():
    assert sorted(first_cells(section("Faults"))) == sorted(KINDS)


def test_the_guide_names_every_control_request():
    told = {tuple(one.split()) for one in first_cells(section("Control"))}
    assert told == {*HANDLERS, ("POST", "reset")}
