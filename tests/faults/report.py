"""What is written into docs/reliability.md: which tests stand for each fault, and what `make chaos` found."""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.faults.chaos import FILES, SEEDS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"
FAULTS = [f"F{number:02}" for number in range(1, 36)]
NAMED = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
ON_PROCESSES = (*FILES, "tests/flows/")


def files_of_faults() -> dict[str, list[str]]:
    """Return for each fault the files with tests that name it."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in NAMED.findall(file.read_text()):
            for number in re.findall(r"_f(\d\d)(?=_)", name):
                place = str(file.relative_to(ROOT))
                if place not in found[f"F{number}"]:
                    found[f"F{number}"].append(place)
    return found


def table_of_faults() -> str:
    """Return the table, a row for each fault: tests on real processes, and at other levels."""
    lines = ["| fault | on real processes | at other levels |", "|---|---|---|"]
    for fault in FAULTS:
        files = files_of_faults()[fault]
        real = [_shown(place) for place in files if place.startswith(ON_PROCESSES)]
        other = [_shown(place) for place in files if not place.startswith(ON_PROCESSES)]
        lines.append(f"| {fault} | {', '.join(real) or '–'} | {', '.join(other) or '–'} |")
    return "\n".join(lines)


def _shown(place: str) -> str:
    return Path(place).stem.removeprefix("test_")


def results(file: Path) -> str:
    """Return what `make chaos` has found so far, with counts; the last line of each name counts."""
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    latest: dict[str, dict[str, Any]] = {one["name"]: one for one in lines}
    rows = ["| what | held | broken | to be done |", "|---|---|---|---|"]
    kills = [one for one in latest.values() if one["kind"] == "kill"]
    planned = max((one.get("points", 0) for one in kills), default=0)
    rows.append(_row("kill points", kills, planned))
    files = [one for one in latest.values() if one["kind"] == "fault"]
    rows.append(_row(f"files of fault tests × {len(SEEDS)} seeds", files, len(FILES) * len(SEEDS)))
    told = [_when(list(latest.values())), "", *rows]
    settled = sorted(one["settled_after"] for one in kills if one["held"] and one.get("place"))
    if settled:
        middle, last = settled[len(settled) // 2], settled[-1]
        told += [
            "",
            f"With the shortened durations a killed run had ended after {middle:.0f} s (median), {last:.0f} s at most.",
        ]
    recovery = [one for one in latest.values() if one["kind"] == "recovery"]
    if recovery:
        told += ["", "| killed in the middle of a write | the course went on after |", "|---|---|"]
        told += [f"| {one['name'].removeprefix('recovery ')} | {one['seconds']} s |" for one in recovery]
    told += [f"\nBroken: {one['name']}: {one['error'][:200]}" for one in latest.values() if not one["held"]]
    return "\n".join(told)


def _when(found: list[dict[str, Any]]) -> str:
    if not found:
        return "Not run yet."
    by_age = sorted(found, key=lambda one: str(one["at"]))
    commits = list(dict.fromkeys(one["commit"] for one in by_age))
    return f"From {by_age[0]['at']} to {by_age[-1]['at']}, at {', '.join(commits)}."


def _row(what: str, found: list[dict[str, Any]], planned: int) -> str:
    held = sum(one["held"] for one in found)
    return f"| {what} | {held} | {len(found) - held} | {max(0, planned - len(found))} |"


def between(text: str, name: str, new: str) -> str:
    """Return the text with what stands between a section's two marks replaced."""
    first, last = f"<!-- {name} -->", f"<!-- end of {name} -->"
    head, _, rest = text.partition(first)
    _, _, tail = rest.partition(last)
    return f"{head}{first}\n{new}\n{last}{tail}"


def write(file: Path) -> None:
    """Write both sections anew; without results of this checkout, those that are written down stay."""
    text = between(DOCUMENT.read_text(), "faults", table_of_faults())
    DOCUMENT.write_text(between(text, "chaos", results(file)) if file.exists() else text)
