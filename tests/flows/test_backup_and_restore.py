"""F30: the administrator guide's own commands, word by word, on PostgreSQL and real processes."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from accommodations.demo.accounts import ACCOUNTS
from accommodations.demo_stack import commands
from tests.flows.test_main_job import apply_plan, wait_for_heading
from tests.services import processes
from tests.services.canvas_look import CanvasLook
from tests.services.postgres import binary, temporary_postgres
from tests.services.stack import Stack, running_stack
from tests.services.visitor import signed_in

GUIDE = (processes.ROOT / "docs" / "administrator-guide.md").read_text()
SIS_USER_ID = "S100300"
SERVERS = ("web server", "worker", "beat")


def lines_of(heading: str) -> list[str]:
    """Return the command lines of one section of the guide."""
    section = GUIDE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^    (docker compose .*)$", section, re.MULTILINE)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Return a Leeway whose database is owned by the role that the compose file names."""
    with temporary_postgres() as postgres:
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE leeway SUPERUSER LOGIN")
            connection.execute("CREATE DATABASE leeway OWNER leeway")
        with running_stack(database_url=postgres.url_of("leeway").replace("//postgres@", "//leeway@")) as stack:
            yield stack


def run(stack: Stack, line: str, folder: Path) -> str:
    """Run one line of the guide without containers and return what it printed."""
    words = shlex.split(line)[2:]
    if words[0] == "stop":
        return stop(stack)
    if words[0] == "start":
        return start(stack)
    if words[:3] == ["run", "--rm", "migrate"]:
        return managed(stack, "migrate", "--no-input")
    if words[:4] == ["exec", "worker", "python", "manage.py"]:
        return managed(stack, *words[4:])
    assert words[:3] == ["exec", "-T", "db"], line
    return in_database(stack, words[3:], folder)


def in_database(stack: Stack, words: list[str], folder: Path) -> str:
    """Run one of PostgreSQL's own programs, with the file that the line reads or writes."""
    port = stack.values["DATABASE_URL"].rpartition(":")[2].partition("/")[0]
    files = {sign: folder / words[words.index(sign) + 1] for sign in "<>" if sign in words}
    command = words[: min(words.index(sign) for sign in files)] if files else words
    result = subprocess.run(
        [binary(command[0]), "--host=127.0.0.1", f"--port={port}", *command[1:]],
        stdin=files["<"].open("rb") if "<" in files else subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr.decode()
    if ">" in files:
        files[">"].write_bytes(result.stdout)
    return ""


def managed(stack: Stack, *words: str) -> str:
    result = stack.manage(*words)
    assert result.returncode == 0, f"{words}: {result.stdout}{result.stderr}"
    return result.stdout


def stop(stack: Stack) -> str:
    for name in SERVERS:
        child = stack.child(name)
        stack.children.running.remove(child)
        processes.stop(child.process)
    return ""


def start(stack: Stack) -> str:
    for name, command in zip(SERVERS, (commands.web(), commands.worker(), commands.beat(stack.layout)), strict=True):
        stack.children.start(name, command)
    processes.wait_until(stack.is_ready, what="the whole stack", timeout_seconds=90, pause_seconds=0.2)
    return ""


def test_f30_yesterdays_backup_is_restored_and_nothing_is_put_twice(stack: Stack, tmp_path: Path) -> None:
    """Recorded, backed up, applied, restored: the next sync finds all of it in Canvas and writes nothing."""
    (backup,) = [line for line in lines_of("Backups and restoring") if "pg_dump" in line]
    restoring = [line for line in lines_of("Backups and restoring") if line != backup]
    look = CanvasLook(stack.canvas_url, stack.values["CANVAS_TOKEN"])
    student: int = look.student(SIS_USER_ID)["id"]
    courses = look.courses_of(student)
    coordinator = signed_in(stack.url, ACCOUNTS[0].username, ACCOUNTS[0].password)
    coordinator.open("/students/find/").submit("Find the student", {"query": SIS_USER_ID})
    coordinator.submit(
        "Save and read the plan",
        {"provisions": ["extra_time", "alternative_dates"], "time_how": "1.5", "dates_how": "shift",
         "shift_amount": "2", "shift_unit": "days", "scope": "every_course"},
    )  # fmt: skip
    wait_for_heading(coordinator, r"Plan of run \d+: \d+ changes, not yet in Canvas")
    run(stack, backup, tmp_path)

    apply_plan(coordinator)
    applied = look.settings_in(courses)
    assert any(who == student for _, _, who in applied)

    said = [run(stack, line, tmp_path) for line in restoring]
    assert look.settings_in(courses) == applied
    assert re.search(r"[1-9]\d* stand in Canvas exactly as granted", said[-1])
    assert_known_again(stack)


def assert_known_again(stack: Stack) -> None:
    """The ledger holds the overrides again, the log's chain holds, and the next sync plans nothing."""
    counted = "from accommodations.models import LedgerEntry as L; print(L.objects.filter(part='override').count())"
    assert int(stack.run_python(counted)) > 0
    managed(stack, "verify_log")
    assert "Planned:" not in managed(stack, "sync", "--plan-only")


def test_b29_the_key_is_rotated_by_the_guides_commands(stack: Stack) -> None:
    """With the new key in front all goes on; after the last line also without the old one, which reads nothing."""
    start_anew, encrypt = lines_of("Encryption keys")
    old, new = stack.children.environment["LEEWAY_ENCRYPTION_KEYS"], Fernet.generate_key().decode()
    start_with_keys(stack, start_anew, f"{new},{old}")
    assert re.match(r"[1-9]\d* stored secrets are encrypted with the newest key", run(stack, encrypt, Path()))
    start_with_keys(stack, start_anew, new)
    managed(stack, "check_connection")
    run(stack, encrypt, Path())

    stack.children.environment = {**stack.children.environment, "LEEWAY_ENCRYPTION_KEYS": old}
    refused = stack.manage(*shlex.split(encrypt)[6:])
    assert refused.returncode == 1
    assert "Nothing was changed." in refused.stderr
    stack.children.environment = {**stack.children.environment, "LEEWAY_ENCRYPTION_KEYS": new}


def start_with_keys(stack: Stack, line: str, keys: str) -> None:
    """Start the servers as the line does once the keys in their settings are others."""
    assert line == "docker compose up --detach"
    stop(stack)
    stack.children.environment = {**stack.children.environment, "LEEWAY_ENCRYPTION_KEYS": keys}
    start(stack)


def test_the_upgrade_is_two_lines_and_waits_for_the_migration() -> None:
    assert lines_of("Upgrading") == ["docker compose build", "docker compose up --detach"]
