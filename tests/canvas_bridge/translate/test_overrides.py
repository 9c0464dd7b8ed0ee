"""Overrides from Canvas and to Canvas (contract 6)."""

from datetime import UTC, datetime

import pytest

from canvas_bridge.changes import CreateOverride, MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.errors import CanvasContractError
from canvas_bridge.facts import NOT_OVERRIDDEN, Dates, ObservedOverride, OverrideTarget, overridden_to
from canvas_bridge.translate import overrides
from canvas_bridge.wire.overrides import Override
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.writing import json_of

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOON_TEXT = "2026-03-01T12:00:00Z"
BASE = {"id": 3, "title": "2 students", "assignment_id": 12}


def observed_override(value: object) -> ObservedOverride:
    return overrides.observed_override(read(Override, value))


def names_student(value: object, user_id: int) -> bool:
    return overrides.names_student(read(Override, value), user_id)


@pytest.mark.parametrize(
    ("keys", "target", "target_id"),
    [
        ({"student_ids": [5, "6"]}, OverrideTarget.AD_HOC, None),
        ({"course_section_id": 7}, OverrideTarget.SECTION, 7),
        ({"group_id": 8, "group_category_id": 2}, OverrideTarget.GROUP, 8),
        ({"course_id": 9}, OverrideTarget.COURSE, 9),
        ({"noop_id": 1}, OverrideTarget.MASTERY_PATH, 1),
    ],
)
def test_the_target_is_told_by_its_key(keys: dict[str, object], target: OverrideTarget, target_id: int | None) -> None:
    found = observed_override(BASE | keys)

    assert (found.target, found.canvas_target_id) == (target, target_id)
    assert found.canvas_user_ids == (frozenset({5, 6}) if target is OverrideTarget.AD_HOC else frozenset())


def test_absent_and_null_dates_of_an_override_stay_apart() -> None:
    found = observed_override({**BASE, "student_ids": [5], "due_at": None, "lock_at": NOON_TEXT})

    assert found.unlock == NOT_OVERRIDDEN
    assert found.due == overridden_to(None)
    assert found.lock == overridden_to(NOON)


def test_unassigning_and_module_overrides_are_known() -> None:
    found = observed_override({**BASE, "course_section_id": 7, "unassign_item": True, "context_module_id": 4})

    assert found.unassigns
    assert found.canvas_module_id == 4


def test_an_override_without_a_title_has_an_empty_one() -> None:
    assert observed_override({"id": 3, "group_id": 8}).title == ""


def test_f16_an_override_for_an_unknown_sort_of_target_is_a_contract_error() -> None:
    with pytest.raises(CanvasContractError, match="override 3"):
        observed_override({**BASE, "cohort_id": 1})


def test_a_new_override_names_one_student_and_all_three_dates() -> None:
    change = CreateOverride(12, 5, "Extra 7KQ2", Dates(due_at=NOON))

    assert overrides.creation(change).element() == {
        "assignment_id": 12,
        "student_ids": [5],
        "title": "Extra 7KQ2",
        "due_at": NOON_TEXT,
        "unlock_at": None,
        "lock_at": None,
    }


def test_f20_an_update_with_a_title_names_no_students_so_a_refused_batch_has_removed_nobody() -> None:
    change = UpdateOverride(12, 3, 5, NOT_OVERRIDDEN, overridden_to(NOON), overridden_to(None), title="Extra 7KQ2")

    assert overrides.update(change).element() == {
        "id": 3,
        "assignment_id": 12,
        "title": "Extra 7KQ2",
        "due_at": NOON_TEXT,
        "lock_at": None,
    }


def test_an_update_that_keeps_the_title_sends_neither_title_nor_students() -> None:
    change = UpdateOverride(12, 3, 5, NOT_OVERRIDDEN, overridden_to(NOON), NOT_OVERRIDDEN)

    assert overrides.update(change).element() == {"id": 3, "assignment_id": 12, "due_at": NOON_TEXT}


def test_f33_the_shared_override_keeps_its_own_title_and_dates() -> None:
    change = MoveOutOfSharedOverride(
        canvas_assignment_id=12,
        canvas_shared_override_id=3,
        canvas_user_id=5,
        remaining_canvas_user_ids=(6, 7),
        shared_title="Away team",
        shared_unlock=NOT_OVERRIDDEN,
        shared_due=overridden_to(NOON),
        shared_lock=overridden_to(None),
        title="Extra 7KQ2",
        dates=Dates(lock_at=NOON),
    )
    shared = {"title": "Away team", "due_at": NOON_TEXT, "lock_at": None}

    assert json_of(overrides.shared_override(change, with_student=False)) == {"student_ids": [6, 7], **shared}
    assert json_of(overrides.shared_override(change, with_student=True)) == {"student_ids": [6, 7, 5], **shared}
    assert json_of(overrides.own_override(change)) == {
        "student_ids": [5],
        "title": "Extra 7KQ2",
        "due_at": None,
        "unlock_at": None,
        "lock_at": NOON_TEXT,
    }


def test_r14_of_an_answer_only_the_students_own_part_is_kept() -> None:
    value = {**BASE, "student_ids": [5, 6], "students": [{"id": 5, "name": "Amara"}], "due_at": NOON_TEXT}

    assert overrides.answered_override(read(Override, value), 5) == {**BASE, "student_ids": [5], "due_at": NOON_TEXT}


def test_a_student_is_named_only_by_an_ad_hoc_override() -> None:
    assert names_student({**BASE, "student_ids": ["5"]}, 5)
    assert not names_student({**BASE, "student_ids": [6]}, 5)
    assert not names_student({**BASE, "course_section_id": 5}, 5)
