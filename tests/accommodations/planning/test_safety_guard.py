"""The safety guard (R16): what is counted, what is stopped, and what goes on beside it."""

from dataclasses import replace
from datetime import date

import pytest

from accommodations.planning.plan import GuardState, LedgerExtension, LedgerOverride, PlanningInputs
from accommodations.planning.planner import plan_course
from accommodations.planning.statuses import Reason, Status
from canvas_bridge.changes import SetQuizExtension, UpdateOverride
from canvas_bridge.facts import Dates, ObservedExtension, overridden_to
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    exact,
    facts,
    homework,
    inputs,
    rule,
    student,
    time,
    wide,
    with_overrides,
)

QUIZ = "assignment:11"
FIRST = 100


def ended(number: int, *, still_granted: int = 0, guard: GuardState | None = None, **fields: object) -> PlanningInputs:
    """Return a course in which so many students no longer have a grant of 30 min, and some others still have one."""
    users = range(FIRST, FIRST + number + still_granted)
    held = tuple(ObservedExtension(QUIZ, user, 30) for user in users)
    return inputs(
        facts(wide(), students=tuple(student(user) for user in users), extensions=held),
        *(rule(time(), canvas_user_id=user, accommodation_id=user) for user in users[number:]),
        ledger_extensions=tuple(LedgerExtension(user, QUIZ, put_minutes=30) for user in users),
        guard=guard or GuardState(),
        **fields,
    )


def test_r16_more_than_a_fifth_and_more_than_five_is_stopped_with_its_figures() -> None:
    plan = plan_course(ended(6, still_granted=20))
    assert plan.actions == ()
    assert plan.stop is not None
    assert len(plan.stop.actions) == 6
    assert "6 changes would delete or shrink what stands on 6 (23 % of the course's 26 grants)" in plan.stop.message
    assert "20 % and 5 in a course, 50 in a run" in plan.stop.message
    held = [pair for pair in plan.pairs if pair.reason is Reason.GUARD]
    assert len(held) == 6
    assert {pair.status for pair in held} == {Status.HELD}


@pytest.mark.parametrize(("shrinking", "granted"), [(5, 0), (6, 24), (10, 40)])
def test_r16_five_or_a_fifth_goes_through(shrinking: int, granted: int) -> None:
    plan = plan_course(ended(shrinking, still_granted=granted))
    assert plan.stop is None
    assert len(plan.actions) == shrinking


def test_r16_more_than_fifty_in_a_run_is_stopped_whatever_its_share() -> None:
    guard = GuardState(counted_elsewhere=49)
    assert plan_course(ended(1, still_granted=30, guard=guard)).stop is None
    plan = plan_course(ended(2, still_granted=30, guard=guard))
    assert plan.stop is not None
    assert "51 in the whole run" in plan.stop.message


def test_r16_only_what_deletes_or_shrinks_is_stopped_and_everything_else_goes_on() -> None:
    given = ended(6)
    newcomer = rule(time(), canvas_user_id=ANA)
    more = replace(given.facts, students=(*given.facts.students, student(ANA)))
    plan = plan_course(replace(given, facts=more, rules=(newcomer,)))
    assert [action.canvas_user_id for action in plan.actions] == [ANA]
    assert plan.stop is not None
    assert len(plan.stop.actions) == 6


def test_r16_the_digest_is_over_exactly_what_was_stopped_so_a_new_quiz_does_not_void_it() -> None:
    given = ended(6)
    stopped = plan_course(given).stop
    another = wide(canvas_assignment_id=90, canvas_quiz_id=91, name="New quiz")
    with_quiz = replace(
        given,
        facts=replace(
            given.facts,
            assessments=(*given.facts.assessments, another),
            students=(*given.facts.students, student(ANA)),
            extensions_read=frozenset({QUIZ, another.key}),
        ),
        rules=(rule(time(), canvas_user_id=ANA),),
    )
    plan = plan_course(with_quiz)
    assert plan.actions
    assert stopped is not None
    assert plan.stop is not None
    assert plan.stop.digest == stopped.digest
    assert plan_course(ended(7)).stop.digest != stopped.digest


def test_r16_what_a_director_approved_goes_on() -> None:
    stopped = plan_course(ended(6)).stop
    assert stopped is not None
    approved = frozenset(action.digest for action in stopped.actions)
    plan = plan_course(ended(6, guard=GuardState(approved=approved)))
    assert plan.stop is None
    assert len(plan.actions) == 6
    more = plan_course(ended(13, guard=GuardState(approved=approved)))
    assert len(more.actions) == 6
    assert more.stop is not None
    assert len(more.stop.actions) == 7


def test_r16_what_waits_for_a_director_stays_stopped_though_it_alone_would_not_be_too_much() -> None:
    stopped = plan_course(ended(2, still_granted=30, guard=GuardState(counted_elsewhere=49))).stop
    assert stopped is not None
    waiting = frozenset(action.digest for action in stopped.actions)
    plan = plan_course(ended(3, still_granted=30, guard=GuardState(stopped=waiting)))
    assert len(plan.actions) == 1
    assert plan.stop is not None
    assert plan.stop.digest == stopped.digest


def test_r16_ends_recorded_in_advance_are_not_counted() -> None:
    over = tuple(
        rule(time(), canvas_user_id=user, accommodation_id=user, effective_until=date(2025, 11, 30))
        for user in range(FIRST, FIRST + 8)
    )
    given = replace(ended(8), rules=over)
    plan = plan_course(given)
    assert plan.stop is None
    assert len(plan.actions) == 8
    assert all(action.is_expected for action in plan.actions)
    elsewhere = tuple(replace(one, kinds=frozenset({homework().kind})) for one in over)
    assert plan_course(replace(given, rules=elsewhere)).stop is not None


def test_r16_a_revoke_whose_number_was_just_confirmed_is_not_counted() -> None:
    confirmed = GuardState(confirmed=frozenset((user, 1) for user in range(FIRST, FIRST + 7)))
    assert plan_course(ended(7, guard=confirmed)).stop is None
    assert plan_course(ended(13, guard=confirmed)).stop is not None
    fewer = GuardState(confirmed=frozenset((user, 0) for user in range(FIRST, FIRST + 7)))
    assert plan_course(ended(7, guard=fewer)).stop is not None


def test_r16_what_rises_beside_what_shrinks_goes_on_when_the_shrinking_is_stopped() -> None:
    put = LedgerExtension(ANA, QUIZ, put_minutes=10, put_attempts=3)
    held = (ObservedExtension(QUIZ, ANA, 10, 3),)
    given = inputs(
        facts(wide(), extensions=held), time(), ledger_extensions=(put,), guard=GuardState(counted_elsewhere=50)
    )
    plan = plan_course(given)
    assert [action.change for action in plan.actions] == [SetQuizExtension(21, ANA, extra_minutes=30)]
    assert plan.actions[0].ledger_extension == LedgerExtension(ANA, QUIZ, put_minutes=30, put_attempts=3)
    assert plan.stop is not None
    assert [one.change for one in plan.stop.actions] == [SetQuizExtension(21, ANA, extra_minutes=30, extra_attempts=0)]


def test_r16_an_override_that_raises_one_date_and_lowers_another_counts_as_shrinking() -> None:
    put = Dates(OPENS, OPENS + 9 * DAY, OPENS + 9 * DAY)
    entry = LedgerOverride(ANA, "assignment:12", 900, put=put, class_dates=homework().base_dates)
    stands = with_overrides(homework(), ad_hoc(ANA, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at))
    mixed = exact(due=OPENS + 5 * DAY, lock=OPENS + 12 * DAY)
    (action,) = plan_course(inputs(facts(stands), mixed, ledger_overrides=(entry,))).actions
    assert action.is_shrinking
    given = inputs(facts(stands), mixed, ledger_overrides=(entry,), guard=GuardState(counted_elsewhere=50))
    plan = plan_course(given)
    assert plan.stop is not None
    assert plan.actions[0].change == UpdateOverride(
        12, 900, ANA, overridden_to(OPENS), overridden_to(OPENS + 9 * DAY), overridden_to(OPENS + 12 * DAY),
        title=plan.actions[0].change.title,
    )  # fmt: skip


def test_r16_nothing_is_counted_where_nothing_shrinks() -> None:
    plan = plan_course(inputs(facts(wide(), homework()), time(), TWO_DAYS, guard=GuardState(counted_elsewhere=500)))
    assert plan.stop is None
    assert len(plan.actions) == 3
