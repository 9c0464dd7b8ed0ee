"""Q09: the schedule, run as beat would start it over days of a moving clock, covers what exists 75 minutes ahead."""

from datetime import timedelta

import pytest

from benchmarks.term import simulated

pytestmark = pytest.mark.django_db


def test_q09_what_exists_75_minutes_before_it_opens_has_its_grants_when_it_opens() -> None:
    """A day over the end of summer time; what came later is covered, or said to be short, by the next round."""
    found = simulated(days=1, seed=3)
    assert found.openings > 8
    assert found.uncovered == []
    assert found.late > 0
    assert found.late_settled >= found.late - 1, "the last one may have opened a moment ago"
    assert found.longest_lack <= timedelta(minutes=75)
