"""The rules as properties, while students are at work on their attempts and instructors edit what stands there."""

from copy import deepcopy
from fractions import Fraction
from random import Random

from hypothesis import given, note
from hypothesis import strategies as st

from accommodations.planning.dates import is_later
from accommodations.planning.plan import PairOutcome, Plan
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import AccommodationRule, DateShift, ExtraTime
from accommodations.planning.statuses import Status
from canvas_bridge.facts import UNGRADED_KINDS, Dates
from tests import reference, strategies
from tests.accommodations.planning import instructors
from tests.accommodations.planning.canvas_model import World, apply_some
from tests.accommodations.planning.sittings import keeps_r1, sittings_in
from tests.accommodations.planning.test_properties import MODERATE, settle, state_of, worlds
from tests.reference import DateTriple
from tests.strategies import InstructorEdit

UNTOUCHED = (Status.BLOCKED, Status.HELD, Status.FAILED, Status.MISSED, Status.PAST)


@st.composite
def busy_worlds(draw: st.DrawFn) -> World:
    """Return a world in which some students have begun, or handed in, attempts on classic quizzes."""
    here = draw(worlds())
    here.canvas.attempts = draw(strategies.attempts_of(here.inputs))
    return here


def begun(here: World) -> set[tuple[int, str]]:
    """Return the pairs that R18 protects: running, handed in, or over by the dates of now."""
    at_work = {(one.canvas_user_id, one.assessment_key) for one in here.canvas.attempts}
    over = {
        key
        for key, (dates, _, has_it) in state_of(here.canvas).items()
        if has_it and any(at is not None and at <= strategies.NOW for at in (dates.due_at, dates.lock_at))
    }
    # Canvas keeps no submissions of ungraded quizzes, and shows none of what is unpublished.
    shown = {one.key for one in here.canvas.facts.assessments if one.is_published and one.kind not in UNGRADED_KINDS}
    return over | at_work | {key for key in here.canvas.submitted if key[1] in shown}


def edited(here: World, edits: list[InstructorEdit]) -> World:
    """Return the world after a sync and an instructor's edits."""
    settle(here)
    for edit in edits:
        instructors.make(here, edit)
    return here


@given(busy_worlds(), strategies.instructor_edits)
@MODERATE
def test_r2_whatever_an_instructor_edits_nobody_else_is_changed_by_the_next_sync(
    here: World, edits: list[InstructorEdit]
) -> None:
    before = state_of(edited(here, edits).canvas)
    settle(here)
    with_rules = {rule.canvas_user_id for rule in here.inputs.rules}
    after = state_of(here.canvas)
    assert {key: one for key, one in after.items() if key[0] not in with_rules} == {
        key: one for key, one in before.items() if key[0] not in with_rules
    }


@given(busy_worlds(), strategies.instructor_edits)
@MODERATE
def test_r4_a_sync_after_the_sync_that_met_an_instructors_edits_plans_nothing(
    here: World, edits: list[InstructorEdit]
) -> None:
    plans = settle(edited(here, edits))
    note(plans)
    assert here.sync().actions == ()


@given(busy_worlds(), strategies.instructor_edits)
@MODERATE
def test_r1_nobody_has_less_than_without_us_after_an_instructors_edits(
    here: World, edits: list[InstructorEdit]
) -> None:
    plan, read = edited(here, edits).sync(), here.inputs.facts.extensions_read
    for _ in range(3):
        plan, read = here.sync(), read | here.inputs.facts.extensions_read
    note(plan)
    after, sittings = state_of(here.canvas), sittings_in(here.inputs.rules, here.inputs.facts.course)
    for pair in plan.pairs:
        key = (pair.canvas_user_id, pair.assessment_key)
        dates, (minutes, attempts), _ = after[key]
        if pair.status not in UNTOUCHED:
            assert keeps_r1(dates, pair.without_us.dates or Dates(), sittings.get(key, ())), pair
            if pair.assessment_key in read:  # what others lower unread is found next time
                assert minutes >= (pair.without_us.extra_minutes or 0), pair
                assert attempts >= (pair.without_us.extra_attempts or 0), pair


@given(busy_worlds(), strategies.instructor_edits, st.randoms(use_true_random=False))
@MODERATE
def test_r5_a_sync_of_edited_dates_that_was_interrupted_comes_to_the_same(
    here: World, edits: list[InstructorEdit], random: Random
) -> None:
    whole = deepcopy(edited(here, edits))
    settle(whole)
    apply_some(here, plan_course(here.observe()), lambda: random.random() < 0.5)
    settle(here)
    assert state_of(here.canvas) == state_of(whole.canvas)


@given(busy_worlds(), strategies.instructor_edits, st.randoms(use_true_random=False))
@MODERATE
def test_r6_the_order_of_everything_read_changes_nothing_of_the_plan(
    here: World, edits: list[InstructorEdit], random: Random
) -> None:
    inputs = edited(here, edits).observe()
    other = deepcopy(here)
    facts = other.canvas.facts
    other.canvas.facts = type(facts)(
        **{
            **{name: getattr(facts, name) for name in facts.__dataclass_fields__},
            "assessments": tuple(random.sample(facts.assessments, len(facts.assessments))),
            "students": tuple(random.sample(facts.students, len(facts.students))),
        }
    )
    other.canvas.attempts = tuple(reversed(other.canvas.attempts))
    assert plan_course(other.observe()) == plan_course(inputs)


def sittings_on_unpublished(here: World) -> set[tuple[int, str]]:
    """Return where a sitting may end before what the instructor set: with that back, nothing is over, nor begun."""
    unpublished = {one.key for one in here.canvas.facts.assessments if not one.is_published}
    return {key for key in sittings_in(here.inputs.rules, here.inputs.facts.course) if key[1] in unpublished}


@given(busy_worlds(), strategies.instructor_edits, strategies.rules())
@MODERATE
def test_r18_what_students_have_begun_keeps_what_it_has_whatever_ends(
    here: World, edits: list[InstructorEdit], later_rules: tuple[AccommodationRule, ...]
) -> None:
    protected = begun(edited(here, edits)) - sittings_on_unpublished(here)
    before = state_of(here.canvas)
    here.inputs = type(here.inputs)(
        **{**{name: getattr(here.inputs, name) for name in here.inputs.__dataclass_fields__}, "rules": later_rules}
    )
    settle(here)
    after = state_of(here.canvas)
    sittings = sittings_in(here.inputs.rules, here.inputs.facts.course)
    for key in protected:
        (old_dates, old_extension, _), (dates, extension, _) = before[key], after[key]
        assert all(now >= then for now, then in zip(extension, old_extension, strict=True)), key
        if dates.unlock_at in [
            one.dates.unlock_at for one in sittings.get(key, ())
        ]:  # such as a make-up after the class's
            continue
        assert not is_later(old_dates.due_at, dates.due_at), key
        assert not is_later(old_dates.lock_at, dates.lock_at), key


@given(busy_worlds(), strategies.instructor_edits)
@MODERATE
def test_r19_no_sync_after_an_instructors_edits_assigns_or_unassigns(here: World, edits: list[InstructorEdit]) -> None:
    before = {key: has_it for key, (_, _, has_it) in state_of(edited(here, edits).canvas).items()}
    settle(here)
    assert {key: has_it for key, (_, _, has_it) in state_of(here.canvas).items()} == before


@given(worlds())
@MODERATE
def test_r7_minutes_and_dates_in_place_are_never_below_the_exact_amount(here: World) -> None:
    plan = settle(here)[-1]
    limits = {one.key: one.time_limit_minutes for one in here.canvas.facts.assessments}
    after = state_of(here.canvas)
    for pair in _in_place(plan):
        dates, (minutes, _), _ = after[pair.canvas_user_id, pair.assessment_key]
        given_here = {source.accommodation_id for source in pair.sources}
        for rule in (one for one in here.inputs.rules if one.accommodation_id in given_here):
            limit, amount = limits[pair.assessment_key], rule.amount
            if isinstance(amount, ExtraTime) and limit and amount.multiplier is not None:
                exact = Fraction(limit) * (Fraction(amount.multiplier) - 1)
                assert minutes >= min(exact, reference.MOST_MINUTES), pair
            has_date = (pair.class_dates.due_at, pair.class_dates.lock_at) != (
                None,
                None,
            )  # else there is nothing to move
            is_shifted = isinstance(amount, DateShift) and has_date and not _is_another_sitting(pair)
            if is_shifted and amount.unit.value != "working_days":
                _check_shift(here, pair.class_dates, dates, amount)


def _is_another_sitting(pair: PairOutcome) -> bool:
    """Whether an instructor set the student another sitting: it is lengthened, and no shift is added to it."""
    theirs = pair.without_us.dates
    return theirs is not None and theirs.unlock_at not in (None, pair.class_dates.unlock_at)


def _in_place(plan: Plan) -> list[object]:
    return [pair for pair in plan.pairs if pair.status is Status.IN_PLACE]


def _check_shift(here: World, class_dates: Dates, dates: Dates, amount: DateShift) -> None:
    start = DateTriple(class_dates.unlock_at, class_dates.due_at, class_dates.lock_at)
    zone = here.inputs.facts.course.time_zone
    moved = reference.shifted(start, amount.amount, amount.unit.value, zone)
    assert not is_later(moved.due, dates.due_at), (class_dates, dates, amount)
    assert not is_later(moved.lock, dates.lock_at), (class_dates, dates, amount)
