"""Redis, PostgreSQL, beat, or a second worker does what it should not: the rows are the queue, and the lease holds."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from accommodations.models import CourseLease, SyncRun
from accommodations.services import log_anchors
from tests import tampering
from tests.faults.checker import FaultFree, check
from tests.faults.lab import Lab
from tests.faults.small_disk import fill, make_room, small_disk
from tests.faults.steering import WRITES_OF_THE_RUN, at_a_write, hold_at_a_write
from tests.services.stack import descendants

TWO_HOURS = 2 * 3600
REPEATED = 3.0
"""Requests of up to three runs over the same courses, against one of them: each reads, and one writes."""
ENDED_OF_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> ALL(%s)
"""
SHIFTED = str(Path(__file__).parent / "shifted")


@contextmanager
def no_connection_left(lab: Lab) -> Iterator[int]:
    """Hold every connection that PostgreSQL has, whoever had it before; return how often this was itself refused."""
    refused = 0
    with ExitStack() as taken, connection.cursor() as cursor:
        mine = [connection.connection.info.backend_pid]
        while True:
            try:
                another = taken.enter_context(closing(psycopg.connect(lab.server.url)))
                mine.append(another.info.backend_pid)
            except psycopg.OperationalError:
                refused += 1
                cursor.execute(ENDED_OF_OTHERS, [mine])
                if not cursor.fetchall():
                    break
        yield refused


def test_f04_a_run_that_was_committed_and_never_published_is_found(lab: Lab, expected: FaultFree) -> None:
    """Beat's own sweep finds the row; twice as many beats do no harm (F08)."""
    lab.start_beat()
    lab.start_beat()
    lab.request(is_woken=False)
    lab.wait_until_settled(sweeps=False)
    lab.stop_beats()
    check(lab, expected)


def test_f04_messages_of_what_was_never_committed_do_nothing(lab: Lab, expected: FaultFree) -> None:
    """A task without its row ends at once, and the worker lives on."""
    worker = lab.workers[0]
    before = descendants(worker.pid)
    lab.send("prepare_sync_run", 999_999)
    lab.send("sync_course", 999_999)
    lab.sync()
    assert descendants(worker.pid) == before
    check(lab, expected)


@pytest.mark.parametrize("fault", ["killed", "flushed", "reset", "silent"])
def test_f05_redis_that_fails_in_mid_run(fault: str, lab: Lab, expected: FaultFree, lots: random.Random) -> None:
    """What it held is lost; staff can save meanwhile, and the worker goes on and consumes again."""
    hold_at_a_write(lab, skip=lots.randrange(WRITES_OF_THE_RUN - 3))
    if fault == "killed":
        lab.redis.refuse()
        lab.kill("redis")
    elif fault == "flushed":
        lab.messages.flushall()
    elif fault == "reset":
        lab.redis.reset()
    else:
        lab.redis.stall()
    lab.canvas.go_on()
    run = SyncRun.objects.get()
    time.sleep(3)
    if fault == "killed":
        lab.start_redis()
    lab.redis.clear()
    lab.wait_until_settled()
    run.refresh_from_db()
    assert run.status == "done"
    check(lab, expected)


SAVE = """
import time
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from accommodations.models import Student

settings.ALLOWED_HOSTS = ["leeway.example.edu"]
browser = Client(headers={"host": "leeway.example.edu"})
browser.force_login(User.objects.get(username="director"))
began = time.monotonic()
answer = browser.post(
    f"/students/{Student.objects.get(login_id='ann01').pk}/accommodations/new/",
    {"provisions": ["extra_attempts"], "attempts": "3", "scope": "every_course", "effective_from": "2020-01-01"},
    secure=True,
)
print(answer.status_code, answer.headers.get("location", answer.content.decode()), time.monotonic() - began, sep="|")
"""


def test_f05_staff_save_while_redis_is_away(lab: Lab, expected: FaultFree) -> None:
    """R5: the form is taken at once, and the plan is made once Redis is back, without anybody saving again."""
    lab.redis.refuse()
    lab.kill("redis")
    saved = lab.manage("shell", "--no-imports", "--command", SAVE)
    assert saved.returncode == 0, saved.stderr
    status, place, seconds = saved.stdout.strip().split("|")
    run = SyncRun.objects.get(trigger="change")
    assert (status, place) == ("302", f"/runs/{run.pk}/")
    assert float(seconds) < 30
    lab.start_redis()
    lab.redis.clear()
    lab.wait_until_settled()
    run.refresh_from_db()
    assert run.status == "reading", lab.told()
    assert run.course_syncs.filter(actions__isnull=False).exists()
    assert lab.writes() == []


def test_f06_a_message_a_hundred_times_to_four_processes(lab: Lab, expected: FaultFree) -> None:
    """The writes of one: the lease is taken once, the rows know what is done."""
    lab.start_worker(concurrency=4)
    run = lab.request_courses()
    for _ in range(40):
        lab.send("prepare_sync_run", run.pk)
    lab.wait_for(lambda: run.course_syncs.exists(), "the courses")
    ids = list(run.course_syncs.values_list("pk", flat=True))
    for number in range(60):
        lab.send("sync_course", ids[number % len(ids)])
    lab.wait_until_settled()
    assert len(lab.writes()) == expected.writes
    check(lab, expected)


def test_f06_messages_in_reverse(lab: Lab, expected: FaultFree) -> None:
    """The rows say what comes first: a course before its run, the last run before the first."""
    lab.stop_workers()
    runs = [lab.request_courses() for _ in range(2)]
    for run in runs:
        lab.send("prepare_sync_run", run.pk)
    lab.keep_one_worker()
    lab.wait_for(lambda: all(run.course_syncs.exists() for run in runs), "the courses of both")
    lab.stop_workers()
    for run in runs:
        for pk in run.course_syncs.order_by("pk").values_list("pk", flat=True):
            lab.send("sync_course", pk)
    for queue in [key for key in lab.messages.keys("celery*") if lab.messages.type(key) == b"list"]:
        waiting = lab.messages.lrange(queue, 0, -1)
        lab.messages.delete(queue)
        lab.messages.rpush(queue, *reversed(waiting))
    lab.keep_one_worker()
    lab.wait_until_settled()
    assert len(lab.writes()) == expected.writes
    check(lab, expected, most_requests=REPEATED)


def test_f06_a_message_that_comes_back_once_its_visibility_timeout_has_passed(lab: Lab, expected: FaultFree) -> None:
    """Its worker was killed in the middle of a write, and another has long finished the course: nothing is done."""
    lab.stop_workers()
    limits = {"TASK_SOFT_TIME_LIMIT_SECONDS": "9", "TASK_TIME_LIMIT_SECONDS": "10", "VISIBILITY_TIMEOUT_SECONDS": "20"}
    first = lab.start_worker(**limits)
    at_a_write(lab, lambda: lab.kill_children(first), skip=3)
    lab.kill_worker(first)
    lab.start_worker(**limits)
    lab.wait_until_settled()
    assert lab.messages.hlen("unacked") > 0
    time.sleep(20)
    lab.stop_workers()
    lab.start_worker(**limits)  # the next one hands it out: a worker looks for such messages as it starts
    lab.wait_for(lambda: not lab.messages.hlen("unacked"), "the message, again")
    assert len(lab.writes()) <= expected.writes + 1
    check(lab, expected)


def test_f07_postgres_that_is_restarted_in_mid_run(lab: Lab, expected: FaultFree, lots: random.Random) -> None:
    """No write without a committed intent; the course goes on when the database is back."""
    hold_at_a_write(lab, skip=lots.randrange(WRITES_OF_THE_RUN - 3))
    lab.restart_database()
    lab.canvas.go_on()
    lab.wait_until_settled()
    check(lab, expected)


def test_f07_postgres_that_cuts_every_connection(lab: Lab, expected: FaultFree, lots: random.Random) -> None:
    """As an administrator's pg_terminate_backend, or a pooler that runs dry, does."""
    hold_at_a_write(lab, skip=lots.randrange(WRITES_OF_THE_RUN - 3))
    lab.database.refuse()
    lab.canvas.go_on()
    time.sleep(2)
    lab.database.accept()
    lab.wait_until_settled()
    check(lab, expected)


def test_f07_postgres_without_a_connection_left(lab: Lab, expected: FaultFree, lots: random.Random) -> None:
    """Others hold them all, those reserved for administrators too: work waits, and goes on once there is one."""
    hold_at_a_write(lab, skip=lots.randrange(WRITES_OF_THE_RUN - 3))
    log = lab.server.directory / "postgres.log"
    before = log.read_text().count("too many clients")
    lab.database.reset()
    with no_connection_left(lab) as refused:
        lab.canvas.go_on()
        lab.wait_for(lambda: log.read_text().count("too many clients") > before + refused, "the worker, refused")
    lab.wait_until_settled()
    check(lab, expected)


def test_f07_a_disk_without_room(lab: Lab, expected: FaultFree, lots: random.Random) -> None:
    """Nothing can be noted, so nothing is sent to Canvas; once there is room, work goes on."""
    with small_disk(lab) as disk:
        hold_at_a_write(lab, skip=lots.randrange(WRITES_OF_THE_RUN - 3))
        log = lab.server.directory / "postgres.log"
        before = log.read_text().count("No space left on device")
        fill(disk)
        lab.canvas.go_on()
        lab.wait_for(lambda: log.read_text().count("No space left on device") > before, "a write that finds no room")
        make_room(disk)
        lab.wait_until_settled()
        check(lab, expected)


@pytest.mark.parametrize("table", ["accommodations_syncaction", "accommodations_ledgerentry"])
def test_f07_a_deadlock(table: str, lab: Lab, expected: FaultFree) -> None:
    """PostgreSQL ends one of two transactions: it is begun again, and no outcome is lost."""
    lab.deadlock_once(table)
    lab.request_courses()
    lab.wait_until_settled()
    check(lab, expected)


@pytest.mark.parametrize("when", ["before", "after"])
def test_f08_a_holder_that_sleeps_past_its_lease(when: str, lab: Lab, expected: FaultFree, lots: random.Random) -> None:
    """Another worker takes the course over; the old one wakes, finds its lease gone, and touches nothing more."""
    sleeper = lab.workers[0]

    def put_to_sleep() -> None:
        for pid in descendants(sleeper.pid):
            os.kill(pid, signal.SIGSTOP)

    at_a_write(lab, put_to_sleep, skip=lots.randrange(8), when=when)
    lab.start_worker()
    lab.wait_until_settled()
    for pid in descendants(sleeper.pid):
        os.kill(pid, signal.SIGCONT)
    lab.wait_for(lambda: not CourseLease.objects.exclude(holder="").exists(), "the end of every lease")
    check(lab, expected)


def test_f08_two_workers_at_once(lab: Lab, expected: FaultFree) -> None:
    """Three runs over the same courses: each course is synced by one at a time."""
    lab.start_worker(concurrency=2)
    for _ in range(3):
        lab.request_courses()
    lab.wait_until_settled()
    assert len(lab.writes()) == expected.writes
    check(lab, expected, most_requests=REPEATED)


def test_f08_two_beats_that_are_due_at_once(lab: Lab, expected: FaultFree) -> None:
    """Each sends every round of a day that was missed: each round is begun once."""
    first = lab.start_beat(PYTHONPATH=SHIFTED, CLOCK_SHIFT_SECONDS=str(-24 * 3600))
    lab.wait_for(lambda: b"sweep" in b"".join(lab.sent_to_redis), "a first sweep")
    lab.kill(first)
    lab.reset()
    for file in lab.folder.glob(f"{first}-schedule*"):
        shutil.copy(file, file.with_name(file.name.replace(first, "twin")))
    for schedule in (first, "twin"):
        lab.start_beat(schedule_of=schedule)
    lab.wait_for(lambda: SyncRun.objects.filter(trigger="nightly").exists(), "the nightly round")
    time.sleep(3)  # the other one's message comes as well
    lab.wait_until_settled(sweeps=False)
    rounds = list(SyncRun.objects.values_list("trigger", flat=True))
    assert "nightly" in rounds
    assert len(rounds) == len(set(rounds)), rounds
    lab.stop_beats()
    check(lab, expected, most_requests=REPEATED)


@pytest.mark.parametrize("is_restarted", [False, True], ids=["at work", "restarted"])
@pytest.mark.parametrize("hours", [-2, 2])
def test_f09_a_beat_whose_clock_steps(
    hours: int, is_restarted: bool, lab: Lab, expected: FaultFree, tmp_path: Path
) -> None:
    """It goes on at once, also after a step back, and starts no round twice."""
    step = tmp_path / "step"
    first = lab.start_beat(PYTHONPATH=SHIFTED, CLOCK_STEP_FILE=str(step))
    lab.wait_for(lambda: b"sweep" in b"".join(lab.sent_to_redis), "a first sweep")
    if is_restarted:
        lab.kill(first)
        lab.start_beat(schedule_of=first, PYTHONPATH=SHIFTED, CLOCK_SHIFT_SECONDS=str(hours * 3600))
    else:
        step.write_text(str(hours * 3600))
    lab.request(is_woken=False)
    lab.wait_until_settled(sweeps=False)
    rounds = list(SyncRun.objects.values_list("trigger", flat=True))
    assert len(rounds) == len(set(rounds)), rounds
    lab.stop_beats()
    check(lab, expected, most_requests=REPEATED)


@pytest.mark.parametrize("hours", [-2, 2])
def test_f09_a_worker_whose_clock_is_wrong(hours: int, lab: Lab, expected: FaultFree) -> None:
    """The database's clock decides over leases, so a worker with another clock takes nothing from a living one."""
    lab.start_worker(PYTHONPATH=SHIFTED, CLOCK_SHIFT_SECONDS=str(hours * 3600))
    lab.request_courses()
    lab.request_courses()
    lab.wait_until_settled()
    check(lab, expected, most_requests=REPEATED, clock_error=timedelta(hours=abs(hours)))


def test_f09_a_beat_that_stood_still_for_a_day(lab: Lab, expected: FaultFree) -> None:
    """What was due meanwhile is done once, not once for each time that it was missed."""
    beat = lab.start_beat(PYTHONPATH=SHIFTED, CLOCK_SHIFT_SECONDS=str(-24 * 3600))
    lab.wait_for(lambda: b"sweep" in b"".join(lab.sent_to_redis), "a first sweep")
    lab.kill(beat)
    lab.reset()
    lab.start_beat(schedule_of=beat)
    lab.wait_for(lambda: SyncRun.objects.filter(trigger="nightly").exists(), "the nightly round")
    lab.wait_until_settled(sweeps=False)
    triggers = list(SyncRun.objects.order_by("trigger").values_list("trigger", flat=True))
    assert triggers.count("nightly") == 1
    assert triggers.count("hourly") <= 1
    lab.stop_beats()
    check(lab, expected, most_requests=REPEATED)


TAMPERINGS: dict[str, tuple[Callable[[int], None], int]] = {
    "change": (tampering.change, 0),
    "delete": (tampering.delete, 1),
    "insert": (tampering.insert, 1),
    "swap": (tampering.swap, 0),
    "cut tail": (lambda place: tampering.cut_from(place, head_too=True), 0),
    "rebuild from the middle": (tampering.rebuild_from, 0),
}
"""What is done at an entry, and how many entries behind it the verification first sees it."""


def test_f32_a_log_that_was_tampered_with_while_workers_wrote_it_is_found(lab: Lab, expected: FaultFree) -> None:
    """The command names the first bad entry, each time on a fresh copy; on what the workers wrote it finds none."""
    lab.sync()
    anchor = log_anchors.add_anchor()
    assert anchor is not None
    assert lab.manage("verify_log").returncode == 0
    place = anchor.sequence // 2
    lab.stop_workers()
    lab.keep_database()
    for name, (act, behind) in TAMPERINGS.items():
        lab.restore_database()
        act(place)
        found = lab.manage("verify_log")
        # What was built anew up to its end differs from the anchor only: the entries up to it are named.
        first = 1 if name == "rebuild from the middle" else place + behind
        assert found.returncode == 1, (name, found.stdout)
        assert f"broken at entry {first}:" in found.stderr, (name, place, found.stderr)
    lab.restore_database()
    lab.keep_one_worker()
    check(lab, expected)
