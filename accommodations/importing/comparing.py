"""The difference between what a file asks for and what stands on record; the order of rows does not matter."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from accommodations.importing.entries import Entry, Key, Standing, Wanted, overlap, says_the_same


@dataclass(frozen=True, slots=True)
class Change:
    """A row beside the accommodation that it changes, or leaves as it is."""

    wanted: Wanted
    standing: Standing


@dataclass(frozen=True, slots=True)
class Addition:
    """A row that is new. `beside`: what stands already for the same student and place, recorded by hand."""

    wanted: Wanted
    beside: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Repetition:
    """A row that says what another one says, or the opposite of it."""

    wanted: Wanted
    other_row: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that taking the file would do, and what is left alone and why."""

    added: tuple[Addition, ...] = ()
    changed: tuple[Change, ...] = ()
    ended: tuple[Standing, ...] = ()
    unchanged: tuple[Change, ...] = ()
    over: tuple[Wanted, ...] = ()
    duplicates: tuple[Repetition, ...] = ()
    contradictions: tuple[Repetition, ...] = ()
    shielded: tuple[Standing, ...] = ()

    @property
    def action_count(self) -> int:
        """Return how many accommodations taking it would touch."""
        return len(self.added) + len(self.changed) + len(self.ended)


def compare(
    wanted: Iterable[Wanted], standing: Iterable[Standing], *, today: date, shielded: frozenset[int] = frozenset()
) -> Difference:
    """Return the difference.

    `shielded` are students with a row that could not be read or was left out: nothing of theirs ends because of a
    row that is missing, since it may be missing for that reason alone.
    """
    sorted_wanted = sorted(wanted, key=lambda one: (one.row, _order(one.entry)))
    single, duplicates, contradictions = _sorted_out(_grouped(sorted_wanted))
    shield = shielded | {one.wanted.student_id for one in contradictions}
    groups: dict[Key, list[Standing]] = {}
    for row in sorted(standing, key=lambda one: (_order(one.entry), one.accommodation_id)):
        groups.setdefault(row.entry.key(row.student_id), []).append(row)
    parts = [_matched(rows, groups.get(key, []), today) for key, rows in single.items()]
    met = {change.standing.accommodation_id for part in parts for change in (*part.changed, *part.unchanged)}
    missing = [
        row
        for rows in groups.values()
        for row in rows
        if row.is_of_source and row.accommodation_id not in met and not _is_over(row.entry, today)
    ]
    return Difference(
        added=tuple(sorted((one for part in parts for one in part.added), key=lambda one: one.wanted.row)),
        changed=tuple(sorted((one for part in parts for one in part.changed), key=lambda one: one.wanted.row)),
        unchanged=tuple(sorted((one for part in parts for one in part.unchanged), key=lambda one: one.wanted.row)),
        over=tuple(sorted((one for part in parts for one in part.over), key=lambda one: one.row)),
        ended=tuple(row for row in missing if row.student_id not in shield),
        shielded=tuple(row for row in missing if row.student_id in shield),
        duplicates=tuple(duplicates),
        contradictions=tuple(contradictions),
    )


def shrinks_too_much(*, ending: int, standing: int, percent: int, number: int) -> bool:
    """Whether more of a source's accommodations would end than its share and its number, both, allow."""
    return ending > number and 100 * ending > percent * standing


def _grouped(wanted: Sequence[Wanted]) -> dict[Key, list[Wanted]]:
    groups: dict[Key, list[Wanted]] = {}
    for one in wanted:
        groups.setdefault(one.entry.key(one.student_id), []).append(one)
    return groups


def _sorted_out(
    groups: Mapping[Key, Sequence[Wanted]],
) -> tuple[dict[Key, list[Wanted]], list[Repetition], list[Repetition]]:
    """Return the rows that count, those said twice, and those that contradict each other."""
    single: dict[Key, list[Wanted]] = {}
    duplicates: list[Repetition] = []
    contradictions: list[Repetition] = []
    for key, rows in groups.items():
        first: dict[Entry, Wanted] = {}
        for one in rows:
            if one.entry in first:
                duplicates.append(Repetition(one, first[one.entry].row))
            else:
                first[one.entry] = one
        against = _contradicting(list(first.values()))
        contradictions += [Repetition(one, against[one]) for one in first.values() if one in against]
        # Of rows that contradict each other none counts, so that the first one does not win by its place.
        single[key] = [one for one in first.values() if one not in against]
    return single, duplicates, contradictions


def _contradicting(rows: Sequence[Wanted]) -> dict[Wanted, int]:
    against: dict[Wanted, int] = {}
    for one in rows:
        other = next((each for each in rows if each is not one and overlap(one.entry, each.entry)), None)
        if other is not None:
            against[one] = other.row
    return against


def _matched(rows: Sequence[Wanted], standing: Sequence[Standing], today: date) -> Difference:
    """Pair the rows of one key with what stands: the same first, then the same first day, then in order."""
    ours = [one for one in standing if one.is_of_source]
    others = [one for one in standing if not one.is_of_source]
    unchanged, left = _paired(rows, ours, lambda row, one: says_the_same(row.entry, one.entry))
    already, left = _paired(left, others, lambda row, one: says_the_same(row.entry, one.entry))
    same_day, left = _paired(left, ours, lambda row, one: row.entry.effective_from == one.entry.effective_from)
    in_order, left = _paired(left, ours, lambda row, one: True)
    return Difference(
        added=tuple(Addition(row, tuple(others)) for row in left if not _is_over(row.entry, today)),
        over=tuple(row for row in left if _is_over(row.entry, today)),
        changed=tuple(Change(*pair) for pair in (*same_day, *in_order)),
        unchanged=tuple(Change(*pair) for pair in (*unchanged, *already)),
    )


def _paired(
    rows: Sequence[Wanted], standing: list[Standing], fits: Callable[[Wanted, Standing], bool]
) -> tuple[list[tuple[Wanted, Standing]], list[Wanted]]:
    """Return the pairs that fit, and the rows that are left; what is paired is taken out of `standing`."""
    pairs, left = [], []
    for row in sorted(rows, key=lambda one: _order(one.entry)):
        found = next((one for one in standing if fits(row, one)), None)
        if found is None:
            left.append(row)
        else:
            standing.remove(found)
            pairs.append((row, found))
    return pairs, left


def _order(entry: Entry) -> tuple[date, date, str]:
    return (
        entry.effective_from or date.min,
        entry.effective_until or date.max,
        repr(replace(entry, effective_from=None, effective_until=None)),
    )


def _is_over(entry: Entry, today: date) -> bool:
    return entry.effective_until is not None and entry.effective_until < today
