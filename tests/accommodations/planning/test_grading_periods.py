"""R11 and grading periods: a due date stays in its period, a closed one gets none, unless staff confirm."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accommodations.planning.plan import LedgerExtension
from accommodations.planning.planner import plan_course
from accommodations.planning.statuses import Reason, Status
from canvas_bridge.changes import SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import AssessmentFacts, CourseFacts, Dates, GradingPeriod, ObservedExtension
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    ONE_MORE,
    OPENS,
    TWO_DAYS,
    course,
    exact,
    facts,
    homework,
    inputs,
    new_quiz,
    only_pair,
    quiz,
    rule,
    section_override,
    time,
    wide,
    with_overrides,
)

FIRST = GradingPeriod("First half", NOW - 60 * DAY, OPENS + 4 * DAY, OPENS + 9 * DAY)
SECOND = GradingPeriod("Second half", OPENS + 4 * DAY, NOW + 60 * DAY, NOW + 70 * DAY)


def in_periods(assessment: AssessmentFacts, *periods: GradingPeriod, **fields: object) -> CourseFacts:
    return facts(assessment, course=course(grading_periods=periods, **fields))


def test_r11_a_due_date_stops_at_the_end_of_the_grading_period_that_the_class_due_lies_in() -> None:
    plan = plan_course(inputs(in_periods(homework(), FIRST, SECOND), TWO_DAYS))
    dates = plan.actions[0].after.dates
    assert dates == Dates(OPENS, FIRST.ends_at, OPENS + 6 * DAY)
    done = plan_course(inputs(in_periods(homework(overrides=()), SECOND), TWO_DAYS))
    assert done.actions[0].after.dates == Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)


def test_r11_capped_at_a_grading_period_is_short_with_the_reason() -> None:
    capped = in_periods(homework(base_dates=Dates(OPENS, FIRST.ends_at, OPENS + 9 * DAY)), FIRST, SECOND)
    pair = only_pair(plan_course(inputs(capped, rule(exact(due=OPENS + 6 * DAY)))))
    assert (pair.status, pair.reason, pair.short_by_minutes) == (Status.SHORT, Reason.GRADING_PERIOD, 2 * 24 * 60)
    assert "beyond the end of its grading period" in pair.sentence


def test_r11_r9_a_lock_is_in_no_grading_period_so_the_extra_time_still_fits() -> None:
    until = replace(FIRST, ends_at=OPENS + HOUR, closes_at=OPENS + DAY)
    plan = plan_course(inputs(in_periods(quiz(), until), time()))
    dates = next(action.after.dates for action in plan.actions if action.after.dates is not None)
    assert dates == Dates(OPENS, OPENS + HOUR, OPENS + 90 * MINUTE)


@pytest.mark.parametrize(("closes_at", "reason"), [(NOW - MINUTE, Reason.GRADING_PERIOD_CLOSED), (NOW, None)])
def test_r11_closed_is_read_from_the_close_date(closes_at: object, reason: Reason | None) -> None:
    late = homework(base_dates=Dates(NOW - 9 * DAY, NOW - 5 * DAY, NOW + 9 * DAY))
    period = GradingPeriod("First half", NOW - 60 * DAY, NOW - 4 * DAY, closes_at)
    plan = plan_course(inputs(in_periods(late, period), TWO_DAYS))
    assert (only_pair(plan).reason is Reason.GRADING_PERIOD_CLOSED) == (reason is not None)
    assert (plan.actions == ()) == (reason is not None)


def test_r11_no_due_date_counts_as_the_last_period() -> None:
    open_ended = homework(base_dates=Dates(NOW - DAY, None, NOW + 9 * DAY))
    closed = GradingPeriod("Last", NOW - 30 * DAY, NOW - 2 * DAY, NOW - DAY)
    earlier = GradingPeriod("First", NOW - 90 * DAY, NOW - 30 * DAY, NOW + 90 * DAY)
    pair = only_pair(plan_course(inputs(in_periods(open_ended, closed, earlier), TWO_DAYS)))
    assert pair.reason is Reason.GRADING_PERIOD_CLOSED


def test_r11_canvas_own_flag_blocks_only_where_the_periods_were_never_read() -> None:
    flagged = homework(in_closed_grading_period=True)
    assert only_pair(plan_course(inputs(facts(flagged), TWO_DAYS))).reason is Reason.GRADING_PERIOD_CLOSED
    assert len(plan_course(inputs(in_periods(flagged, FIRST, SECOND), TWO_DAYS)).actions) == 1
    assert len(plan_course(inputs(in_periods(flagged), TWO_DAYS)).actions) == 1


def test_r11_the_students_own_section_decides_which_period_counts() -> None:
    closed = GradingPeriod("First half", NOW - 60 * DAY, NOW - 4 * DAY, NOW - DAY)
    late = homework(base_dates=Dates(NOW - 9 * DAY, NOW - 5 * DAY, NOW + 9 * DAY))
    of_section = with_overrides(late, section_override(due=NOW + 5 * DAY))
    later = GradingPeriod("Second half", NOW - 4 * DAY, NOW + 30 * DAY, NOW + 30 * DAY)
    assert len(plan_course(inputs(in_periods(of_section, closed, later), TWO_DAYS)).actions) == 1


def test_r11_staff_may_confirm_dates_beyond_both_ends() -> None:
    ends = {"ends_at": OPENS + 4 * DAY + timedelta(hours=12)}
    beyond = exact(due=OPENS + 9 * DAY, lock=OPENS + 9 * DAY)
    unconfirmed = plan_course(inputs(in_periods(homework(), FIRST, SECOND, **ends), rule(beyond)))
    assert unconfirmed.actions[0].after.dates == Dates(OPENS, FIRST.ends_at, ends["ends_at"])
    confirmed = rule(beyond, may_pass_end=True)
    plan = plan_course(inputs(in_periods(homework(), FIRST, SECOND, **ends), confirmed))
    assert plan.actions[0].after.dates == Dates(OPENS, OPENS + 9 * DAY, OPENS + 9 * DAY)


def test_r11_staff_may_confirm_dates_in_a_closed_period() -> None:
    late = homework(base_dates=Dates(NOW - 9 * DAY, NOW - 5 * DAY, NOW + 9 * DAY))
    closed = GradingPeriod("First half", NOW - 60 * DAY, NOW - 4 * DAY, NOW - DAY)
    assert plan_course(inputs(in_periods(late, closed), rule(TWO_DAYS))).actions == ()
    assert len(plan_course(inputs(in_periods(late, closed), rule(TWO_DAYS, may_pass_end=True))).actions) == 1


def test_r1_a_due_that_stands_beyond_the_period_without_us_is_never_made_earlier() -> None:
    of_section = with_overrides(homework(), section_override(due=OPENS + 7 * DAY))
    plan = plan_course(inputs(in_periods(of_section, replace(FIRST, ends_at=OPENS + 7 * DAY)), TWO_DAYS))
    assert plan.actions[0].after.dates is not None
    assert plan.actions[0].after.dates.due_at == OPENS + 7 * DAY


@pytest.mark.parametrize("closed", [{"in_closed_grading_period": True}, {}])
def test_r11_r13_a_closed_period_holds_dates_back_and_never_minutes_or_attempts(closed: dict[str, bool]) -> None:
    late = quiz(base_dates=Dates(OPENS, OPENS + HOUR, OPENS + HOUR), allowed_attempts=1, **closed)
    periods = None if closed else (GradingPeriod("First half", NOW - 60 * DAY, NOW + 30 * DAY, NOW - DAY),)
    given = facts(late, course=course(grading_periods=periods))
    plan = plan_course(inputs(given, time(), ONE_MORE))
    assert [action.change for action in plan.actions] == [SetQuizExtension(21, ANA, extra_minutes=30, extra_attempts=1)]
    pair = only_pair(plan)
    assert (pair.status, pair.reason) == (Status.BLOCKED, Reason.GRADING_PERIOD_CLOSED)
    assert "grading period is closed" in pair.sentence


def test_r11_minutes_that_need_no_other_dates_are_in_place_in_a_closed_period() -> None:
    roomy = replace(wide(), in_closed_grading_period=True)
    stands = facts(roomy, extensions=(ObservedExtension(roomy.key, ANA, 30),))
    put = LedgerExtension(ANA, roomy.key, put_minutes=30)
    pair = only_pair(plan_course(inputs(stands, time(), ledger_extensions=(put,))))
    assert (pair.status, pair.reason) == (Status.IN_PLACE, Reason.READ_BACK)


def test_r11_a_new_quiz_in_a_closed_period_gets_its_minutes() -> None:
    roomy = new_quiz(base_dates=Dates(OPENS, None, OPENS + 2 * DAY), in_closed_grading_period=True)
    (action,) = plan_course(inputs(facts(roomy), time())).actions
    assert action.change == SetNewQuizAccommodation(11, ANA, extra_minutes=30)


def test_r11_a_due_date_that_lies_in_no_period_stops_before_the_next_one_that_is_closed() -> None:
    between = homework(base_dates=Dates(OPENS, OPENS + DAY, OPENS + 9 * DAY))
    closed = GradingPeriod("Closed early", OPENS + 2 * DAY, OPENS + 30 * DAY, NOW - DAY)
    (action,) = plan_course(inputs(in_periods(between, closed), TWO_DAYS)).actions
    assert action.after.dates == Dates(OPENS, OPENS + 2 * DAY, OPENS + 11 * DAY)
    is_open = replace(closed, closes_at=NOW + 90 * DAY)
    (action,) = plan_course(inputs(in_periods(between, is_open), TWO_DAYS)).actions
    assert action.after.dates == Dates(OPENS, OPENS + 3 * DAY, OPENS + 11 * DAY)
