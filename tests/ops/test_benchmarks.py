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
    assert "## Q03: how soon a recorded accommodation is in Canvas" in ran.stdout
    assert (PAGE.stat().st_mtime_ns if PAGE.exists() else None) == before


def test_q10_the_schedules_need_is_that_of_the_targets() -> None:
    """The assumed mix comes to the hourly and nightly requests that the workload table names."""
    from benchmarks.schedule import scheduled

    usual = [one for one in scheduled() if "exam weeks" not in one.tier]
    needed = {one.tier: {each.name: each.requests for each in one.rounds} for one in usual}
    assert {tier: rounds["nightly"] for tier, rounds in needed.items()} == {
        "S": 1_430, "M": 6_977, "L": 20_516, "XL": 38_021,
    }  # fmt: skip
    assert needed["XL"]["hourly"] == 28_421
