"""The clock, failures of Canvas, and the syncs, after which everything must hold."""

from collections.abc import Callable
from typing import Any

from accommodations.models import Course, SyncRun
from accommodations.services import accommodations, sync_runs
from accommodations.services.sync_runner import run_course_sync
from tests.histories import checks
from tests.histories.campus import Campus
from tests.histories.steps import POSITION, between, hours, one_of, picked, step

FAULTS: tuple[tuple[str, Any], ...] = (
    ("drop_after", None),
    ("drop_before", None),
    ("status", {"code": 500}),
    ("status", {"code": 502, "carried_out": True}),
    ("status", {"code": 422, "body": {"errors": ["no"]}}),
    ("status", {"code": 404, "body": {"errors": [{"message": "The specified resource does not exist."}]}}),
    ("status", {"code": 403, "body": {"status": "unauthorized"}}),
    ("status", {"code": 200, "body": "<html>Maintenance</html>", "content_type": "text/html"}),
    ("throttle", None),
    ("truncate", None),
)


@step(weight=5, by=one_of(1, 10, 26, 48, 120, 240))
def time_passes(campus: Campus, by: int) -> None:
    """Time passes, over openings, ends of periods and changes of the clock; what has run out expires."""
    campus.pass_time(hours(by))
    accommodations.expire_accommodations(today=campus.now.date())


@step(weight=6, fault=one_of(*FAULTS), method=one_of(None, "GET", "POST", "PUT", "DELETE"), count=between(1, 3))
def canvas_fails(campus: Campus, fault: tuple[str, Any], method: str | None, count: int) -> None:
    """Canvas will fail the next requests of a kind."""
    kind, value = fault
    campus.fault(kind, method=method, count=count, value=value)


@step(weight=3, is_check=True)
def sync_all(campus: Campus) -> None:
    """Leeway syncs everything as every night; where Canvas failed, again without failures."""
    is_undisturbed = not campus.state.control.faults
    disturbed(campus, campus.sync)
    if is_undisturbed and not campus.is_anything_left():
        checks.check_settled(campus)
    else:
        settled(campus)


@step(weight=1, is_check=True)
def sync_what_is_queued(campus: Campus) -> None:
    """Leeway works off what people's acts have queued."""
    checked(campus, campus.sweep)


@step(weight=1, is_check=True, position=POSITION)
def sync_one_course(campus: Campus, position: int) -> None:
    """A person syncs one course."""
    course = picked(list(Course.objects.order_by("pk")), position)
    if course is not None:
        checked(campus, lambda: _sync_only(campus, course))


def _sync_only(campus: Campus, course: Course) -> None:
    run = sync_runs.request_sync_run(
        trigger=SyncRun.Trigger.PERSON, requested_by=campus.office, courses=[course], is_limited_to_courses=True
    )
    for number in sync_runs.prepare_run(run.pk):
        run_course_sync(number)


@step(position=POSITION)
def sync_without_looking(campus: Campus, position: int) -> None:
    """Leeway syncs, perhaps amid failures, and the next thing happens before anything could be repaired."""
    if position % 2:
        disturbed(campus, campus.sweep)
    else:
        disturbed(campus, campus.sync)


def checked(campus: Campus, sync: Callable[[], None]) -> None:
    """Sync, settle, and look that everything holds."""
    disturbed(campus, sync)
    settled(campus)


def settled(campus: Campus) -> None:
    """Let every failure pass, sync, and look that everything holds."""
    disturbed(campus, campus.settle)
    checks.check_settled(campus)


def disturbed(campus: Campus, sync: Callable[[], None]) -> None:
    """Sync, and look that whatever failed, nobody was harmed by it."""
    before, with_us = campus.picture(), campus.users_with_us()
    campus.state.control.requests.clear()
    sync()
    checks.check_disturbed(campus, before, with_us)
