"""`make chaos`: every kill point once, every fault with three seeds, and how soon work goes on; resumable, in shards.

What was done is kept in var/chaos.jsonl, one line each; what is there and held is not done again. With `--write` the
counts go into docs/reliability.md, and nothing is run.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "var" / "chaos.jsonl"
SEEDS = (1, 2, 3)
FILES = (
    "tests/faults/test_killed_workers.py",
    "tests/faults/test_faulty_servers.py",
    "tests/faults/test_faulty_canvas.py",
    "tests/faults/test_lying_canvas.py",
    "tests/faults/test_busy_instructors.py",
    "tests/faults/test_changing_courses.py",
    "tests/faults/test_upgrade.py",
)


def main() -> int:
    """Do what is left of this shard; 1 where something did not hold."""
    options = _parsed()
    if options.write:
        from tests.faults.report import write

        write(RESULTS)
        return 0
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    results = Results(RESULTS, options.shard)
    if "faults" in options.parts:
        run_faults(results)
    if "kills" in options.parts:
        run_kill_points(results)
    if "recovery" in options.parts:
        from tests.faults.recovery import measure

        measure(results.note)
    return int(results.has_failed)


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.chaos", description=__doc__)
    parser.add_argument("--shard", default="1/1", help="i/n: this part of n")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("parts", nargs="*", default=["faults", "kills", "recovery"])
    return parser.parse_args()


class Results:
    """The file of what was done, and which part of it is this shard's."""

    def __init__(self, file: Path, shard: str) -> None:
        self.file, self.has_failed, self.commit = file, False, _commit()
        self.place, self.of = (int(number) for number in shard.split("/"))
        file.parent.mkdir(exist_ok=True)
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        self.held = {one["name"] for one in lines if one["held"]}

    def left(self, names: Iterable[str]) -> Iterator[str]:
        """Yield what of these is this shard's and has not held yet, mixed, so that an early end has seen all kinds."""
        mine = [name for place, name in enumerate(names) if place % self.of == self.place - 1]
        random.Random(1).shuffle(mine)  # noqa: S311  # an order, no secret
        yield from (name for name in mine if name not in self.held)

    def note(self, **line: Any) -> None:
        """Write one line, and say it."""
        self.has_failed |= not line["held"]
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        with self.file.open("a") as output:
            output.write(json.dumps({**line, "at": at, "commit": self.commit}) + "\n")
        print("held  " if line["held"] else "BROKEN", line["name"], line.get("error", "")[:1500], flush=True)


def _commit() -> str:
    """Return what was tried: the commit, and whether something was changed since."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return result.stdout.strip() or "unknown"


def run_kill_points(results: Results) -> None:
    """Kill once at each place of the reference run."""
    from tests.faults import killing
    from tests.faults.checker import fault_free
    from tests.faults.lab import running_lab

    with running_lab() as lab:
        lab.start_worker()
        expected = fault_free(lab)
        points = {str(one): one for one in killing.kill_points(*killing.count_points(lab))}
        for name in results.left(points):
            try:
                found = killing.trial(lab, expected, points[name])
            except Exception as error:
                results.note(kind="kill", name=name, held=False, error=f"{type(error).__name__}: {error}")
                lab.stop_workers()
                lab.start_worker()
            else:
                results.note(kind="kill", name=name, held=True, points=len(points), **vars(found))


def run_faults(results: Results) -> None:
    """Run each test of faults on processes with each seed, a file and seed at a time."""
    names = [f"{file} seed {seed}" for file in FILES for seed in SEEDS]
    for name in results.left(names):
        file, _, seed = name.partition(" seed ")
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:randomly", file]
        environment = {**os.environ, "FAULT_SEED": seed}
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        lines = result.stdout.splitlines()
        passed = [line.rpartition("::")[2] for line in lines if line.startswith("PASSED")]
        failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        is_held = result.returncode == 0
        seconds = time.monotonic() - began
        results.note(
            kind="fault", name=name, held=is_held, tests=passed, error="\n".join(failed), seconds=round(seconds)
        )


if __name__ == "__main__":
    sys.exit(main())
