"""What the tests of interruptions share: a worker that dies, what it leaves behind, and how work goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accommodations.models import (
    ActionLogEntry,
    CourseLease,
    CourseSync,
    SyncAction,
    SyncRun,
)
from accommodations.services import action_log, sync_runs, waking
from accommodations.services.action_log import Verified
from accommodations.services.sync_runner import run_course_sync
from tests.accommodations.services.conftest import (
    statuses,
)

PAIRS = {("ada", "Midterm"), ("ada", "Essay")}


def is_all_granted() -> bool:
    """Whether every grant is in Canvas, read back or accepted."""
    found = statuses()
    return set(found) >= PAIRS and {found[pair] for pair in PAIRS} <= {"read_back", "accepted"}


class Killed(BaseException):
    """Stands for SIGKILL: no handler of the application sees it."""


def die(course_sync: CourseSync) -> None:
    """Work on the row until the planted death, and leave what a killed worker leaves: its lease and its row."""
    lease_seen = CourseSync.objects.get(pk=course_sync.pk)
    with pytest.raises(Killed):
        run_course_sync(course_sync.pk)
    # A killed process frees nothing: put back what the context manager let go in this process.
    CourseLease.objects.filter(course=lease_seen.course).update(
        holder="the dead", expires_at=timezone.now() + timedelta(seconds=50)
    )


def bury(course_sync: CourseSync) -> None:
    CourseLease.objects.filter(course=course_sync.course).update(expires_at=timezone.now() - timedelta(seconds=1))
    CourseSync.objects.filter(pk=course_sync.pk).update(woken_at=timezone.now() - timedelta(minutes=3))


def wake() -> None:
    """Do what the sweep and the workers do now."""
    for course_sync_id in waking.take_due().course_sync_ids:
        run_course_sync(course_sync_id)


def first_course_sync(run: SyncRun) -> CourseSync:
    [course_sync_id] = sync_runs.prepare_run(run.pk)
    return CourseSync.objects.get(pk=course_sync_id)


def every_write_has_one_intent_and_one_outcome() -> None:
    for action in SyncAction.objects.exclude(status__in=("planned", "dropped")):
        acts = list(
            ActionLogEntry.objects.filter(action_id_logged=action.pk).order_by("sequence").values_list("act", flat=True)
        )
        assert acts[0] == "canvas.write.started"
        assert acts[1:] in (
            ["canvas.write.applied"],
            ["canvas.write.refused"],
            ["canvas.write.unknown", "canvas.write.settled"],
            ["canvas.write.unreachable"],
        )
    assert isinstance(action_log.verify(), Verified)
