"""Grading periods are read with the list of courses, kept with the term, and hold a due date back (R11)."""

import pytest

from accommodations.models import PairStatus, Student, SyncRun, Term
from accommodations.services import courses
from tests.accommodations.services.conftest import University, give, in_days, two_days_later

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_periods(university: University) -> University:
    term = university.state.terms[university.course.term_id]
    first_ends = in_days(9, hour=3)
    university.state.add_grading_period("First", start_date=in_days(-60), end_date=first_ends, term=term)
    university.state.add_grading_period("Second", start_date=first_ends, end_date=in_days(60), term=term)
    return university


def test_r11_a_due_date_stays_in_its_grading_period_and_is_short(in_periods: University, ada: Student) -> None:
    courses.refresh_courses()
    assert len(Term.objects.get().grading_periods or []) == 2
    give(ada, two_days_later())
    (override,) = in_periods.overrides_of(in_periods.ada, in_periods.paper)
    assert (override.due_at, override.lock_at) == (in_days(9, hour=3), in_days(11))
    pair = PairStatus.objects.get(assessment__name="Essay")
    assert (pair.status, pair.reason) == ("short", "grading_period")


def test_r11_staff_may_confirm_that_it_passes_the_end(in_periods: University, ada: Student) -> None:
    courses.refresh_courses()
    give(ada, two_days_later(may_pass_end=True))
    (override,) = in_periods.overrides_of(in_periods.ada, in_periods.paper)
    assert override.due_at == in_days(10)


def test_a_sync_asks_for_no_grading_periods_of_its_own(in_periods: University, ada: Student) -> None:
    courses.refresh_courses()
    in_periods.forget_requests()
    give(ada, two_days_later())
    assert not [one for one in in_periods.requests if "grading_periods" in one.path]
    assert SyncRun.objects.get().status == SyncRun.Status.DONE


def test_a_term_without_a_set_costs_no_request(university: University, ada: Student) -> None:
    university.forget_requests()
    courses.refresh_courses()
    assert not [one for one in university.requests if "grading_periods" in one.path]
    assert Term.objects.get().grading_periods is None
