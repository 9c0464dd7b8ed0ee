"""Undo brings back the exact state of before, wherever R18 allows it: what is open, handed in or over stays."""

import os
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accommodations.services import holds
from tests.histories import checks
from tests.histories.campus import Campus, later_dates, more_attempts, time_and_a_half
from tests.invariants import Given, Picture

VALUES = st.one_of(
    st.sampled_from(["1.25", "1.5", "2", "3.01"]).map(time_and_a_half),
    st.just({"provision": "extra_time", "extra_time_method": "no_limit"}),
    st.integers(1, 3).map(more_attempts),
    st.builds(later_dates, st.integers(1, 5), st.sampled_from(["days", "hours", "working_days"])),
)
MOMENTS = st.builds(
    lambda days, hours: timedelta(days=days, hours=hours, minutes=3), st.integers(-2, 12), st.sampled_from([0, 1, 8])
)
DATES = st.fixed_dictionaries({}, optional={name: st.none() | MOMENTS for name in ("unlock_at", "due_at", "lock_at")})


def closed_ones(campus: Campus, seen: Picture) -> dict[tuple[int, str], tuple[object, ...]]:
    """Return what everybody is given on everything that is not open yet."""

    def is_open(one: Given) -> bool:
        return one.unlock_at is None or one.unlock_at <= campus.now

    open_keys = {key for key, one in seen.items() if is_open(one)}
    return {key: one.all_given for key, one in seen.items() if key not in open_keys}


@pytest.mark.django_db
@given(st.lists(VALUES, min_size=1, max_size=3), DATES, st.integers(0, 5))
@settings(
    max_examples=max(5, int(os.environ.get("HISTORY_STEPS", "0")) // 50),
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_r3_r18_undo_restores_the_exact_state_of_what_is_not_open(
    values: list[dict[str, Any]], dates: dict[str, timedelta | None], position: int
) -> None:
    campus = Campus()
    try:
        assignment = campus.assignments[position % len(campus.assignments)]
        instants = {name: None if by is None else campus.now + by + timedelta(days=3) for name, by in dates.items()}
        campus.state.add_override(assignment, students=[campus.people["ada"]], **instants)  # type: ignore[arg-type]
        before = closed_ones(campus, campus.picture())
        for one in values:
            campus.record("ada", **one)
        campus.sync()
        campus.pass_time(campus.tick)
        if not holds.pairs_of_student(campus.students["ada"]):
            return
        holds.undo_student(student=campus.students["ada"], undone_by=campus.office, reason="The wrong student")
        campus.pass_time(campus.tick)
        campus.sync()
        after = closed_ones(campus, campus.picture())
        assert {key: after[key] for key in before if key in after} == before
        checks.check_settled(campus)
    finally:
        campus.close()
