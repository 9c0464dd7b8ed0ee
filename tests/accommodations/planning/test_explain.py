"""Every reason and every kind of action says one plain sentence with its numbers."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import get_args

import pytest

from accommodations.planning.explain_next import next_words
from accommodations.planning.explain_pair import explained
from accommodations.planning.plan import (
    GuardState,
    Hold,
    HoldKind,
    LedgerExtension,
    LedgerOverride,
    PlanningInputs,
    PreviousFailure,
    PreviousPair,
)
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExceptionRule
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from canvas_bridge.changes import Change
from canvas_bridge.facts import (
    AssessmentKind,
    CourseState,
    Dates,
    EnrollmentState,
    GradingPeriod,
    ObservedAttempt,
    ObservedExtension,
)
from tests.accommodations.planning.building import (
    ANA,
    BO,
    DAY,
    HOUR,
    NOW,
    ONE_MORE,
    OPENS,
    TWO_DAYS,
    ad_hoc,
    course,
    facts,
    homework,
    inputs,
    new_quiz,
    quiz,
    student,
    time,
    wide,
    with_overrides,
)

KEY = "assignment:11"
OURS = LedgerExtension(ANA, KEY, put_minutes=30, is_read_back=True)
HELD = (ObservedExtension(KEY, ANA, 30),)
AT_NOON = Dates(NOW - 2 * HOUR, NOW + HOUR, NOW + HOUR)
PAST = quiz(base_dates=Dates(NOW - 3 * DAY, NOW - 2 * DAY, NOW - 2 * DAY))


def previous(reason: Reason) -> tuple[PreviousPair, ...]:
    return (PreviousPair(ANA, KEY, STATUS_OF[reason], reason),)


def failed(reason: Reason) -> PlanningInputs:
    return inputs(facts(wide()), time(), failures=(PreviousFailure(ANA, KEY, reason, "Canvas's own words"),))


def running() -> PlanningInputs:
    attempt = ObservedAttempt(
        KEY, ANA, 1, is_running=True, has_begun=True, started_at=NOW - HOUR / 2, end_at=NOW + HOUR / 2
    )
    return inputs(facts(wide(base_dates=Dates(NOW - DAY, NOW + DAY, NOW + DAY)), attempts=(attempt,)), time())


def in_override(*users: int, starts: datetime = OPENS, **fields: datetime) -> PlanningInputs:
    paper = homework(base_dates=Dates(starts, OPENS + 3 * DAY, OPENS + 4 * DAY))
    if "due" in fields and starts == OPENS:
        fields["lock"] = fields["due"]
    return inputs(facts(with_overrides(paper, ad_hoc(*users, **fields))), TWO_DAYS)


def guarded(guard: GuardState | None) -> PlanningInputs:
    return inputs(facts(wide(), extensions=HELD), ledger_extensions=(OURS,), guard=guard)


def held(kind: HoldKind) -> PlanningInputs:
    return inputs(
        facts(wide()), time(), holds=(Hold(ANA, KEY, kind, "Dana Okafor", "The letter was for another term"),)
    )


def ours_alone(**of_assessment: object) -> PlanningInputs:
    put = Dates(OPENS, OPENS + 5 * DAY, OPENS + 6 * DAY)
    standing = ad_hoc(ANA, unlock=put.unlock_at, due=put.due_at, lock=put.lock_at)
    entry = LedgerOverride(ANA, "assignment:12", 900, put=put)
    return inputs(facts(with_overrides(homework(**of_assessment), standing)), ledger_overrides=(entry,))


SITUATIONS: dict[Reason, Callable[[], PlanningInputs]] = {
    Reason.READ_BACK: lambda: inputs(facts(wide(), extensions=HELD), time(), ledger_extensions=(OURS,)),
    Reason.ACCEPTED: lambda: inputs(facts(new_quiz(base_dates=wide().base_dates)), time(), ledger_extensions=(OURS,)),
    Reason.CAPPED_BY_CANVAS: lambda: inputs(
        facts(wide(time_limit_minutes=2000, base_dates=Dates()), extensions=(ObservedExtension(KEY, ANA, 10080),)),
        time("10"),
        ledger_extensions=(replace(OURS, put_minutes=10080),),
    ),
    Reason.COURSE_END: lambda: inputs(
        facts(
            with_overrides(homework(), ad_hoc(ANA, unlock=OPENS, due=OPENS + 4 * DAY, lock=OPENS + 4 * DAY)),
            course=course(ends_at=OPENS + 4 * DAY),
        ),
        TWO_DAYS,
        ledger_overrides=(
            LedgerOverride(ANA, "assignment:12", 900, put=Dates(OPENS, OPENS + 4 * DAY, OPENS + 4 * DAY)),
        ),
    ),
    Reason.GRADING_PERIOD: lambda: inputs(
        facts(
            with_overrides(homework(), ad_hoc(ANA, unlock=OPENS, due=OPENS + 4 * DAY, lock=OPENS + 6 * DAY)),
            course=course(grading_periods=(GradingPeriod("Fall", NOW - 90 * DAY, OPENS + 4 * DAY, OPENS + 9 * DAY),)),
        ),
        TWO_DAYS,
        ledger_overrides=(
            LedgerOverride(ANA, "assignment:12", 900, put=Dates(OPENS, OPENS + 4 * DAY, OPENS + 6 * DAY)),
        ),
    ),
    Reason.CLASS_WINDOW: lambda: inputs(
        facts(
            with_overrides(
                quiz(base_dates=Dates(OPENS, OPENS + HOUR / 2, OPENS + HOUR / 2)),
                ad_hoc(ANA, unlock=OPENS, due=OPENS + HOUR, lock=OPENS + HOUR),
            ),
            extensions=HELD,
        ),
        time(),
        ledger_extensions=(OURS,),
        ledger_overrides=(LedgerOverride(ANA, KEY, 900, put=Dates(OPENS, OPENS + HOUR, OPENS + HOUR)),),
    ),
    Reason.PLANNED: lambda: inputs(facts(quiz()), time()),
    Reason.UNTIL_OVER: lambda: inputs(facts(wide(base_dates=AT_NOON), extensions=HELD), ledger_extensions=(OURS,)),
    Reason.REFUSED: lambda: failed(Reason.REFUSED),
    Reason.UNREACHABLE: lambda: failed(Reason.UNREACHABLE),
    Reason.PERMISSION_MISSING: lambda: failed(Reason.PERMISSION_MISSING),
    Reason.RUNNING_ATTEMPT_SHORT: running,
    Reason.GUARD: lambda: guarded(GuardState(percent=0, course_actions=0)),
    Reason.UNDONE: lambda: held(HoldKind.UNDONE),
    Reason.DISMISSED: lambda: replace(guarded(None), holds=held(HoldKind.DISMISSED).holds),
    Reason.SHARED_OVERRIDE: lambda: in_override(ANA, BO, starts=NOW - DAY, due=OPENS + 2 * DAY),
    Reason.GROUP_ASSIGNMENT: lambda: inputs(facts(homework(canvas_group_category_id=7)), TWO_DAYS),
    Reason.WOULD_ASSIGN: lambda: inputs(facts(homework(only_visible_to_overrides=True)), TWO_DAYS),
    Reason.WOULD_UNASSIGN: lambda: ours_alone(only_visible_to_overrides=True),
    Reason.COURSE_CONCLUDED: lambda: inputs(
        facts(
            homework(),
            course=course(state=CourseState.COMPLETED),
            students=(student(state=EnrollmentState.COMPLETED),),
        ),
        TWO_DAYS,
    ),
    Reason.GRADING_PERIOD_CLOSED: lambda: inputs(facts(homework(in_closed_grading_period=True)), TWO_DAYS),
    Reason.OUTSIDE_CANVAS: lambda: inputs(facts(homework(kind=AssessmentKind.ON_PAPER)), time()),
    Reason.UNGRADED_QUIZ: lambda: inputs(
        facts(quiz(kind=AssessmentKind.PRACTICE_QUIZ, canvas_assignment_id=None)), TWO_DAYS
    ),
    Reason.BLUEPRINT_LOCK: lambda: inputs(facts(homework(dates_locked_by_blueprint=True)), TWO_DAYS),
    Reason.PACED_COURSE: lambda: inputs(facts(homework(in_paced_course=True)), TWO_DAYS),
    Reason.CHECKPOINTS: lambda: inputs(facts(homework(has_checkpoints=True)), TWO_DAYS),
    Reason.NO_TIME_LIMIT: lambda: inputs(facts(homework()), time()),
    Reason.UNLIMITED_ATTEMPTS: lambda: inputs(facts(homework(allowed_attempts=None)), ONE_MORE),
    Reason.NO_DATE_TO_MOVE: lambda: inputs(facts(homework(base_dates=Dates(OPENS))), TWO_DAYS),
    Reason.EXCEPTION: lambda: inputs(
        facts(wide()), time(), exceptions=(ExceptionRule(ANA, None, "Speed is what is examined."),)
    ),
    Reason.NOT_RELEASED: lambda: inputs(facts(wide()), time(), not_released=frozenset({ANA})),
    Reason.INSTRUCTOR_GIVES_AS_MUCH: lambda: inputs(
        facts(wide(), extensions=(ObservedExtension(KEY, ANA, 45),)), time()
    ),
    Reason.CLOSED: lambda: inputs(facts(PAST), time(), previous=previous(Reason.PLANNED)),
    Reason.BEGUN: lambda: inputs(facts(PAST), time(), previous=previous(Reason.BEGUN)),
    Reason.OVER: lambda: inputs(facts(PAST), time(), previous=previous(Reason.READ_BACK)),
}


NEEDS_NO_FIGURE = frozenset(
    {
        Reason.UNDONE,
        Reason.WOULD_UNASSIGN,
        Reason.UNLIMITED_ATTEMPTS,
        Reason.NO_DATE_TO_MOVE,
        Reason.EXCEPTION,
        Reason.NOT_RELEASED,
    }
)
"""Nothing is counted there: the sentence says why instead."""

TELLS = {
    Reason.READ_BACK: "60 min becomes 90 min (1.5×)",
    Reason.ACCEPTED: "60 min becomes 90 min (1.5×)",
    Reason.NO_TIME_LIMIT: "no time limit that extra time could add to, since its window of 4 days is longer than 6 h",
    Reason.OUTSIDE_CANVAS: "1.5× (every course); Canvas can hold neither extra time nor extra attempts for it",
    Reason.INSTRUCTOR_GIVES_AS_MUCH: "Others in the course have given 45 min extra already",
    Reason.CAPPED_BY_CANVAS: "Canvas takes at most 10,080 extra minutes",
    Reason.COURSE_END: "2 days short, since nothing is set beyond the end of the course",
    Reason.GRADING_PERIOD: "24 h short, since no due date is set beyond the end of its grading period",
    Reason.CLASS_WINDOW: "30 min short, since the class's own window is shorter than the time limit",
    Reason.PLANNED: (
        "60 min becomes 90 min (1.5×); closes 30 min later for this student (Wed 3 Dec 11:00 becomes 11:30 EST), "
        "because the window was exactly 60 min; due moves with it."
    ),
    Reason.UNTIL_OVER: "30 min extra stays until it is over, since it is open now",
    Reason.RUNNING_ATTEMPT_SHORT: "the running attempt ends 30 min too early",
    Reason.GUARD: "The safety guard stopped it",
    Reason.UNDONE: "undone by Dana Okafor",
    Reason.DISMISSED: "as Dana Okafor decided",
    Reason.SHARED_OVERRIDE: "The student shares an override that gives less",
    Reason.GROUP_ASSIGNMENT: "a group hands it in together",
    Reason.EXCEPTION: "Speed is what is examined.",
}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_one_sentence_with_its_figures(reason: Reason) -> None:
    (pair,) = plan_course(SITUATIONS[reason]()).pairs
    assert pair.reason is reason, pair.sentence
    name, _, words = pair.sentence.partition(": ")
    assert name in ("Quiz 3", "Homework 1")
    assert words.endswith("."), words
    assert TELLS.get(reason, "") in words
    if reason not in NEEDS_NO_FIGURE:
        assert re.search(r"\d", words), words


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_derived_from_end_to_end_and_says_what_happens_next(reason: Reason) -> None:
    given = SITUATIONS[reason]()
    (pair,) = plan_course(given).pairs
    told = explained(given, canvas_user_id=ANA, assessment_key=pair.assessment_key)
    assert told is not None
    if reason is not Reason.GUARD:  # the guard counts a whole course: what it stopped is told by the stored status
        assert (told.reason, told.sentence) == (pair.reason, pair.sentence)
    assert told.next_words.endswith(".")
    assert all(step.words.endswith(".") for step in told.steps)
    assert len(told.rules) == len(given.rules)
    assert all(one.why.endswith(".") for one in told.rules)


def test_a_pair_with_nothing_to_say_is_still_derived() -> None:
    told = explained(inputs(facts(wide())), canvas_user_id=ANA, assessment_key=KEY)
    assert told is not None
    assert (told.reason, told.rules, told.steps) == (None, (), ())
    assert told.next_words == next_words(None, has_actions=False)
    assert explained(inputs(facts(wide())), canvas_user_id=99, assessment_key=KEY) is None
    assert explained(inputs(facts(wide())), canvas_user_id=ANA, assessment_key="assignment:99") is None


SAID_BY_ACTIONS: list[tuple[Callable[[], PlanningInputs], str, str]] = [
    (SITUATIONS[Reason.PLANNED], "SetQuizExtension", "Quiz 3: 60 min becomes 90 min (1.5×)."),
    (
        lambda: inputs(facts(new_quiz(base_dates=wide().base_dates)), time()),
        "SetNewQuizAccommodation",
        "Quiz 3: 60 min becomes 90 min (1.5×).",
    ),
    (
        lambda: inputs(facts(homework()), ONE_MORE),
        "SetAssignmentExtension",
        "Homework 1: 1 attempt becomes 2.",
    ),
    (
        lambda: inputs(facts(homework()), TWO_DAYS),
        "CreateOverride",
        "Homework 1: due Sat 6 Dec 10:00 becomes Mon 8 Dec 10:00 EST; "
        "closes Sun 7 Dec 10:00 becomes Tue 9 Dec 10:00 EST.",
    ),
    (
        lambda: in_override(ANA, due=OPENS + 4 * DAY),
        "UpdateOverride",
        "Homework 1: due Sun 7 Dec 10:00 becomes Mon 8 Dec 10:00 EST; "
        "closes Sun 7 Dec 10:00 becomes Tue 9 Dec 10:00 EST.",
    ),
    (
        lambda: ours_alone(),
        "DeleteOverride",
        "Homework 1: our dates are taken back; due Mon 8 Dec 10:00 becomes Sat 6 Dec 10:00 EST; "
        "closes Tue 9 Dec 10:00 becomes Sun 7 Dec 10:00 EST.",
    ),
    (
        lambda: in_override(ANA, BO, due=OPENS + 4 * DAY),
        "MoveOutOfSharedOverride",
        "Homework 1: due Sun 7 Dec 10:00 becomes Mon 8 Dec 10:00 EST; "
        "closes Sun 7 Dec 10:00 becomes Tue 9 Dec 10:00 EST, "
        "by an override of the student's own instead of a shared one.",
    ),
]


@pytest.mark.parametrize(("given", "kind", "sentence"), SAID_BY_ACTIONS, ids=[kind for _, kind, _ in SAID_BY_ACTIONS])
def test_every_kind_of_action_says_its_numbers(given: Callable[[], PlanningInputs], kind: str, sentence: str) -> None:
    said = [one.sentence for one in plan_course(given()).actions if type(one.change).__name__ == kind]
    assert said == [sentence]


def test_no_kind_of_action_is_left_out() -> None:
    assert {kind for _, kind, _ in SAID_BY_ACTIONS} == {kind.__name__ for kind in get_args(Change)}


def test_every_status_has_a_reason_that_is_explained() -> None:
    assert set(SITUATIONS) == set(Reason)
    assert {STATUS_OF[reason] for reason in SITUATIONS} == set(Status)
