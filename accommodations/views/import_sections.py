"""The parts of a checked file as its page shows them: a few rows of each, or one part in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from accommodations.forms.differences import Difference as FieldDifference
from accommodations.forms.differences import differences
from accommodations.importing.comparing import Addition, Change
from accommodations.importing.entries import Standing
from accommodations.importing.rows import Trouble
from accommodations.models import Accommodation, Student
from accommodations.services.accommodation_values import AccommodationValues, values_of, write_values
from accommodations.services.import_checking import Checked

SHOWN_OF_EACH = 25
SHOWN_OF_ONE = 50
HEADINGS = {
    "troubles": "to be decided",
    "added": "added",
    "changed": "changed",
    "ended": "ended",
    "duplicates": "said twice",
    "left_out": "left out",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part: its name, how many rows it has, and those of the page."""

    name: str
    heading: str
    page: Page[Any]
    rows: list[dict[str, Any]]

    @property
    def more(self) -> int:
        """Return how many rows are not shown."""
        return self.page.paginator.count - len(self.rows)


def sections(checked: Checked, *, only: str = "", page: int = 1) -> list[Section]:
    """Return the parts that have rows; `only` one of them, in pages."""
    size = SHOWN_OF_ONE if only else SHOWN_OF_EACH
    found = []
    for name, everything in _parts(checked).items():
        if not everything or (only and name != only):
            continue
        shown = Paginator(everything, size).get_page(page if only else 1)
        rows = _ROWS[name](checked, list(shown.object_list))
        found.append(Section(name, f"{len(everything):,} {HEADINGS[name]}", shown, rows))
    return found


def _parts(checked: Checked) -> dict[str, Sequence[Any]]:
    by_row: dict[int, list[Trouble]] = {}
    for trouble in checked.troubles:
        by_row.setdefault(trouble.row, []).append(trouble)
    return {
        "troubles": list(by_row.items()),
        "added": checked.difference.added,
        "changed": checked.difference.changed,
        "ended": checked.difference.ended,
        "duplicates": checked.difference.duplicates,
        "left_out": checked.left_out,
    }


def record_of(student: Student, values: AccommodationValues) -> Accommodation:
    """Return values as an accommodation that is not saved: pages put it into words like any other."""
    row = Accommodation(student=student)
    write_values(row, values)
    return row


def _in_file(checked: Checked, number: int) -> str:
    """Return what stands in the file for the student of a row: id and name."""
    mapping, cells = checked.file.mapping, checked.cells[number]
    parts = [cells[mapping[name]] for name in ("student", "student_name") if name in mapping]
    return ", ".join(part[:80] for part in parts if part) or "nothing"


def _troubles(checked: Checked, rows: list[tuple[int, list[Trouble]]]) -> list[dict[str, Any]]:
    return [{"number": number, "said": _in_file(checked, number), "troubles": found} for number, found in rows]


def _added(checked: Checked, rows: list[Addition]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.wanted.row,
            "record": record_of(checked.students[one.wanted.student_id], checked.values(one.wanted.entry)),
            "remarks": checked.remarks.get(one.wanted.row, ()),
        }
        for one in rows
    ]


def _changed(checked: Checked, rows: list[Change]) -> list[dict[str, Any]]:
    return [_change(checked, one) for one in rows]


def _change(checked: Checked, one: Change) -> dict[str, Any]:
    before = checked.accommodations[one.standing.accommodation_id]
    after = checked.values(one.wanted.entry, before)
    fields: list[FieldDifference] = differences(stored=values_of(before), typed=after)
    return {
        "number": one.wanted.row,
        "record": before,
        "after": record_of(before.student, after),
        "fields": fields,
        "remarks": checked.remarks.get(one.wanted.row, ()),
    }


def _ended(checked: Checked, rows: list[Standing]) -> list[dict[str, Any]]:
    return [{"record": checked.accommodations[one.accommodation_id]} for one in rows]


def _duplicates(checked: Checked, rows: list[Any]) -> list[dict[str, Any]]:
    return [
        {"number": one.wanted.row, "other": one.other_row, "student": checked.students[one.wanted.student_id]}
        for one in rows
    ]


def _left_out(checked: Checked, rows: list[int]) -> list[dict[str, Any]]:
    return [{"number": number, "said": _in_file(checked, number)} for number in rows]


_ROWS: dict[str, Any] = {
    "troubles": _troubles,
    "added": _added,
    "changed": _changed,
    "ended": _ended,
    "duplicates": _duplicates,
    "left_out": _left_out,
}
