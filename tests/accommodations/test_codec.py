"""What is stored comes back as it was."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from accommodations.codec import change_from_stored, change_to_stored, from_stored, to_stored
from accommodations.planning.plan import LedgerOverride, OverrideBefore, PlannedAction, Values
from accommodations.planning.rules import (
    AccommodationRule,
    DateShift,
    ExactDates,
    ExtraAttempts,
    ExtraTime,
    ExtraTimeMethod,
    Scope,
    ShiftUnit,
)
from canvas_bridge.changes import (
    Change,
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    AssessmentFacts,
    AssessmentKind,
    CourseFacts,
    CourseState,
    CourseSummary,
    Dates,
    EnrollmentState,
    ObservedExtension,
    ObservedOverride,
    OverrideTarget,
    StudentFacts,
    overridden_to,
)

OPENS = datetime(2026, 3, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 3, 1, 11, 0, 0, 123456, tzinfo=UTC)
DATES = Dates(OPENS, None, CLOSES)
CHANGES: tuple[Change, ...] = (
    SetQuizExtension(1, 2, extra_minutes=30, extra_attempts=None),
    SetAssignmentExtension(1, 2, extra_attempts=1),
    SetNewQuizAccommodation(1, 2, extra_minutes=0),
    CreateOverride(1, 2, "1 student · k7", DATES),
    UpdateOverride(1, 5, 2, unlock=NOT_OVERRIDDEN, due=overridden_to(None), lock=overridden_to(CLOSES)),
    DeleteOverride(1, 5, 2),
    MoveOutOfSharedOverride(
        1, 5, 2, (3, 4), "3 students", NOT_OVERRIDDEN, overridden_to(OPENS), NOT_OVERRIDDEN, "1 student · k7", DATES
    ),
)


def through_json(stored: object) -> object:
    return json.loads(json.dumps(stored))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
def test_every_kind_of_change_comes_back_as_it_was(change: Change) -> None:
    assert change_from_stored(through_json(change_to_stored(change))) == change


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
def test_a_planned_action_comes_back_with_its_change(change: Change) -> None:
    action = PlannedAction(2, "assignment:1", change, Values(0, None, DATES), Values(30), "60 → 90 min")
    assert from_stored(PlannedAction, through_json(to_stored(action))) == action


def test_course_facts_come_back_as_they_were() -> None:
    facts = CourseFacts(
        course=CourseSummary(7, "Botany", "BOT 1", CourseState.AVAILABLE, "America/New_York", ends_at=CLOSES),
        read_at=OPENS,
        token_time_zone="Europe/Berlin",
        assessments=(
            AssessmentFacts(
                name="Final",
                kind=AssessmentKind.CLASSIC_QUIZ,
                canvas_assignment_id=1,
                canvas_quiz_id=2,
                overrides=(
                    ObservedOverride(5, "x", OverrideTarget.AD_HOC, frozenset({30, 4}), due=overridden_to(None)),
                ),
            ),
        ),
        students=(StudentFacts(4, ((9, EnrollmentState.INVITED),), frozenset({8})),),
        extensions=(ObservedExtension("assignment:1", 4, 30, 1),),
        extensions_read=frozenset({"assignment:1"}),
    )
    assert from_stored(CourseFacts, through_json(to_stored(facts))) == facts


@pytest.mark.parametrize(
    "amount",
    [
        ExtraTime(ExtraTimeMethod.MULTIPLIER, multiplier=Decimal("1.50")),
        ExtraAttempts(3),
        DateShift(2, ShiftUnit.WORKING_DAYS),
        ExactDates(DATES, is_other_sitting=True),
    ],
    ids=lambda amount: type(amount).__name__,
)
def test_a_rule_comes_back_with_each_kind_of_amount(amount: object) -> None:
    rule = AccommodationRule(1, 2, amount, Scope.TERM, date(2026, 1, 1), kinds=frozenset({AssessmentKind.NEW_QUIZ}))
    assert from_stored(AccommodationRule, through_json(to_stored(rule))) == rule


def test_a_ledger_override_keeps_not_overridden_apart_from_no_date() -> None:
    before = OverrideBefore("Group B", unlock=NOT_OVERRIDDEN, due=overridden_to(None), lock=overridden_to(CLOSES))
    entry = LedgerOverride(2, "assignment:1", 5, DATES, before)
    assert from_stored(LedgerOverride, through_json(to_stored(entry))) == entry


def test_equal_sets_are_stored_equally_and_instants_in_utc() -> None:
    late = frozenset({30, 4, 100})
    stored = to_stored(ObservedOverride(5, "x", OverrideTarget.AD_HOC, late))
    assert stored["canvas_user_ids"] == [4, 30, 100]
    berlin = datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    assert to_stored(Dates(unlock_at=berlin))["unlock_at"] == "2026-03-01T09:00:00Z"


def test_a_stored_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(Exception, match="Dates"):
        from_stored(Dates, {"unlock_at": "2026-03-01T09:00:00", "due_at": None, "lock_at": None})
