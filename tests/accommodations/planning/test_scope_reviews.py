"""Which accommodations count where dates are missing, or where the student sits an exam at another time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accommodations.planning.plan import PreviousPair
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import AccommodationRule, Scope
from accommodations.planning.statuses import STATUS_OF, Reason
from canvas_bridge.changes import CreateOverride, SetQuizExtension
from canvas_bridge.facts import CourseSummary, Dates
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    NOW,
    ONE_MORE,
    TWO_DAYS,
    ad_hoc,
    course,
    exact,
    facts,
    homework,
    inputs,
    only_pair,
    quiz,
    rule,
    time,
    with_overrides,
)

QUIZ = "assignment:11"
TODAY = date(2025, 12, 1)
CLOSED = quiz(base_dates=Dates(NOW - 2 * DAY, NOW - 2 * DAY + HOUR, NOW - 2 * DAY + HOUR))
MAKE_UP = Dates(NOW + 3 * DAY, NOW + 3 * DAY + 2 * HOUR, NOW + 3 * DAY + 2 * HOUR)


def today(amount: object, **fields: object) -> AccommodationRule:
    """Return a rule that was recorded today."""
    return rule(amount, **{"effective_from": TODAY, **fields})


def sitting(*, is_other: bool = True, **fields: object) -> AccommodationRule:
    amount = exact(sitting=is_other, unlock=MAKE_UP.unlock_at, due=MAKE_UP.due_at, lock=MAKE_UP.lock_at)
    given = {"accommodation_id": 9, "scope": Scope.ASSESSMENT, "assessment_key": QUIZ}
    return today(amount, **{**given, **fields})


@pytest.mark.parametrize("is_other", [True, False])
def test_r12_a_make_up_recorded_after_the_class_has_sat_is_written(is_other: bool) -> None:
    plan = plan_course(inputs(facts(CLOSED), sitting(is_other=is_other)))
    (action,) = plan.actions
    assert isinstance(action.change, CreateOverride)
    assert action.change.dates.lock_at == MAKE_UP.lock_at
    assert only_pair(plan).reason is Reason.PLANNED


def test_r12_a_miss_of_the_classs_sitting_does_not_make_the_make_up_past() -> None:
    previous = (PreviousPair(ANA, QUIZ, STATUS_OF[Reason.CLOSED], Reason.CLOSED),)
    plan = plan_course(inputs(facts(CLOSED), sitting(), previous=previous))
    assert only_pair(plan).reason is Reason.PLANNED


def test_a_make_up_that_states_only_its_end_counts_too() -> None:
    only_lock = replace(sitting(), amount=exact(lock=NOW + DAY))
    assert only_pair(plan_course(inputs(facts(CLOSED), only_lock))).reason is Reason.PLANNED


def test_extra_time_counts_on_the_make_up_though_it_was_approved_after_the_class_sat() -> None:
    plan = plan_course(inputs(facts(CLOSED), sitting(), today(time())))
    assert {type(action.change) for action in plan.actions} == {CreateOverride, SetQuizExtension}
    assert only_pair(plan).grant.extra_minutes == 30
    assert plan_course(inputs(facts(CLOSED), today(time()))).pairs == ()


def test_a_make_up_outside_its_own_effective_period_does_not_count() -> None:
    early = sitting(effective_until=TODAY + timedelta(days=1))
    assert plan_course(inputs(facts(CLOSED), early)).pairs == ()
    late = sitting(effective_from=TODAY + timedelta(days=5))
    assert plan_course(inputs(facts(CLOSED), late, today(time()))).pairs == ()


def test_extra_time_counts_on_a_make_up_that_an_instructor_gave() -> None:
    theirs = ad_hoc(ANA, unlock=MAKE_UP.unlock_at, due=MAKE_UP.due_at, lock=MAKE_UP.lock_at)
    plan = plan_course(inputs(facts(with_overrides(CLOSED, theirs)), today(time())))
    assert [type(action.change) for action in plan.actions] == [SetQuizExtension]


LONG_AGO = {"effective_from": date(2023, 9, 1), "effective_until": date(2024, 5, 31)}
LAST_WEEK = {"effective_from": date(2025, 9, 1), "effective_until": date(2025, 11, 25)}
DUE = homework(base_dates=Dates(None, NOW + 20 * DAY, NOW + 21 * DAY))


def counts(dates: dict[str, date], here: CourseSummary, *, base_dates: Dates = DUE.base_dates) -> bool:
    return bool(
        plan_course(inputs(facts(replace(DUE, base_dates=base_dates), course=here), rule(TWO_DAYS, **dates))).pairs
    )


@pytest.mark.parametrize(
    "here",
    [
        course(starts_at=NOW - 60 * DAY),
        course(term_starts_at=NOW - 60 * DAY),
        course(),
    ],
)
def test_what_ran_out_before_the_course_began_does_not_count_for_ever(here: CourseSummary) -> None:
    assert not counts(LONG_AGO, here)
    assert counts({"effective_from": date(2025, 9, 1)}, here)


def test_without_an_unlock_the_window_begins_with_the_course_else_its_term() -> None:
    assert counts(LAST_WEEK, course(starts_at=NOW - 60 * DAY))
    assert counts(LAST_WEEK, course(term_starts_at=NOW - 60 * DAY))
    assert not counts(LAST_WEEK, course(starts_at=NOW - 2 * DAY, term_starts_at=NOW - 60 * DAY))


def test_where_nobody_knows_when_it_began_the_lock_else_the_due_itself_decides() -> None:
    assert not counts(LAST_WEEK, course())
    until_lock = {"effective_from": date(2025, 9, 1), "effective_until": (NOW + 21 * DAY).date()}
    assert counts(until_lock, course())
    until_due = {"effective_from": date(2025, 9, 1), "effective_until": (NOW + 20 * DAY).date()}
    assert not counts(until_due, course())
    assert counts(until_due, course(), base_dates=Dates(None, NOW + 20 * DAY, None))


def test_what_is_due_before_the_course_begins_is_judged_by_its_due_date() -> None:
    early = course(starts_at=NOW + 30 * DAY)
    assert counts({"effective_from": date(2025, 9, 1), "effective_until": (NOW + 25 * DAY).date()}, early)


def test_where_nothing_is_known_of_the_window_the_accommodation_counts() -> None:
    undated = replace(DUE, base_dates=Dates())
    plan = plan_course(inputs(facts(undated, course=course(ends_at=None)), rule(ONE_MORE, **LONG_AGO)))
    assert len(plan.pairs) == 1
