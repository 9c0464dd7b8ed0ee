"""Dates of overrides: absent, null and a value are three things (contract 6.2, 6.7)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from canvas_bridge.facts import NOT_OVERRIDDEN, DateSetting, overridden_to
from canvas_bridge.translate.dates import date_setting, override_date
from canvas_bridge.wire.overrides import Override, OverrideValues
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.times import instant_text
from canvas_bridge.wire.writing import json_of

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "setting"),
    [
        ({}, NOT_OVERRIDDEN),
        ({"due_at": None}, overridden_to(None)),
        ({"due_at": "2026-03-01T12:00:00Z"}, overridden_to(NOON)),
    ],
)
def test_absent_null_and_a_value_stay_apart_on_both_ways(value: dict[str, object], setting: DateSetting) -> None:
    read_date = read(Override, {"id": 1, **value}).due_at

    assert date_setting(read_date) == setting
    assert json_of(OverrideValues(due_at=override_date(setting))) == value


def test_times_are_sent_in_utc_with_whole_seconds() -> None:
    there = datetime(2026, 3, 1, 7, 0, tzinfo=timezone(timedelta(hours=-5)))

    assert instant_text(there) == "2026-03-01T12:00:00Z"
    assert instant_text(NOON.replace(microsecond=1)) == "2026-03-01T12:00:01Z"
    assert instant_text(datetime(850, 1, 1, tzinfo=UTC)) == "0850-01-01T00:00:00Z"


def test_a_time_without_zone_is_never_sent() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2026, 3, 1, 12, 0))  # noqa: DTZ001  # a time as people type it, without a zone
