"""Typed access to Canvas's JSON: a wrong type names the key and shows no value (F16)."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from canvas_bridge.errors import CanvasContractError
from canvas_bridge.wire.fields import JsonObject

Read = Callable[[JsonObject], object]


@pytest.mark.parametrize("value", [None, [], "text", 5, True])
def test_f16_what_is_no_object_is_a_contract_error(value: object) -> None:
    with pytest.raises(CanvasContractError, match="course must be an object"):
        JsonObject(value, "course")


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (lambda one: one.whole_number("key"), [None, "", "x1", "1~2", 1.5, True, [], {}, "9" * 30]),
        (lambda one: one.optional_whole_number("key"), ["x", 1.5, False, []]),
        (lambda one: one.optional_number("key"), ["1", True, []]),
        (lambda one: one.flag("key"), ["true", 1, []]),
        (lambda one: one.text("key"), [None, "", 5, []]),
        (lambda one: one.short_text("key"), [5, [], True]),
        (lambda one: one.optional_text("key"), [5, [], True]),
        (lambda one: one.instant("key"), ["", "tomorrow", "2026-03-01T12:00:00", 5, "0001-01-01T00:00:00+23:00"]),
        (lambda one: one.objects("key"), [None, {}, "x", [5]]),
        (lambda one: one.whole_numbers("key"), [None, {}, ["x"]]),
        (lambda one: one.words("key"), ["x", {}, [5]]),
        (lambda one: one.optional_object("key"), [[], "x", 5]),
    ],
)
def test_f16_a_wrong_type_names_the_key_and_not_the_value(read: Read, wrong: list[object]) -> None:
    for value in wrong:
        with pytest.raises(CanvasContractError, match="key") as raised:
            read(JsonObject({"key": value, "name": "Amara"}, "user 7"))
        assert "user 7" in str(raised.value)
        assert not any(secret in str(raised.value) for secret in ("Amara", "tomorrow", "x1"))


def test_f16_ids_may_come_as_text_of_digits() -> None:
    found = JsonObject({"id": "12", "attempts": "-1", "student_ids": ["5", 6]}, "override")

    assert (found.whole_number("id"), found.whole_number("attempts")) == (12, -1)
    assert found.whole_numbers("student_ids") == (5, 6)


def test_f31_an_id_of_another_shard_is_no_id_of_ours() -> None:
    with pytest.raises(CanvasContractError, match="id must be a whole number, not text"):
        JsonObject({"id": "1~2"}, "course").whole_number("id")


def test_absent_and_null_are_no_value() -> None:
    found = JsonObject({"null": None}, "quiz")

    for key in ("null", "absent"):
        assert found.optional_whole_number(key) is None
        assert found.optional_text(key) is None
        assert found.instant(key) is None
        assert found.short_text(key) == ""
        assert found.words(key) == ()
        assert found.flag(key, default=True)


def test_b27_a_name_of_a_megabyte_is_cut() -> None:
    assert len(JsonObject({"name": "<b>" * 400_000}, "course").short_text("name")) == 255


def test_instants_are_read_into_utc() -> None:
    found = JsonObject({"at": "2026-03-01T06:59:59Z", "there": "2026-03-01T01:59:59-05:00"}, "quiz")

    assert found.instant("at") == found.instant("there") == datetime(2026, 3, 1, 6, 59, 59, tzinfo=UTC)
