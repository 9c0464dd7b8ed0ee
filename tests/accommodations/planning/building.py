"""Small courses for planning tests: every test says only what matters to it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accommodations.planning.plan import PairOutcome, Plan, PlanningInputs
from accommodations.planning.rules import (
    AccommodationRule,
    DateShift,
    ExactDates,
    ExtraAttempts,
    ExtraTime,
    ExtraTimeMethod,
    PlanningSettings,
    Scope,
    ShiftUnit,
)
from canvas_bridge.facts import (
    NOT_OVERRIDDEN,
    AssessmentFacts,
    AssessmentKind,
    CourseFacts,
    CourseState,
    CourseSummary,
    Dates,
    DateSetting,
    EnrollmentState,
    ObservedOverride,
    OverrideTarget,
    StudentFacts,
    overridden_to,
)

NOW = datetime(2025, 12, 1, 15, 0, tzinfo=UTC)
"""A Monday, 10:00 in New York."""

OPENS = datetime(2025, 12, 3, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ANA, BO = 5, 6
SECTION, OTHER_SECTION, GROUP = 31, 32, 41
KEY = b"a key for tests"


def quiz(**fields: Any) -> AssessmentFacts:
    """Return a published classic quiz of 60 minutes, one attempt, open for exactly an hour in two days."""
    given = {
        "name": "Quiz 3",
        "kind": AssessmentKind.CLASSIC_QUIZ,
        "canvas_assignment_id": 11,
        "canvas_quiz_id": 21,
        "base_dates": Dates(OPENS, OPENS + HOUR, OPENS + HOUR),
        "time_limit_minutes": 60,
        "allowed_attempts": 1,
        "submission_types": ("online_quiz",),
    }
    return AssessmentFacts(**{**given, **fields})


def new_quiz(**fields: Any) -> AssessmentFacts:
    """Return a New Quiz like `quiz`."""
    return quiz(**{"kind": AssessmentKind.NEW_QUIZ, "canvas_quiz_id": None, "submission_types": (), **fields})


def homework(**fields: Any) -> AssessmentFacts:
    """Return a published assignment that opens and is due within the week, and takes one upload."""
    given = {
        "name": "Homework 1",
        "kind": AssessmentKind.ASSIGNMENT,
        "canvas_assignment_id": 12,
        "base_dates": Dates(OPENS, OPENS + 3 * DAY, OPENS + 4 * DAY),
        "allowed_attempts": 1,
        "submission_types": ("online_upload",),
    }
    return AssessmentFacts(**{**given, **fields})


def wide(**fields: Any) -> AssessmentFacts:
    """Return a quiz whose window has room for any extra time."""
    return quiz(**{"base_dates": Dates(OPENS, OPENS + 2 * DAY, OPENS + 2 * DAY), **fields})


def student(user: int = ANA, state: EnrollmentState = EnrollmentState.ACTIVE, **fields: Any) -> StudentFacts:
    """Return a student of one section."""
    return StudentFacts(**{"canvas_user_id": user, "sections": ((SECTION, state),), **fields})


def ad_hoc(*users: int, override_id: int = 900, title: str = "1 student", **dates: Any) -> ObservedOverride:
    """Return an ad-hoc override; dates that are named are overridden."""
    return _override(OverrideTarget.AD_HOC, override_id, title, dates, canvas_user_ids=frozenset(users))


def section_override(section: int = SECTION, override_id: int = 700, **dates: Any) -> ObservedOverride:
    """Return an override of a section."""
    return _override(OverrideTarget.SECTION, override_id, "Section", dates, canvas_target_id=section)


def _override(
    target: OverrideTarget, override_id: int, title: str, dates: dict[str, Any], **fields: Any
) -> ObservedOverride:
    def setting(name: str) -> DateSetting:
        return overridden_to(dates[name]) if name in dates else NOT_OVERRIDDEN

    return ObservedOverride(
        override_id,
        title,
        target,
        unlock=setting("unlock"),
        due=setting("due"),
        lock=setting("lock"),
        unassigns=dates.get("unassigns", False),
        canvas_module_id=dates.get("module"),
        **fields,
    )


def course(**fields: Any) -> CourseSummary:
    """Return a running course in New York."""
    given = {
        "canvas_course_id": 1,
        "name": "Biology",
        "course_code": "BIO 1",
        "state": CourseState.AVAILABLE,
        "time_zone": "America/New_York",
        "canvas_term_id": 3,
        "ends_at": NOW + 60 * DAY,
    }
    return CourseSummary(**{**given, **fields})


def time(multiplier: str | None = "1.5", *, minutes: int | None = None, per_hour: int | None = None) -> ExtraTime:
    """Return extra time: a multiplier, minutes, or minutes per hour."""
    if per_hour is not None:
        return ExtraTime(ExtraTimeMethod.MINUTES_PER_HOUR, minutes=per_hour)
    if minutes is not None:
        return ExtraTime(ExtraTimeMethod.MINUTES, minutes=minutes)
    return ExtraTime(ExtraTimeMethod.MULTIPLIER, multiplier=Decimal(multiplier or "1.5"))


NO_LIMIT = ExtraTime(ExtraTimeMethod.NO_LIMIT)
TWO_DAYS = DateShift(2, ShiftUnit.DAYS)
ONE_MORE = ExtraAttempts(1)


def exact(*, sitting: bool = False, unlock: Any = None, due: Any = None, lock: Any = None) -> ExactDates:
    """Return exact dates."""
    return ExactDates(Dates(unlock, due, lock), is_other_sitting=sitting)


def rule(amount: Any, **fields: Any) -> AccommodationRule:
    """Return a rule of Ana's for every course, in force all term."""
    given = {
        "accommodation_id": 1,
        "canvas_user_id": ANA,
        "amount": amount,
        "scope": Scope.EVERY_COURSE,
        "effective_from": date(2025, 9, 1),
    }
    return AccommodationRule(**{**given, **fields})


def settings(**fields: Any) -> PlanningSettings:
    """Return the institution's settings, in New York."""
    return PlanningSettings(**{"institution_time_zone": "America/New_York", "title_key": KEY, **fields})


def facts(*assessments: AssessmentFacts, read: bool = True, **fields: Any) -> CourseFacts:
    """Return a course with Ana in it; unless told otherwise everything that can be read was read."""
    keys = frozenset(assessment.key for assessment in assessments) if read else frozenset()
    given = {
        "course": course(),
        "read_at": NOW,
        "token_time_zone": "America/Denver",
        "assessments": assessments,
        "students": (student(),),
        "extensions_read": keys,
        "submissions_read": keys,
    }
    return CourseFacts(**{**given, **fields})


def inputs(course_facts: CourseFacts, *amounts: Any, **fields: Any) -> PlanningInputs:
    """Return planning inputs with one rule of Ana's for each amount (or rule) given."""
    rules = tuple(
        amount if isinstance(amount, AccommodationRule) else rule(amount, accommodation_id=number)
        for number, amount in enumerate(amounts, start=1)
    )
    return PlanningInputs(**{"facts": course_facts, "rules": rules, "settings": settings(), "now": NOW, **fields})


def with_overrides(assessment: AssessmentFacts, *overrides: ObservedOverride) -> AssessmentFacts:
    """Return the assessment with these overrides."""
    return replace(assessment, overrides=overrides)


def only_pair(plan: Plan) -> PairOutcome:
    """Return the one pair of a plan."""
    (pair,) = plan.pairs
    return pair
