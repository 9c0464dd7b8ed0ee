"""What undoing comes back to: what of ours stood there before the actions, field by field, and nothing of others."""

from dataclasses import replace

import pytest

from accommodations.planning.plan import LedgerExtension, LedgerOverride, OverrideBefore, PlannedAction, Values
from accommodations.planning.statuses import NOT_COVERED, STATUS_OF, Reason, Status
from accommodations.planning.undo import values_before
from canvas_bridge.changes import (
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.facts import NOT_OVERRIDDEN, Dates, overridden_to
from tests.accommodations.planning.building import ANA, DAY, HOUR, OPENS, homework

QUIZ, HOMEWORK = "assignment:11", "assignment:12"
CLASS = homework().base_dates
PUT = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
EARLIER = Dates(OPENS, OPENS + 4 * DAY, OPENS + 5 * DAY)


def set_to(before: tuple[int, int], after: tuple[int, int], entry: LedgerExtension | None) -> PlannedAction:
    """Return the setting of minutes and attempts from these to those."""
    return PlannedAction(
        ANA,
        QUIZ,
        SetQuizExtension(21, ANA, *after),
        Values(*before),
        Values(*after),
        "",
        ledger_extension=entry,
    )


def dated(change: object, before: Dates, entry: LedgerOverride | None) -> PlannedAction:
    """Return an action on dates that found these."""
    return PlannedAction(ANA, HOMEWORK, change, Values(dates=before), Values(dates=PUT), "", ledger_override=entry)


UPDATE = UpdateOverride(12, 900, ANA, NOT_OVERRIDDEN, NOT_OVERRIDDEN, NOT_OVERRIDDEN)
CREATE = CreateOverride(12, ANA, "Dates for 1 student", PUT)
MOVE = MoveOutOfSharedOverride(
    12, 900, ANA, (6,), "2 students", NOT_OVERRIDDEN, NOT_OVERRIDDEN, NOT_OVERRIDDEN, "Dates for 1 student", PUT
)
ENTRY = LedgerOverride(ANA, HOMEWORK, 900, put=PUT, class_dates=CLASS)


def test_r3_a_first_write_comes_back_to_nothing_of_ours() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_minutes=30)
    found = values_before([set_to((0, 0), (30, 0), entry)], extension=entry, override=None)
    assert found == Values()


def test_r3_several_writes_come_back_to_before_the_first_of_them() -> None:
    first = set_to((30, 1), (45, 1), LedgerExtension(ANA, QUIZ, 45, 0, 1, 0))
    last = set_to((45, 1), (60, 2), LedgerExtension(ANA, QUIZ, 60, 0, 2, 0))
    found = values_before([first, last], extension=last.ledger_extension, override=None)
    assert found == Values(extra_minutes=30, extra_attempts=1)


def test_r3_what_others_had_given_is_nothing_of_ours_to_come_back_to() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_minutes=60, before_minutes=30)
    assert values_before([set_to((30, 0), (60, 0), entry)], extension=entry, override=None) == Values()
    over_theirs = values_before([set_to((45, 0), (60, 0), entry)], extension=entry, override=None)
    assert over_theirs == Values(extra_minutes=45)


def test_r3_what_others_have_given_by_the_last_write_counts_as_theirs() -> None:
    first = set_to((30, 0), (45, 0), LedgerExtension(ANA, QUIZ, put_minutes=45))
    last = set_to((50, 0), (60, 0), LedgerExtension(ANA, QUIZ, put_minutes=60, before_minutes=50))
    assert values_before([first, last], extension=last.ledger_extension, override=None) == Values()


def test_r3_a_taking_back_comes_back_to_what_was_taken() -> None:
    gone = set_to((30, 2), (0, 1), None)
    assert values_before([gone], extension=None, override=None) == Values(extra_minutes=30, extra_attempts=2)
    only_attempts_left = set_to((30, 2), (10, 2), LedgerExtension(ANA, QUIZ, None, 0, 2, 1))
    found = values_before([only_attempts_left], extension=None, override=None)
    assert found == Values(extra_minutes=30, extra_attempts=2)
    only_minutes_left = set_to((30, 2), (30, 1), LedgerExtension(ANA, QUIZ, 30, 10, None, 0))
    found = values_before([only_minutes_left], extension=None, override=None)
    assert found == Values(extra_minutes=30, extra_attempts=2)


def test_r3_a_field_of_others_beside_one_of_ours_is_nothing_to_come_back_to() -> None:
    attempts = set_to((10, 0), (10, 1), LedgerExtension(ANA, QUIZ, put_attempts=1))
    assert values_before([attempts], extension=attempts.ledger_extension, override=None) == Values()
    minutes = set_to((0, 2), (30, 2), LedgerExtension(ANA, QUIZ, put_minutes=30))
    assert values_before([minutes], extension=minutes.ledger_extension, override=None) == Values()


def test_a_part_that_no_action_touched_stays_as_the_ledger_has_it() -> None:
    entry = LedgerExtension(ANA, QUIZ, put_minutes=30, put_attempts=2)
    found = values_before([dated(CREATE, CLASS, ENTRY)], extension=entry, override=ENTRY)
    assert found == Values(extra_minutes=30, extra_attempts=2)
    found = values_before([set_to((0, 0), (30, 0), entry)], extension=entry, override=ENTRY)
    assert found == Values(dates=PUT)


@pytest.mark.parametrize("change", [CREATE, MOVE])
def test_r3_an_override_that_was_made_comes_back_to_none(change: object) -> None:
    shared = replace(ENTRY, before=OverrideBefore("2 students", NOT_OVERRIDDEN, NOT_OVERRIDDEN, NOT_OVERRIDDEN))
    found = values_before([dated(change, EARLIER, shared), dated(UPDATE, PUT, ENTRY)], extension=None, override=ENTRY)
    assert found == Values()


def test_r3_ours_that_was_rewritten_or_deleted_comes_back_to_its_dates() -> None:
    assert values_before([dated(UPDATE, EARLIER, ENTRY)], extension=None, override=ENTRY) == Values(dates=EARLIER)
    deleted = dated(DeleteOverride(12, 900, ANA), EARLIER, None)
    assert values_before([deleted], extension=None, override=None) == Values(dates=EARLIER)


def test_r3_an_instructors_override_that_was_lengthened_comes_back_to_theirs() -> None:
    before = OverrideBefore("Ana", NOT_OVERRIDDEN, overridden_to(OPENS + DAY), NOT_OVERRIDDEN)
    entry = replace(ENTRY, before=before)
    theirs = replace(CLASS, due_at=OPENS + DAY)
    assert values_before([dated(UPDATE, theirs, entry)], extension=None, override=entry) == Values()
    of_ours = replace(theirs, lock_at=CLASS.lock_at + HOUR)
    assert values_before([dated(UPDATE, of_ours, entry)], extension=None, override=entry) == Values(dates=of_ours)


def test_coverage_counts_every_status_but_not_needed_and_past_and_each_reason_has_one() -> None:
    assert set(Status) - {Status.IN_PLACE, Status.NOT_NEEDED, Status.PAST} == NOT_COVERED
    assert set(STATUS_OF) == set(Reason)
