"""manage.py sync, verify_log and check_connection: what they print and the exit codes that scripts rely on."""

import pytest
from django.core.management import ManagementUtility, call_command
from django.core.management.base import CommandError
from django.db import connection as database

from accommodations.models import ActionLogPayload, CanvasConnection, Student, SyncRun, log_guard
from accommodations.services import accommodations, action_log
from tests.accommodations.services.conftest import University, time_and_a_half, two_days_later
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> int:
    """Run a command and return its exit code."""
    try:
        call_command(*arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    except CommandError as wrong:
        return wrong.returncode
    return 0


@pytest.fixture
def grant(ada: Student) -> None:
    for values in (time_and_a_half(), two_days_later()):
        accommodations.record_accommodation(student=ada, recorded_by=make_user(), values=values)


def test_sync_applies_and_prints_the_sentences(
    grant: None, university: University, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sync") == 0
    printed = capsys.readouterr().out
    assert "BOT 101: Botany: Done." in printed
    assert "Applied: Midterm: 60 min becomes 90 min" in printed
    assert university.extra_time_of(university.ada) == (30, 0)


def test_sync_of_one_course_plan_only_sends_nothing(
    grant: None, university: University, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sync", "--course", str(university.course.id), "--plan-only") == 0
    assert "Planned: Midterm: 60 min becomes 90 min" in capsys.readouterr().out
    assert university.writes == []


def test_sync_ends_with_1_where_something_is_refused(
    grant: None, university: University, capsys: pytest.CaptureFixture[str]
) -> None:
    university.fault("status", method="POST", path="extensions$", value={"code": 403, "body": {"message": "no"}})
    assert run("sync") == 1
    assert "Refused by Canvas" in capsys.readouterr().out


def test_sync_ends_with_1_where_canvas_is_not_connected(
    grant: None, connection: CanvasConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    connection.delete()
    assert run("sync") == 1
    assert "administrator" in capsys.readouterr().out


def test_sync_ends_with_2_for_a_course_that_leeway_does_not_know(connection: CanvasConnection) -> None:
    assert run("sync", "--course", "999") == 2
    assert not SyncRun.objects.exists()


@pytest.mark.parametrize("arguments", [("--course", "abc"), ("--everything",), ("--course",)])
def test_sync_ends_with_2_for_wrong_use(arguments: tuple[str, ...], connection: CanvasConnection) -> None:
    with pytest.raises(SystemExit) as ended:
        ManagementUtility(["manage.py", "sync", *arguments]).execute()
    assert ended.value.code == 2
    assert not SyncRun.objects.exists()


def test_verify_log_says_that_the_log_holds(grant: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify_log") == 0
    assert "holds" in capsys.readouterr().out


def test_verify_log_names_the_first_bad_entry(grant: None, capsys: pytest.CaptureFixture[str]) -> None:
    action_log.record(act="test.more")
    payload = ActionLogPayload.objects.select_related("entry").order_by("entry__sequence")[1]
    log_guard.remove(database)
    ActionLogPayload.objects.filter(pk=payload.pk).update(data={"forged": True})
    log_guard.install(database)
    assert run("verify_log") == 1
    assert f"broken at entry {payload.entry.sequence}" in capsys.readouterr().err


def test_check_connection_prints_each_check_and_writes_nothing(
    connection: CanvasConnection, university: University, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check_connection") == 0
    assert capsys.readouterr().out.count("ok ") >= 3
    assert university.writes == []


def test_check_connection_ends_with_1_for_a_dead_token(
    connection: CanvasConnection, university: University, capsys: pytest.CaptureFixture[str]
) -> None:
    CanvasConnection.objects.update(token="revoked")
    assert run("check_connection") == 1
    assert "token" in capsys.readouterr().err
