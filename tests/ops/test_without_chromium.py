"""Where there is no Chromium, the browser tests say so and how to get it; in CI that is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.processes import ROOT


def run_browser_tests(*, ci: str, path: Path) -> "subprocess.CompletedProcess[str]":
    """Run a browser test on a machine whose PATH knows no browser."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:randomly", "tests/browser/test_tour.py", "-k", "student"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(path), "CHROMIUM": "", "CI": ci, "PYTEST_ADDOPTS": ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("ci", "code", "word"), [("", 0, "1 skipped"), ("true", 1, "1 error")])
def test_a_machine_without_chromium_is_told_so(ci: str, code: int, word: str, tmp_path: Path) -> None:
    """Nobody takes a run without browser tests for a full one."""
    result = run_browser_tests(ci=ci, path=tmp_path)
    assert result.returncode == code, result.stdout
    assert "apt-get install chromium" in result.stdout
    assert word in result.stdout.strip().splitlines()[-1]
