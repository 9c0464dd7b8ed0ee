"""`make bench` in its smallest size: it runs, shows every table, and writes nothing unless it is told to."""

import subprocess
import sys

from benchmarks.__main__ import PAGE
from tests.services.processes import ROOT


def test_the_benchmarks_run_in_their_smallest_size_and_write_nothing() -> None:
    before = PAGE.stat().st_mtime_ns if PAGE.exists() else None
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--smallest"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    for heading in ("## Planning", "## Requests: 2 students, 3 courses", "## SQL queries", "## Action log"):
        assert heading in ran.stdout
    for case in (
        "Q01 first full sync",
        "Q02 nightly",
        "Q03 one accommodation",
        "Q04 one time limit",
        "one pair worked out",
    ):
        assert case in ran.stdout
    assert "pairs one pair costs" in ran.stdout
    assert "## Rate budget" in ran.stdout
    assert (PAGE.stat().st_mtime_ns if PAGE.exists() else None) == before
