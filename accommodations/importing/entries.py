"""What one row of a file grants, and what stands on record, as values that can be compared."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accommodations.planning.rules import Scope

Amount = tuple[str, str, Decimal | None, int | None, int | None, int | None, str]
Key = tuple[int, str, str, int | None, int | None, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One provision as a file says it; the names are those of an accommodation's values.

    `effective_from` and `note` are None where the file says nothing about them: what stands then stays.
    """

    provision: str
    extra_time_method: str = ""
    multiplier: Decimal | None = None
    minutes: int | None = None
    attempts: int | None = None
    shift_amount: int | None = None
    shift_unit: str = ""
    scope: str = Scope.EVERY_COURSE.value
    course: int | None = None
    term: int | None = None
    kinds: tuple[str, ...] = ()
    assignment_groups: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_until: date | None = None
    note: str | None = None

    @property
    def amount(self) -> Amount:
        """Return what is granted, without where and when."""
        return (
            self.provision,
            self.extra_time_method,
            self.multiplier,
            self.minutes,
            self.attempts,
            self.shift_amount,
            self.shift_unit,
        )

    def key(self, student_id: int) -> Key:
        """Return by what a row is known again: the student, the provision, where it counts. Amounts may change."""
        groups = tuple(name.casefold() for name in self.assignment_groups)
        return (student_id, self.provision, self.scope, self.course, self.term, self.kinds, groups)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one row of the file asks for; a row with several amounts asks for several."""

    row: int
    student_id: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Standing:
    """One accommodation on record that has not ended. `is_of_source`: an import of this source brought it."""

    accommodation_id: int
    student_id: int
    entry: Entry
    is_of_source: bool


def says_the_same(wanted: Entry, standing: Entry) -> bool:
    """Whether the file says nothing that does not stand already."""
    return (
        wanted.amount == standing.amount
        and wanted.effective_until == standing.effective_until
        and wanted.effective_from in (None, standing.effective_from)
        and wanted.note in (None, standing.note)
    )


def overlap(one: Entry, other: Entry) -> bool:
    """Whether two periods share a day; no first day is as early, no last day as late as can be."""
    start, end = max(_first(one), _first(other)), min(_last(one), _last(other))
    return start <= end


def _first(entry: Entry) -> date:
    return entry.effective_from or date.min


def _last(entry: Entry) -> date:
    return entry.effective_until or date.max
