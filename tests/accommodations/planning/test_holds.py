"""Undone and dismissed pairs: what stood there before comes back, and the pair waits for a person by name."""

from dataclasses import replace

from accommodations.planning.plan import Hold, HoldKind, LedgerExtension, LedgerOverride, Values
from accommodations.planning.planner import plan_course
from accommodations.planning.statuses import Reason, Status
from canvas_bridge.changes import DeleteOverride, SetQuizExtension
from canvas_bridge.facts import Dates, ObservedExtension, ObservedSubmission
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    NOW,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    facts,
    homework,
    inputs,
    only_pair,
    section_override,
    time,
    wide,
    with_overrides,
)

QUIZ, HOMEWORK = "assignment:11", "assignment:12"
PUT = LedgerExtension(ANA, QUIZ, put_minutes=30)
HELD = (ObservedExtension(QUIZ, ANA, 30),)
SHIFTED = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
ENTRY = LedgerOverride(ANA, HOMEWORK, 900, put=SHIFTED, class_dates=homework().base_dates)
OURS = ad_hoc(ANA, unlock=OPENS, due=SHIFTED.due_at, lock=SHIFTED.lock_at)


def undone(key: str = QUIZ, **kept: object) -> Hold:
    return Hold(ANA, key, HoldKind.UNDONE, "Maya Lindqvist", kept=Values(**kept))


def test_undo_takes_back_what_was_put_and_ends_in_held_undone_by_name() -> None:
    given = inputs(facts(wide(), extensions=HELD), time(), ledger_extensions=(PUT,), holds=(undone(),))
    plan = plan_course(given)
    assert [action.change for action in plan.actions] == [SetQuizExtension(21, ANA, extra_minutes=0)]
    assert plan.actions[0].is_expected
    after = plan_course(replace(given, facts=facts(wide()), ledger_extensions=()))
    assert after.actions == ()
    assert (only_pair(after).status, only_pair(after).reason) == (Status.HELD, Reason.UNDONE)
    assert "undone by Maya Lindqvist" in only_pair(after).sentence
    assert only_pair(after).is_granted


def test_undo_of_a_run_comes_back_to_what_we_had_put_before_it() -> None:
    raised = LedgerExtension(ANA, QUIZ, put_minutes=60)
    held = (ObservedExtension(QUIZ, ANA, 60),)
    hold = undone(extra_minutes=30)
    given = inputs(facts(wide(), extensions=held), time("2"), ledger_extensions=(raised,), holds=(hold,))
    (action,) = plan_course(given).actions
    assert action.change == SetQuizExtension(21, ANA, extra_minutes=30)
    assert action.ledger_extension == PUT
    after = plan_course(replace(given, facts=facts(wide(), extensions=HELD), ledger_extensions=(PUT,)))
    assert (after.actions, only_pair(after).reason) == ((), Reason.UNDONE)


def test_undo_of_a_taking_back_puts_it_there_again() -> None:
    hold = undone(HOMEWORK, dates=SHIFTED)
    given = inputs(facts(homework()), holds=(hold,))
    (action,) = plan_course(given).actions
    assert action.after.dates == SHIFTED
    stands = replace(given, facts=facts(with_overrides(homework(), OURS)), ledger_overrides=(ENTRY,))
    assert (plan_course(stands).actions, only_pair(plan_course(stands)).reason) == ((), Reason.UNDONE)


def test_r18_undo_leaves_what_was_handed_in() -> None:
    handed_in = (ObservedSubmission(HOMEWORK, ANA, has_submitted=True),)
    course_facts = facts(with_overrides(homework(), OURS), submissions=handed_in)
    plan = plan_course(inputs(course_facts, TWO_DAYS, ledger_overrides=(ENTRY,), holds=(undone(HOMEWORK),)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.UNDONE)


def test_r18_undo_waits_while_it_is_open() -> None:
    base = Dates(NOW - DAY, OPENS + 3 * DAY, OPENS + 4 * DAY)
    dates = replace(SHIFTED, unlock_at=NOW - DAY)
    is_open = with_overrides(
        homework(base_dates=base), ad_hoc(ANA, unlock=dates.unlock_at, due=dates.due_at, lock=dates.lock_at)
    )
    entry = replace(ENTRY, put=dates, class_dates=base)
    plan = plan_course(inputs(facts(is_open), TWO_DAYS, ledger_overrides=(entry,), holds=(undone(HOMEWORK),)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.UNDONE)
    words = "undone by Maya Lindqvist. Our dates stay until it is over, since it is open now."
    assert only_pair(plan).sentence == f"Homework 1: {words}"


def test_r19_undo_never_unassigns() -> None:
    assigned_by_us = homework(only_visible_to_overrides=True, overrides=(OURS,))
    given = inputs(facts(assigned_by_us), TWO_DAYS, ledger_overrides=(ENTRY,), holds=(undone(HOMEWORK),))
    assert plan_course(given).actions == ()
    by_section = replace(assigned_by_us, overrides=(OURS, section_override()))
    (action,) = plan_course(replace(given, facts=facts(by_section))).actions
    assert action.change == DeleteOverride(12, 900, ANA)


def test_an_undone_pair_waits_until_it_is_released_and_then_gets_its_grant() -> None:
    given = inputs(facts(wide()), time(), holds=(undone(),))
    assert plan_course(given).actions == ()
    assert plan_course(given).moot_holds == ()
    assert len(plan_course(replace(given, holds=())).actions) == 1


def test_an_undone_pair_is_free_once_the_accommodation_ends() -> None:
    plan = plan_course(inputs(facts(wide()), holds=(undone(),)))
    assert (plan.pairs, plan.moot_holds) == ((), ((ANA, QUIZ),))


def test_an_undone_pair_that_closed_without_its_grant_is_missed() -> None:
    over = wide(base_dates=Dates(NOW - 3 * DAY, NOW - DAY, NOW - DAY))
    plan = plan_course(inputs(facts(over), time(), holds=(undone(),)))
    assert only_pair(plan).status is Status.MISSED


def test_what_a_director_dismissed_stays_and_is_held_by_name_with_the_reason() -> None:
    hold = Hold(ANA, QUIZ, HoldKind.DISMISSED, "Rosa Almeida", "The import was wrong")
    given = inputs(facts(wide(), extensions=HELD), ledger_extensions=(PUT,), holds=(hold,))
    plan = plan_course(given)
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.DISMISSED)
    assert "Rosa Almeida" in only_pair(plan).sentence
    assert "The import was wrong." in only_pair(plan).sentence
    assert only_pair(plan).status is Status.HELD


def test_a_dismissal_never_keeps_a_student_from_more() -> None:
    hold = Hold(ANA, QUIZ, HoldKind.DISMISSED, "Rosa Almeida", "Wrong import")
    given = inputs(facts(wide(), extensions=HELD), time("2"), ledger_extensions=(PUT,), holds=(hold,))
    assert [action.change for action in plan_course(given).actions] == [SetQuizExtension(21, ANA, extra_minutes=60)]
