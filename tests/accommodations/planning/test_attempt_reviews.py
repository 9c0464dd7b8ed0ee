"""Running attempts on quizzes where only dates are granted, or where the window is the limit."""

from datetime import datetime, timedelta

import pytest

from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import (
    LedgerOverride,
)
from accommodations.planning.planner import plan_course
from accommodations.planning.statuses import Reason
from canvas_bridge.facts import (
    Dates,
    ObservedAttempt,
)
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    TWO_DAYS,
    ad_hoc,
    exact,
    facts,
    inputs,
    only_pair,
    quiz,
    time,
    wide,
    with_overrides,
)

QUIZ = "assignment:11"
OPEN = Dates(NOW - DAY, None, NOW + DAY)


def attempt(started_at: datetime, end_at: datetime, *, finished_at: datetime | None = None) -> dict[str, object]:
    row = ObservedAttempt(QUIZ, ANA, 1, finished_at is None, True, started_at, end_at, finished_at)
    return {"attempts": (row,)}


HALF = 30 * MINUTE
WINDOW = Dates(NOW - HALF, NOW + HALF, NOW + HALF)


def test_an_attempt_that_the_classs_lock_cuts_short_is_seen_where_the_window_is_the_limit() -> None:
    untimed = quiz(time_limit_minutes=None, base_dates=WINDOW)
    assert QUIZ in reads_needed(inputs(facts(untimed, read=False), time())).extensions_of
    pair = only_pair(plan_course(inputs(facts(untimed, **attempt(NOW - HALF, NOW + HALF)), time())))
    assert (pair.reason, pair.short_by_minutes) == (Reason.RUNNING_ATTEMPT_SHORT, 30)


def test_it_stays_short_after_the_later_lock_was_written() -> None:
    put = Dates(NOW - HALF, NOW + HOUR, NOW + HOUR)
    override = ad_hoc(ANA, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at)
    untimed = with_overrides(quiz(time_limit_minutes=None, base_dates=WINDOW), override)
    entry = LedgerOverride(ANA, QUIZ, 900, put=put, class_dates=WINDOW)

    def reason(end_at: datetime) -> Reason:
        given = facts(untimed, **attempt(NOW - HALF, end_at))
        return only_pair(plan_course(inputs(given, time(), ledger_overrides=(entry,)))).reason

    assert reason(NOW + HALF) is Reason.RUNNING_ATTEMPT_SHORT
    assert reason(NOW + HOUR) is Reason.READ_BACK


@pytest.mark.parametrize(
    ("started_ago", "ends_in", "short_by"),
    [(timedelta(0), HALF, 30), (HALF, HALF, None), (10 * MINUTE, HALF, 20)],
)
def test_a_shift_needs_the_attempts_whole_limit(
    started_ago: timedelta, ends_in: timedelta, short_by: int | None
) -> None:
    timed = quiz(base_dates=WINDOW)
    assert QUIZ in reads_needed(inputs(facts(timed, read=False), TWO_DAYS)).extensions_of
    pair = only_pair(plan_course(inputs(facts(timed, **attempt(NOW - started_ago, NOW + ends_in)), TWO_DAYS)))
    assert (pair.reason is Reason.RUNNING_ATTEMPT_SHORT) is (short_by is not None)
    assert pair.short_by_minutes == short_by


def test_an_attempt_that_the_classs_lock_has_just_ended_is_missed_not_overlooked() -> None:
    closed = quiz(time_limit_minutes=None, base_dates=Dates(NOW - HOUR - MINUTE, None, NOW - MINUTE))
    assert QUIZ in reads_needed(inputs(facts(closed, read=False), time())).extensions_of
    over = attempt(NOW - HOUR, NOW - MINUTE, finished_at=NOW - MINUTE)
    assert only_pair(plan_course(inputs(facts(closed, **over), time()))).reason is Reason.BEGUN


def test_who_handed_in_with_time_left_has_missed_nothing_by_a_later_lock() -> None:
    untimed = wide(time_limit_minutes=None, base_dates=OPEN)
    early = attempt(NOW - 2 * HOUR, NOW + DAY, finished_at=NOW - HOUR)
    assert only_pair(plan_course(inputs(facts(untimed, **early), TWO_DAYS))).reason is Reason.PLANNED


def test_without_any_lock_no_attempt_is_short() -> None:
    endless = quiz(time_limit_minutes=None, base_dates=Dates(NOW - HOUR, NOW + DAY, None))
    given = inputs(facts(endless, **attempt(NOW - HOUR, NOW + DAY)), TWO_DAYS)
    assert only_pair(plan_course(given)).reason is Reason.PLANNED


LATER = {"sitting": True, "unlock": NOW + 2 * DAY, "due": NOW + 3 * DAY, "lock": NOW + 3 * DAY}


def test_r18_another_sitting_does_not_close_a_quiz_under_a_running_attempt() -> None:
    timed, sitting = quiz(base_dates=OPEN), exact(**LATER)
    unread = inputs(facts(timed, read=False), sitting)
    assert QUIZ in reads_needed(unread).extensions_of
    assert plan_course(unread).actions == ()
    running = plan_course(inputs(facts(timed, **attempt(NOW - HALF, NOW + HALF)), sitting))
    assert running.actions == ()
    assert only_pair(running).reason is Reason.UNTIL_OVER
    assert "The student is working on it now" in only_pair(running).sentence


@pytest.mark.parametrize("is_over", [False, True])
def test_r1_another_sitting_is_set_where_no_attempt_runs(is_over: bool) -> None:
    timed = quiz(base_dates=OPEN, allowed_attempts=2)
    over = attempt(NOW - HOUR, NOW - HALF, finished_at=NOW - HALF) if is_over else {}
    (action,) = plan_course(inputs(facts(timed, **over), exact(**LATER))).actions
    assert action.after.dates == Dates(LATER["unlock"], LATER["due"], LATER["lock"])


def test_r18_a_sitting_that_opens_now_or_lies_ahead_of_the_class_waits_for_nothing() -> None:
    ahead = inputs(facts(quiz(), read=False), exact(**LATER))
    assert QUIZ not in reads_needed(ahead).extensions_of
    assert len(plan_course(ahead).actions) == 1
