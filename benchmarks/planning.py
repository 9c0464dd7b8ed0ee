"""How long a plan takes, and how that grows with the pairs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from accommodations.planning.plan import PlanningInputs
from accommodations.planning.planner import plan_course
from accommodations.planning.rules import (
    AccommodationRule,
    DateShift,
    ExtraTime,
    ExtraTimeMethod,
    PlanningSettings,
    Scope,
    ShiftUnit,
)
from canvas_bridge.facts import (
    AssessmentFacts,
    AssessmentKind,
    CourseFacts,
    CourseState,
    CourseSummary,
    Dates,
    EnrollmentState,
    StudentFacts,
)

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ASSESSMENTS = 25
SIZES = (500, 5_000, 50_000)


@dataclass(frozen=True)
class Planned:
    """One measurement: so many pairs took so long on one core; actions tell that something was planned."""

    pairs: int
    actions: int
    seconds: float

    @property
    def microseconds_each(self) -> float:
        """Return the time of one pair."""
        return self.seconds / self.pairs * 1e6


def measured(sizes: Sequence[int] = SIZES) -> list[Planned]:
    """Return a measurement for each number of pairs; processor time, the better of two."""
    return [_measured(size) for size in sizes]


def _measured(pairs: int) -> Planned:
    inputs = course_of(pairs)
    best, actions = float("inf"), 0
    for _ in range(2):
        start = time.process_time()
        actions = len(plan_course(inputs).actions)
        best = min(best, time.process_time() - start)
    return Planned(pairs, actions, best)


def course_of(pairs: int) -> PlanningInputs:
    """Return a course with so many pairs, of which each has to be written: extra time and a shift for everybody."""
    students = max(1, pairs // ASSESSMENTS)
    assessments = tuple(_assessment(number) for number in range(ASSESSMENTS))
    facts = CourseFacts(
        course=CourseSummary(1, "Course", "C 1", CourseState.AVAILABLE, "America/New_York", canvas_term_id=3),
        read_at=NOW,
        token_time_zone="America/New_York",  # noqa: S106  # a zone, no secret
        assessments=assessments,
        students=tuple(StudentFacts(user, ((31, EnrollmentState.ACTIVE),)) for user in range(students)),
        extensions_read=frozenset(one.key for one in assessments),
        submissions_read=frozenset(one.key for one in assessments),
    )
    rules = tuple(rule for user in range(students) for rule in _rules_of(user))
    return PlanningInputs(facts, rules, PlanningSettings("America/New_York", b"a key of the benchmark"), NOW)


def _assessment(number: int) -> AssessmentFacts:
    opens_at = NOW + timedelta(days=number)
    dates = Dates(opens_at, opens_at + timedelta(hours=1), opens_at + timedelta(hours=1))
    if number % 5:
        return AssessmentFacts(
            f"Task {number}", AssessmentKind.ASSIGNMENT, 100 + number, base_dates=dates, allowed_attempts=1
        )
    return AssessmentFacts(
        f"Quiz {number}",
        AssessmentKind.CLASSIC_QUIZ,
        100 + number,
        200 + number,
        base_dates=dates,
        time_limit_minutes=60,
        allowed_attempts=1,
    )


def _rules_of(user: int) -> tuple[AccommodationRule, ...]:
    time_rule = ExtraTime(ExtraTimeMethod.MULTIPLIER, multiplier=Decimal("1.5"))
    started = date(2026, 1, 1)
    return (
        AccommodationRule(2 * user + 1, user, time_rule, Scope.EVERY_COURSE, started),
        AccommodationRule(2 * user + 2, user, DateShift(2, ShiftUnit.DAYS), Scope.EVERY_COURSE, started),
    )
