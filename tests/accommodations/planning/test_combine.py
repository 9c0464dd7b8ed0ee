"""Where an accommodation counts, when, and how several come together (R6)."""

from datetime import UTC, date, datetime

import pytest

from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExceptionRule, ExtraAttempts, Scope
from accommodations.planning.statuses import Reason
from canvas_bridge.facts import AssessmentKind, Dates
from tests.accommodations.planning.building import (
    DAY,
    ONE_MORE,
    OPENS,
    TWO_DAYS,
    course,
    facts,
    homework,
    inputs,
    only_pair,
    rule,
    time,
    wide,
)


def minutes(*rules: object, **fields: object) -> int | None:
    """Return the granted minutes on a timed quiz, None where no rule counts."""
    pairs = plan_course(inputs(facts(wide(**fields), are_groups_named="assignment_group" in fields), *rules)).pairs
    return pairs[0].grant.extra_minutes if pairs else None


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"scope": Scope.EVERY_COURSE}, True),
        ({"scope": Scope.TERM, "canvas_term_id": 3}, True),
        ({"scope": Scope.TERM, "canvas_term_id": 4}, False),
        ({"scope": Scope.TERM}, False),
        ({"scope": Scope.COURSE, "canvas_course_id": 1}, True),
        ({"scope": Scope.COURSE, "canvas_course_id": 2}, False),
        ({"scope": Scope.ASSESSMENT, "assessment_key": "assignment:11"}, True),
        ({"scope": Scope.ASSESSMENT, "assessment_key": "assignment:12"}, False),
        ({"kinds": frozenset({AssessmentKind.CLASSIC_QUIZ})}, True),
        ({"kinds": frozenset({AssessmentKind.NEW_QUIZ})}, False),
        ({"assignment_groups": frozenset({" exams "})}, True),
        ({"assignment_groups": frozenset({"Quizzes", "EXAMS"})}, True),
        ({"assignment_groups": frozenset({"Quizzes"})}, False),
        ({"assignment_groups": frozenset({"Exams"}), "kinds": frozenset({AssessmentKind.NEW_QUIZ})}, False),
        ({"canvas_user_id": 999}, False),
    ],
)
def test_a_rule_counts_where_its_scope_and_kinds_say(fields: dict[str, object], counts: bool) -> None:
    assert minutes(rule(time(), **fields), assignment_group="Exams") == (30 if counts else None)


def test_r13_until_the_groups_are_named_a_rule_for_groups_shows_as_waiting_and_nothing_is_sent() -> None:
    exams_only = rule(time(), assignment_groups=frozenset({"Exams"}))
    plan = plan_course(inputs(facts(wide()), exams_only))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.PLANNED)
    assert "its assignment group is read first" in only_pair(plan).sentence
    assert plan_course(inputs(facts(wide(), are_groups_named=True), exams_only)).pairs == ()


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        (date(2025, 12, 3), None, True),  # the day on which it opens
        (date(2025, 12, 5), None, True),  # the day on which it closes
        (date(2025, 12, 6), None, False),
        (date(2025, 9, 1), date(2025, 12, 3), True),
        (date(2025, 9, 1), date(2025, 12, 2), False),
    ],
)
def test_a_rule_counts_if_in_force_at_any_moment_of_the_window(first: date, last: date | None, counts: bool) -> None:
    assert minutes(rule(time(), effective_from=first, effective_until=last)) == (30 if counts else None)


def test_the_last_day_counts_until_24_00_in_the_institutions_zone() -> None:
    until = rule(time(), effective_until=date(2025, 12, 2))
    before_midnight = datetime(2025, 12, 3, 4, 59, tzinfo=UTC)  # 23:59 in New York
    assert minutes(until, base_dates=Dates(before_midnight, None, OPENS + DAY)) == 30
    at_midnight = datetime(2025, 12, 3, 5, 0, tzinfo=UTC)
    assert minutes(until, base_dates=Dates(at_midnight, None, OPENS + DAY)) is None


def test_without_dates_the_courses_end_closes_the_window() -> None:
    undated = rule(time(), effective_from=date(2026, 3, 1))
    assert minutes(undated, base_dates=Dates()) is None
    plan = plan_course(inputs(facts(wide(base_dates=Dates()), course=course(ends_at=None)), undated))
    assert plan.pairs[0].grant.extra_minutes == 30


def test_r6_the_most_generous_of_each_field_holds() -> None:
    plan = plan_course(inputs(facts(wide()), time("1.25"), time("2"), ONE_MORE, ExtraAttempts(3)))
    pair = only_pair(plan)
    assert (pair.grant.extra_minutes, pair.grant.extra_attempts) == (60, 3)
    assert [(source.field, source.accommodation_id) for source in pair.sources] == [
        ("extra_minutes", 2),
        ("extra_attempts", 4),
    ]


def test_r6_a_narrower_rule_that_replaces_the_broader_ones_may_give_less() -> None:
    broad = rule(time("2"), accommodation_id=1)
    narrow = rule(time("1.25"), accommodation_id=2, scope=Scope.COURSE, canvas_course_id=1, replaces_broader=True)
    assert minutes(broad, narrow) == 15
    attempts = rule(ONE_MORE, accommodation_id=3)
    pair = only_pair(plan_course(inputs(facts(wide()), broad, narrow, attempts)))
    assert pair.grant.extra_attempts == 1


def test_r6_the_latest_dates_hold_and_of_equals_the_narrower_is_named() -> None:
    narrow = rule(TWO_DAYS, accommodation_id=7, scope=Scope.COURSE, canvas_course_id=1)
    pair = only_pair(plan_course(inputs(facts(homework()), rule(TWO_DAYS, accommodation_id=1), narrow)))
    assert pair.grant.dates is not None
    assert pair.grant.dates.due_at == OPENS + 5 * DAY
    (source,) = pair.sources
    assert (source.accommodation_id, source.sentence) == (7, "2 days later (this course)")


def test_only_an_exception_or_a_missing_release_stops_a_grant() -> None:
    for key in (None, "assignment:11"):
        exception = ExceptionRule(5, key, "An essential requirement of the course.")
        plan = plan_course(inputs(facts(wide()), time(), exceptions=(exception,)))
        assert plan.actions == ()
        assert only_pair(plan).reason is Reason.EXCEPTION
        assert "essential requirement" in only_pair(plan).sentence
    elsewhere = ExceptionRule(5, "assignment:12", "Elsewhere")
    assert plan_course(inputs(facts(wide()), time(), exceptions=(elsewhere,))).actions
    plan = plan_course(inputs(facts(wide()), time(), not_released=frozenset({5})))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.NOT_RELEASED)


@pytest.mark.parametrize(
    ("fields", "needs"),
    [
        ({}, True),
        ({"scope": Scope.TERM, "canvas_term_id": 3}, True),
        ({"scope": Scope.TERM, "canvas_term_id": 4}, False),
        ({"scope": Scope.COURSE, "canvas_course_id": 2}, False),
        ({"assignment_groups": frozenset()}, False),
    ],
)
def test_the_names_of_groups_are_asked_for_only_where_a_rule_of_this_course_names_one(
    fields: dict[str, object], needs: bool
) -> None:
    exams_only = rule(time(), **{"assignment_groups": frozenset({"Exams"}), **fields})
    assert plan_course(inputs(facts(wide()), exams_only)).reads_needed.group_names is needs
    named = facts(wide(assignment_group="Exams"), are_groups_named=True)
    assert not plan_course(inputs(named, exams_only)).reads_needed
