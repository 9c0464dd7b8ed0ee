"""What instructors make of our overrides between two syncs, as random histories over a small model of Canvas."""

import os
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accommodations.planning.dates import gives_as_much, off_midnight, zone_named
from accommodations.planning.effective_dates import class_overrides, effective_dates, own_ad_hoc_overrides
from accommodations.planning.plan import PairOutcome, Plan
from accommodations.planning.statuses import Status
from canvas_bridge.facts import (
    AssessmentFacts,
    Dates,
    DateSetting,
    ObservedOverride,
    StudentFacts,
    overridden_to,
)
from tests import strategies, strategies_of_overrides
from tests.accommodations.planning.canvas_model import PairKey, World, world
from tests.accommodations.planning.sittings import Sitting, keeps_r1, sittings_in

MODERATE = settings(
    max_examples=int(os.environ.get("PLANNING_EXAMPLES", "40")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
EDITS = ("earlier", "later", "renamed", "shared", "moved")
WHOLE = frozenset({Status.IN_PLACE, Status.NOT_NEEDED})
"""Statuses that say that nothing of the grant is missing."""


def ours_in(here: World) -> list[tuple[PairKey, ObservedOverride]]:
    """Return the overrides that are in the ledger and name one student alone."""
    return [
        (key, override)
        for key in sorted(here.overrides)
        for override in assessment_of(here, key[1]).overrides
        if strategies_of_overrides.is_of_assessment(override) and override.canvas_user_ids == {key[0]}
    ]


def assessment_of(here: World, key: str) -> AssessmentFacts:
    return next(one for one in here.canvas.facts.assessments if one.key == key)


def student_of(here: World, user: int) -> StudentFacts:
    return next(one for one in here.canvas.facts.students if one.canvas_user_id == user)


def held(here: World, key: PairKey) -> Dates:
    """Return the dates that Canvas gives the student."""
    assessment = assessment_of(here, key[1])
    return effective_dates(
        assessment,
        student_of(here, key[0]),
        ad_hoc=own_ad_hoc_overrides(assessment).get(key[0]),
        others=class_overrides(assessment),
        now=strategies.NOW,
    )


def ad_hoc_of(here: World) -> dict[PairKey, ObservedOverride]:
    return {
        (user, one.key): override
        for one in here.canvas.facts.assessments
        for user, override in own_ad_hoc_overrides(one).items()
    }


def dates_said(here: World, named: dict[PairKey, ObservedOverride]) -> dict[PairKey, Dates]:
    """Return what each student's ad-hoc override says, but for the minute by which R8 puts a midnight back later.

    Who has left a shared one says the same in one of their own.
    """
    zone = zone_named(here.inputs.facts.token_time_zone)
    return {
        key: Dates(
            override.unlock.at,
            off_midnight(override.due.at, token_zone=zone),
            off_midnight(override.lock.at, token_zone=zone),
        )
        for key, override in named.items()
    }


def edited(how: str, override: ObservedOverride, taken: set[int], hours: int) -> ObservedOverride:
    """Return our override as an instructor leaves it."""
    by = timedelta(hours=hours)
    if how == "renamed":
        return replace(override, title="1 student", canvas_override_id=override.canvas_override_id + 50_000)
    if how == "shared":
        others = {strategies.WITHOUT_RULES} - taken
        return replace(override, canvas_user_ids=override.canvas_user_ids | others, title="2 students")
    if how == "moved":
        by += timedelta(days=1)
        return replace(
            override,
            unlock=overridden_to((override.unlock.at or strategies.NOW) + by),
            due=_moved(override.due, by),
            lock=_moved(override.lock, by),
        )
    by = -by if how == "earlier" else by
    return replace(override, due=_moved(override.due, by), lock=_moved(override.lock, by))


def _moved(setting: DateSetting, by: timedelta) -> DateSetting:
    return setting if setting.at is None else overridden_to(setting.at + by)


def settled(here: World) -> Plan:
    """Sync until nothing is left to do, which takes a round more for every student of a shared override."""
    for _ in range(6):
        plan = here.sync()
        if not plan.actions:
            return plan
    raise AssertionError(f"the plan does not come to an end: {plan.actions}")


def check(pair: PairOutcome, dates: Dates, class_dates: Dates, stated: Collection[Sitting]) -> None:
    """Nobody is below the class or below the grant, unless the status says so or an instructor set another sitting."""
    if pair.status not in WHOLE or pair.without_us.dates is None:
        return
    assert keeps_r1(dates, pair.without_us.dates, stated), pair
    unlock_at = pair.without_us.dates.unlock_at
    if unlock_at is not None and unlock_at != class_dates.unlock_at:
        return
    if pair.grant.dates is not None:
        assert gives_as_much(dates, pair.grant.dates), pair


@given(strategies.planning_inputs(), st.lists(st.sampled_from(EDITS), min_size=1, max_size=4), st.data())
@MODERATE
def test_r1_r3_r4_hold_whatever_instructors_make_of_our_overrides(
    inputs: object, edits: list[str], data: st.DataObject
) -> None:
    here = world(inputs)
    at_first = ad_hoc_of(here)
    settled(here)
    theirs: set[PairKey] = set()
    for how in edits:
        ours = ours_in(here)
        if not ours:
            break
        key, override = data.draw(st.sampled_from(ours))
        assessment = assessment_of(here, key[1])
        taken = {user for user, other in ad_hoc_of(here) if other == key[1]}
        changed = edited(how, override, taken, data.draw(st.sampled_from([1, 5, 30, 100])))
        here.canvas.edit(key[1], overrides=tuple(changed if one == override else one for one in assessment.overrides))
        if how in ("later", "moved"):
            theirs.add(key)
        if how == "shared":
            theirs |= {(user, key[1]) for user in changed.canvas_user_ids - {key[0]}}
        plan = settled(here)
        assert here.sync().actions == (), ("R4", how)
        for pair in plan.pairs:
            at = (pair.canvas_user_id, pair.assessment_key)
            check(
                pair,
                held(here, at),
                pair.class_dates,
                sittings_in(here.inputs.rules, here.inputs.facts.course).get(at, ()),
            )
    here.inputs = replace(here.inputs, rules=())
    stays = {(pair.canvas_user_id, pair.assessment_key) for pair in settled(here).pairs}
    gone = {user for user in strategies.WITH_RULES if not student_of(here, user).is_current}
    left = {key for key in ad_hoc_of(here) if key not in at_first and key[0] not in gone}
    assert left <= theirs | stays, "something of ours is left"
    assert {key for key in here.overrides if key[0] not in gone} <= stays, "the ledger is not empty"
    for key, override in at_first.items():
        if key not in theirs | stays and key[0] not in gone:
            now = {key: ad_hoc_of(here)[key]}
            assert dates_said(here, now) == dates_said(here, {key: override}), "R3"


@given(strategies.planning_inputs(is_future=True), st.data())
@MODERATE
def test_r15_drift_is_repaired_in_one_write_and_leaves_nothing_at_the_end(inputs: object, data: st.DataObject) -> None:
    here = world(inputs)
    at_first = ad_hoc_of(here)
    settled(here)
    ours = [(key, one) for key, one in ours_in(here) if key in {(user, key[1]) for user in strategies.WITH_RULES}]
    if not ours:
        return
    key, override = data.draw(st.sampled_from(ours))
    before = held(here, key)
    changed = edited("earlier", override, set(), data.draw(st.sampled_from([1, 100])))
    here.canvas.edit(
        key[1],
        overrides=tuple(changed if one == override else one for one in assessment_of(here, key[1]).overrides),
    )
    actions = [action for action in here.sync().actions if action.ledger_override is not None]
    assert len(actions) <= 1
    plan = here.sync()
    assert plan.actions == ()
    (pair,) = [pair for pair in plan.pairs if (pair.canvas_user_id, pair.assessment_key) == key]
    assert gives_as_much(held(here, key), before), pair
    here.inputs = replace(here.inputs, rules=())
    stays = {(pair.canvas_user_id, pair.assessment_key) for pair in settled(here).pairs}
    if not stays and all(one.is_current for one in here.canvas.facts.students):
        assert dates_said(here, ad_hoc_of(here)) == dates_said(here, at_first)
