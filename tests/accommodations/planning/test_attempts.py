"""Attempts that began without the grant, and the reads that planning asks for."""

from dataclasses import replace
from datetime import datetime

import pytest

from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import LedgerExtension, PlanningInputs, PreviousPair, ReadsNeeded
from accommodations.planning.planner import plan_course
from accommodations.planning.statuses import STATUS_OF, Reason
from canvas_bridge.changes import SetQuizExtension
from canvas_bridge.facts import AssessmentFacts, Dates, ObservedAttempt, ObservedExtension, ObservedSubmission
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    ONE_MORE,
    TWO_DAYS,
    facts,
    homework,
    inputs,
    new_quiz,
    only_pair,
    quiz,
    time,
    wide,
)

QUIZ = "assignment:11"
PUT = LedgerExtension(ANA, QUIZ, put_minutes=30)
OPEN = Dates(NOW - DAY, NOW + DAY, NOW + DAY)


def open_quiz(**fields: object) -> AssessmentFacts:
    return wide(**{"base_dates": OPEN, **fields})


def attempt(
    *, minutes: int = 60, is_running: bool = True, started_at: datetime = NOW - 10 * MINUTE
) -> dict[str, object]:
    """Return an attempt that Canvas ends after so many minutes."""
    return {
        "attempts": (
            ObservedAttempt(
                QUIZ, ANA, 1, is_running, True, started_at=started_at, end_at=started_at + minutes * MINUTE
            ),
        )
    }


def on(assessment: AssessmentFacts, *amounts: object, **fields: object) -> PlanningInputs:
    known = {name: fields.pop(name) for name in ("ledger_extensions", "previous") if name in fields}
    return inputs(facts(assessment, **fields), *(amounts or (time(),)), **known)


def was(reason: Reason) -> tuple[PreviousPair, ...]:
    return (PreviousPair(ANA, QUIZ, STATUS_OF[reason], reason),)


def test_a_running_attempt_that_began_without_the_minutes_is_short() -> None:
    plan = plan_course(on(open_quiz(), **attempt()))
    pair = only_pair(plan)
    assert (pair.reason, pair.short_by_minutes) == (Reason.RUNNING_ATTEMPT_SHORT, 30)
    assert [type(action.change) for action in plan.actions] == [SetQuizExtension]


def test_a_running_attempt_stays_short_after_the_extension_was_written() -> None:
    held = (ObservedExtension(QUIZ, ANA, 30),)
    plan = plan_course(on(open_quiz(), extensions=held, ledger_extensions=(PUT,), **attempt()))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.RUNNING_ATTEMPT_SHORT)


@pytest.mark.parametrize(("minutes_ago", "reason"), [(59, Reason.RUNNING_ATTEMPT_SHORT), (60, Reason.BEGUN)])
def test_r12_what_canvas_no_longer_lengthens_is_not_told_as_running(minutes_ago: int, reason: Reason) -> None:
    """An attempt that ended is still called untaken until Canvas grades it; nobody can act on it after the hour."""
    ended = attempt(started_at=NOW - (60 + minutes_ago) * MINUTE)
    plan = plan_course(on(open_quiz(allowed_attempts=1), time("5"), **ended))
    assert only_pair(plan).reason is reason


@pytest.mark.parametrize("minutes", [90, 120])
def test_a_running_attempt_with_its_time_is_in_place(minutes: int) -> None:
    held = (ObservedExtension(QUIZ, ANA, 30),)
    plan = plan_course(on(open_quiz(), extensions=held, ledger_extensions=(PUT,), **attempt(minutes=minutes)))
    assert only_pair(plan).reason is Reason.READ_BACK


def test_the_granted_lock_limits_what_an_attempt_should_have() -> None:
    closing = open_quiz(base_dates=Dates(NOW - DAY, None, NOW + 55 * MINUTE))
    held = (ObservedExtension(QUIZ, ANA, 30),)
    exactly = plan_course(on(closing, extensions=held, ledger_extensions=(PUT,), **attempt(minutes=65)))
    assert only_pair(exactly).reason is Reason.READ_BACK
    short = plan_course(on(closing, extensions=held, ledger_extensions=(PUT,), **attempt(minutes=60)))
    assert (only_pair(short).reason, only_pair(short).short_by_minutes) == (Reason.RUNNING_ATTEMPT_SHORT, 5)


def test_the_only_attempt_begun_and_over_without_the_grant_is_missed() -> None:
    plan = plan_course(on(open_quiz(), **attempt(is_running=False)))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.BEGUN)


def test_an_attempt_that_is_over_is_no_miss_where_another_is_left() -> None:
    for more in (
        on(open_quiz(allowed_attempts=2), **attempt(is_running=False)),
        on(open_quiz(), time(), ONE_MORE, **attempt(is_running=False)),
    ):
        plan = plan_course(more)
        assert only_pair(plan).reason is Reason.PLANNED
        assert len(plan.actions) == 1


def test_what_was_seen_running_short_is_missed_once_it_is_over() -> None:
    short = was(Reason.RUNNING_ATTEMPT_SHORT)
    several = open_quiz(allowed_attempts=3)
    over = plan_course(on(several, previous=short, **attempt(is_running=False)))
    assert only_pair(over).reason is Reason.BEGUN
    extended = plan_course(on(several, previous=short, **attempt(is_running=False, minutes=90)))
    assert only_pair(extended).reason is Reason.PLANNED


def test_what_was_in_place_when_it_began_is_no_miss_after_the_limit_was_raised() -> None:
    raised = open_quiz(time_limit_minutes=120)
    plan = plan_course(on(raised, previous=was(Reason.READ_BACK), **attempt(minutes=90, is_running=False)))
    assert only_pair(plan).reason is Reason.PLANNED


def test_missed_begun_stays_until_a_person_acts() -> None:
    unread = on(open_quiz(), read=False, previous=was(Reason.BEGUN), ledger_extensions=(PUT,))
    assert only_pair(plan_course(unread)).reason is Reason.BEGUN
    no_attempt_any_more = on(open_quiz(), previous=was(Reason.BEGUN))
    assert only_pair(plan_course(no_attempt_any_more)).reason is Reason.PLANNED


def test_a_new_quiz_handed_in_before_the_first_write_is_missed() -> None:
    given = on(new_quiz(base_dates=OPEN), read=False)
    assert reads_needed(given) == ReadsNeeded(submissions_of=frozenset({QUIZ}))
    assert plan_course(given).actions == ()
    handed_in = (ObservedSubmission(QUIZ, ANA, has_submitted=True),)
    plan = plan_course(on(new_quiz(base_dates=OPEN), submissions=handed_in))
    assert (plan.actions, only_pair(plan).reason) == ((), Reason.BEGUN)
    in_time = plan_course(on(new_quiz(base_dates=OPEN), submissions=handed_in, ledger_extensions=(PUT,)))
    assert only_pair(in_time).reason is Reason.ACCEPTED


def reads(assessment: AssessmentFacts, *amounts: object, **fields: object) -> ReadsNeeded:
    return reads_needed(on(assessment, *amounts, read=False, **fields))


def test_the_first_write_to_a_classic_quiz_needs_its_extensions() -> None:
    assert reads(wide()).extensions_of == {QUIZ}
    assert not reads(wide(), ledger_extensions=(replace(PUT, confirmed_at=NOW),))
    assert plan_course(on(wide(), read=False)).actions == ()


def test_the_first_extra_attempts_on_an_assignment_need_them_read() -> None:
    assert reads(homework(), ONE_MORE).extensions_of == {"assignment:12"}


def test_an_open_quiz_with_a_grant_is_read_for_running_attempts() -> None:
    assert reads(open_quiz(), ledger_extensions=(PUT,)).extensions_of == {QUIZ}
    given = on(open_quiz(), read=False, ledger_extensions=(PUT,))
    assert only_pair(plan_course(given)).reason is Reason.ACCEPTED


@pytest.mark.parametrize(
    ("assessment", "amount"),
    [
        (homework(), time()),
        (homework(), TWO_DAYS),
        (wide(time_limit_minutes=None), time()),
        (wide(allowed_attempts=None), ONE_MORE),
        (new_quiz(), time()),
        (wide(only_visible_to_overrides=True), time()),
    ],
)
def test_nothing_is_read_where_reading_decides_nothing(assessment: AssessmentFacts, amount: object) -> None:
    assert not reads(assessment, amount)


def test_after_reading_nothing_more_is_asked_for() -> None:
    given = on(quiz(), time(), ONE_MORE, TWO_DAYS)
    assert not reads_needed(given)
    assert reads_needed(replace(given, facts=facts(quiz(), read=False)))


def test_an_hour_before_it_opens_nothing_changes_about_what_is_planned() -> None:
    soon = quiz(base_dates=Dates(NOW + HOUR, NOW + 2 * HOUR, NOW + 2 * HOUR))
    assert len(plan_course(on(soon)).actions) == 2
