"""The clock, failures of Canvas, and the syncs, after which everything must hold."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from accommodations.models import Course
from accommodations.services import accommodations
from tests.histories import checks
from tests.histories.campus import Campus
from tests.histories.steps import KINDS, POSITION, Step, between, drawn, hours, one_of, picked, step

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


@step(weight=2, statement=between(0, 700))
def process_dies(campus: Campus, statement: int) -> None:
    """The process that syncs next, or acts for a person, dies before one of its statements in the database."""
    if not campus.disturbances.meanwhile:
        campus.disturbances.dies_at_statement = statement


@step(weight=2, request=between(0, 30), is_answered=one_of(True, False))
def process_dies_at_a_request(campus: Campus, request: int, is_answered: bool) -> None:
    """It dies before a request to Canvas has left, or before its answer was heard."""
    if not campus.disturbances.meanwhile:
        campus.disturbances.dies_at_request = (request, is_answered)


@step(weight=2, kind=one_of("f20", "f21", "f22", "f34"))
def canvas_answers_in_part(campus: Campus, kind: str) -> None:
    """Canvas refuses an update after taking students out, or gives some of the students of a request nothing."""
    campus.disturbances.partial_answers.append(kind)


def somebodys_act(random: Random) -> Step:
    """Draw what somebody does while a sync is at work."""
    names = sorted(name for name in KINDS if name.startswith(MEANWHILE) and name not in NOT_MEANWHILE)
    return drawn(random, random.choice(names))


MEANWHILE = ("instructor_", "student_", "staff_", "director_", "registrar_", "blueprint_", "administrator_")
NOT_MEANWHILE = frozenset({"registrar_moves_the_close", "registrar_moves_the_end_of_a_course"})
"""They let an hour pass."""
LONGER_THAN_A_READ_COUNTS = timedelta(seconds=31)


@step(weight=5, request=between(0, 25), what=somebodys_act)
def meanwhile(campus: Campus, request: int, what: Step) -> None:
    """Somebody acts while the next sync is at work, after one of its requests.

    Half a minute passes with it, after which a sync reads again before it writes dates (F24): inside the last round
    trip Canvas has no If-Match, so whose edit is later there wins.
    """
    if campus.disturbances.dies_at_statement is not None or campus.disturbances.dies_at_request is not None:
        return

    def act() -> None:
        KINDS[what.name].carry(campus, **what.values)

    acts = campus.disturbances.meanwhile.setdefault(request, [])
    acts.append(lambda: campus.meanwhile(act, by=LONGER_THAN_A_READ_COUNTS))


@step(weight=3, is_check=True)
def sync_all(campus: Campus) -> None:
    """Leeway syncs everything as every night; where Canvas failed, again without failures."""
    is_undisturbed = campus.is_undisturbed
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
        checked(campus, lambda: campus.sync_course(course))


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
    campus.before, with_us = campus.picture(), campus.users_with_us()
    campus.state.control.requests.clear()
    sync()
    checks.check_disturbed(campus, campus.before, with_us | campus.users_with_us())
