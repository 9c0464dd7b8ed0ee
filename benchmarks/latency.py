"""Q03's latency: from a recorded accommodation to Canvas, on real processes, while a nightly sync is under way.

Redis, a Celery worker and the sandbox Canvas run as the demo runs them; each request to Canvas takes 250 ms more. Run
as a module of its own (`python -m benchmarks.latency`), it is the office: it records, and waits for the run to end.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SLOW_CANVAS = {"kind": "latency", "path": "/api/", "value": 0.25}
GIVES_UP_AFTER_SECONDS = 300


@dataclass(frozen=True)
class Latency:
    """Seconds from recorded to in Canvas, over so many accommodations of students in up to so many courses."""

    changes: int
    courses: int
    median: float
    p95: float
    longest: float


def measured(changes: int = 20, others: int = 40) -> Latency:
    """Run everything, record so many accommodations one after the other, and return how long each took.

    `others`: students whose accommodations the nightly sync meanwhile puts into Canvas.
    """
    from accommodations.demo_stack import commands
    from accommodations.demo_stack.children import Children
    from accommodations.demo_stack.environment import any_free_port, demo_values, environment_of_children
    from accommodations.demo_stack.layout import Layout

    with TemporaryDirectory(prefix="leeway-latency-") as folder:
        layout = Layout(Path(folder))
        layout.make_folders()
        values = demo_values(layout, port=any_free_port())
        children = Children(layout.logs, environment_of_children(values), ROOT)
        try:
            children.start("Redis", commands.redis_server(layout, values))
            children.start("sandbox Canvas", commands.sandbox(layout, values))
            children.wait_for(children.start("database", commands.migrate(), is_service=False))
            children.start("worker", commands.worker())
            office = [sys.executable, "-m", "benchmarks.latency", str(changes), str(others)]
            ran = subprocess.run(  # noqa: S603  # this module
                office, cwd=ROOT, env=dict(children.environment), capture_output=True, text=True, check=False
            )
            if ran.returncode:
                raise RuntimeError(ran.stderr[-3000:])
        finally:
            children.end()
    return _summed_up(json.loads(ran.stdout.splitlines()[-1]))


def _summed_up(found: dict[str, Any]) -> Latency:
    seconds = sorted(found["seconds"])
    at_95 = seconds[ceil(0.95 * len(seconds)) - 1]
    return Latency(len(seconds), max(found["courses"]), statistics.median(seconds), at_95, seconds[-1])


def main(changes: int, others: int) -> None:
    """Be the office: many students in a nightly sync, then one accommodation after the other. Prints JSON."""
    import django

    django.setup()
    from django.contrib.auth.models import User

    from accommodations.models import Enrollment, SyncRun
    from accommodations.services import accommodations, connections, courses, people, sync_runs
    from accommodations.services.accommodation_values import AccommodationValues
    from accommodations.tasks.sync import prepare_sync_run

    canvas = connections.gateway_for(_until(connections.usable_connection, "a connection"))
    _until(lambda: courses.refresh_courses(canvas) or True, "the courses")
    ruth = User.objects.create(username="latency")
    values = AccommodationValues(
        provision="extra_time",
        extra_time_method="multiplier",
        multiplier=Decimal("1.5"),
        effective_from=datetime.now(UTC).date() - timedelta(days=1),
    )
    students = []
    for number in range(1, changes + others + 1):
        student = people.find_or_read_student(query=f"S{100_300 + number}")
        people.refresh_enrollments(student, canvas)
        students.append(student)
    for student in students[changes:]:
        accommodations.record_accommodation(student=student, recorded_by=ruth, values=values)
    SyncRun.objects.all().delete()
    _slow_down()
    seconds, in_courses = [], []
    for student in students[:changes]:
        if not SyncRun.objects.filter(trigger=SyncRun.Trigger.NIGHTLY, ended_at=None).exists():
            prepare_sync_run.delay(sync_runs.request_sync_run(trigger=SyncRun.Trigger.NIGHTLY).pk)
            time.sleep(1)
        started = time.monotonic()
        _, run = accommodations.record_accommodation(
            student=student, recorded_by=ruth, values=values, reads_before_applying=False
        )
        if run is None:
            continue
        prepare_sync_run.delay(run.pk)
        _until(lambda run=run: SyncRun.objects.filter(pk=run.pk).exclude(ended_at=None).exists(), f"run {run.pk}")
        seconds.append(time.monotonic() - started)
        in_courses.append(Enrollment.objects.filter(student=student, state="active").count())
    sys.stdout.write(json.dumps({"seconds": seconds, "courses": in_courses}) + "\n")


def _slow_down() -> None:
    import requests
    from django.conf import settings

    answer = requests.post(f"{settings.CANVAS_BASE_URL}/_sandbox/faults", json=SLOW_CANVAS, timeout=30)
    answer.raise_for_status()


def _until(look: Callable[[], Any], what: str) -> Any:
    """Look again and again until there is something; whatever is not up yet may refuse meanwhile."""
    from accommodations.errors import LeewayError

    end = time.monotonic() + GIVES_UP_AFTER_SECONDS
    while time.monotonic() < end:
        with suppress(LeewayError):
            if found := look():
                return found
        time.sleep(0.1)
    raise TimeoutError(f"waited {GIVES_UP_AFTER_SECONDS} s in vain for {what}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
