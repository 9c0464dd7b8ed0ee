"""Undo as a property: the state before a sync comes back wherever R18 allows, an exception ends what an end would."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from accommodations.planning.dates import gives_as_much, is_later, is_later_unlock
from accommodations.planning.plan import Hold, HoldKind, PlannedAction, Values
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExceptionRule
from accommodations.planning.statuses import Reason
from accommodations.planning.undo import values_before
from canvas_bridge.facts import Dates
from tests import strategies
from tests.accommodations.planning.canvas_model import PairKey, World
from tests.accommodations.planning.sittings import keeps_r1
from tests.accommodations.planning.test_properties import MODERATE, State, restored, settle, state_of, worlds


def kept_before(here: World, actions: dict[PairKey, list[PlannedAction]]) -> tuple[Hold, ...]:
    """Return the holds of an undo of these actions, as they are made from the ledger of now."""
    return tuple(
        Hold(
            *key,
            HoldKind.UNDONE,
            "Maya Lindqvist",
            kept=values_before(done, extension=here.extensions.get(key), override=here.overrides.get(key)),
        )
        for key, done in actions.items()
    )


def carried_out(here: World) -> dict[PairKey, list[PlannedAction]]:
    """Sync until nothing is left to do, and return what was done with each pair, in its order."""
    done: dict[PairKey, list[PlannedAction]] = {}
    for plan in settle(here):
        for action in plan.actions:
            done.setdefault(action.pair_key, []).append(action)
    return done


def ended_sittings(
    done: Iterable[PairKey], before: Mapping[PairKey, State], at_first: Mapping[PairKey, State]
) -> set[PairKey]:
    """Return where an undo would give less than without us: another sitting that was taken back stays so (R1)."""
    return {key for key in done if not gives_as_much(before[key][0], at_first[key][0])}


@given(worlds(is_future=True), strategies.rules())
@MODERATE
def test_r3_undo_of_a_run_restores_the_exact_state_before_it(here: World, later_rules: tuple[object, ...]) -> None:
    at_first = restored(here)
    settle(here)
    before, overrides = restored(here), dict(here.overrides)
    here.inputs = replace(here.inputs, rules=later_rules)
    done = carried_out(here)
    put = restored(here)
    here.inputs = replace(here.inputs, holds=kept_before(here, done))
    settle(here)
    after = restored(here)
    assert all(keeps_r1(after[key][0], at_first[key][0], ()) for key in ended_sittings(done, before, at_first))
    free = [
        key
        for key in done.keys() - ended_sittings(done, before, at_first)
        if not _is_protected(here, key, put[key][0])  # exact dates may have opened it (R18)
    ]
    early = {key for key in free if is_later_unlock(at_first[key][0].unlock_at, before[key][0].unlock_at)}
    for key in free:
        unlock_at = (at_first if key in early else before)[key][0].unlock_at  # nothing opens early a second time (R12)
        dates, *others = before[key]
        assert after[key] == (replace(dates, unlock_at=unlock_at), *others), key
    same = [key for key in free if key not in early]
    assert {key: here.overrides[key].put for key in same if key in here.overrides} == {
        key: overrides[key].put for key in same if key in overrides
    }
    assert here.sync().actions == ()


@given(worlds())
@MODERATE
def test_r1_r18_r19_undo_takes_nothing_that_others_gave_or_that_students_have_begun(here: World) -> None:
    before = restored(here)
    done = carried_out(here)
    put = restored(here)
    here.inputs = replace(here.inputs, holds=kept_before(here, done))
    settle(here)
    after = restored(here)
    for key, (dates, extension, has_it) in after.items():
        old_dates, old_extension, had_it = before[key]
        assert has_it == had_it, key
        assert gives_as_much(dates, old_dates), key
        assert all(now >= then for now, then in zip(extension, old_extension, strict=True)), key
        put_dates, put_extension, _ = put[key]
        is_over = any(at is not None and at <= strategies.NOW for at in (put_dates.due_at, put_dates.lock_at))
        if is_over:
            assert not is_later(put_dates.lock_at, dates.lock_at), key
            assert extension == put_extension, key
        elif key in done and key not in here.canvas.submitted and not _is_protected(here, key, put_dates):
            assert (dates, extension) == (old_dates, old_extension), key
    assert here.sync().actions == ()


def _is_protected(here: World, key: PairKey, dates: Dates) -> bool:
    """Whether it is over, or open, by the dates that stand in Canvas (R18)."""
    (one,) = [one for one in here.canvas.facts.assessments if one.key == key[1]]
    is_over = any(at is not None and at <= strategies.NOW for at in (dates.due_at, dates.lock_at))
    return is_over or (one.is_published and (dates.unlock_at is None or dates.unlock_at <= strategies.NOW))


@given(worlds(), st.booleans())
@MODERATE
def test_an_exception_leads_to_the_state_that_an_end_leads_to(here: World, is_of_the_course: bool) -> None:
    settle(here)
    keys = [None] if is_of_the_course else [one.key for one in here.canvas.facts.assessments]
    exceptions = tuple(
        ExceptionRule(user, key, "It is what is examined.") for user in strategies.WITH_RULES for key in keys
    )
    excepted = replace(here.observe(), exceptions=exceptions)
    ended = replace(here.observe(), rules=())
    assert [one.change for one in plan_course(excepted).actions] == [one.change for one in plan_course(ended).actions]


@given(worlds(is_future=True))
@MODERATE
def test_a_student_who_is_not_released_gets_nothing_and_loses_nothing_of_others(here: World) -> None:
    before = state_of(here.canvas)
    here.inputs = replace(here.inputs, not_released=frozenset(strategies.WITH_RULES))
    plans = settle(here)
    assert [action for plan in plans for action in plan.actions] == []
    assert {pair.reason for pair in plans[-1].pairs} <= {Reason.NOT_RELEASED}
    assert state_of(here.canvas) == before
    assert all(pair.wanted is None or pair.wanted == Values() for pair in plans[-1].pairs)
