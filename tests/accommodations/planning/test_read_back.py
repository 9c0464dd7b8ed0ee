"""When a proof is read again: the borders of the two looks before an exam, and of the week."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accommodations.planning.observe import reads_needed
from accommodations.planning.plan import LedgerExtension, LedgerPart, PlanningInputs
from accommodations.planning.planner import plan_course
from accommodations.planning.read_back import is_read_back_due
from accommodations.planning.statuses import Reason
from canvas_bridge.facts import CourseFacts, Dates, ObservedExtension
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    ONE_MORE,
    course,
    facts,
    homework,
    inputs,
    new_quiz,
    only_pair,
    time,
    wide,
)

QUIZ = "assignment:11"
PUT = LedgerExtension(ANA, QUIZ, put_minutes=30)
HELD = (ObservedExtension(QUIZ, ANA, 30),)


@pytest.mark.parametrize(
    ("opens_in", "proof_before_opening", "is_due"),
    [
        (48 * HOUR + MINUTE, 60 * HOUR, False),  # not yet
        (48 * HOUR, 60 * HOUR, True),
        (48 * HOUR, 48 * HOUR, False),  # read at the very moment
        (24 * HOUR, 48 * HOUR + MINUTE, True),
        (24 * HOUR, 47 * HOUR, False),  # the first look is behind us
        (23 * HOUR, 60 * HOUR, True),  # it was missed: made up for
        (2 * HOUR + MINUTE, 47 * HOUR, False),
        (2 * HOUR, 47 * HOUR, True),
        (2 * HOUR, 2 * HOUR, False),
        (MINUTE, 2 * HOUR, False),  # the last look is behind us
        (MINUTE, 2 * HOUR + MINUTE, True),
        (timedelta(0), 2 * HOUR + MINUTE, False),  # it is open: attempts are looked at, which reads the same
    ],
)
def test_a_proof_is_read_again_twice_before_it_opens(
    opens_in: timedelta, proof_before_opening: timedelta, is_due: bool
) -> None:
    opens_at = NOW + opens_in
    assert is_read_back_due(now=NOW, opens_at=opens_at, confirmed_at=opens_at - proof_before_opening) is is_due


@pytest.mark.parametrize("opens_at", [None, NOW - DAY, NOW + 30 * DAY])
def test_elsewhere_a_proof_is_read_again_after_a_week(opens_at: object) -> None:
    assert not is_read_back_due(now=NOW, opens_at=opens_at, confirmed_at=NOW - 7 * DAY)
    assert is_read_back_due(now=NOW, opens_at=opens_at, confirmed_at=NOW - 7 * DAY - MINUTE)


def test_a_proof_of_unknown_age_is_read_again_only_shortly_before_it_opens() -> None:
    for opens_in, is_due in ((48 * HOUR + MINUTE, False), (48 * HOUR, True), (HOUR, True), (-HOUR, False)):
        assert is_read_back_due(now=NOW, opens_at=NOW + opens_in, confirmed_at=None) is is_due
    assert not is_read_back_due(now=NOW, opens_at=None, confirmed_at=None)


def opening(opens_in: timedelta, **fields: object) -> PlanningInputs:
    """Return a course whose quiz opens then, with our minutes proven 60 hours before."""
    opens_at = NOW + opens_in
    entry = replace(PUT, is_read_back=True, confirmed_at=opens_at - 60 * HOUR)
    quiz = wide(base_dates=Dates(opens_at, None, opens_at + 3 * DAY))
    return inputs(facts(quiz, **{"read": False, **fields}), time(), ledger_extensions=(entry,))


def test_r5_the_schedule_decides_what_a_plan_asks_for() -> None:
    assert not reads_needed(opening(49 * HOUR))
    assert reads_needed(opening(40 * HOUR)).extensions_of == {QUIZ}
    assert reads_needed(opening(HOUR)).extensions_of == {QUIZ}
    assert not reads_needed(opening(40 * HOUR, read=True, extensions=HELD))


def test_an_old_proof_keeps_its_status_and_says_from_when_it_is() -> None:
    pair = only_pair(plan_course(opening(40 * HOUR)))
    assert pair.reason is Reason.READ_BACK
    assert pair.sentence.endswith("The proof is from 30 Nov and is read again.")
    assert "read again" not in only_pair(plan_course(opening(49 * HOUR))).sentence


def test_a_proof_that_was_read_again_is_dated_once() -> None:
    given = opening(40 * HOUR, read=True, extensions=HELD)
    (correction,) = plan_course(given).ledger_corrections
    assert correction.part is LedgerPart.EXTENSION
    assert correction.extension is not None
    assert (correction.extension.confirmed_at, correction.extension.put_minutes) == (NOW, 30)
    after = replace(given, ledger_extensions=(correction.extension,))
    assert plan_course(after).ledger_corrections == ()
    unread = replace(after, facts=replace(after.facts, extensions_read=frozenset()))
    assert not reads_needed(unread)


def test_r1_what_somebody_lowered_is_found_before_the_exam_and_repaired() -> None:
    lowered = opening(HOUR, read=True, extensions=(ObservedExtension(QUIZ, ANA, 0),))
    assert [action.after.extra_minutes for action in plan_course(lowered).actions] == [30]


def test_what_opens_with_the_course_is_read_back_before_that() -> None:
    entry = replace(PUT, confirmed_at=NOW - 3 * DAY)
    quiz = wide(base_dates=Dates(None, None, NOW + 9 * DAY))

    def at(starts_in: timedelta) -> CourseFacts:
        return facts(quiz, read=False, course=course(starts_at=NOW + starts_in))

    assert not reads_needed(inputs(at(4 * DAY), time(), ledger_extensions=(entry,)))
    assert reads_needed(inputs(at(DAY), time(), ledger_extensions=(entry,))).extensions_of == {QUIZ}


def test_extra_attempts_on_an_assignment_are_read_back_too_and_a_new_quiz_never() -> None:
    old = NOW - 8 * DAY
    attempts = LedgerExtension(ANA, "assignment:12", put_attempts=1, confirmed_at=old)
    assert reads_needed(inputs(facts(homework(), read=False), ONE_MORE, ledger_extensions=(attempts,))).extensions_of
    minutes = replace(PUT, confirmed_at=old)
    assert not reads_needed(inputs(facts(new_quiz(), read=False), time(), ledger_extensions=(minutes,)))


def test_nothing_is_read_back_that_canvas_answered_in_this_work_or_refuses_to_show() -> None:
    read = frozenset({QUIZ})
    answered = opening(HOUR, extensions_read=read, answered_since=frozenset({(QUIZ, ANA)}))
    assert not reads_needed(answered)
    refused = opening(HOUR, extensions_unreadable=read)
    assert not reads_needed(refused)
    assert only_pair(plan_course(refused)).reason is Reason.READ_BACK
