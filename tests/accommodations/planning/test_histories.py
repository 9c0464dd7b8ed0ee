"""Random histories: staff, instructors, students and time go on, and after every sync the rules still hold."""

import os
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accommodations.planning.dates import gives_as_much
from accommodations.planning.effective_dates import class_overrides, effective_dates, is_assigned, own_ad_hoc_overrides
from accommodations.planning.plan import PairOutcome
from accommodations.planning.statuses import Reason, Status
from canvas_bridge.facts import AssessmentFacts, Dates, overridden_to
from tests import strategies, strategies_of_overrides
from tests.accommodations.planning.canvas_model import PairKey, World, world
from tests.accommodations.planning.sittings import Sitting, keeps_r1, sittings_in

STEPS = (
    "rules",
    "no rules",
    "class",
    "limit",
    "ours",
    "renew",
    "delete ours",
    "publish",
    "submit",
    "time",
    "extension",
)


def seen_by_all(here: World, now: datetime) -> dict[PairKey, tuple[Dates, bool, tuple[int, int]]]:
    """Return everybody's dates, whether they have each assessment, and their extensions."""
    seen = {}
    for student in here.canvas.facts.students:
        for one in here.canvas.facts.assessments:
            key = (student.canvas_user_id, one.key)
            own, others = own_ad_hoc_overrides(one).get(student.canvas_user_id), class_overrides(one)
            seen[key] = (
                effective_dates(one, student, ad_hoc=own, others=others, now=now),
                is_assigned(one, student, ad_hoc=own, others=others),
                here.canvas.extensions.get(key, (0, 0)),
            )
    return seen


def happen(step: str, here: World, data: st.DataObject) -> None:
    """Let one thing happen in the institution or in Canvas."""
    one: AssessmentFacts = data.draw(st.sampled_from(here.canvas.facts.assessments))
    user = data.draw(st.sampled_from(strategies.WITH_RULES))
    if step == "rules":
        here.inputs = replace(here.inputs, rules=data.draw(strategies.rules()))
    elif step == "no rules":
        here.inputs = replace(here.inputs, rules=())
    elif step == "class":
        here.canvas.edit(one.key, base_dates=data.draw(strategies.dates()))
    elif step == "limit" and one.is_quiz:
        here.canvas.edit(one.key, time_limit_minutes=data.draw(st.sampled_from([None, 20, 60, 240])))
    elif step == "publish":
        here.canvas.edit(one.key, is_published=True)
    elif step == "submit" and one.is_published:
        here.canvas.submitted |= {(user, one.key)}
    elif step == "extension":
        here.canvas.extensions[user, one.key] = data.draw(st.tuples(st.integers(0, 90), st.integers(0, 3)))
    elif step in ("ours", "renew", "delete ours"):
        _edit_ad_hoc(step, here, one, user, data)


def _edit_ad_hoc(step: str, here: World, one: AssessmentFacts, user: int, data: st.DataObject) -> None:
    """Let an instructor edit, re-save or delete an ad-hoc override that names this student alone."""
    kept = []
    for override in one.overrides:
        is_own = strategies_of_overrides.is_of_assessment(override) and override.canvas_user_ids == {user}
        if is_own and step == "renew":
            here.canvas.next_override_id += 1
            override = replace(override, title="1 student", canvas_override_id=here.canvas.next_override_id)
        elif is_own and step == "ours":
            field = data.draw(st.sampled_from(["unlock", "due", "lock"]))
            override = replace(override, **{field: overridden_to(data.draw(strategies_of_overrides.instants))})
        if not (is_own and step == "delete ours"):
            kept.append(override)
    here.canvas.edit(one.key, overrides=tuple(kept))


def settled(here: World, now: datetime) -> tuple[PairOutcome, ...]:
    """Sync until nothing is left to do, which takes a round more for every student of a shared override."""
    for _ in range(5):
        plan = here.sync(now)
        if not plan.actions:
            return plan.pairs
    raise AssertionError(f"the plan does not come to an end: {plan.actions}")


@given(strategies.planning_inputs(), st.lists(st.sampled_from(STEPS), min_size=1, max_size=5), st.data())
@settings(
    max_examples=int(os.environ.get("PLANNING_EXAMPLES", "20")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_r1_r2_r4_r19_hold_after_every_sync_of_any_history(
    inputs: object, steps: list[str], data: st.DataObject
) -> None:
    here = world(inputs)
    here.canvas.submitted = frozenset()
    now = strategies.NOW
    settled(here, now)
    for step in steps:
        if step == "time":
            now += timedelta(hours=data.draw(st.sampled_from([1, 7, 30, 100])))
        happen(step, here, data)
        before = seen_by_all(here, now)
        pairs = settled(here, now)
        after = seen_by_all(here, now)
        for key, (_, has_it, _) in before.items():
            assert after[key][1] == has_it, ("R19", step, key)
            if key[0] == strategies.WITHOUT_RULES:
                assert after[key] == before[key], ("R2", step, key)
        for pair in pairs:
            is_read = pair.assessment_key in here.inputs.facts.extensions_read
            key = (pair.canvas_user_id, pair.assessment_key)
            stated = sittings_in(here.inputs.rules, here.inputs.facts.course).get(key, ())
            _check_r1(pair, after[key], is_read=is_read, stated=stated)
        assert here.sync(now).actions == (), ("R4", step)


def _check_r1(
    pair: PairOutcome, seen: tuple[Dates, bool, tuple[int, int]], *, is_read: bool, stated: Collection[Sitting]
) -> None:
    """*In place* means that the whole grant is there, and nobody has less than without us, or than a sitting says."""
    dates, _, (minutes, attempts) = seen
    if pair.status is Status.IN_PLACE and pair.wanted is not None:
        assert gives_as_much(dates, pair.wanted.dates or dates), pair
        if is_read:  # what others lower unread is drift, found by the next reading
            assert minutes >= (pair.wanted.extra_minutes or 0), pair
            assert attempts >= (pair.wanted.extra_attempts or 0), pair
    if pair.reason in (Reason.READ_BACK, Reason.UNTIL_OVER, Reason.INSTRUCTOR_GIVES_AS_MUCH):
        assert pair.without_us.dates is not None
        assert keeps_r1(dates, pair.without_us.dates, stated), pair
