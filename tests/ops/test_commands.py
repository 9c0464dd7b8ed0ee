"""The two commands that everything hangs on: what `make test` runs, in which order, and what CI runs."""

import os
import subprocess

import pytest

from tests.services.processes import ROOT

CI = ROOT / ".ci" / "run"


def test_make_test_runs_every_check_and_pytest_last() -> None:
    """The last line that a person sees is pytest's own summary."""
    plan = make("--dry-run", "test")
    checks = [
        "ruff check",
        "ruff format --check",
        "lint-imports",
        "djlint",
        "/mypy",
        "check --deploy --fail-level WARNING",
        "makemigrations --check",
        "bin/pytest",
    ]
    positions = [plan.find(check) for check in checks]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert "bin/pytest" in plan.strip().splitlines()[-1]


def test_ci_is_executable_bash_that_ends_in_make_test() -> None:
    """It parses, asks nothing, and hands over to the command that everybody uses."""
    assert os.access(CI, os.X_OK)
    subprocess.run(["bash", "-n", str(CI)], check=True, timeout=30)
    assert CI.read_text().strip().splitlines()[-1] == "exec make test </dev/null"


@pytest.mark.parametrize("python", ["/nowhere/python3"])
def test_a_machine_without_python_3_11_is_told_so(python: str) -> None:
    """In words, instead of an error of a tool."""
    assert "Leeway needs Python 3.11 or newer" in make("--dry-run", "demo", f"PYTHON={python}", "VENV=nowhere")


def make(*arguments: str) -> str:
    """Return what make prints when a person calls it: these tests may themselves run below a make."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
