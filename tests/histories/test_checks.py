"""The checker of the histories can fail: it misses what exact times, another sitting and a replacement give."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from accommodations.models import Assessment
from tests.histories import checks
from tests.histories.campus import Campus, later_dates, time_and_a_half
from tests.histories.world import DAY, HOUR, START

pytestmark = pytest.mark.django_db


@pytest.fixture
def campus(db: None) -> Iterator[Campus]:
    made = Campus()
    made.record("ben", **later_dates())
    made.sync()
    yield made
    made.close()


def exact(**dates: Any) -> dict[str, Any]:
    """Return the values of exact times on the midterm."""
    midterm = Assessment.objects.get(name="Midterm")
    named = {f"exact_{name}_at": at for name, at in dates.items() if name != "is_other_sitting"}
    sitting = {"is_other_sitting": dates.get("is_other_sitting", False)}
    return {"provision": "alternative_dates", "scope": "assessment", "assessment": midterm, **named, **sitting}


def shorten_ours(campus: Campus, **dates: Any) -> None:
    """Change what Leeway wrote for the student, past everything that would repair it."""
    override = campus.override_of(campus.people["ada"], campus.assignment("Midterm"))
    vars(override).update(dates)


def test_i1_another_sitting_that_opens_at_another_time_than_stated_is_noticed(campus: Campus) -> None:
    opens = START + 5 * DAY
    times = exact(unlock=opens, due=opens + HOUR, lock=opens + 2 * HOUR, is_other_sitting=True)
    campus.record("ada", **times)
    campus.record("ada", **time_and_a_half("3.01"))
    campus.sync()
    checks.check_nothing_lost(campus)
    shorten_ours(campus, unlock_at=opens - HOUR)
    with pytest.raises(AssertionError, match="I1: another sitting"):
        checks.check_nothing_lost(campus)
    shorten_ours(campus, unlock_at=opens, lock_at=opens + 2 * HOUR)
    with pytest.raises(AssertionError, match="I1: lock"):
        checks.check_nothing_lost(campus)


def test_i1_exact_times_and_a_replacement_that_are_not_there_are_noticed(campus: Campus) -> None:
    closes = START + 5 * DAY
    campus.record("ada", **exact(unlock=START + 2 * DAY, due=closes, lock=closes))
    campus.record("ada", **time_and_a_half("3"))
    midterm = Assessment.objects.get(name="Midterm")
    campus.record("ada", **time_and_a_half("1.25", scope="assessment", assessment=midterm, replaces_broader=True))
    campus.sync()
    checks.check_nothing_lost(campus)
    (row,) = campus.state.quiz_submissions.where("quiz_user", (campus.quiz("Midterm").id, campus.people["ada"].id))
    assert row.extra_time == 15, "the narrower one replaces the three-fold one (R6)"
    row.extra_time = 14
    with pytest.raises(AssertionError, match="I1: minutes"):
        checks.check_nothing_lost(campus)
    row.extra_time = 15
    shorten_ours(campus, unlock_at=START + 3 * DAY)
    with pytest.raises(AssertionError, match="I1: opens too late"):
        checks.check_nothing_lost(campus)
    shorten_ours(campus, unlock_at=START + 2 * DAY, due_at=closes - timedelta(minutes=1))
    with pytest.raises(AssertionError, match="I1: due"):
        checks.check_nothing_lost(campus)
