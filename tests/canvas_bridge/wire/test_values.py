"""Single JSON values: ids as text, ids of another shard, times of any zone."""

from datetime import UTC, datetime

import pytest

from canvas_bridge.wire.values import instant_in, type_name, whole_number_in


@pytest.mark.parametrize(("value", "number"), [(12, 12), ("12", 12), ("-1", -1), (0, 0)])
def test_contract_1_1_ids_may_come_as_text_of_digits(value: object, number: int) -> None:
    assert whole_number_in(value) == number


@pytest.mark.parametrize("value", [None, "", "x1", "1~2", 1.5, True, [], {}, "9" * 30, "٣", "1_0", " 1"])
def test_f31_what_is_no_id_of_ours_is_none(value: object) -> None:
    assert whole_number_in(value) is None


@pytest.mark.parametrize("text", ["2026-03-01T06:59:59Z", "2026-03-01T01:59:59-05:00"])
def test_instants_are_read_into_utc(text: str) -> None:
    assert instant_in(text) == datetime(2026, 3, 1, 6, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [None, "", "tomorrow", "2026-03-01T12:00:00", "2026-03-01", 5, "0001-01-01T00:00:00+23:00"]
)
def test_what_is_no_time_with_its_zone_is_none(value: object) -> None:
    assert instant_in(value) is None


@pytest.mark.parametrize(
    ("value", "name"),
    [({}, "an object"), ([], "a list"), ("x", "text"), (True, "true or false"), (None, "null"), (1.5, "a number")],
)
def test_values_are_named_in_plain_words(value: object, name: str) -> None:
    assert type_name(value) == name
