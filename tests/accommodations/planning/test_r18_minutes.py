"""R18 for minutes: what stands of extra time once its grant has ended, however it ended and whenever that is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from accommodations.planning.plan import Hold, HoldKind, LedgerExtension, PlanningInputs
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import ExceptionRule, Scope
from accommodations.planning.statuses import Reason
from canvas_bridge.changes import SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.facts import (
    AssessmentFacts,
    CourseFacts,
    Dates,
    EnrollmentState,
    ObservedAttempt,
    ObservedExtension,
    ObservedSubmission,
)
from tests.accommodations.planning.building import (
    ANA,
    DAY,
    HOUR,
    NOW,
    ONE_MORE,
    facts,
    inputs,
    new_quiz,
    only_pair,
    rule,
    student,
    time,
    wide,
)

QUIZ = "assignment:11"
AHEAD = Dates(NOW + 2 * DAY, NOW + 4 * DAY, NOW + 4 * DAY)
OPEN = Dates(NOW - HOUR, NOW + DAY, NOW + DAY)
OVER = Dates(NOW - 3 * DAY, NOW - HOUR, NOW - HOUR)
DOUBLE = LedgerExtension(ANA, QUIZ, put_minutes=60)
LESS = rule(time("1.25"), accommodation_id=2, scope=Scope.COURSE, canvas_course_id=1, replaces_broader=True)

# How it ended: what is granted now in place of the double time that was put.
ENDED: dict[str, Callable[[PlanningInputs], PlanningInputs]] = {
    "expired": lambda given: replace(
        given, rules=(rule(time("2"), effective_until=(NOW - 30 * DAY).date()),), exceptions=()
    ),
    "revoked": lambda given: replace(given, rules=()),
    "replaced by less": lambda given: replace(given, rules=(rule(time("2")), LESS)),
    "replaced by attempts": lambda given: replace(given, rules=(rule(ONE_MORE),)),
    "exception": lambda given: replace(given, exceptions=(ExceptionRule(ANA, QUIZ, "It is what is examined."),)),
    "undone": lambda given: replace(given, holds=(Hold(ANA, QUIZ, HoldKind.UNDONE, "Maya Lindqvist"),)),
    "not released any more": lambda given: replace(given, not_released=frozenset({ANA})),
}
LEFT_MINUTES = {"replaced by less": 15}


def attempt(*, is_running: bool) -> ObservedAttempt:
    return ObservedAttempt(
        assessment_key=QUIZ,
        canvas_user_id=ANA,
        canvas_quiz_submission_id=1,
        is_running=is_running,
        has_begun=True,
        started_at=NOW - HOUR,
        end_at=NOW + HOUR,
        finished_at=None if is_running else NOW - HOUR / 2,
    )


def course_of(assessment: AssessmentFacts, **fields: object) -> CourseFacts:
    return facts(assessment, extensions=(ObservedExtension(QUIZ, ANA, 60),), **fields)


def ended(how: str, course_facts: CourseFacts) -> PlanningInputs:
    """Return a quiz on which an hour of ours stands, once the double time has ended in this way."""
    return ENDED[how](inputs(course_facts, rule(time("2")), ledger_extensions=(DOUBLE,)))


def minutes_sent(given: PlanningInputs) -> list[int | None]:
    return [
        action.change.extra_minutes
        for action in plan_course(given).actions
        if isinstance(action.change, SetQuizExtension | SetNewQuizAccommodation)
    ]


BEGUN: dict[str, Callable[[], CourseFacts]] = {
    "a: its lock has passed": lambda: course_of(wide(base_dates=OVER)),
    "a: its due has passed": lambda: course_of(wide(base_dates=Dates(NOW - 2 * DAY, NOW - HOUR, NOW + DAY))),
    "b: it was handed in": lambda: course_of(
        wide(base_dates=AHEAD), submissions=(ObservedSubmission(QUIZ, ANA, has_submitted=True),)
    ),
    "b: its attempt is finished": lambda: course_of(wide(base_dates=AHEAD), attempts=(attempt(is_running=False),)),
    "c: it is open": lambda: course_of(wide(base_dates=OPEN)),
    "c: an attempt is running": lambda: course_of(wide(base_dates=AHEAD), attempts=(attempt(is_running=True),)),
}


@pytest.mark.parametrize("how", ENDED)
@pytest.mark.parametrize("when", BEGUN)
def test_r18_minutes_stay_where_it_has_begun_or_is_over_however_they_ended(how: str, when: str) -> None:
    given = ended(how, BEGUN[when]())
    assert [sent for sent in minutes_sent(given) if sent is not None] == []
    after = [action.ledger_extension for action in plan_course(given).actions]
    assert all(entry is not None and entry.put_minutes == 60 for entry in after)


@pytest.mark.parametrize("how", ENDED)
def test_r18_minutes_go_back_where_it_lies_ahead_however_they_ended(how: str) -> None:
    assert minutes_sent(ended(how, course_of(wide(base_dates=AHEAD)))) == [LEFT_MINUTES.get(how, 0)]


@pytest.mark.parametrize("how", ENDED)
def test_r18_minutes_on_a_new_quiz_wait_while_it_is_open_and_stay_once_it_was_handed_in(how: str) -> None:
    is_open = course_of(new_quiz(base_dates=OPEN, allowed_attempts=2))
    handed_in = course_of(
        new_quiz(base_dates=AHEAD, allowed_attempts=2),
        submissions=(ObservedSubmission(QUIZ, ANA, has_submitted=True),),
    )
    for begun in (is_open, handed_in):
        assert [sent for sent in minutes_sent(ended(how, begun)) if sent is not None] == []
    assert minutes_sent(ended(how, course_of(new_quiz(base_dates=AHEAD)))) == [LEFT_MINUTES.get(how, 0)]


@pytest.mark.parametrize(
    ("when", "reason"), [("c: it is open", Reason.UNTIL_OVER), ("b: it was handed in", Reason.OVER)]
)
def test_r18_minutes_that_stay_are_seen_to_wait_or_told_as_over(when: str, reason: Reason) -> None:
    pair = only_pair(plan_course(ended("revoked", BEGUN[when]())))
    assert pair.reason is reason
    assert pair.sentence.startswith("Quiz 3: 60 min extra stays")


def test_r18_c_minutes_that_waited_go_back_once_it_opens_no_more() -> None:
    """The class moved it: what was open lies ahead again, and nothing was begun."""
    assert minutes_sent(ended("revoked", BEGUN["c: it is open"]())) == []
    assert minutes_sent(ended("revoked", course_of(wide(base_dates=AHEAD)))) == [0]


@pytest.mark.parametrize("state", [EnrollmentState.COMPLETED, EnrollmentState.INACTIVE, EnrollmentState.DELETED])
@pytest.mark.parametrize("when", BEGUN)
def test_r18_a_student_who_was_dropped_keeps_the_minutes_and_the_ledger_keeps_them(
    state: EnrollmentState, when: str
) -> None:
    dropped = replace(BEGUN[when](), students=(student(state=state),))
    plan = plan_course(inputs(dropped, rule(time("2")), ledger_extensions=(DOUBLE,)))
    assert (plan.actions, plan.pairs, plan.ledger_corrections) == ((), (), ())


@pytest.mark.parametrize("when", ["a: its due has passed", "c: it is open", "c: an attempt is running"])
def test_r18_minutes_that_are_replaced_by_more_rise_at_once(when: str) -> None:
    """What has begun is protected against less, never against more."""
    given = inputs(BEGUN[when](), rule(time("2.5")), ledger_extensions=(DOUBLE,))
    assert minutes_sent(given) == [90]
