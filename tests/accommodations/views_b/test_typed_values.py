"""What people type into single fields, and the sentence that answers it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from accommodations.forms import kinds
from accommodations.forms.fields import (
    DayField,
    LocalTimeField,
    MultiplierField,
    WholeNumberField,
    clock_change_note,
    local_instant,
)
from accommodations.forms.provisions import REQUIRED

NEW_YORK = ZoneInfo("America/New_York")
ATTEMPTS = WholeNumberField(lowest=1, highest=1000, message=REQUIRED["attempts"])
MINUTES = WholeNumberField(lowest=1, highest=10080, message=REQUIRED["minutes"])


@pytest.mark.parametrize(
    "typed",
    [
        "0", "1", "-1", "1.0000001", "11", "NaN", "Infinity", "-Infinity", "1e309", "1e1", "1,5", "１.５", "١.٥",
        "1.00", "10.01", "abc", "1.5x", "1 .5", "0x2", "½", "1_5", "+2", ".5", "2.", "99999999999999999999",
    ],
)  # fmt: skip
def test_b10_a_multiplier_that_is_none_is_answered_at_the_field(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MultiplierField().clean(typed)

    assert refused.value.messages == ["Enter a multiplier from 1.01 to 10. For time and a half, enter 1.5."]


@pytest.mark.parametrize(("typed", "value"), [("1.01", "1.01"), ("1.5", "1.5"), (" 2 ", "2"), ("10", "10")])
def test_b10_a_multiplier_from_one_point_nought_one_to_ten_is_taken(typed: str, value: str) -> None:
    assert MultiplierField().clean(typed) == Decimal(value)


def test_b10_a_multiplier_with_three_decimals_says_how_many_are_taken() -> None:
    with pytest.raises(ValidationError, match="at most two decimals"):
        MultiplierField().clean("1.255")


@pytest.mark.parametrize("typed", ["1001", "-1", "1.5", "0", "１", "1e2", "ten", "1 0", "9" * 400])
def test_b11_attempts_outside_one_to_a_thousand_are_answered_at_the_field(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ATTEMPTS.clean(typed)

    assert refused.value.messages == ["Enter a whole number from 1 to 1000. Canvas refuses more."]


def test_b11_minutes_beyond_the_largest_value_of_canvas_are_answered_at_the_field() -> None:
    with pytest.raises(ValidationError, match="1 to 10080"):
        MINUTES.clean("10081")

    assert MINUTES.clean("10080") == 10080


@pytest.mark.parametrize(
    "typed",
    [
        "31 Feb 2025",
        "1 Jan 0001",
        "1 Jan 9999",
        "2025-13-01",
        "2025-02-30",
        "tomorrow",
        "１ Dec 2025",
        "12/19/2025",
        "5",
    ],
)
def test_b12_a_day_that_does_not_exist_is_answered_at_the_field(typed: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(typed)


@pytest.mark.parametrize(
    "typed", ["19 Dec 2025", "19 december 2025", "2025-12-19", "Fri 19 Dec 2025", "Friday, 19 Dec 2025"]
)
def test_a33_a_day_is_typed_in_words_or_numbers(typed: str) -> None:
    assert DayField().clean(typed) == date(2025, 12, 19)


@pytest.mark.parametrize("typed", ["10 Dec 2025 14:00", "2025-12-10 14:00", "2025-12-10T14:00", "10 Dec 2025 14.00"])
def test_a33_a_time_is_typed_with_its_day(typed: str) -> None:
    assert LocalTimeField().clean(typed) == datetime(2025, 12, 10, 14, 0)  # noqa: DTZ001  # local on purpose


@pytest.mark.parametrize(
    "typed", ["10 Dec 2025", "10 Dec 2025 25:00", "10 Dec 2025 14:60", "14:00", "10 Dec 2025 １4:00"]
)
def test_b12_a_time_that_does_not_exist_is_answered_at_the_field(typed: str) -> None:
    with pytest.raises(ValidationError):
        LocalTimeField().clean(typed)


@pytest.mark.parametrize(
    ("local", "earlier", "instant"),
    [
        # Clocks go forward on 9 Mar 2025 at 02:00: 02:30 does not exist.
        (datetime(2025, 3, 9, 2, 30), False, datetime(2025, 3, 9, 7, 30, tzinfo=UTC)),  # noqa: DTZ001  # a time as people type it, without a zone
        (datetime(2025, 3, 9, 2, 30), True, datetime(2025, 3, 9, 6, 30, tzinfo=UTC)),  # noqa: DTZ001  # a time as people type it, without a zone
        # Clocks go back on 2 Nov 2025 at 02:00: 01:30 comes twice.
        (datetime(2025, 11, 2, 1, 30), False, datetime(2025, 11, 2, 6, 30, tzinfo=UTC)),  # noqa: DTZ001  # a time as people type it, without a zone
        (datetime(2025, 11, 2, 1, 30), True, datetime(2025, 11, 2, 5, 30, tzinfo=UTC)),  # noqa: DTZ001  # a time as people type it, without a zone
        (datetime(2025, 12, 10, 14), False, datetime(2025, 12, 10, 19, tzinfo=UTC)),  # noqa: DTZ001  # a time as people type it, without a zone
    ],
)
def test_b13_where_clocks_change_the_better_reading_for_the_student_counts(
    local: datetime, earlier: bool, instant: datetime
) -> None:
    assert local_instant(local, NEW_YORK, earlier=earlier) == instant


def test_b13_what_was_taken_where_clocks_change_is_said() -> None:
    gap = clock_change_note(datetime(2025, 3, 9, 2, 30), NEW_YORK, earlier=False)  # noqa: DTZ001  # a time as people type it, without a zone
    fold = clock_change_note(datetime(2025, 11, 2, 1, 30), NEW_YORK, earlier=False)  # noqa: DTZ001  # a time as people type it, without a zone

    assert gap == "02:30 does not exist on 9 Mar 2025, when clocks go forward: 03:30 counts."
    assert fold == "01:30 comes twice on 2 Nov 2025, when clocks go back: the second one counts."
    assert clock_change_note(datetime(2025, 12, 10, 14), NEW_YORK, earlier=False) == ""  # noqa: DTZ001  # a time as people type it, without a zone


def test_all_kinds_ticked_means_every_kind_like_none() -> None:
    assert kinds.kinds_of(["classic", "new", "assignment", "discussion"]) == kinds.kinds_of([]) == ()


def test_an_edit_that_leaves_the_kinds_alone_keeps_finer_kinds_than_the_words() -> None:
    assert kinds.kinds_of(kinds.words_of(["practice_quiz"]), stored=["practice_quiz"]) == ("practice_quiz",)
    assert "classic_quiz" in kinds.kinds_of(["classic", "new"], stored=["practice_quiz"])
