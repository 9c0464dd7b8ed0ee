"""Thin shells that wake the work on sync runs. The rows are the queue: a message may be lost, or come twice."""

from collections.abc import Iterable

from celery import shared_task

from accommodations.services import sync_runner, sync_runs, waking
from accommodations.services.sync_runner import SyncResult
from accommodations.tasks.base import LeewayTask


@shared_task(base=LeewayTask)
def prepare_sync_run(run_id: int) -> None:
    """Find the run's courses and wake a worker for each."""
    _wake_courses(sync_runs.prepare_run(run_id))


@shared_task(base=LeewayTask)
def sync_course(course_sync_id: int) -> None:
    """Work on one course; while another run holds it, come again a little later."""
    if sync_runner.run_course_sync(course_sync_id) is SyncResult.BUSY:
        _wake_courses([course_sync_id], countdown=sync_runner.BUSY_WAIT.total_seconds() + 1)


@shared_task(base=LeewayTask)
def sweep() -> None:
    """Wake what was never delivered, what a dead worker has left, and the round of a night that nothing came of."""
    found = waking.take_due()
    for run_id in found.run_ids:
        prepare_sync_run.delay(run_id)
    _wake_courses(found.course_sync_ids)
    _wake(waking.request_missed_nightly())


@shared_task(base=LeewayTask)
def request_exams() -> None:
    """Queue the courses with exams that are open or open within 48 hours."""
    _wake(waking.request_exams())


@shared_task(base=LeewayTask)
def request_hourly() -> None:
    """Queue the active courses."""
    _wake(waking.request_hourly())


@shared_task(base=LeewayTask)
def request_nightly() -> None:
    """Queue everything, with all enrollments read anew."""
    _wake(waking.request_nightly())


def _wake_courses(course_sync_ids: Iterable[int], *, countdown: float = 0) -> None:
    for course_sync_id, priority in waking.in_order_of_urgency(course_sync_ids):
        sync_course.apply_async((course_sync_id,), priority=priority, countdown=countdown)


def _wake(run_id: int | None) -> None:
    if run_id is not None:
        prepare_sync_run.delay_on_commit(run_id)
