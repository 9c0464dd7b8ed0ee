"""Planning against a second reading of the same texts (`tests/reference.py`), and plans that are as small as can be."""

import os
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from accommodations.planning.dates import gives_as_much, shifted, zone_named
from accommodations.planning.desired import takes_extra_attempts
from accommodations.planning.effective_dates import class_overrides, effective_dates, is_assigned, own_ad_hoc_overrides
from accommodations.planning.plan import PlannedAction
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import AccommodationRule, DateShift, ExactDates, ExtraAttempts, ExtraTime, ShiftUnit
from accommodations.planning.statuses import Reason
from accommodations.planning.time_limits import extra_minutes
from canvas_bridge.facts import AssessmentFacts, Dates, DateSetting, ObservedOverride, StudentFacts
from tests import reference, strategies
from tests.accommodations.planning.canvas_model import World, counts_on
from tests.accommodations.planning.test_properties import settle, state_of, worlds
from tests.reference import DateTriple, Said, Who

OFTEN = settings(
    max_examples=5 * int(os.environ.get("PLANNING_EXAMPLES", "20")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MODERATE = settings(OFTEN, max_examples=int(os.environ.get("PLANNING_EXAMPLES", "20")))


def said(override: ObservedOverride) -> Said:
    """Return an override in the words of the contract."""

    def says(name: str, setting: DateSetting) -> dict[str, object]:
        return {name: setting.at} if setting.is_overridden else {}

    return Said(
        number=override.canvas_override_id,
        kind=override.target.value,
        target=override.canvas_target_id,
        students=override.canvas_user_ids,
        says=says("unlock", override.unlock) | says("due", override.due) | says("lock", override.lock),
        unassigns=override.unassigns,
        is_of_module=override.canvas_module_id is not None,
    )


def who(student: StudentFacts) -> Who:
    return Who(
        student.canvas_user_id,
        tuple((section, state.value) for section, state in student.sections),
        student.canvas_group_ids,
    )


def fields_of(dates: Dates) -> dict[str, object]:
    return {"unlock": dates.unlock_at, "due": dates.due_at, "lock": dates.lock_at}


@given(strategies.assessments(1), strategies.students(1), st.booleans())
@OFTEN
def test_r10_effective_dates_are_those_of_an_independent_reading_of_the_contract(
    assessment: AssessmentFacts, student: StudentFacts, is_only_for_overrides: bool
) -> None:
    assessment = replace(assessment, only_visible_to_overrides=is_only_for_overrides)
    own, others = own_ad_hoc_overrides(assessment).get(1), class_overrides(assessment)
    everything = [said(one) for one in assessment.overrides]
    ours = effective_dates(assessment, student, ad_hoc=own, others=others, now=strategies.NOW)
    theirs = reference.dates_of(
        fields_of(assessment.base_dates),
        everything,
        who(student),
        only_overrides=is_only_for_overrides,
        now=strategies.NOW,
    )
    assert fields_of(ours) == theirs
    assert is_assigned(assessment, student, ad_hoc=own, others=others) == reference.is_assigned(
        everything, who(student), only_overrides=is_only_for_overrides
    )


@given(strategies.extra_times, st.integers(1, 600))
@OFTEN
def test_r7_minutes_are_those_of_exact_fractions_rounded_up(amount: ExtraTime, limit: int) -> None:
    expected = reference.extra_minutes(
        Fraction(limit), method=amount.method.value, multiplier=amount.multiplier, minutes=amount.minutes
    )
    assert extra_minutes(amount, limit_minutes=Decimal(limit)) == expected


@given(strategies.dates(), st.integers(1, 400), st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Kolkata"]))
@OFTEN
def test_r7_days_keep_the_wall_clock_as_the_reference_does(dates: Dates, days: int, zone: str) -> None:
    moved = shifted(dates, DateShift(days, ShiftUnit.DAYS), zone=zone_named(zone), holidays=frozenset())
    for before, after in ((dates.due_at, moved.due_at), (dates.lock_at, moved.lock_at)):
        assert after == (None if before is None else reference.days_later(before, days, zone))
    assert moved.unlock_at == dates.unlock_at


@given(worlds(is_future=True))
@MODERATE
def test_r6_the_grant_is_the_most_of_what_counts_whichever_order_it_came_in(here: World) -> None:
    rules = tuple(replace(one, replaces_broader=False, effective_until=None) for one in here.inputs.rules)
    settings_without_holidays = replace(here.inputs.settings, holidays=frozenset())  # the reference knows none
    here.inputs = replace(here.inputs, rules=rules, settings=settings_without_holidays)
    known = {one.key: one for one in here.canvas.facts.assessments}
    for pair in plan_course(here.observe()).pairs:
        assessment = known[pair.assessment_key]
        here_too = [
            one
            for one in rules
            if one.canvas_user_id == pair.canvas_user_id
            and (not one.kinds or assessment.kind in one.kinds)
            and (one.scope.value != "assessment" or one.assessment_key == assessment.key)
        ]
        minutes = [
            reference.extra_minutes(
                Fraction(assessment.time_limit_minutes),
                method=one.amount.method.value,
                multiplier=one.amount.multiplier,
                minutes=one.amount.minutes,
            )
            for one in here_too
            if isinstance(one.amount, ExtraTime) and assessment.time_limit_minutes and assessment.is_quiz
        ]
        attempts = [one.amount.attempts for one in here_too if isinstance(one.amount, ExtraAttempts)]
        if not pair.is_granted:
            continue  # an exception, or a release that is lacking: nothing counts here
        assert pair.grant.extra_minutes == max(minutes, default=None), pair
        takes_more = assessment.allowed_attempts is not None and takes_extra_attempts(assessment)
        assert pair.grant.extra_attempts == (max(attempts, default=None) if takes_more else None), pair
        if not any(isinstance(one.amount, ExtraTime | ExactDates) for one in here_too):
            assert triple_of(pair.grant.dates or pair.class_dates) == shifted_most(here, pair.class_dates, here_too)


def triple_of(dates: Dates) -> DateTriple:
    return DateTriple(dates.unlock_at, dates.due_at, dates.lock_at)


def shifted_most(here: World, class_dates: Dates, rules: list[AccommodationRule]) -> DateTriple:
    """Return the latest due and the latest lock that any of the shifts comes to, by the second reading."""
    best, zone = triple_of(class_dates), here.inputs.facts.course.time_zone
    for rule in rules:
        if isinstance(rule.amount, DateShift):
            moved = reference.shifted(triple_of(class_dates), rule.amount.amount, rule.amount.unit.value, zone)
            best = reference.most_lenient(moved, best)
    return best if best == triple_of(class_dates) else reference.not_before_due(best)


def is_reached(here: World, wanted: dict[tuple[int, str], object]) -> bool:
    """Whether every pair has at least what a whole sync gives it."""
    seen = state_of(here.canvas)
    for key, (dates, (minutes, attempts), _) in wanted.items():
        has, (has_minutes, has_attempts), _ = seen[key]
        if not gives_as_much(has, dates) or has_minutes < minutes or has_attempts < attempts:
            return False
    return True


@given(worlds(), st.data())
@MODERATE
def test_the_plan_is_minimal_without_any_one_action_some_grant_is_not_met(here: World, data: st.DataObject) -> None:
    plan = plan_course(here.observe())
    assume(plan.actions)
    left_out: PlannedAction = data.draw(st.sampled_from(plan.actions))
    whole, less = deepcopy(here), deepcopy(here)
    for action in plan.actions:
        whole.apply(action)
        if action != left_out and not counts_on(action, left_out):
            less.apply(action)
    assert is_reached(whole, state_of(whole.canvas))
    assert not is_reached(less, state_of(whole.canvas)), left_out


@given(worlds())
@MODERATE
def test_no_action_is_planned_for_what_canvas_holds_already(here: World) -> None:
    settle(here)
    for one in here.canvas.facts.assessments:
        here.canvas.edit(one.key, name=f"{one.name} renamed")
    assert plan_course(here.observe()).actions == ()


@given(worlds(is_future=True))
@MODERATE
def test_r18_ending_and_granting_again_comes_to_the_same_state(here: World) -> None:
    settle(here)
    granted, rules = state_of(here.canvas), here.inputs.rules
    here.inputs = replace(here.inputs, rules=())
    last = settle(here)[-1]
    assume(not any(one.reason in (Reason.UNTIL_OVER, Reason.OVER) for one in last.pairs))
    here.inputs = replace(here.inputs, rules=rules)
    settle(here)
    assert state_of(here.canvas) == granted
