"""Dates of overrides: absent, null and a value are three things (contract 6.2, 6.7)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from canvas_bridge.facts import NOT_OVERRIDDEN, Dates, DateSetting, overridden_to
from canvas_bridge.translate.dates import date_setting, dates_json, whole_dates_json
from canvas_bridge.wire.fields import JsonObject
from canvas_bridge.wire.times import instant_text

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "setting"),
    [
        ({}, NOT_OVERRIDDEN),
        ({"due_at": None}, overridden_to(None)),
        ({"due_at": "2026-03-01T12:00:00Z"}, overridden_to(NOON)),
    ],
)
def test_absent_null_and_a_value_stay_apart(value: dict[str, object], setting: DateSetting) -> None:
    assert date_setting(JsonObject(value, "override"), "due_at") == setting


def test_a_date_that_is_not_overridden_is_left_out_and_none_is_sent_as_null() -> None:
    sent = dates_json(unlock=NOT_OVERRIDDEN, due=overridden_to(None), lock=overridden_to(NOON))

    assert sent == {"due_at": None, "lock_at": "2026-03-01T12:00:00Z"}


def test_all_three_dates_are_written_for_an_override_of_ours() -> None:
    assert whole_dates_json(Dates(due_at=NOON)) == {
        "due_at": "2026-03-01T12:00:00Z",
        "unlock_at": None,
        "lock_at": None,
    }


def test_times_are_sent_in_utc_with_whole_seconds() -> None:
    there = datetime(2026, 3, 1, 7, 0, tzinfo=timezone(timedelta(hours=-5)))

    assert instant_text(there) == "2026-03-01T12:00:00Z"
    assert instant_text(NOON.replace(microsecond=1)) == "2026-03-01T12:00:01Z"
    assert instant_text(datetime(850, 1, 1, tzinfo=UTC)) == "0850-01-01T00:00:00Z"


def test_a_time_without_zone_is_never_sent() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant_text(datetime(2026, 3, 1, 12, 0))  # noqa: DTZ001
