"""Where dates go: an override of the student's own, and what happens to those that others made."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accommodations.planning.explain_pair import explained
from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import LedgerCorrection, LedgerOverride, LedgerPart, OverrideBefore, PreviousFailure
from accommodations.planning.planner import plan_course
from accommodations.planning.statuses import Reason
from accommodations.planning.titles import override_title
from canvas_bridge.changes import CreateOverride, MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    AssessmentFacts,
    Dates,
    ObservedOverride,
    ObservedSubmission,
    overridden_to,
)
from tests.accommodations.planning.building import (
    ANA,
    BO,
    DAY,
    HOUR,
    KEY,
    MINUTE,
    NOW,
    ONE_MORE,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    exact,
    facts,
    homework,
    inputs,
    only_pair,
    quiz,
    rule,
    section_override,
    student,
    time,
    with_overrides,
)
from tests.accommodations.planning.canvas_model import world

BASE = homework().base_dates
GRANTED = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
TITLE = override_title(key=KEY, canvas_user_id=ANA, assessment_key="assignment:12")
PUT = LedgerOverride(ANA, "assignment:12", 900, put=GRANTED, class_dates=BASE)


def ours(dates: Dates = GRANTED, **fields: object) -> ObservedOverride:
    given = {"title": TITLE, "unlock": dates.unlock_at, "due": dates.due_at, "lock": dates.lock_at, **fields}
    return ad_hoc(ANA, **given)


def test_r2_each_student_gets_an_override_of_their_own_with_all_three_dates() -> None:
    both = facts(homework(), students=(student(), student(BO)))
    plan = plan_course(inputs(both, rule(TWO_DAYS), rule(TWO_DAYS, canvas_user_id=BO, accommodation_id=2)))
    changes = [action.change for action in plan.actions]
    assert [change.canvas_user_id for change in changes] == [ANA, BO]
    assert all(isinstance(change, CreateOverride) and change.dates == GRANTED for change in changes)
    assert changes[0].title == TITLE
    assert plan.actions[0].ledger_override == replace(PUT, canvas_override_id=0)


def test_shifts_count_from_the_sections_dates() -> None:
    dated = with_overrides(homework(), section_override(due=OPENS + 10 * DAY, lock=OPENS + 10 * DAY))
    (action,) = plan_course(inputs(facts(dated), TWO_DAYS)).actions
    assert action.change.dates == Dates(OPENS, OPENS + 12 * DAY, OPENS + 12 * DAY)


def test_what_stands_as_it_should_is_read_back() -> None:
    plan = plan_course(inputs(facts(with_overrides(homework(), ours())), TWO_DAYS, ledger_overrides=(PUT,)))
    assert (plan.actions, plan.ledger_corrections, only_pair(plan).reason) == ((), (), Reason.READ_BACK)


def test_our_copies_follow_when_the_class_moves_later() -> None:
    later = replace(homework(), base_dates=Dates(OPENS + DAY, OPENS + 8 * DAY, OPENS + 9 * DAY))
    (action,) = plan_course(inputs(facts(with_overrides(later, ours())), TWO_DAYS, ledger_overrides=(PUT,))).actions
    assert isinstance(action.change, UpdateOverride)
    assert action.after.dates == Dates(OPENS + DAY, OPENS + 10 * DAY, OPENS + 11 * DAY)
    assert not action.is_shrinking


def test_a_copied_unlock_that_is_earlier_than_the_classs_is_written_first() -> None:
    later = replace(homework(), base_dates=replace(BASE, unlock_at=OPENS + DAY))
    soon = homework(canvas_assignment_id=10, name="Homework 0")
    plan = plan_course(inputs(facts(soon, with_overrides(later, ours())), TWO_DAYS, ONE_MORE, ledger_overrides=(PUT,)))
    assert plan.actions[0].assessment_key == "assignment:12"
    assert plan.actions[0].after.dates == replace(GRANTED, unlock_at=OPENS + DAY)


def test_r12_a_window_that_only_our_date_closed_is_repaired_at_once() -> None:
    stale = Dates(OPENS - 9 * DAY, NOW - HOUR, NOW - HOUR)
    moved = replace(homework(), base_dates=Dates(OPENS - 9 * DAY, NOW + DAY, NOW + DAY))
    entry = replace(PUT, put=stale, class_dates=stale)
    (action,) = plan_course(
        inputs(facts(with_overrides(moved, ours(stale))), TWO_DAYS, ledger_overrides=(entry,))
    ).actions
    assert action.after.dates == Dates(OPENS - 9 * DAY, NOW + 3 * DAY, NOW + 3 * DAY)


def test_when_the_class_moves_earlier_untimed_dates_stay_until_staff_decide() -> None:
    earlier = replace(homework(), base_dates=Dates(OPENS, OPENS + DAY, OPENS + 2 * DAY))
    given = inputs(facts(with_overrides(earlier, ours())), TWO_DAYS, ledger_overrides=(PUT,))
    plan = plan_course(given)
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.READ_BACK)
    assert "these stay until staff decide" in only_pair(plan).sentence


def test_when_the_class_moves_earlier_a_timed_quiz_follows() -> None:
    here = world(inputs(facts(quiz()), time()))
    here.sync()
    here.canvas.edit("assignment:11", base_dates=Dates(OPENS - HOUR, OPENS, OPENS))
    (action,) = here.sync().actions
    assert action.after.dates == Dates(OPENS - HOUR, OPENS + 30 * MINUTE, OPENS + 30 * MINUTE)
    assert action.is_shrinking


def test_a_smaller_grant_shrinks_our_dates() -> None:
    one_day = replace(TWO_DAYS, amount=1)
    given = inputs(facts(with_overrides(homework(), ours())), one_day, ledger_overrides=(PUT,))
    (action,) = plan_course(given).actions
    assert action.after.dates == Dates(OPENS, OPENS + 4 * DAY, OPENS + 5 * DAY)
    assert action.is_shrinking


def test_an_instructors_override_that_gives_as_much_is_left_alone() -> None:
    generous = with_overrides(homework(), ad_hoc(ANA, due=OPENS + 6 * DAY, lock=None))
    plan = plan_course(inputs(facts(generous), TWO_DAYS))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.INSTRUCTOR_GIVES_AS_MUCH)


def test_r3_an_instructors_override_that_gives_less_is_updated_in_place_and_remembered() -> None:
    meagre = with_overrides(homework(), ad_hoc(ANA, title="Ana's dates", due=OPENS + 4 * DAY))
    (action,) = plan_course(inputs(facts(meagre), TWO_DAYS)).actions
    assert action.change == UpdateOverride(
        12,
        900,
        ANA,
        unlock=overridden_to(OPENS),
        due=overridden_to(OPENS + 5 * DAY),
        lock=overridden_to(OPENS + 6 * DAY),
    )
    before = OverrideBefore("Ana's dates", NOT_OVERRIDDEN, overridden_to(OPENS + 4 * DAY), NOT_OVERRIDDEN)
    assert action.ledger_override == replace(PUT, before=before)


def test_r1_each_field_of_an_instructors_override_keeps_what_is_more() -> None:
    mixed = with_overrides(homework(), ad_hoc(ANA, due=OPENS + 4 * DAY, lock=OPENS + 20 * DAY))
    (action,) = plan_course(inputs(facts(mixed), TWO_DAYS)).actions
    assert action.after.dates == Dates(OPENS, OPENS + 5 * DAY, OPENS + 20 * DAY)


def sitting(opens_in: timedelta, length: timedelta) -> AssessmentFacts:
    """Return the quiz with an instructor's sitting for Ana."""
    start = OPENS + opens_in
    return with_overrides(quiz(), ad_hoc(ANA, unlock=start, due=start + length, lock=start + length))


def test_another_sitting_is_only_lengthened_and_no_shift_is_added() -> None:
    plan = plan_course(inputs(facts(sitting(7 * DAY, HOUR)), time(), TWO_DAYS))
    (action,) = [action for action in plan.actions if action.ledger_override]
    start = OPENS + 7 * DAY
    assert action.after.dates == Dates(start, start + 90 * MINUTE, start + 90 * MINUTE)


def test_another_sitting_that_has_room_is_left_alone_and_says_so() -> None:
    plan = plan_course(inputs(facts(sitting(7 * DAY, 2 * HOUR)), TWO_DAYS))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.INSTRUCTOR_GIVES_AS_MUCH)
    assert "another sitting" in only_pair(plan).sentence


def shared(**dates: object) -> AssessmentFacts:
    """Return the homework with an override that Ana and Bo share."""
    return with_overrides(homework(), ad_hoc(ANA, BO, title="Two of them", **dates))


def test_r2_a_student_leaves_a_shared_override_only_where_nobody_can_notice() -> None:
    plan = plan_course(inputs(facts(shared(due=OPENS + 4 * DAY)), TWO_DAYS))
    (action,) = plan.actions
    assert action.change == MoveOutOfSharedOverride(
        canvas_assignment_id=12,
        canvas_shared_override_id=900,
        canvas_user_id=ANA,
        remaining_canvas_user_ids=(BO,),
        shared_title="Two of them",
        shared_unlock=NOT_OVERRIDDEN,
        shared_due=overridden_to(OPENS + 4 * DAY),
        shared_lock=NOT_OVERRIDDEN,
        title=TITLE,
        dates=GRANTED,
    )


@pytest.mark.parametrize(
    "hindered",
    [
        facts(replace(shared(due=OPENS), base_dates=replace(BASE, unlock_at=NOW - DAY))),
        facts(replace(shared(due=OPENS), base_dates=replace(BASE, unlock_at=NOW + HOUR))),
        facts(replace(shared(due=OPENS), base_dates=replace(BASE, unlock_at=None))),
        facts(shared(due=OPENS, unlock=None, lock=OPENS)),
        facts(replace(shared(due=OPENS), only_visible_to_overrides=True)),
        facts(shared(due=OPENS), submissions=(ObservedSubmission("assignment:12", ANA, has_submitted=True),)),
    ],
    ids=[
        "open",
        "opens within the hour",
        "always open",
        "open by it",
        "assigned by it alone",
        "handed in",
    ],
)
def test_r2_otherwise_a_shared_override_is_held_with_both_values(hindered: object) -> None:
    plan = plan_course(inputs(hindered, TWO_DAYS))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.SHARED_OVERRIDE)
    assert "due Wed 3 Dec 10:00 becomes Mon 8 Dec 10:00 EST" in only_pair(plan).sentence


def test_r2_a_shared_override_that_itself_opens_within_the_hour_is_not_left() -> None:
    soon = facts(shared(unlock=NOW + HOUR, due=OPENS, lock=OPENS))
    plan = plan_course(inputs(soon, exact(due=OPENS + 9 * DAY)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.SHARED_OVERRIDE)


def test_a_shared_override_that_gives_as_much_is_left_alone() -> None:
    plan = plan_course(inputs(facts(shared(due=None, lock=None)), TWO_DAYS))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.INSTRUCTOR_GIVES_AS_MUCH)


def test_leaving_a_shared_override_waits_until_submissions_were_read() -> None:
    given = inputs(facts(shared(due=OPENS), read=False), TWO_DAYS)
    assert reads_needed(given).submissions_of == {"assignment:12"}
    assert (plan_course(given).actions, only_pair(plan_course(given)).reason) == ((), Reason.PLANNED)


def test_r2_all_students_leave_one_shared_override_in_one_plan_each_counting_on_the_one_before() -> None:
    three = ad_hoc(ANA, BO, 7, title="Three of them", due=OPENS + 4 * DAY)
    everybody = facts(with_overrides(homework(), three), students=(student(7), student(), student(BO)))
    rules = (rule(TWO_DAYS, canvas_user_id=user, accommodation_id=user) for user in (ANA, BO, 7))
    here = world(inputs(everybody, *rules))
    first = here.sync()
    assert [(action.canvas_user_id, type(action.change).__name__) for action in first.actions] == [
        (ANA, "MoveOutOfSharedOverride"),
        (BO, "MoveOutOfSharedOverride"),
        (7, "UpdateOverride"),
    ]
    assert [getattr(action.change, "remaining_canvas_user_ids", None) for action in first.actions] == [
        (BO, 7),
        (7,),
        None,
    ]
    assert [action.waits_for_moves for action in first.actions] == [False, False, True]
    assert here.sync().actions == ()
    assert {pair.reason for pair in plan_course(here.observe()).pairs} == {Reason.READ_BACK}


@pytest.mark.parametrize(("stays", "leaves"), [(ANA, BO), (BO, ANA)])
def test_r4_who_cannot_leave_a_shared_override_keeps_it_in_the_plan_in_which_everybody_else_leaves(
    stays: int, leaves: int
) -> None:
    """R5: one sync, whoever comes first. Without the shared override the module would hide the homework from one."""
    both, module = ad_hoc(ANA, BO, due=OPENS + 4 * DAY), ad_hoc(leaves, override_id=901, module=9)
    everybody = facts(with_overrides(homework(), both, module), students=(student(), student(BO)))
    rules = (rule(TWO_DAYS, canvas_user_id=user, accommodation_id=user) for user in (ANA, BO))
    here = world(inputs(everybody, *rules))
    derived = explained(here.observe(), canvas_user_id=stays, assessment_key="assignment:12")
    assert derived is not None
    assert (derived.reason, len(derived.planned)) == (Reason.PLANNED, 1)
    first = here.sync()
    assert [(action.canvas_user_id, type(action.change).__name__) for action in first.actions] == [
        (leaves, "MoveOutOfSharedOverride"),
        (stays, "UpdateOverride"),
    ]
    assert here.sync().actions == ()
    assert {pair.reason for pair in plan_course(here.observe()).pairs} == {Reason.READ_BACK}


def test_r2_whoever_must_stay_in_a_shared_override_is_named_by_every_move_out_of_it() -> None:
    three = ad_hoc(ANA, BO, 7, title="Three of them", due=OPENS + 4 * DAY)
    everybody = facts(with_overrides(homework(), three), students=(student(), student(BO)))
    plan = plan_course(inputs(everybody, rule(TWO_DAYS), rule(TWO_DAYS, canvas_user_id=BO, accommodation_id=2)))
    assert [action.change.remaining_canvas_user_ids for action in plan.actions] == [(BO, 7), (7,)]


def test_f33_r1_nobody_counts_on_a_student_whom_canvas_did_not_let_leave_a_shared_override_last_time() -> None:
    three = ad_hoc(ANA, BO, 7, title="Three of them", due=OPENS + 4 * DAY)
    everybody = facts(with_overrides(homework(), three), students=(student(), student(BO)))
    refused = PreviousFailure(ANA, "assignment:12", Reason.REFUSED, "not now")
    rules = (rule(TWO_DAYS), rule(TWO_DAYS, canvas_user_id=BO, accommodation_id=2))
    plan = plan_course(inputs(everybody, *rules, failures=(refused,)))
    remaining = {action.canvas_user_id: action.change.remaining_canvas_user_ids for action in plan.actions}
    assert remaining == {ANA: (BO, 7), BO: (ANA, 7)}


def test_r19_no_override_for_a_student_who_does_not_have_it() -> None:
    for hidden in (
        homework(only_visible_to_overrides=True),
        with_overrides(homework(), section_override(unassigns=True)),
        with_overrides(homework(), ad_hoc(ANA, unassigns=True)),
    ):
        plan = plan_course(inputs(facts(hidden), TWO_DAYS, ONE_MORE))
        assert (plan.actions, only_pair(plan).reason) == ((), Reason.WOULD_ASSIGN)


def test_f35_ours_is_known_again_after_its_id_and_title_were_renewed() -> None:
    renewed = with_overrides(homework(), ours(title="1 student", override_id=901))
    plan = plan_course(inputs(facts(renewed), TWO_DAYS, ledger_overrides=(PUT,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.READ_BACK)
    (correction,) = plan.ledger_corrections
    assert correction.override == replace(PUT, canvas_override_id=901)


def test_f35_ours_is_known_again_in_an_override_that_was_merged_with_anothers() -> None:
    merged = with_overrides(
        homework(), replace(ours(title="2 students", override_id=901), canvas_user_ids=frozenset({ANA, BO}))
    )
    plan = plan_course(inputs(facts(merged), TWO_DAYS, ledger_overrides=(PUT,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.READ_BACK)
    ended = plan_course(inputs(facts(merged), ledger_overrides=(PUT,)))
    assert (ended.actions, only_pair(ended).reason) == ((), Reason.SHARED_OVERRIDE)
    longer = replace(TWO_DAYS, amount=3)
    (action,) = plan_course(inputs(facts(merged), longer, ledger_overrides=(PUT,))).actions
    assert isinstance(action.change, MoveOutOfSharedOverride)
    assert action.ledger_override is not None
    assert action.ledger_override.before is None


def test_f30_ours_is_known_by_its_title_where_the_ledger_has_forgotten_it() -> None:
    plan = plan_course(inputs(facts(with_overrides(homework(), ours())), TWO_DAYS))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.READ_BACK)
    assert plan.ledger_corrections == (
        LedgerCorrection(
            ANA, "assignment:12", LedgerPart.OVERRIDE, override=LedgerOverride(ANA, "assignment:12", 900, put=GRANTED)
        ),
    )


def test_a_foreign_title_is_not_ours() -> None:
    theirs = with_overrides(homework(), ours(title="Dates for 1 student · 222222"))
    plan = plan_course(inputs(facts(theirs), TWO_DAYS))
    assert only_pair(plan).reason is Reason.INSTRUCTOR_GIVES_AS_MUCH


def test_drift_on_ours_is_repaired_and_is_not_mistaken_for_a_wish() -> None:
    drifted = with_overrides(homework(), ours(due=OPENS + 3 * DAY))
    (action,) = plan_course(inputs(facts(drifted), TWO_DAYS, ledger_overrides=(PUT,))).actions
    assert action.after.dates == GRANTED
    assert action.ledger_override == PUT


def test_r3_more_than_ours_is_the_instructors_own_and_is_kept() -> None:
    extended = with_overrides(homework(), ours(due=OPENS + 9 * DAY, lock=OPENS + 9 * DAY))
    plan = plan_course(inputs(facts(extended), TWO_DAYS, ledger_overrides=(PUT,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.INSTRUCTOR_GIVES_AS_MUCH)


def test_a_deleted_override_of_ours_is_made_again() -> None:
    (action,) = plan_course(inputs(facts(homework()), TWO_DAYS, ledger_overrides=(PUT,))).actions
    assert isinstance(action.change, CreateOverride)


def test_r15_due_is_copied_where_only_the_lock_must_move() -> None:
    (action,) = plan_course(inputs(facts(homework()), exact(lock=OPENS + 9 * DAY))).actions
    assert action.after.dates == Dates(BASE.unlock_at, BASE.due_at, OPENS + 9 * DAY)
    assert BASE.due_at is not None


def test_r15_a_missing_due_stays_missing_where_only_the_lock_must_move() -> None:
    without_due = quiz(base_dates=Dates(OPENS, None, OPENS + HOUR))
    (action,) = [a for a in plan_course(inputs(facts(without_due), time())).actions if a.ledger_override]
    assert action.after.dates == Dates(OPENS, None, OPENS + 90 * MINUTE)
