"""B10–B12, B20–B21: columns guessed, medical ones refused, and every cell read or refused at its row and column."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accommodations.forms import kinds
from accommodations.importing import cells, columns
from accommodations.importing.rows import Known, Layout, ReadRow, read_row
from accommodations.importing.table import FileRefused, TableRow


def read(**given: str) -> ReadRow:
    """Return a row read whose columns are named as the form names them."""
    given = {"student": "S1"} | given
    headers = tuple(columns.BY_NAME[name].label for name in given)
    layout = Layout(headers, {name: at for at, name in enumerate(given)})
    known = Known(courses={"bio 101": (7,), "chem": (8, 9)}, terms={"spring": (3,)})
    return read_row(TableRow(14, tuple(given.values())), layout, known)


GRANTED: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "a multiplier": ({"multiplier": "1.5"}, {"multiplier": Decimal("1.5"), "extra_time_method": "multiplier"}),
    "a multiplier with its sign": ({"multiplier": "1.25×"}, {"multiplier": Decimal("1.25")}),
    "minutes": ({"minutes": "30 min"}, {"minutes": 30, "extra_time_method": "minutes"}),
    "minutes per hour": ({"minutes_per_hour": "10"}, {"minutes": 10, "extra_time_method": "minutes_per_hour"}),
    "attempts": ({"attempts": "2"}, {"attempts": 2, "provision": "extra_attempts"}),
    "days": ({"days_later": "3"}, {"shift_amount": 3, "shift_unit": "days"}),
    "working days": ({"days_later": "2 business days"}, {"shift_amount": 2, "shift_unit": "working_days"}),
    "hours": ({"days_later": "48 hours"}, {"shift_amount": 48, "shift_unit": "hours"}),
    "kind and amount": ({"kind": "Extended Time", "amount": "2x"}, {"multiplier": Decimal(2)}),
    "a kind whose amount says minutes": ({"kind": "Extra time", "amount": "20 min"}, {"minutes": 20}),
    "a kind that needs no amount": ({"kind": "No time limit"}, {"extra_time_method": "no_limit"}),
    "a kind with its own column": ({"kind": "Extra time", "multiplier": "1.5"}, {"multiplier": Decimal("1.5")}),
    "one course": ({"multiplier": "2", "course": "BIO 101"}, {"scope": "course", "course": 7}),
    "one term": ({"multiplier": "2", "term": "Spring"}, {"scope": "term", "term": 3}),
    "assignment groups": (
        {"multiplier": "2", "assignment_groups": "Exams;  Final   exams ; exams"},
        {"assignment_groups": ("exams", "Final exams")},
    ),
    "quizzes": (
        {"multiplier": "2", "counts_for": "Quizzes"},
        {"kinds": ("classic_quiz", "graded_survey", "new_quiz", "practice_quiz", "survey")},
    ),
    "a period": (
        {"multiplier": "2", "effective_from": "1/15/2026", "effective_until": "15 May 2026"},
        {"effective_from": date(2026, 1, 15), "effective_until": date(2026, 5, 15)},
    ),
    "a note": ({"multiplier": "2", "note": "By phone"}, {"note": "By phone"}),
    "no column of notes": ({"multiplier": "2"}, {"note": None, "effective_from": None, "scope": "every_course"}),
}


@pytest.mark.parametrize(("given", "expected"), GRANTED.values(), ids=GRANTED.keys())
def test_a_row_says_what_is_granted(given: dict[str, str], expected: dict[str, Any]) -> None:
    row = read(**given)

    assert row.troubles == ()
    assert {name: getattr(row.entries[0], name) for name in expected} == expected


def test_a_row_may_grant_several_things_at_once() -> None:
    assert [one.provision for one in read(multiplier="1.5", attempts="1", days_later="2").entries] == [
        "extra_time",
        "extra_attempts",
        "alternative_dates",
    ]


REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "B10 a comma": ({"multiplier": "1,5"}, "Multiplier", "“1,5” is no number; write 1.5."),
    "B10 a percentage": ({"multiplier": "150%"}, "Multiplier", "write 1.50"),
    "B10 half as much": ({"multiplier": "50%"}, "Multiplier", "for half as much again, write 1.5"),
    "B10 NaN": ({"multiplier": "NaN"}, "Multiplier", "is no number"),
    "B10 Infinity": ({"multiplier": "Infinity"}, "Multiplier", "is no number"),
    "B10 1e309": ({"multiplier": "1e309"}, "Multiplier", "is no number"),
    "B10 full-width digits": ({"multiplier": "１.５"}, "Multiplier", "is no number"),
    "B10 below nothing": ({"multiplier": "-1"}, "Multiplier", "is no number"),
    "B11 half a minute": ({"minutes": "1.5"}, "Extra minutes", "is no whole number"),
    "B11 below nothing": ({"attempts": "-1"}, "Extra attempts", "is no whole number"),
    "B11 words": ({"attempts": "many"}, "Extra attempts", "is no whole number; write a whole number such as 1"),
    "B12 a day that is none": ({"multiplier": "2", "effective_from": "31 Feb 2026"}, "From", "is no day"),
    "B12 year 1": ({"multiplier": "2", "effective_until": "0001-01-01"}, "Until", "not between 2000 and 2200"),
    "B12 two digits": ({"multiplier": "2", "effective_from": "1/15/26"}, "From", "a year of two digits"),
    "B12 the end first": (
        {"multiplier": "2", "effective_from": "2026-02-01", "effective_until": "2026-01-01"},
        "Until",
        "is before the first day",
    ),
    "nothing": ({"multiplier": ""}, "Multiplier", "Nothing is granted here."),
    "no student": ({"student": "", "multiplier": "2"}, "Student", "It is empty"),
    "two ways": ({"multiplier": "2", "minutes": "30"}, "Extra minutes", "stated in two ways"),
    "an unknown kind": ({"kind": "Note taker", "amount": "1"}, "Kind", "nothing that Leeway puts into Canvas"),
    "a kind without its amount": ({"kind": "Extra time", "amount": ""}, "Amount", "It is empty; write how much."),
    "an amount without its kind": ({"kind": "", "amount": "2"}, "Kind", "It is empty, and the amount beside"),
    "an unknown unit": ({"days_later": "2 weeks"}, "Days later", "write 2, 2 working days or 12 hours"),
    "an unknown course": ({"multiplier": "2", "course": "PHYS"}, "Course", "Leeway knows no course “PHYS”"),
    "a course of two": ({"multiplier": "2", "course": "CHEM"}, "Course", "fits 2 courses"),
    "an unknown place": ({"multiplier": "2", "counts_for": "labs"}, "Counts for", "“labs” is unknown"),
}


@pytest.mark.parametrize(("given", "column", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_b20_a_bad_cell_is_named_by_row_and_column_with_what_to_write(
    given: dict[str, str], column: str, words: str
) -> None:
    row = read(**given)

    assert row.entries == ()
    assert [(one.row, one.column) for one in row.troubles] == [(14, column)]
    assert words in row.troubles[0].message
    assert row.troubles[0].place == f"row 14, column {column}"


def test_every_bad_cell_of_a_row_is_named() -> None:
    row = read(student="", multiplier="1,5", effective_from="soon")

    assert {one.column for one in row.troubles} == {"Student", "Multiplier", "From"}


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("3/4/2026", cells.MONTH_FIRST, date(2026, 3, 4)),
        ("3/4/2026", cells.DAY_FIRST, date(2026, 4, 3)),
        ("2026-03-04 00:00", cells.MONTH_FIRST, date(2026, 3, 4)),
        ("Mar 4, 2026", cells.DAY_FIRST, date(2026, 3, 4)),
        ("4.3.2026", cells.MONTH_FIRST, date(2026, 3, 4)),
    ],
)
def test_days_are_read_in_the_order_of_the_file(text: str, order: str, expected: date) -> None:
    assert cells.day(text, order=order) == expected


@pytest.mark.parametrize(
    ("texts", "order"),
    [(["3/4/2026", "13/4/2026"], cells.DAY_FIRST), (["4/13/2026"], cells.MONTH_FIRST), ([], cells.MONTH_FIRST)],
)
def test_the_order_of_days_is_guessed_from_a_day_that_tells(texts: list[str], order: str) -> None:
    assert cells.guess_order(texts) == order


def test_kinds_in_a_file_are_those_of_the_record_form() -> None:
    assert set(cells.counts_for("quizzes")) == kinds.KINDS_OF_WORD["classic"] | kinds.KINDS_OF_WORD["new"]
    assert set(cells.counts_for("assignments")) == kinds.KINDS_OF_WORD["assignment"]
    assert set(cells.counts_for("discussions")) == kinds.KINDS_OF_WORD["discussion"]
    assert cells.counts_for("quizzes, assignments and discussions") == ()


def test_columns_are_guessed_from_headers() -> None:
    headers = ["SIS_ID", "Student Name", "Provision Type", "Value", "startDate", "End Date", "Notes", "", "Campus"]
    found = columns.guess(headers)

    assert found == {
        "student": 0,
        "student_name": 1,
        "kind": 2,
        "amount": 3,
        "effective_from": 4,
        "effective_until": 5,
        "note": 6,
    }
    assert columns.guess(["Student", "Multiplier", "Ends"])["effective_until"] == 2
    assert columns.unused(headers, found) == ["column H", "“Campus”"]


@pytest.mark.parametrize(
    "header", ["Diagnosis", "primary_disability", "ICD-10", "MedicalCondition", "Health condition"]
)
def test_a_column_of_diagnoses_is_refused_by_name(header: str) -> None:
    with pytest.raises(FileRefused) as refused:
        columns.check_headers(["Student ID", header])

    assert f"“{header}” (column B): Leeway stores no diagnosis" in refused.value.message


@pytest.mark.parametrize("header", ["Disability Services ID", "Note", "Disability office"])
def test_the_office_may_be_named(header: str) -> None:
    columns.check_headers(["Student ID", header])


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(FileRefused, match="is the name of column A too"):
        columns.check_headers(["Login", "login "])


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"multiplier": 0}, "names the student"),
        ({"student": 0}, "what is granted"),
        ({"student": 0, "multiplier": 0}, "are the same column"),
        ({"student": 0, "multiplier": 1}, ""),
    ],
)
def test_a_mapping_names_the_student_and_what_is_granted(mapping: dict[str, int], words: str) -> None:
    problem = columns.mapping_problem(mapping)

    assert words in problem
    assert bool(problem) == bool(words)
