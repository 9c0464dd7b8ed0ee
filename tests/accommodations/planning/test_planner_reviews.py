"""What one wrong word in the planner would break without anybody noticing: holds, order, windows and figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accommodations.planning.plan import (
    GuardState,
    Hold,
    HoldKind,
    LedgerExtension,
    LedgerOverride,
    PlannedAction,
    PlanningInputs,
    PreviousPair,
    Values,
)
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExceptionRule, ExtraTime, ExtraTimeMethod, Scope
from accommodations.planning.safety import guarded
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from accommodations.planning.titles import override_title
from canvas_bridge.changes import DeleteOverride, MoveOutOfSharedOverride, SetQuizExtension, UpdateOverride
from canvas_bridge.facts import AssessmentFacts, AssessmentKind, Dates, EnrollmentState, ObservedExtension
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
    OTHER_SECTION,
    SECTION,
    TWO_DAYS,
    ad_hoc,
    facts,
    homework,
    inputs,
    only_pair,
    quiz,
    rule,
    section_override,
    settings,
    student,
    time,
    wide,
    with_overrides,
)

QUIZ, HOMEWORK = "assignment:11", "assignment:12"
OURS = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
ENTRY = LedgerOverride(ANA, HOMEWORK, 900, put=OURS, class_dates=homework().base_dates)
TITLE = override_title(key=KEY, canvas_user_id=ANA, assessment_key=HOMEWORK)


def standing(dates: Dates = OURS, **fields: object) -> AssessmentFacts:
    """Return the homework with our override of these dates."""
    own = ad_hoc(ANA, unlock=dates.unlock_at, due=dates.due_at, lock=dates.lock_at, title=TITLE)
    return with_overrides(homework(**fields), own)


def undone(key: str = HOMEWORK, user: int = ANA, kind: HoldKind = HoldKind.UNDONE, **kept: object) -> Hold:
    return Hold(user, key, kind, "Maya Lindqvist", kept=Values(**kept))


# Holds


def test_an_undone_hold_with_nothing_left_to_hold_is_moot_and_no_other_is() -> None:
    holds = (
        undone(),
        undone(kind=HoldKind.DISMISSED, key=QUIZ),
        undone(key="assignment:99"),
        undone(user=BO),
    )
    dropped = student(BO, state=EnrollmentState.DELETED)
    plan = plan_course(inputs(facts(homework(), wide(), students=(student(), dropped)), holds=holds))
    assert plan.moot_holds == ((ANA, HOMEWORK),)


def test_an_exception_takes_back_what_an_undo_had_kept() -> None:
    given = inputs(facts(standing()), TWO_DAYS, ledger_overrides=(ENTRY,), holds=(undone(dates=OURS),))
    assert (plan_course(given).actions, only_pair(plan_course(given)).reason) == ((), Reason.UNDONE)
    excepted = replace(given, exceptions=(ExceptionRule(ANA, HOMEWORK, "It is what is examined."),))
    (action,) = plan_course(excepted).actions
    assert isinstance(action.change, DeleteOverride)


def test_r18_an_undone_pair_that_is_open_by_our_dates_alone_is_held_and_never_told_as_missed() -> None:
    dates = Dates(NOW - 9 * DAY, NOW - DAY, NOW - HOUR)
    put = Dates(NOW - 9 * DAY, NOW + DAY, NOW + 2 * DAY - HOUR)
    entry = replace(ENTRY, put=put, class_dates=dates)
    given = inputs(facts(standing(put, base_dates=dates)), TWO_DAYS, ledger_overrides=(entry,), holds=(undone(),))
    plan = plan_course(given)
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.UNDONE)


def test_r18_c_what_is_open_by_our_dates_alone_waits_after_the_end() -> None:
    dates = Dates(NOW - 9 * DAY, None, NOW - HOUR)
    put = Dates(NOW - 9 * DAY, None, NOW + 2 * DAY - HOUR)
    entry = replace(ENTRY, put=put, class_dates=dates)
    plan = plan_course(inputs(facts(standing(put, base_dates=dates)), ledger_overrides=(entry,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.UNTIL_OVER)


# Which window decides whether a rule is in force


def test_a_window_of_ours_that_the_ledger_lost_brings_no_rule_into_force() -> None:
    after_class = rule(TWO_DAYS, effective_from=(OPENS + 5 * DAY).date())
    assert plan_course(inputs(facts(standing()), after_class)).pairs == ()


def test_a_rule_of_the_classs_window_counts_though_the_instructors_sitting_is_after_its_end() -> None:
    until = rule(time(), effective_until=(OPENS + DAY).date())
    make_up = ad_hoc(ANA, unlock=OPENS + 9 * DAY, due=OPENS + 9 * DAY + HOUR, lock=OPENS + 9 * DAY + HOUR)
    pair = only_pair(plan_course(inputs(facts(with_overrides(quiz(), make_up)), until)))
    assert pair.grant.extra_minutes == 30


def test_a_rule_that_begins_at_the_instant_of_the_closing_does_not_count() -> None:
    midnight = OPENS.replace(hour=5) + 3 * DAY  # 6 December 00:00 in New York
    assessment = wide(base_dates=Dates(OPENS, midnight, midnight))
    assert plan_course(inputs(facts(assessment), rule(time(), effective_from=date(2025, 12, 6)))).pairs == ()
    assert plan_course(inputs(facts(assessment), rule(time(), effective_from=date(2025, 12, 5)))).pairs != ()


def test_r6_one_that_replaces_the_broader_ones_leaves_its_equals() -> None:
    fields = {"scope": Scope.COURSE, "canvas_course_id": 1}
    equal = rule(time("2"), accommodation_id=1, **fields)
    replacing = rule(time("1.25"), accommodation_id=2, replaces_broader=True, **fields)
    pair = only_pair(plan_course(inputs(facts(wide()), equal, replacing)))
    assert pair.grant.extra_minutes == 60


# The order of the actions


def opening_in(days: int, number: int) -> AssessmentFacts:
    opens = NOW + days * DAY
    dates = Dates(opens, opens + 6 * DAY, opens + 6 * DAY)
    return wide(canvas_assignment_id=number, canvas_quiz_id=number, base_dates=dates)


def test_what_is_open_now_is_written_first_and_then_what_opens_next() -> None:
    assessments = (opening_in(5, 31), opening_in(3, 32), opening_in(-1, 33), opening_in(-3, 34))
    plan = plan_course(inputs(facts(*assessments), time()))
    assert [action.assessment_key for action in plan.actions] == [f"assignment:{n}" for n in (33, 34, 32, 31)]


def test_r2_moves_out_of_one_shared_override_keep_their_order_whichever_section_opens_first() -> None:
    late = section_override(SECTION, unlock=OPENS + DAY)
    early = section_override(OTHER_SECTION, override_id=701, unlock=OPENS)
    shared = ad_hoc(ANA, BO, 99, due=OPENS + DAY + HOUR, lock=OPENS + 2 * DAY)
    students = (student(ANA), replace(student(BO), sections=((OTHER_SECTION, student().sections[0][1]),)), student(99))
    given = inputs(
        facts(with_overrides(homework(), late, early, shared), students=students),
        rule(TWO_DAYS, accommodation_id=1),
        rule(TWO_DAYS, accommodation_id=2, canvas_user_id=BO),
    )
    moves = [one.change for one in plan_course(given).actions if isinstance(one.change, MoveOutOfSharedOverride)]
    assert [(one.canvas_user_id, one.remaining_canvas_user_ids) for one in moves] == [(ANA, (BO, 99)), (BO, (99,))]


# Figures


def ended(*, excepted: int) -> PlanningInputs:
    """Return a course in which six grants of 30 min ended, beside twenty that stand and some under an exception."""
    users = range(100, 126 + excepted)
    return inputs(
        facts(
            wide(),
            students=tuple(student(user) for user in users),
            extensions=tuple(ObservedExtension(QUIZ, user, 30) for user in range(100, 126)),
        ),
        *(rule(time(), canvas_user_id=user, accommodation_id=user) for user in users if user >= 106),
        ledger_extensions=tuple(LedgerExtension(user, QUIZ, put_minutes=30) for user in range(100, 126)),
        exceptions=tuple(ExceptionRule(user, QUIZ, "Essential.") for user in range(126, 126 + excepted)),
        guard=GuardState(),
    )


def test_r16_a_share_is_counted_of_what_is_granted_or_ours_and_the_others_stay_as_they_were() -> None:
    plan = plan_course(ended(excepted=9))
    assert plan.stop is not None
    assert plan.stop.grants == 26
    told = {pair.sentence for pair in plan.pairs if pair.reason is not Reason.GUARD}
    assert not any("director" in sentence for sentence in told)


def shrinking(user: int, key: str = QUIZ, **fields: object) -> PlannedAction:
    """Return the taking back of 30 minutes from one student."""
    change = SetQuizExtension(21, user, extra_minutes=0)
    return PlannedAction(user, key, change, Values(30), Values(0), "", is_shrinking=True, **fields)


def test_r16_a_share_counts_pairs_and_a_run_counts_changes() -> None:
    both = [shrinking(user, key) for user in range(3) for key in (QUIZ, QUIZ)]
    other = [replace(one, change=replace(one.change, extra_attempts=number)) for number, one in enumerate(both)]
    assert guarded(other, grants=20, guard=GuardState()).stop is None
    stop = guarded(other, grants=14, guard=GuardState()).stop
    assert stop is not None
    assert (len(stop.actions), stop.pairs, stop.is_of_the_run) == (6, 3, False)
    of_the_run = guarded(other, grants=20, guard=GuardState(counted_elsewhere=45)).stop
    assert of_the_run is not None
    assert (of_the_run.counted_in_run, of_the_run.is_of_the_run) == (51, True)


def test_r16_what_was_stopped_is_listed_by_assessment_and_student() -> None:
    users = [(user, key) for user in (9, 3) for key in ("assignment:12", "assignment:11", "assignment:10")]
    stop = guarded([shrinking(*one) for one in users], grants=6, guard=GuardState()).stop
    assert stop is not None
    listed = [(one.assessment_key, one.canvas_user_id) for one in stop.actions]
    assert listed == [(f"assignment:{number}", user) for number in (10, 11, 12) for user in (3, 9)]


def test_r16_an_end_in_advance_beside_a_confirmed_revoke_does_not_void_its_number() -> None:
    of_others = [shrinking(user) for user in range(100, 106)]
    confirmed = [shrinking(1), shrinking(1, "assignment:12", is_expected=True)]
    guard = GuardState(confirmed=frozenset({(1, 1)}))
    decided = guarded([*of_others, *confirmed], grants=10, guard=guard)
    assert decided.stop is not None
    assert {one.canvas_user_id for one in decided.stop.actions} == set(range(100, 106))
    assert decided.going == tuple(confirmed)


def test_r16_an_end_whose_day_has_not_come_is_counted_though_it_takes_back_already() -> None:
    until_tomorrow = rule(time(), effective_until=(NOW + DAY).date())
    entry = LedgerExtension(ANA, QUIZ, put_minutes=30)
    stands = facts(wide(), extensions=(ObservedExtension(QUIZ, ANA, 30),))
    (action,) = plan_course(inputs(stands, until_tomorrow, ledger_extensions=(entry,))).actions
    assert (action.is_shrinking, action.is_expected) == (True, False)


def test_what_is_aimed_at_is_what_others_gave_where_that_is_more() -> None:
    plan = plan_course(inputs(facts(wide(), extensions=(ObservedExtension(QUIZ, ANA, 45),)), time()))
    wanted = only_pair(plan).wanted
    assert wanted is not None
    assert wanted.extra_minutes == 45


def test_r8_a_window_moves_by_what_canvas_can_hold_of_the_minutes() -> None:
    long = quiz(time_limit_minutes=2000, base_dates=Dates(OPENS, None, OPENS + 2000 * MINUTE))
    dates = [one.after.dates for one in plan_course(inputs(facts(long), time("10"))).actions if one.after.dates]
    assert dates == [Dates(OPENS, None, OPENS + (2000 + 10_080) * MINUTE)]


def test_r8_a_window_that_is_the_limit_is_no_value_that_canvas_could_cap() -> None:
    tenfold = ExtraTime(ExtraTimeMethod.MULTIPLIER, multiplier=Decimal(10))
    exam = homework(base_dates=Dates(OPENS, None, OPENS + 1440 * MINUTE))
    given = inputs(facts(exam), tenfold, settings=settings(exam_window_minutes=1440))
    (action,) = plan_course(given).actions
    assert action.after.dates == Dates(OPENS, None, OPENS + 14_400 * MINUTE)


def test_a_short_window_of_what_nobody_hands_in_is_no_limit() -> None:
    notice = homework(kind=AssessmentKind.NO_SUBMISSION, base_dates=Dates(OPENS, None, OPENS + HOUR))
    plan = plan_course(inputs(facts(notice), time()))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.NO_TIME_LIMIT)


def test_r8_assignments_take_any_number_of_attempts() -> None:
    many = replace(ONE_MORE, attempts=1200)
    (action,) = plan_course(inputs(facts(homework()), many)).actions
    assert action.after.extra_attempts == 1200


# Missed, dropped, following the class


@pytest.mark.parametrize("before", [Reason.CLOSED, Reason.BEGUN])
def test_missed_stays_until_a_person_acts_though_somebody_put_the_grant_there_later(before: Reason) -> None:
    over = wide(base_dates=Dates(NOW - 3 * DAY, NOW - DAY, NOW - DAY))
    given = inputs(
        facts(over, extensions=(ObservedExtension(QUIZ, ANA, 30),)),
        time(),
        previous=(PreviousPair(ANA, QUIZ, STATUS_OF[before], before),),
    )
    assert only_pair(plan_course(given)).reason is before


def test_r19_nothing_is_sent_for_attempts_on_an_assignment_that_the_student_no_longer_has() -> None:
    others = homework(only_visible_to_overrides=True)
    entry = LedgerExtension(ANA, HOMEWORK, put_attempts=1)
    held = (ObservedExtension(HOMEWORK, ANA, 0, 1),)
    assert plan_course(inputs(facts(others, extensions=held), ledger_extensions=(entry,))).actions == ()
    (action,) = plan_course(inputs(facts(homework(), extensions=held), ledger_extensions=(entry,))).actions
    assert action.after.extra_attempts == 0


def test_untimed_dates_wait_for_staff_also_after_their_unlock_followed_the_class() -> None:
    earlier = Dates(OPENS + HOUR, OPENS + DAY, OPENS + 2 * DAY)
    given = inputs(facts(standing(base_dates=earlier)), TWO_DAYS, ledger_overrides=(ENTRY,))
    (action,) = plan_course(given).actions
    assert action.after.dates == replace(OURS, unlock_at=earlier.unlock_at)
    written = written_to(action)
    after = plan_course(
        replace(given, facts=facts(standing(written.put, base_dates=earlier)), ledger_overrides=(written,))
    )
    assert after.actions == ()
    assert (only_pair(after).status, only_pair(after).reason) == (Status.IN_PLACE, Reason.READ_BACK)


def written_to(action: PlannedAction) -> LedgerOverride:
    assert isinstance(action.change, UpdateOverride)
    assert action.ledger_override is not None
    return action.ledger_override
