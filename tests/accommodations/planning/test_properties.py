"""What must hold for every course: the rules as properties over a small model of Canvas."""

import os
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from accommodations.planning.dates import is_later, off_midnight
from accommodations.planning.effective_dates import class_overrides, effective_dates, is_assigned, own_ad_hoc_overrides
from accommodations.planning.plan import Plan, PlanningInputs
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import AccommodationRule
from accommodations.planning.statuses import Reason
from canvas_bridge.changes import MoveOutOfSharedOverride
from canvas_bridge.facts import UNGRADED_KINDS, AssessmentFacts, CourseState, Dates, StudentFacts, overridden_to
from tests import strategies, strategies_of_overrides
from tests.accommodations.planning.canvas_model import ModelCanvas, PairKey, World, apply_some, world
from tests.accommodations.planning.sittings import keeps_r1, sittings_in

MODERATE = settings(
    max_examples=int(os.environ.get("PLANNING_EXAMPLES", "20")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
State = tuple[Dates, tuple[int, int], bool]


def pairs_of(canvas: ModelCanvas) -> Iterator[tuple[StudentFacts, AssessmentFacts]]:
    for student in canvas.facts.students:
        for assessment in canvas.facts.assessments:
            yield student, assessment


def dates_of(canvas: ModelCanvas, student: StudentFacts, assessment: AssessmentFacts) -> Dates:
    ad_hoc = own_ad_hoc_overrides(assessment).get(student.canvas_user_id)
    others = class_overrides(assessment)
    return effective_dates(assessment, student, ad_hoc=ad_hoc, others=others, now=strategies.NOW)


def state_of(canvas: ModelCanvas) -> dict[PairKey, State]:
    """Return what everybody has: dates, extensions, and whether the assessment is theirs at all."""
    state = {}
    for student, assessment in pairs_of(canvas):
        key = (student.canvas_user_id, assessment.key)
        ad_hoc = own_ad_hoc_overrides(assessment).get(student.canvas_user_id)
        has_it = is_assigned(assessment, student, ad_hoc=ad_hoc, others=class_overrides(assessment))
        state[key] = (dates_of(canvas, student, assessment), canvas.extensions.get(key, (0, 0)), has_it)
    return state


def restored(here: World) -> dict[PairKey, State]:
    """Return what everybody has, but for the minute by which a midnight that stood there is put back later (R8)."""
    zone = ZoneInfo(here.inputs.facts.token_time_zone)
    return {
        key: (
            Dates(
                dates.unlock_at,
                off_midnight(dates.due_at, token_zone=zone),
                off_midnight(dates.lock_at, token_zone=zone),
            ),
            extension,
            has_it,
        )
        for key, (dates, extension, has_it) in state_of(here.canvas).items()
    }


def settle(here: World, rounds: int = 4) -> list[Plan]:
    """Sync until nothing is left to do."""
    plans = [here.sync()]
    while plans[-1].actions and len(plans) < rounds:
        plans.append(here.sync())
    return plans


def assert_r1(here: World, before: dict[PairKey, State], *, rules: Iterable[AccommodationRule]) -> None:
    """Nobody has less than before; who has another sitting has that, and no less of it than staff stated."""
    sittings = sittings_in(rules, here.inputs.facts.course)
    for key, (dates, (minutes, attempts), _) in state_of(here.canvas).items():
        old_dates, (old_minutes, old_attempts), _ = before[key]
        assert keeps_r1(dates, old_dates, sittings.get(key, ())), key
        assert minutes >= old_minutes, key
        assert attempts >= old_attempts, key


@st.composite
def worlds(draw: st.DrawFn, *, most_rules: int = 4, is_future: bool = False) -> World:
    inputs = draw(strategies.planning_inputs(most_rules=most_rules, is_future=is_future))
    here = world(inputs, draw(strategies.extensions_of(inputs)))
    keys = [(student.canvas_user_id, one.key) for student, one in pairs_of(here.canvas)]
    if not is_future:
        here.canvas.submitted = frozenset(draw(st.sets(st.sampled_from(keys), max_size=2)))
    return here


@given(worlds())
@MODERATE
def test_r1_nobody_ends_with_less_than_before_us(here: World) -> None:
    before = state_of(here.canvas)
    settle(here)
    assert_r1(here, before, rules=here.inputs.rules)


@given(worlds())
@MODERATE
def test_r2_those_without_a_rule_keep_exactly_what_they_had(here: World) -> None:
    before = state_of(here.canvas)
    others = {
        assessment.key: [one for one in assessment.overrides if not strategies_of_overrides.is_of_assessment(one)]
        for assessment in here.canvas.facts.assessments
    }
    settle(here)
    with_rules = {rule.canvas_user_id for rule in here.inputs.rules}
    for key, state in state_of(here.canvas).items():
        if key[0] not in with_rules:
            assert state == before[key]
    for assessment in here.canvas.facts.assessments:
        kept = [one for one in assessment.overrides if not strategies_of_overrides.is_of_assessment(one)]
        assert kept == others[assessment.key]


@given(worlds())
@MODERATE
def test_r4_a_sync_right_after_a_sync_plans_nothing(here: World) -> None:
    here.sync()
    assert here.sync().actions == ()


@given(worlds(), st.randoms(use_true_random=False))
@MODERATE
def test_r6_the_order_of_everything_given_changes_nothing(here: World, random: object) -> None:
    inputs = here.observe()

    def shuffled(values: tuple[object, ...]) -> tuple[object, ...]:
        copy = list(values)
        random.shuffle(copy)
        return tuple(copy)

    facts = replace(
        inputs.facts,
        assessments=shuffled(tuple(replace(a, overrides=shuffled(a.overrides)) for a in inputs.facts.assessments)),
        students=shuffled(tuple(replace(s, sections=shuffled(s.sections)) for s in inputs.facts.students)),
        extensions=shuffled(inputs.facts.extensions),
        submissions=shuffled(inputs.facts.submissions),
    )
    other = replace(inputs, facts=facts, rules=shuffled(inputs.rules))
    assert plan_course(other) == plan_course(inputs)
    assert plan_course(other).digest == plan_course(inputs).digest


@given(worlds(), st.randoms(use_true_random=False))
@MODERATE
def test_r5_after_any_interruption_the_next_sync_comes_to_the_same(here: World, random: object) -> None:
    whole = deepcopy(here)
    settle(whole)
    apply_some(here, plan_course(here.observe()), lambda: random.random() < 0.5)
    settle(here)
    assert state_of(here.canvas) == state_of(whole.canvas)


@given(worlds(is_future=True))
@MODERATE
def test_r3_ending_everything_leaves_canvas_as_it_was(here: World) -> None:
    before = restored(here)
    overrides = [[one.canvas_override_id for one in a.overrides] for a in here.canvas.facts.assessments]
    moved = any(isinstance(action.change, MoveOutOfSharedOverride) for plan in settle(here) for action in plan.actions)
    here.inputs = replace(here.inputs, rules=())
    last = settle(here)[-1]
    stays = {
        (pair.canvas_user_id, pair.assessment_key)
        for pair in last.pairs
        if pair.reason in (Reason.UNTIL_OVER, Reason.OVER)
    }
    after = restored(here)
    assert {key: state for key, state in after.items() if key not in stays} == {
        key: state for key, state in before.items() if key not in stays
    }
    if not moved and not stays and all(student.is_current for student in here.canvas.facts.students):
        now = [[one.canvas_override_id for one in a.overrides] for a in here.canvas.facts.assessments]
        assert now == overrides
        assert not here.extensions
        assert not here.overrides
        assert last.pairs == ()


@given(worlds())
@MODERATE
def test_r3_ending_restores_what_instructors_had_set(here: World) -> None:
    before = restored(here)
    settle(here)
    here.inputs = replace(here.inputs, rules=())
    last = settle(here)[-1]
    stays = {(pair.canvas_user_id, pair.assessment_key) for pair in last.pairs}
    dropped = {student.canvas_user_id for student in here.canvas.facts.students if not student.is_current}
    for key, state in restored(here).items():
        if key not in stays and key[0] not in dropped:
            assert state == before[key]


@given(worlds())
@MODERATE
def test_r18_what_has_begun_or_is_over_keeps_what_it_has_at_the_end(here: World) -> None:
    settle(here)
    before = state_of(here.canvas)
    here.inputs = replace(here.inputs, rules=())
    settle(here)
    for student, assessment in pairs_of(here.canvas):
        key = (student.canvas_user_id, assessment.key)
        old_dates, old_extension, _ = before[key]
        is_over = any(at is not None and at <= strategies.NOW for at in (old_dates.due_at, old_dates.lock_at))
        is_open = (
            here.inputs.facts.course.state is CourseState.AVAILABLE
            and assessment.is_published
            and (old_dates.unlock_at is None or old_dates.unlock_at <= strategies.NOW)
            and (old_dates.lock_at is None or old_dates.lock_at > strategies.NOW)
        )
        is_shown = assessment.is_published and assessment.kind not in UNGRADED_KINDS  # those have no submissions
        if is_over or is_open or (key in here.canvas.submitted and is_shown):
            dates, extension, _ = state_of(here.canvas)[key]
            assert not is_later(old_dates.due_at, dates.due_at), key
            assert not is_later(old_dates.lock_at, dates.lock_at), key
            assert extension == old_extension, key


@given(worlds(), strategies.rules())
@MODERATE
def test_r19_no_sync_changes_who_has_an_assessment(here: World, later_rules: tuple[AccommodationRule, ...]) -> None:
    before = {key: has_it for key, (_, _, has_it) in state_of(here.canvas).items()}
    settle(here)
    here.inputs = replace(here.inputs, rules=later_rules)
    settle(here)
    here.inputs = replace(here.inputs, rules=())
    settle(here)
    assert {key: has_it for key, (_, _, has_it) in state_of(here.canvas).items()} == before


@given(worlds(), strategies.rules())
@MODERATE
def test_r1_and_r4_hold_when_accommodations_are_replaced(
    here: World, later_rules: tuple[AccommodationRule, ...]
) -> None:
    before, first_rules = state_of(here.canvas), here.inputs.rules
    settle(here)
    here.inputs = replace(here.inputs, rules=later_rules)
    settle(here)
    assert here.sync().actions == ()
    assert_r1(here, before, rules=(*first_rules, *later_rules))


@given(worlds(), st.data())
@MODERATE
def test_r1_and_r4_hold_when_the_class_moves(here: World, data: st.DataObject) -> None:
    settle(here)
    moved = data.draw(st.sampled_from(here.canvas.facts.assessments))
    here.canvas.edit(moved.key, base_dates=data.draw(strategies.dates()))
    plan = settle(here)[-1]
    note(plan)
    assert here.sync().actions == ()
    after = state_of(here.canvas)
    untouched = (Reason.OVER, Reason.CLOSED, Reason.BEGUN, Reason.COURSE_CONCLUDED, Reason.SHARED_OVERRIDE)
    sittings = sittings_in(here.inputs.rules, here.inputs.facts.course)
    for pair in plan.pairs:
        if pair.reason in untouched or pair.status == "blocked" or pair.status == "held":
            continue
        key = (pair.canvas_user_id, pair.assessment_key)
        assert keeps_r1(after[key][0], pair.without_us.dates, sittings.get(key, ())), pair


@given(worlds(), st.data())
@MODERATE
def test_r3_what_an_instructor_changes_on_our_override_survives_its_end(here: World, data: st.DataObject) -> None:
    settle(here)
    ours = [
        (assessment, override)
        for assessment in here.canvas.facts.assessments
        for override in assessment.overrides
        for entry in here.overrides.values()
        if entry.canvas_override_id == override.canvas_override_id and len(override.canvas_user_ids) == 1
        if override.due.at is not None  # a due date set where there was none is less, not more
    ]
    if not ours:
        return
    assessment, override = data.draw(st.sampled_from(ours))
    later_due = strategies.NOW + timedelta(days=40)
    edited = replace(override, due=overridden_to(later_due), canvas_override_id=77_777, title="1 student")
    here.canvas.edit(
        assessment.key, overrides=tuple(edited if one == override else one for one in assessment.overrides)
    )
    settle(here)
    assert here.sync().actions == ()
    here.inputs = replace(here.inputs, rules=())
    settle(here)
    (user,) = override.canvas_user_ids
    (student,) = [one for one in here.canvas.facts.students if one.canvas_user_id == user]
    (now_there,) = [one for one in here.canvas.facts.assessments if one.key == assessment.key]
    assert dates_of(here.canvas, student, now_there).due_at == later_due


@given(strategies.planning_inputs())
@MODERATE
def test_reading_what_is_asked_for_once_is_enough_and_the_plan_is_the_same_twice(inputs: PlanningInputs) -> None:
    here = world(inputs)
    observed = here.observe()
    assert plan_course(observed) == plan_course(observed)
    keys = [action.key for action in plan_course(observed).actions]
    assert len(keys) == len(set(keys))
