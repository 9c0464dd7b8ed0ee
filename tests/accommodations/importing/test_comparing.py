"""B21: the difference between a file and what stands: twice is nothing, and the order of rows does not matter."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accommodations.importing.comparing import Difference, compare, shrinks_too_much
from accommodations.importing.entries import Entry, Standing, Wanted

TODAY = date(2026, 1, 15)
TIME = Entry("extra_time", "multiplier", multiplier=Decimal("1.5"))
MORE = replace(TIME, multiplier=Decimal(2))
SPRING = {"effective_from": date(2026, 1, 10), "effective_until": date(2026, 5, 10)}
AUTUMN = {"effective_from": date(2026, 8, 20), "effective_until": date(2026, 12, 20)}


def standing(number: int, entry: Entry, *, student: int = 1, is_of_source: bool = True) -> Standing:
    return Standing(number, student, replace(entry, effective_from=entry.effective_from or TODAY), is_of_source)


def rows(*entries: Entry, student: int = 1) -> list[Wanted]:
    return [Wanted(number, student, entry) for number, entry in enumerate(entries, start=2)]


def numbers(difference: Difference) -> dict[str, int]:
    return {
        name: found
        for name in ("added", "changed", "ended", "unchanged", "over", "duplicates", "contradictions", "shielded")
        if (found := len(getattr(difference, name)))
    }


def test_b21_what_is_not_there_is_added() -> None:
    assert numbers(compare(rows(TIME), [], today=TODAY)) == {"added": 1}


def test_b21_what_says_the_same_is_unchanged() -> None:
    assert numbers(compare(rows(TIME), [standing(1, TIME)], today=TODAY)) == {"unchanged": 1}


def test_b21_another_amount_is_a_change_of_the_same_accommodation() -> None:
    found = compare(rows(MORE), [standing(1, TIME)], today=TODAY)

    assert numbers(found) == {"changed": 1}
    assert found.changed[0].standing.accommodation_id == 1


def test_b21_what_is_missing_ends_only_where_an_import_brought_it() -> None:
    found = compare([], [standing(1, TIME), standing(2, MORE, is_of_source=False)], today=TODAY)

    assert [one.accommodation_id for one in found.ended] == [1]


def test_b21_what_was_recorded_by_hand_is_not_recorded_twice() -> None:
    by_hand = [standing(1, TIME, is_of_source=False)]

    assert numbers(compare(rows(TIME), by_hand, today=TODAY)) == {"unchanged": 1}
    added = compare(rows(MORE), by_hand, today=TODAY).added
    assert [one.accommodation_id for one in added[0].beside] == [1]


def test_b21_the_same_row_twice_counts_once() -> None:
    found = compare(rows(TIME, TIME), [], today=TODAY)

    assert numbers(found) == {"added": 1, "duplicates": 1}
    assert (found.duplicates[0].wanted.row, found.duplicates[0].other_row) == (3, 2)


def test_b14_rows_that_contradict_each_other_count_for_nothing_and_end_nothing() -> None:
    found = compare(rows(TIME, MORE), [standing(1, TIME)], today=TODAY)

    assert numbers(found) == {"contradictions": 2, "shielded": 1}


def test_b21_different_amounts_in_different_terms_do_not_contradict() -> None:
    found = compare(rows(replace(TIME, **SPRING), replace(MORE, **AUTUMN)), [], today=TODAY)

    assert numbers(found) == {"added": 2}


def test_b21_what_is_over_is_not_recorded() -> None:
    over = replace(TIME, effective_from=date(2025, 1, 1), effective_until=TODAY - timedelta(days=1))

    assert numbers(compare(rows(over), [], today=TODAY)) == {"over": 1}


def test_b21_a_student_whose_row_could_not_be_read_loses_nothing() -> None:
    found = compare([], [standing(1, TIME), standing(2, TIME, student=2)], today=TODAY, shielded=frozenset({1}))

    assert [one.accommodation_id for one in found.ended] == [2]
    assert [one.accommodation_id for one in found.shielded] == [1]


def test_a_note_that_the_file_does_not_name_stays() -> None:
    noted = standing(1, replace(TIME, note="By phone"))

    assert numbers(compare(rows(TIME), [noted], today=TODAY)) == {"unchanged": 1}
    assert numbers(compare(rows(replace(TIME, note="")), [noted], today=TODAY)) == {"changed": 1}


@pytest.mark.parametrize(
    ("ending", "of", "stops"), [(6, 29, True), (6, 30, False), (5, 6, False), (6, 6, True), (0, 0, False)]
)
def test_a_file_shrinks_too_much_by_share_and_number_together(ending: int, of: int, stops: bool) -> None:
    assert shrinks_too_much(ending=ending, standing=of, percent=20, number=5) is stops


days = st.one_of(st.none(), st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    first, last = draw(days), draw(days)
    if first is not None and last is not None and last < first:
        first, last = last, first
    return Entry(
        "extra_time",
        "multiplier",
        multiplier=draw(st.sampled_from([Decimal("1.5"), Decimal(2)])),
        kinds=draw(st.sampled_from([(), ("new_quiz",)])),
        effective_from=first,
        effective_until=last,
        note=draw(st.sampled_from([None, "", "By phone"])),
    )


wanted_rows = st.lists(st.tuples(st.integers(1, 2), entries()), max_size=8).map(
    lambda found: [Wanted(number, student, entry) for number, (student, entry) in enumerate(found, start=2)]
)
standings = st.lists(st.tuples(st.integers(1, 2), entries(), st.booleans()), max_size=6).map(
    lambda found: [
        Standing(
            number,
            student,
            replace(
                entry, note=entry.note or "", effective_from=entry.effective_from or entry.effective_until or TODAY
            ),
            ours,
        )
        for number, (student, entry, ours) in enumerate(found, start=1)
    ]
)


def taken(difference: Difference, before: list[Standing]) -> list[Standing]:
    """Return what stands after the difference was taken, as the services write it."""
    gone = {one.accommodation_id for one in difference.ended}
    after = {one.accommodation_id: one for one in before if one.accommodation_id not in gone}
    for change in difference.changed:
        old, new = change.standing.entry, change.wanted.entry
        first = new.effective_from or old.effective_from
        note = old.note if new.note is None else new.note
        entry = replace(new, effective_from=first, note=note)
        after[change.standing.accommodation_id] = replace(change.standing, entry=entry)
    for number, addition in enumerate(difference.added, start=1000):
        new = addition.wanted.entry
        entry = replace(new, effective_from=new.effective_from or TODAY, note=new.note or "")
        after[number] = Standing(number, addition.wanted.student_id, entry, is_of_source=True)
    return list(after.values())


@given(wanted_rows, standings)
def test_b21_import_twice_is_nothing(wanted: list[Wanted], before: list[Standing]) -> None:
    first = compare(wanted, before, today=TODAY)
    second = compare(wanted, taken(first, before), today=TODAY)

    assert not {"added", "changed", "ended"} & set(numbers(second)), (first, second)


@given(wanted_rows, standings, st.randoms(use_true_random=False))
def test_b21_the_order_of_rows_does_not_matter(wanted: list[Wanted], before: list[Standing], random: object) -> None:
    shuffled = list(wanted)
    random.shuffle(shuffled)
    renumbered = [replace(one, row=number) for number, one in enumerate(shuffled, start=2)]

    def content(difference: Difference) -> tuple[object, ...]:
        return (
            numbers(difference),
            sorted(repr((one.wanted.student_id, one.wanted.entry)) for one in difference.added),
            sorted((one.standing.accommodation_id, repr(one.wanted.entry)) for one in difference.changed),
            sorted(one.accommodation_id for one in difference.ended),
        )

    assert compare(shuffled, before[::-1], today=TODAY) == compare(wanted, before, today=TODAY)
    assert content(compare(renumbered, before, today=TODAY)) == content(compare(wanted, before, today=TODAY))


@given(wanted_rows, standings)
def test_every_row_is_somewhere_in_the_difference_once(wanted: list[Wanted], before: list[Standing]) -> None:
    found = compare(wanted, before, today=TODAY)
    told = [
        *(one.wanted for one in (*found.added, *found.changed, *found.unchanged, *found.duplicates)),
        *(one.wanted for one in found.contradictions),
        *found.over,
    ]

    assert sorted(one.row for one in told) == [one.row for one in wanted]
