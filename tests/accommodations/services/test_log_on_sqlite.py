"""The demo's database guards the log as PostgreSQL does: the same tests, run on SQLite in a process of their own."""

import subprocess
import sys

from tests.services.processes import ROOT

HERE = "tests/accommodations/services"


def test_f32_b41_tampering_and_redaction_on_sqlite() -> None:
    files = [f"{HERE}/test_log_tampering.py", f"{HERE}/test_log_redaction.py"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "--ds=tests.settings_sqlite", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-1000:]
    assert " passed" in ran.stdout
