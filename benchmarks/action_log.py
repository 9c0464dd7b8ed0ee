"""The action log under load: how fast entries are added, verified and exported, and whether that grows linearly."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

SIZES = (20_000, 200_000)
EXPORTED = 10_000
BATCH = 500
ALONE = 200


@dataclass(frozen=True)
class Measured:
    """One thing done with so many rows."""

    case: str
    rows: int
    seconds: float
    cpu_seconds: float
    """Of this process: what it would take on a machine that does nothing else, without the waits for the database."""

    @property
    def rows_a_second(self) -> float:
        """Return the speed."""
        return self.rows / self.seconds


def measured(sizes: tuple[int, ...] = SIZES, exported: int = EXPORTED, alone: int = ALONE) -> list[Measured]:
    """Fill the log step by step to each size, verify it each time, and export one student of it."""
    # Django must be set up before its models are imported.
    from accommodations.models import ActionLogEntry, Student
    from accommodations.services import action_log

    student = Student.objects.create(canvas_user_id=9_000_001, name="Log Reader", sortable_name="Reader, Log")
    found: list[Measured] = []
    with _timed("one entry in a transaction of its own", alone, found):
        for _ in range(alone):
            action_log.record(act="canvas.write.started", student=student, payload=_payload())
    for size in sizes:
        missing = size - ActionLogEntry.objects.count()
        with _timed(f"added, {BATCH} in a transaction", missing, found):
            _add(missing, student if size == sizes[0] else None, exported)
        with _timed("verified", size, found):
            if not isinstance(action_log.verify(), action_log.Verified):
                raise RuntimeError("the log of the benchmark does not verify")
    number = ActionLogEntry.objects.filter(student_id_logged=student.pk).count()
    with _timed("exported for one student", number, found):
        _export(student)
    return found


@contextmanager
def _timed(case: str, rows: int, found: list[Measured]) -> Iterator[None]:
    start, cpu_start = time.perf_counter(), time.process_time()
    yield
    found.append(Measured(case, rows, time.perf_counter() - start, time.process_time() - cpu_start))


def _payload() -> dict[str, object]:
    """Return what a write to Canvas leaves."""
    return {
        "sentence": "Midterm: 60 min becomes 90 min (1.5×).",
        "sent": {"quiz_extensions": [{"user_id": 4711, "extra_time": 30}]},
        "answered": {"quiz_extensions": [{"user_id": 4711, "quiz_id": 12, "extra_time": 30, "extra_attempts": 0}]},
    }


def _add(number: int, student: Any, about_student: int) -> None:
    from accommodations.services import action_log
    from accommodations.services.action_log import LogRecord

    for start in range(0, number, BATCH):
        about = student if start < about_student else None
        action_log.record_many(
            [
                LogRecord(act="canvas.write.applied", outcome="applied", student=about, payload=_payload())
                for _ in range(min(BATCH, number - start))
            ]
        )


def _export(student: Any) -> int:
    """Make all cells of one student's export, as the page streams them."""
    from accommodations.models import ActionLogEntry
    from accommodations.selectors import log_export
    from accommodations.services.log_digests import canonical
    from accommodations.views.lists import csv_response

    zone = ZoneInfo("America/New_York")
    entries = ActionLogEntry.objects.filter(student_id_logged=student.pk)
    entries = entries.select_related("actor", "payload__redaction__actor").order_by("-sequence")
    response = csv_response(
        "bench",
        log_export.HEAD,
        (
            log_export.cells_of(line, zone=zone, details=canonical(line.payload))
            for line in log_export.lines_of(entries)
        ),
    )
    return len(response.getvalue())
