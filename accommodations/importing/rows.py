"""Rows of a file, read into entries; everything that is wrong with a row is named at its column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from accommodations.importing import cells
from accommodations.importing.cells import NO_LIMIT, CellRefused
from accommodations.importing.columns import AMOUNTS, BY_NAME
from accommodations.importing.entries import Entry
from accommodations.importing.table import TableRow
from accommodations.planning.rules import ExtraTimeMethod, Scope

Read = TypeVar("Read")
_TIME = ("multiplier", "minutes", "minutes_per_hour", NO_LIMIT)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a row cannot be taken. `column` is the header in the file, empty where the row as a whole is meant."""

    row: int
    column: str
    message: str

    @property
    def place(self) -> str:
        """Return where it is: "row 14, column Multiplier"."""
        return f"row {self.row}, column {self.column}" if self.column else f"row {self.row}"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of one file are read: the headers, which column holds what, and the order of days with slashes."""

    headers: tuple[str, ...]
    mapping: Mapping[str, int]
    order: str = cells.MONTH_FIRST

    def header_of(self, name: str) -> str:
        """Return the file's own header for a column, its label where the file has none."""
        position = self.mapping.get(name)
        return self.headers[position] if position is not None else BY_NAME[name].label


@dataclass(frozen=True, slots=True)
class Known:
    """What names in the file stand for: small letters to ids; several ids where a name is not unique."""

    courses: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    terms: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row as it was understood; with troubles it has no entries."""

    number: int
    student_key: str
    student_name: str
    entries: tuple[Entry, ...]
    troubles: tuple[Trouble, ...]


def read_row(row: TableRow, layout: Layout, known: Known) -> ReadRow:
    """Return what a row grants, or every reason why it cannot be read."""
    return _Reader(row, layout, known).read()


class _Reader:
    """Reads one row and collects what is wrong with it."""

    def __init__(self, row: TableRow, layout: Layout, known: Known) -> None:
        self.row, self.layout, self.known = row, layout, known
        self.troubles: list[Trouble] = []

    def read(self) -> ReadRow:
        key = self.text("student")
        if not key:
            self.trouble("student", "It is empty; write the student’s SIS id or login.")
        elif len(key) > 255:
            self.trouble("student", "That is too long for an SIS id or a login.")
        where = self.where()
        amounts = self.amounts()
        entries = tuple(Entry(**amount, **where) for amount in amounts) if not self.troubles else ()
        return ReadRow(self.row.number, key, self.text("student_name"), entries, tuple(self.troubles))

    def text(self, name: str) -> str:
        position = self.layout.mapping.get(name)
        return self.row.cells[position] if position is not None else ""

    def trouble(self, name: str, message: str) -> None:
        self.troubles.append(Trouble(self.row.number, self.layout.header_of(name), message))

    def cell(self, name: str, read: Callable[[str], Read]) -> Read | None:
        """Return the cell as `read` has it; None where it is empty or refused."""
        text = self.text(name)
        return self.value(name, text, read) if text else None

    def value(self, name: str, text: str, read: Callable[[str], Read]) -> Read | None:
        try:
            return read(text)
        except CellRefused as refused:
            self.trouble(name, str(refused))
            return None

    def where(self) -> dict[str, Any]:
        """Return scope, kinds and period."""
        course = self.cell("course", lambda text: _one(text, self.known.courses, "course"))
        term = self.cell("term", lambda text: _one(text, self.known.terms, "term"))
        scope = Scope.COURSE if course else Scope.TERM if term else Scope.EVERY_COURSE
        first, last = self.cell("effective_from", self.day), self.cell("effective_until", self.day)
        if first and last and last < first:
            self.trouble("effective_until", f"{cells.shown(self.text('effective_until'))} is before the first day.")
        return {
            "scope": scope.value,
            "course": course,
            "term": term if scope is Scope.TERM else None,
            "kinds": self.cell("counts_for", cells.counts_for) or (),
            "assignment_groups": self.cell("assignment_groups", cells.groups) or (),
            "effective_from": first,
            "effective_until": last,
            "note": self.text("note") if "note" in self.layout.mapping else None,
        }

    def day(self, text: str) -> date:
        return cells.day(text, order=self.layout.order)

    def amounts(self) -> list[dict[str, Any]]:
        """Return each provision of the row as fields of an entry."""
        given = {name: (name, self.text(name)) for name in AMOUNTS if self.text(name)}
        self.add_kind(given)
        if not given and not self.troubles:
            self.trouble("kind" if "kind" in self.layout.mapping else self.first_amount(), "Nothing is granted here.")
        times = [name for name in _TIME if name in given]
        if len(times) > 1:
            self.trouble(given[times[1]][0], "Extra time is stated in two ways in this row. Leave one of them empty.")
        found = [self.provision(name, column, text) for name, (column, text) in given.items()]
        return [one for one in found if one is not None]

    def first_amount(self) -> str:
        return next((name for name in AMOUNTS if name in self.layout.mapping), "kind")

    def add_kind(self, given: dict[str, tuple[str, str]]) -> None:
        """Add what kind and amount together say to what the columns of amounts say."""
        text, amount = self.text("kind"), self.text("amount")
        if not text:
            if amount:
                self.trouble("kind", "It is empty, and the amount beside it is not.")
            return
        name = self.value("kind", text, lambda word: cells.kind(word, amount))
        if name is None:
            return
        if name == NO_LIMIT:
            given[name] = ("kind", text)
        elif amount and name in given and given[name][1] != amount:
            self.trouble("amount", f"{cells.shown(amount)} here, {cells.shown(given[name][1])} in another column.")
        elif amount:
            given[name] = ("amount", amount)
        elif name not in given and not any(other in given for other in _TIME if name in _TIME):
            self.trouble("amount", "It is empty; write how much.")

    def provision(self, name: str, column: str, text: str) -> dict[str, Any] | None:
        """Return one provision as fields of an entry, None where its cell is refused."""
        if name == NO_LIMIT:
            return {"provision": "extra_time", "extra_time_method": ExtraTimeMethod.NO_LIMIT.value}
        value: Any = self.value(column, text, _READERS[name])
        if value is None:
            return None
        if name == "attempts":
            return {"provision": "extra_attempts", "attempts": value}
        if name == "days_later":
            return {"provision": "alternative_dates", "shift_amount": value[0], "shift_unit": value[1].value}
        field_name = "multiplier" if name == "multiplier" else "minutes"
        return {"provision": "extra_time", "extra_time_method": name, field_name: value}


_READERS: dict[str, Callable[[str], Any]] = {
    "multiplier": cells.multiplier,
    "minutes": cells.minutes,
    "minutes_per_hour": cells.minutes_per_hour,
    "attempts": cells.attempts,
    "days_later": cells.later,
}


def _one(text: str, known: Mapping[str, Sequence[int]], noun: str) -> int:
    found = known.get(text.casefold(), ())
    if len(found) == 1:
        return found[0]
    if found:
        raise CellRefused(f"{cells.shown(text)} fits {len(found)} {noun}s; write the SIS id of one of them.")
    raise CellRefused(f"Leeway knows no {noun} {cells.shown(text)}; correct it, or leave it empty for every {noun}.")
