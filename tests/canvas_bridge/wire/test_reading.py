"""Canvas's JSON to typed results: absent, null and wrong types apart; whatever comes, never a crash (F16)."""

import dataclasses
import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import canvas_bridge.wire
from canvas_bridge.errors import CanvasContractError
from canvas_bridge.wire.absent import ABSENT, NOT_OVERRIDDEN, Absent, NotOverridden, OverrideDate, Unchanged
from canvas_bridge.wire.assignments import Assignment
from canvas_bridge.wire.overrides import Override
from canvas_bridge.wire.quizzes import QuizSubmission
from canvas_bridge.wire.reading import key_of, read, read_list


def classes() -> Iterator[type]:
    for module in pkgutil.iter_modules(canvas_bridge.wire.__path__):
        found = importlib.import_module(f"canvas_bridge.wire.{module.name}")
        for one in vars(found).values():
            if dataclasses.is_dataclass(one) and isinstance(one, type) and one.__module__ == found.__name__:
                yield one


def is_request(kind: type) -> bool:
    """Whether the class is for sending: something in it may be left unchanged, or it is a listing or key."""
    hints = get_type_hints(kind).values()
    return any(Unchanged in get_args(hint) for hint in hints) or kind.__name__.endswith(
        ("Listing", "Creation", "Update")
    )


RESULTS = [kind for kind in classes() if not is_request(kind) and kind.__name__ not in ("CanvasId", "BulkDates")]

# Names, logins, what people wrote, keys and grades: known by the names that Canvas gives them.
PERSONAL = {
    "sortable_name",
    "short_name",
    "login_id",
    "sis_user_id",
    "integration_id",
    "email",
    "primary_email",
    "unique_id",
    "password",
    "bio",
    "pronouns",
    "avatar_url",
    "validation_token",
    "access_code",
    "student_access_code",
    "body",
    "answer",
    "grade",
    "score",
    "entered_grade",
    "entered_score",
    "kept_score",
    "students",
    "users",
    "grades",
}
NOT_PERSONAL_IN = {"integration_id": ("Assignment", "AssignmentValues", "Course", "Section"), "students": ("Section",)}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
plausible = st.sampled_from(
    [
        *(
            None,
            True,
            0,
            -1,
            7,
            "7",
            "",
            "x",
            1.5,
            [],
            {},
            [1],
            ["1"],
            [None],
            [{}],
            {"id": 1},
            [{"id": 1, "name": None}],
        ),
        *("2026-03-01T06:59:59Z", "2026-03-01", "9999-12-31T23:59:59-14:00", "available"),
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    values=st.lists(plausible | json_values, min_size=1, max_size=12),
    left_out=st.integers(min_value=0, max_value=7),
    whole=json_values,
)
def test_f16_arbitrary_json_is_a_result_or_a_contract_error(values: list[object], left_out: int, whole: object) -> None:
    """Each kind is given something arbitrary, and an object with its own keys and arbitrary values, some left out."""
    for kind in RESULTS:
        keys = [key_of(one) for one in dataclasses.fields(kind)]
        filled = {key: values[n % len(values)] for n, key in enumerate(keys) if left_out == 0 or n % (left_out + 1)}
        for value in (whole, filled, {**filled, "id": 1, "user_id": 2, "name": "x"}):
            with suppress(CanvasContractError):
                assert repr(read(kind, value)).startswith(kind.__name__)


@pytest.mark.parametrize("kind", list(classes()), ids=lambda kind: kind.__name__)
def test_r17_nothing_personal_and_no_secret_is_in_a_repr(kind: type) -> None:
    shown = {one.name for one in dataclasses.fields(kind) if one.repr}

    assert {name for name in shown & PERSONAL if kind.__name__ not in NOT_PERSONAL_IN.get(name, ())} == set()


@pytest.mark.parametrize("kind", RESULTS, ids=lambda kind: kind.__name__)
def test_results_are_frozen(kind: type) -> None:
    assert kind.__dataclass_params__.frozen


def test_contract_6_2_an_absent_date_and_a_null_date_are_of_two_types() -> None:
    absent = read(Override, {"id": 1})
    null = read(Override, {"id": 1, "due_at": None})
    due = read(Override, {"id": 1, "due_at": "2026-03-01T06:59:59Z"})

    assert (absent.due_at, null.due_at) == (NOT_OVERRIDDEN, None)
    assert due.due_at == datetime(2026, 3, 1, 6, 59, 59, tzinfo=UTC)
    assert set(get_args(OverrideDate)) == {datetime, type(None), NotOverridden}


def test_an_absent_key_and_a_null_one_are_of_two_types_everywhere() -> None:
    """No result gives an absent key the value null: its default, if it has one, is a sentinel."""
    defaults = {
        (kind.__name__, one.name): one.default
        for kind in RESULTS
        for one in dataclasses.fields(kind)
        if one.default is not dataclasses.MISSING
    }

    wrong = {name for name, value in defaults.items() if not isinstance(value, Absent | NotOverridden)}
    assert wrong == set()


def test_unknown_keys_are_ignored_and_ids_may_be_text() -> None:
    found = read(Assignment, {"id": "12", "name": "Essay", "a_new_key": {"x": 1}, "quiz_id": None})

    assert (found.id, found.name, found.quiz_id, found.is_quiz_lti_assignment) == (12, "Essay", None, ABSENT)


def test_a_key_that_is_no_name_in_python_is_read() -> None:
    row = {"id": 1, "user_id": 2, "quiz_id": 3, "workflow_state": "complete", "excused?": True}

    assert read(QuizSubmission, row).excused is True


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"id": None, "name": "x"}, "assignment: id must be a whole number, not null"),
        ({"name": "x"}, "assignment: id must be there"),
        ({"id": 1, "name": "x", "published": "Amara"}, "assignment 1: published must be true or false, not text"),
        ({"id": 1, "name": "x", "overrides": None}, "assignment 1: overrides must be a list, not null"),
        ({"id": 1, "name": "x", "overrides": [5]}, "assignment 1: overrides must be an object, not a number"),
        ({"id": 1, "name": "x", "overrides": [{}]}, "assignment 1: overrides: id must be there"),
        ([], "assignment must be an object, not a list"),
    ],
)
def test_f16_an_error_names_the_key_and_never_the_value(value: object, words: str) -> None:
    with pytest.raises(CanvasContractError) as raised:
        read(Assignment, value)

    assert str(raised.value) == words


@pytest.mark.parametrize("value", [None, {}, "x", [1], [None]])
def test_f16_a_list_that_is_none_is_a_contract_error(value: object) -> None:
    with pytest.raises(CanvasContractError):
        read_list(Override, value)


def test_one_submission_or_the_list_of_those_observed() -> None:
    row = {"user_id": 1, "assignment_id": 2}
    reading: Callable[[object], Any] = lambda value: read(Assignment, {"id": 2, "name": "x", "submission": value})  # noqa: E731  # short

    assert reading(row).submission.user_id == 1
    assert [one.user_id for one in reading([row, row]).submission] == [1, 1]
    with pytest.raises(CanvasContractError):
        reading("x")


def test_large_answers_are_read_quickly_enough() -> None:
    values = json.loads(json.dumps([{"id": number, "name": "x", "overrides": []} for number in range(2000)]))

    assert len(read_list(Assignment, values)) == 2000
