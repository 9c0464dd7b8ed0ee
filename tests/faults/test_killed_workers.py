"""Whatever kills a worker, and whenever, the work goes on by itself and comes to what it would have come to."""

import os
import random
import signal

import pytest

from accommodations.models import CourseSync
from tests.faults import killing
from tests.faults.checker import FaultFree, check
from tests.faults.http_proxy import Exchange
from tests.faults.killing import KillPoint
from tests.faults.lab import Lab
from tests.faults.steering import WRITES_OF_THE_RUN, at_a_write


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "count"), [("request", 76), ("commit", 180)])
def test_f01_a_worker_killed_at_any_request_or_commit(
    kind: str, count: int, when: str, lab: Lab, expected: FaultFree, lots: random.Random
) -> None:
    """R5, R14: four of the kill points; `make chaos` goes through all of them."""
    killed = killing.trial(lab, expected, KillPoint(kind, lots.randrange(count // 3, count), when))
    assert killed.place


@pytest.mark.parametrize("when", ["before", "after"])
def test_f01_a_whole_worker_killed_at_a_write(when: str, lab: Lab, expected: FaultFree, lots: random.Random) -> None:
    """R14: the leftover intent is settled by reading, by another worker."""
    at_a_write(lab, lab.kill_children, skip=lots.randrange(WRITES_OF_THE_RUN), when=when)
    lab.kill_worker()
    lab.keep_one_worker()
    lab.wait_until_settled()
    check(lab, expected)


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_f33_a_worker_killed_between_the_two_steps_of_a_move(
    method: str, when: str, lab: Lab, expected: FaultFree
) -> None:
    """R2, R5: the student stands in none of the two; it is finished first, and those who stay are not touched."""
    path = "/overrides/" if method == "PUT" else "/assignments/30004/overrides"
    at_a_write(lab, lab.kill_children, method=method, path=path, when=when)
    lab.wait_until_settled()
    check(lab, expected)


def test_f02_a_worker_that_is_asked_to_end_finishes_what_it_does(
    lab: Lab, expected: FaultFree, lots: random.Random
) -> None:
    """SIGTERM, as a deploy sends it: what it does not finish, the next worker does."""
    worker = lab.workers[0]
    at_a_write(lab, lambda: os.kill(worker.pid, signal.SIGTERM), skip=lots.randrange(8))
    assert worker.wait(60) == 0
    lab.workers.remove(worker)
    lab.keep_one_worker()
    lab.wait_until_settled()
    assert not CourseSync.objects.exclude(deaths=0).exists()
    check(lab, expected)


@pytest.mark.parametrize(("soft", "hard"), [("3", "60"), ("2.9", "3")])
def test_f02_a_task_that_runs_into_its_time_limit(soft: str, hard: str, lab: Lab, expected: FaultFree) -> None:
    """The soft limit lets it leave the course in order, the hard one kills it: either way it is finished later."""
    lab.stop_workers()
    lab.start_worker(TASK_SOFT_TIME_LIMIT_SECONDS=soft, TASK_TIME_LIMIT_SECONDS=hard)
    lab.canvas.delay_seconds = 0.4
    lab.request_courses()
    lab.wait_for(lambda: CourseSync.objects.exclude(deaths=0).exists() or "Hard time limit" in lab.logs(), "the limit")
    lab.canvas.delay_seconds = 0
    lab.keep_one_worker()
    lab.wait_until_settled()
    check(lab, expected)


def test_f03_a_course_that_kills_its_worker_each_time_is_set_aside_and_the_others_go_on(
    lab: Lab, expected: FaultFree
) -> None:
    """I6: three attempts, no more; the other courses are done meanwhile."""
    attempts = []

    def kill_at_chemistry(exchange: Exchange) -> bool:
        if not exchange.path.startswith("/api/v1/courses/2002/assignments?"):
            return True
        attempts.append(lab.kill_children())
        return False

    lab.canvas.hooks.before = kill_at_chemistry
    run = lab.request_courses()
    lab.wait_until_settled()
    found = dict(CourseSync.objects.filter(run=run).values_list("course__canvas_course_id", "status"))
    assert found == {2001: "done", 2002: "failed", 2003: "done"}
    assert len(attempts) == 3
