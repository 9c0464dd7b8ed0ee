"""What Canvas is sent: what is left out stays out, None is null, instants are UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from canvas_bridge.wire.absent import ABSENT, NOT_OVERRIDDEN, UNCHANGED
from canvas_bridge.wire.assignment_values import AssignmentValues, BaseDatesChange, BulkDates, OverrideDatesChange
from canvas_bridge.wire.assignments import AssignmentListing
from canvas_bridge.wire.date_details import DatedOverride
from canvas_bridge.wire.ids import CanvasId
from canvas_bridge.wire.new_quizzes import NewQuizValues, QuizSettings
from canvas_bridge.wire.overrides import Override, OverrideValues
from canvas_bridge.wire.writing import json_of, params_of, query_of

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=-7)))


def test_unchanged_is_left_out_and_none_is_null() -> None:
    assert json_of(AssignmentValues(name="Essay", lock_at=None, due_at=NOON)) == {
        "name": "Essay",
        "lock_at": None,
        "due_at": "2026-03-01T19:00:00Z",
    }
    assert json_of(AssignmentValues()) == {}


def test_contract_6_7_a_date_that_is_not_overridden_is_left_out() -> None:
    values = OverrideValues(student_ids=[1, CanvasId("sis_user_id", "S-1")], title="x", due_at=None, lock_at=NOON)

    assert json_of(values) == {
        "student_ids": [1, "sis_user_id:S-1"],
        "title": "x",
        "due_at": None,
        "lock_at": "2026-03-01T19:00:00Z",
    }


def test_contract_9_7_a_bulk_update_names_base_and_overrides() -> None:
    change = BulkDates(
        assignment_id=5, base=BaseDatesChange(due_at=None), overrides=[OverrideDatesChange(id=7, lock_at=NOON)]
    )

    assert change.element() == {
        "id": 5,
        "all_dates": [{"base": True, "due_at": None}, {"id": 7, "lock_at": "2026-03-01T19:00:00Z"}],
    }
    assert BulkDates(assignment_id=5).element() == {"id": 5, "all_dates": []}


def test_contract_10_7_3_an_override_that_is_kept_is_sent_as_it_was_read() -> None:
    read = Override(id=7, title="Away team", lock_at=None, unlock_at=NOT_OVERRIDDEN, due_at=NOON, student_ids=(1, 2))

    assert json_of(DatedOverride.kept(read)) == {"id": 7, "lock_at": None, "due_at": "2026-03-01T19:00:00Z"}


def test_nested_settings_that_are_absent_are_left_out() -> None:
    values = NewQuizValues(quiz_settings=QuizSettings(has_time_limit=True, student_access_code=None))

    assert json_of({"quiz": values}) == {
        "quiz": {"quiz_settings": {"has_time_limit": True, "student_access_code": None}}
    }


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        json_of(AssignmentValues(due_at=datetime(2026, 3, 1)))  # noqa: DTZ001  # the very mistake


def test_a_query_leaves_out_what_is_not_asked_for() -> None:
    assert query_of(a=None, b=UNCHANGED, c=ABSENT, d=(), e="x", f=True, g=False, h=0) == [
        ("e", "x"),
        ("f", "true"),
        ("g", "false"),
        ("h", 0),
    ]


def test_a_query_holds_lists_ids_and_instants() -> None:
    asked = query_of(ids=[1, CanvasId("sis_user_id", "S-1")], term=CanvasId("current"), since=NOON.astimezone(UTC))

    assert asked == [
        ("ids[]", 1),
        ("ids[]", "sis_user_id:S-1"),
        ("term", "current"),
        ("since", "2026-03-01T19:00:00Z"),
    ]


def test_contract_7_5_a_listing_of_assignments_asks_for_base_dates() -> None:
    assert params_of(AssignmentListing()) == [("override_assignment_dates", "false")]
    assert params_of(AssignmentListing(override_assignment_dates=None, include=["overrides"])) == [
        ("include[]", "overrides")
    ]
