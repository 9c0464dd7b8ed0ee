"""Spans and zones in plain words: short ones in minutes, long ones in hours and days, and no minute left out."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accommodations.planning.wording import exact_span, from_to, instant, span


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (30, "30 min"),
        (240, "240 min"),
        (241, "4 h 1 min"),
        (300, "5 h"),
        (1439, "23 h 59 min"),
        (1440, "24 h"),
        (2879, "47 h 59 min"),
        (2880, "2 days"),
        (3600, "2 days 12 h"),
        (2881, "2 days 1 min"),
        (10_140, "7 days 1 h"),
        (17_285, "12 days 5 min"),
    ],
)
def test_a_span_reads_as_minutes_hours_or_days_and_leaves_no_minute_out(minutes: int, words: str) -> None:
    assert span(minutes) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (Decimal(90), "90 min"),
        (Decimal("7.5"), "7.5 min"),
        (Decimal(10) / 3, "3.33 min"),
        (Decimal(403_199) / 60, "4 days 15 h 59 min 59 s"),
        (Decimal(17_999) / 60, "4 h 59 min 59 s"),
        (Decimal("299.9999"), "4 h 59 min 59 s"),
        (Decimal("300.0001"), "5 h"),
    ],
)
def test_a_part_of_a_minute_is_told_in_few_digits_or_in_seconds(minutes: Decimal, words: str) -> None:
    assert exact_span(minutes) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/New_York", "Wed 3 Dec 10:00 EST"),
        ("Asia/Kolkata", "Wed 3 Dec 20:30 IST"),
        ("Asia/Kathmandu", "Wed 3 Dec 20:45 UTC+05:45"),
        ("Australia/Lord_Howe", "Thu 4 Dec 02:00 UTC+11:00"),
        ("America/Sao_Paulo", "Wed 3 Dec 12:00 UTC-03:00"),
    ],
)
def test_an_instant_names_its_zone_and_one_without_a_name_by_its_distance(zone: str, words: str) -> None:
    assert instant(datetime(2025, 12, 3, 15, 0, tzinfo=UTC), ZoneInfo(zone)) == words


def test_a_change_over_the_half_hour_of_lord_howe_names_both_distances() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    before, after = (datetime(2026, 4, day, 12, 0, tzinfo=lord_howe) for day in (4, 6))
    assert from_to(before, after, lord_howe) == "Sat 4 Apr 12:00 UTC+11:00 becomes Mon 6 Apr 12:00 UTC+10:30"
