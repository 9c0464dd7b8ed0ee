"""Corners of the rules: zones of half hours, both changes of the clocks, following the class, the early look (R12)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accommodations.planning.dates import shifted
from accommodations.planning.early_unlock import is_late_copy_of_unlock
from accommodations.planning.plan import Hold, HoldKind, LedgerOverride, Values
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import DateShift, ShiftUnit
from accommodations.planning.statuses import Reason
from canvas_bridge.facts import Dates
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    NOW,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    facts,
    homework,
    inputs,
    only_pair,
    with_overrides,
)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("America/New_York", "2026-03-07T23:30"),  # the clocks go forward on 8 March
        ("America/New_York", "2026-10-31T23:30"),  # and back on 1 November
        ("Australia/Lord_Howe", "2026-04-04T12:00"),  # back by half an hour on 5 April
        ("Australia/Lord_Howe", "2026-10-03T12:00"),  # forward by half an hour on 4 October
        ("Asia/Kolkata", "2026-03-07T23:30"),  # five and a half hours, no change
        ("Asia/Kathmandu", "2026-10-31T00:15"),
    ],
)
def test_r7_days_keep_the_wall_clock_over_both_changes_and_in_zones_of_half_hours(zone: str, due: str) -> None:
    there, wall_clock = ZoneInfo(zone), datetime.fromisoformat(due)
    at = wall_clock.replace(tzinfo=there).astimezone(UTC)
    moved = shifted(Dates(due_at=at), DateShift(2, ShiftUnit.DAYS), zone=there, holidays=frozenset())
    assert moved.due_at is not None
    assert moved.due_at.astimezone(there).replace(tzinfo=None) == wall_clock + timedelta(days=2)
    hours = shifted(Dates(due_at=at), DateShift(48, ShiftUnit.HOURS), zone=there, holidays=frozenset())
    assert hours.due_at == at + timedelta(hours=48)


def test_working_days_over_a_holiday_at_the_change_of_the_clocks_keep_the_wall_clock() -> None:
    there = ZoneInfo("America/New_York")
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=there).astimezone(UTC)
    moved = shifted(
        Dates(due_at=friday), DateShift(1, ShiftUnit.WORKING_DAYS), zone=there, holidays=frozenset({date(2026, 3, 9)})
    )
    assert moved.due_at == datetime(2026, 3, 10, 17, 0, tzinfo=there).astimezone(UTC)


def test_staff_let_untimed_dates_follow_a_class_that_moved_earlier_to_its_dates_of_now() -> None:
    put = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
    entry = LedgerOverride(ANA, "assignment:12", 900, put=put, class_dates=homework().base_dates)
    earlier = homework(base_dates=Dates(OPENS, OPENS + DAY, OPENS + 2 * DAY))
    stands = with_overrides(earlier, ad_hoc(ANA, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at))
    given = inputs(facts(stands), TWO_DAYS, ledger_overrides=(entry,))
    assert plan_course(given).actions == ()
    follows = Hold(ANA, "assignment:12", HoldKind.FOLLOWS, "Maya", kept=Values(dates=earlier.base_dates))
    (action,) = plan_course(replace(given, holds=(follows,))).actions
    assert action.after.dates == Dates(OPENS, OPENS + 3 * DAY, OPENS + 4 * DAY)
    of_before = replace(follows, kept=Values(dates=homework().base_dates))
    plan = plan_course(replace(given, holds=(of_before,)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.READ_BACK)


@pytest.mark.parametrize(("copied", "is_late"), [(NOW + HOUR, True), (NOW - HOUR, True), (NOW + 3 * HOUR, False)])
def test_r12_a_copied_unlock_that_would_open_early_within_two_hours_is_alerted(copied: datetime, is_late: bool) -> None:
    put = Dates(copied, OPENS + 5 * DAY, OPENS + 6 * DAY)
    entry = LedgerOverride(
        ANA, "assignment:12", 900, put=put, class_dates=replace(homework().base_dates, unlock_at=copied)
    )
    stands = with_overrides(homework(), ad_hoc(ANA, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at))
    action = plan_course(inputs(facts(stands), TWO_DAYS, ledger_overrides=(entry,))).actions[0]
    assert action.after.dates is not None
    assert action.after.dates.unlock_at == OPENS
    assert is_late_copy_of_unlock(action, NOW) == is_late
