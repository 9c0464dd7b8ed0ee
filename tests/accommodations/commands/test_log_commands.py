"""manage.py anchor_log and verify_log with anchors: what they print, write, and end with."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from accommodations.models import ActionLogEntry, ActionLogPayload, LogAnchor, LogHead, log_guard
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord
from tests.accommodations.commands.test_commands import run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_entries() -> None:
    action_log.record_many([LogRecord(act=f"test.{n}") for n in (1, 2, 3)])


def test_anchors_are_written_to_a_file_that_proves_a_cut_tail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "anchors.jsonl"
    assert run("anchor_log", "--export", str(file)) == 0
    assert "Anchored at entry 3" in capsys.readouterr().err
    assert run("verify_log", "--anchors", str(file)) == 0
    assert "agrees with the 1 anchors of the file" in capsys.readouterr().out
    log_guard.remove(connection)
    ActionLogPayload.objects.filter(entry__sequence=3).delete()
    ActionLogEntry.objects.filter(sequence=3)._raw_delete("default")
    LogAnchor.objects.all()._raw_delete("default")
    LogHead.objects.update(sequence=2, digest=ActionLogEntry.objects.get(sequence=2).digest)
    log_guard.install(connection)
    assert run("verify_log") == 0
    assert run("verify_log", "--anchors", str(file)) == 1
    assert "broken at entry 3: the log ends before entry 3, which was anchored on" in capsys.readouterr().err


def test_anchors_are_printed_and_nothing_is_signed_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("anchor_log", "--export", "-", "--export-only") == 0
    assert capsys.readouterr().out == ""
    assert run("anchor_log", "--export", "-") == 0
    assert '"sequence":3' in capsys.readouterr().out


def test_a_broken_log_is_not_anchored(capsys: pytest.CaptureFixture[str]) -> None:
    log_guard.remove(connection)
    ActionLogEntry.objects.filter(sequence=2).update(outcome="forged")
    log_guard.install(connection)
    assert run("anchor_log") == 1
    assert "Nothing was signed" in capsys.readouterr().err
    assert not LogAnchor.objects.exists()


def test_verify_log_goes_on_from_the_anchor(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("anchor_log")
    action_log.record(act="test.4")
    assert run("verify_log", "--from-anchor") == 0
    assert "4 entries" in (printed := capsys.readouterr().out)
    assert "from entry 4 on" in printed


@pytest.mark.parametrize("content", [None, "no anchor\n"])
def test_verify_log_ends_with_2_where_the_file_holds_no_anchors(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    if content is not None:
        file.write_text(content)
    assert run("verify_log", "--anchors", str(file)) == 2
