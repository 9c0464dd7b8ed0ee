"""The random worlds are no better than what they hold: every region of the planner is met in them, often enough."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from accommodations.planning.context import Pair
from accommodations.planning.plan import PlannedAction
from accommodations.planning.planner import PlannedPair, planned_pairs
from accommodations.planning.statuses import Reason
from canvas_bridge.changes import CreateOverride, DeleteOverride, MoveOutOfSharedOverride, UpdateOverride
from tests.accommodations.planning.canvas_model import World
from tests.accommodations.planning.test_properties import worlds

SERIES = 8
SHORT = settings(
    max_examples=40,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Region:
    """A kind of pair that the properties have to meet, and in how many of the worlds at least."""

    name: str
    at_least: int


REGIONS = (
    Region("another sitting that staff confirmed", 3),
    Region("another sitting of an instructor's", 10),
    Region("another sitting that is lengthened", 3),
    Region("an instructor's override that gives as much", 5),
    Region("an instructor's override is updated in place", 3),
    Region("an instructor's override is put back", 4),
    Region("our override is made", 15),
    Region("our override is deleted", 8),
    Region("a shared override is held", 2),
    Region("a shared override is left", 4),
    Region("the last one keeps a shared override", 1),
    Region("assigned by a module alone", 4),
    Region("not assigned because of a module", 1),
    Region("an override would assign", 4),
    Region("unassigned by an override", 5),
    Region("short: the class's window", 1),
    Region("short: the course's end", 2),
    Region("short: the grading period", 1),
    Region("blocked", 4),
    Region("a concluded course", 3),
    Region("past or missed", 20),
    Region("waits until it is over", 8),
    Region("extra minutes and attempts", 40),
)


def regions_of(one: PlannedPair) -> Iterator[str]:
    """Return the regions that a planned pair lies in."""
    pair, dates, reasons = one.pair, one.desired.dates, {finding.reason for finding in one.findings}
    if dates is not None and dates.is_own_sitting:
        yield "another sitting that staff confirmed"
    if dates is not None and dates.is_instructors_sitting:
        yield "another sitting of an instructor's"
        if any(part.action is not None and part.action.after.dates is not None for part in one.parts):
            yield "another sitting that is lengthened"
    if Reason.INSTRUCTOR_GIVES_AS_MUCH in reasons and pair.ad_hoc is not None:
        yield "an instructor's override that gives as much"
    yield from _of_assignment(pair)
    for reason, name in OF_REASONS.items():
        if reason in reasons:
            yield name
    for part in one.parts:
        if part.action is not None:
            yield _of_action(part.action)


OF_REASONS = {
    Reason.SHARED_OVERRIDE: "a shared override is held",
    Reason.WOULD_ASSIGN: "an override would assign",
    Reason.CLASS_WINDOW: "short: the class's window",
    Reason.COURSE_END: "short: the course's end",
    Reason.GRADING_PERIOD: "short: the grading period",
    Reason.GRADING_PERIOD_CLOSED: "blocked",
    Reason.BLUEPRINT_LOCK: "blocked",
    Reason.PACED_COURSE: "blocked",
    Reason.CHECKPOINTS: "blocked",
    Reason.COURSE_CONCLUDED: "a concluded course",
    Reason.OVER: "past or missed",
    Reason.CLOSED: "past or missed",
    Reason.UNTIL_OVER: "waits until it is over",
}


def _of_assignment(pair: Pair) -> Iterator[str]:
    overrides = pair.assessment.overrides
    has_module = any(one.canvas_module_id is not None for one in overrides)
    if has_module and pair.ad_hoc is None:
        yield "assigned by a module alone" if pair.has_it else "not assigned because of a module"
    if not pair.has_it and any(one.unassigns for one in overrides):
        yield "unassigned by an override"


def _of_action(action: PlannedAction) -> str:
    if action.after.dates is None:
        return "extra minutes and attempts"
    if isinstance(action.change, UpdateOverride):
        return _of_update(action)
    of_kind = {
        MoveOutOfSharedOverride: "a shared override is left",
        DeleteOverride: "our override is deleted",
        CreateOverride: "our override is made",
    }
    return of_kind[type(action.change)]


def _of_update(action: PlannedAction) -> str:
    entry = action.ledger_override
    if action.waits_for_moves:
        return "the last one keeps a shared override"
    if entry is None:
        return "an instructor's override is put back"
    return "an instructor's override is updated in place" if entry.before is not None else "ours is updated"


@pytest.fixture(scope="module")
def met() -> Counter[str]:
    """In how many random worlds, always the same, each region is met: at first, after a sync, or when all has ended.

    Hypothesis varies what it has just made: several short series are less alike than a long one.
    """
    found: Counter[str] = Counter()

    def look(here: World) -> None:
        seen = list(planned_pairs(here.observe()))
        here.sync()
        seen += planned_pairs(here.observe())
        here.inputs = replace(here.inputs, rules=())
        seen += planned_pairs(here.observe())
        found.update({name for one in seen for name in regions_of(one)})

    for number in range(SERIES):
        seed(number)(SHORT(given(worlds())(look)))()
    return found


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.name)
def test_the_random_worlds_meet_every_region_of_the_planner(region: Region, met: Counter[str]) -> None:
    assert met[region.name] >= region.at_least
