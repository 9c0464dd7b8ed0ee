"""Moving dates: wall clocks, absolute hours, working days, and the midnight that Canvas moves."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accommodations.planning.dates import from_local, off_midnight, shifted, zone_named
from accommodations.planning.rules import DateShift, ShiftUnit
from canvas_bridge.facts import Dates
from tests.strategies import shifts
from tests.strategies_of_overrides import instants

NEW_YORK = ZoneInfo("America/New_York")


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK).astimezone(UTC)


def shifted_due(
    due: datetime, amount: int, unit: ShiftUnit, holidays: frozenset[date] = frozenset()
) -> datetime | None:
    return shifted(Dates(None, due, None), DateShift(amount, unit), zone=NEW_YORK, holidays=holidays).due_at


def test_days_keep_the_wall_clock_when_the_clocks_go_back() -> None:
    due = local(2025, 11, 1, 23, 59)
    assert shifted_due(due, 2, ShiftUnit.DAYS) == local(2025, 11, 3, 23, 59)
    assert local(2025, 11, 3, 23, 59) - due == timedelta(days=2, hours=1)


def test_hours_are_absolute_when_the_clocks_go_back() -> None:
    due = local(2025, 11, 1, 23, 59)
    assert shifted_due(due, 48, ShiftUnit.HOURS) == due + timedelta(hours=48)


def test_r7_a_time_that_does_not_exist_becomes_the_later_one() -> None:
    assert shifted_due(local(2026, 3, 7, 2, 30), 1, ShiftUnit.DAYS) == local(2026, 3, 8, 3, 30)


def test_r7_a_time_that_exists_twice_becomes_the_later_one() -> None:
    twice = shifted_due(local(2025, 11, 1, 1, 30), 1, ShiftUnit.DAYS)
    assert twice == datetime(2025, 11, 2, 6, 30, tzinfo=UTC)
    assert from_local(datetime(2025, 11, 2, 1, 30), zone=NEW_YORK) == twice  # noqa: DTZ001  # a time as people type it, without a zone


@pytest.mark.parametrize("unit", [ShiftUnit.DAYS, ShiftUnit.WORKING_DAYS])
@pytest.mark.parametrize(
    ("due", "days", "expected"),
    [
        ((2028, 2, 28), 1, (2028, 2, 29)),  # a Monday and a Tuesday
        ((2028, 2, 28), 2, (2028, 3, 1)),
        ((2028, 2, 29), 1, (2028, 3, 1)),
        ((2027, 2, 26), 3, (2027, 3, 1)),  # a Friday: three days, or one working day
    ],
)
def test_f09_a_leap_day_is_a_day(due: tuple[int, ...], days: int, expected: tuple[int, ...], unit: ShiftUnit) -> None:
    if unit is ShiftUnit.WORKING_DAYS and due[0] == 2027:
        days = 1
    assert shifted_due(local(*due, 12, 0), days, unit) == local(*expected, 12, 0)


@pytest.mark.parametrize(
    ("due", "days", "expected"),
    [
        ((2025, 12, 5), 1, (2025, 12, 8)),  # Friday to Monday
        ((2025, 12, 6), 1, (2025, 12, 8)),  # Saturday to Monday
        ((2025, 12, 3), 2, (2025, 12, 5)),
        ((2025, 12, 24), 2, (2025, 12, 29)),  # over a holiday and a weekend
    ],
)
def test_working_days_skip_weekends_and_holidays(due: tuple[int, ...], days: int, expected: tuple[int, ...]) -> None:
    holidays = frozenset({date(2025, 12, 25)})
    assert shifted_due(local(*due, 12, 0), days, ShiftUnit.WORKING_DAYS, holidays) == local(*expected, 12, 0)


def test_working_days_move_due_and_lock_by_the_same_days() -> None:
    dates = Dates(None, local(2025, 12, 5, 12, 0), local(2025, 12, 7, 12, 0))
    moved = shifted(dates, DateShift(1, ShiftUnit.WORKING_DAYS), zone=NEW_YORK, holidays=frozenset())
    assert moved == Dates(None, local(2025, 12, 8, 12, 0), local(2025, 12, 10, 12, 0))


def test_a_shift_never_moves_unlock_and_a_missing_date_stays_missing() -> None:
    unlock = local(2025, 12, 1, 9, 0)
    dates = Dates(unlock, None, local(2025, 12, 5, 12, 0))
    moved = shifted(dates, DateShift(2, ShiftUnit.DAYS), zone=NEW_YORK, holidays=frozenset())
    assert moved == Dates(unlock, None, local(2025, 12, 7, 12, 0))


@pytest.mark.parametrize("second", [0, 30, 59])
def test_r8_midnight_in_the_tokens_zone_becomes_one_minute_past(second: int) -> None:
    assert off_midnight(local(2025, 12, 5, 0, 0, second), token_zone=NEW_YORK) == local(2025, 12, 5, 0, 1)


def test_r8_midnight_elsewhere_is_left_alone() -> None:
    assert off_midnight(local(2025, 12, 5, 0, 0), token_zone=ZoneInfo("America/Denver")) == local(2025, 12, 5, 0, 0)
    assert off_midnight(None, token_zone=NEW_YORK) is None


def test_a_zone_that_nobody_knows_stops_nothing() -> None:
    assert zone_named("Nowhere/At All", "America/New_York") == NEW_YORK
    assert zone_named("Nowhere/At All", "../../etc/passwd") == ZoneInfo("UTC")


@given(instants, shifts, st.sampled_from(["America/New_York", "Europe/Berlin", "Pacific/Auckland", "Asia/Kathmandu"]))
def test_r1_a_shift_never_makes_anything_earlier(at: datetime, shift: DateShift, zone: str) -> None:
    moved = shifted(Dates(at, at, at), shift, zone=ZoneInfo(zone), holidays=frozenset())
    assert moved.unlock_at == at
    assert moved.due_at is not None
    assert moved.lock_at is not None
    assert at <= moved.due_at == moved.lock_at
