"""Extra minutes: rounding, units and Canvas's limits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accommodations.planning.rules import ExtraTime, ExtraTimeMethod
from accommodations.planning.time_limits import MOST_MINUTES, Amount, extra_minutes, most_minutes
from tests.accommodations.planning.building import NO_LIMIT, rule, time


@pytest.mark.parametrize(
    ("limit", "multiplier", "minutes"),
    [(60, "1.5", 30), (61, "1.5", 31), (45, "1.25", 12), (1, "1.01", 1), (50, "2", 50), (33, "1.33", 11), (60, "1", 0)],
)
def test_r7_minutes_of_a_multiplier_are_rounded_up(limit: int, multiplier: str, minutes: int) -> None:
    assert extra_minutes(time(multiplier), limit_minutes=Decimal(limit)) == minutes


@pytest.mark.parametrize(("limit", "per_hour", "minutes"), [(60, 10, 10), (90, 10, 15), (61, 10, 11), (1, 10, 1)])
def test_r7_minutes_per_hour_are_rounded_up(limit: int, per_hour: int, minutes: int) -> None:
    assert extra_minutes(time(per_hour=per_hour), limit_minutes=Decimal(limit)) == minutes


def test_plain_minutes_do_not_depend_on_the_limit() -> None:
    assert extra_minutes(time(minutes=20), limit_minutes=Decimal(5)) == 20


def test_r8_no_time_limit_is_the_largest_value_that_canvas_takes() -> None:
    assert extra_minutes(NO_LIMIT, limit_minutes=Decimal(60)) == MOST_MINUTES == 10080


def test_r8_what_is_above_the_largest_value_is_capped_and_known_to_be_short() -> None:
    amount = most_minutes([(rule(time("10")), time("10"))], limit_minutes=Decimal(1200))
    assert amount is not None
    assert (amount.approved, amount.within_cap, amount.short_by) == (10800, 10080, 720)


def test_r6_the_most_minutes_win_and_of_equals_the_narrower_scope_is_the_source() -> None:
    broad = rule(time("1.5"), accommodation_id=1)
    narrow = rule(time(minutes=30), accommodation_id=2, scope="course")
    less = rule(time("1.25"), accommodation_id=3, scope="assessment")
    amounts = [(one, one.amount) for one in (broad, narrow, less)]
    best = most_minutes(amounts, limit_minutes=Decimal(60))
    assert best == Amount(30, MOST_MINUTES, narrow)
    assert most_minutes(list(reversed(amounts)), limit_minutes=Decimal(60)) == best


def test_a_multiplier_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        extra_minutes(ExtraTime(ExtraTimeMethod.MULTIPLIER, multiplier=Decimal("0.9")), limit_minutes=Decimal(60))


@given(st.integers(1, 10080), st.integers(101, 1000))
def test_r7_nobody_loses_a_second_to_rounding(limit: int, hundredths: int) -> None:
    exact = Decimal(limit) * (Decimal(hundredths) / 100 - 1)
    minutes = extra_minutes(time(str(Decimal(hundredths) / 100)), limit_minutes=Decimal(limit))
    assert exact <= minutes < exact + 1


@pytest.mark.parametrize("method", [ExtraTimeMethod.MINUTES, ExtraTimeMethod.MINUTES_PER_HOUR])
@pytest.mark.parametrize("minutes", [None, -1])
def test_r1_minutes_that_are_missing_or_negative_are_refused(method: ExtraTimeMethod, minutes: int | None) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        extra_minutes(ExtraTime(method, minutes=minutes), limit_minutes=Decimal(60))
