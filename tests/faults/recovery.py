"""How soon work goes on after something died, with the durations of production: worker, Redis, PostgreSQL."""

import time
from collections.abc import Callable
from typing import Any

from tests.faults.checker import check, fault_free
from tests.faults.lab import Lab, is_at_work, running_lab
from tests.faults.steering import hold_at_a_write

OF_PRODUCTION = {
    "CANVAS_TOTAL_SECONDS": "30",
    "COURSE_LEASE_SECONDS": "60",
    "DELIVERY_PATIENCE_SECONDS": "75",
    "SWEEP_SECONDS": "30",
    "CANVAS_RETRY_PAUSES_SECONDS": "60,300,900",
}
AT_MOST_SECONDS = 120.0


def measure(note: Callable[..., None]) -> None:
    """Kill each of them in the middle of a write, with beat sweeping each 30 s, and note when the course goes on.

    Without Redis the course at work goes on at once: there it is noted when the next one does, whose message is lost.
    """
    with running_lab(**OF_PRODUCTION) as lab:
        lab.keep_one_worker()
        expected = fault_free(lab)
        for name, kill in KILLS.items():
            lab.reset()
            lab.keep_one_worker()
            seconds = _resumed_after(lab, kill, is_next_course=name.startswith("Redis,"))
            lab.wait_until_settled(sweeps=False, seconds=600)
            lab.stop_beats()
            check(lab, expected)
            held = seconds <= AT_MOST_SECONDS
            note(kind="recovery", name=f"recovery {name}", held=held, seconds=round(seconds, 1))


def _resumed_after(lab: Lab, kill: Callable[[Lab], Any], *, is_next_course: bool) -> float:
    """Return the seconds from the kill to the next request about the course that was at work, or about another."""
    lab.start_beat()
    hold_at_a_write(lab, skip=2)
    course = lab.canvas.exchanges[-1].path.split("/courses/")[1].split("/")[0]
    killed_at = time.monotonic()
    kill(lab)
    lab.canvas.go_on()
    seen = len(lab.canvas.exchanges)

    def goes_on() -> bool:
        paths = [one.path for one in lab.canvas.exchanges[seen + 1 :] if "/courses/" in one.path]
        return any((f"/courses/{course}/" in path) != is_next_course for path in paths)

    while not goes_on() and is_at_work():
        assert time.monotonic() - killed_at < 2 * AT_MOST_SECONDS, lab.told()
        time.sleep(0.1)
    return time.monotonic() - killed_at


def _kill_worker(lab: Lab) -> None:
    lab.kill_worker()
    lab.keep_one_worker()


def _kill_redis(lab: Lab) -> None:
    lab.redis.refuse()
    lab.kill("redis")
    lab.start_redis()
    lab.redis.accept()


def _kill_redis_and_child(lab: Lab) -> None:
    lab.kill_children()
    _kill_redis(lab)


KILLS: dict[str, Callable[[Lab], Any]] = {
    "worker child": lambda lab: lab.kill_children(),
    "whole worker": _kill_worker,
    "Redis, so the next course": _kill_redis,
    "Redis and the worker child": _kill_redis_and_child,
    "PostgreSQL": lambda lab: lab.restart_database(),
}
