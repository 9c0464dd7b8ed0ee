"""Hypothesis strategies for planning: courses, overrides, sections, rules, and what stands in Canvas before us."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from accommodations.planning.plan import PlanningInputs
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
    WindowMode,
)
from canvas_bridge.facts import (
    CLASSIC_KINDS,
    UNGRADED_KINDS,
    AssessmentFacts,
    AssessmentKind,
    CourseFacts,
    CourseState,
    CourseSummary,
    Dates,
    EnrollmentState,
    GradingPeriod,
    ObservedAttempt,
    ObservedOverride,
    OverrideTarget,
    StudentFacts,
)
from tests.strategies_of_overrides import (
    GROUPS,
    HOUR,
    NOW,
    SECTIONS,
    WITH_RULES,
    WITHOUT_RULES,
    dates,
    module_overrides,
    one_in,
    overrides,
    settings_of_override,
)

OBSTACLES = ("in_closed_grading_period", "dates_locked_by_blueprint", "in_paced_course", "has_checkpoints")
KINDS = st.sampled_from(
    [AssessmentKind.CLASSIC_QUIZ] * 4
    + [AssessmentKind.NEW_QUIZ] * 2
    + [AssessmentKind.ASSIGNMENT] * 4
    + [
        AssessmentKind.DISCUSSION,
        AssessmentKind.PRACTICE_QUIZ,
        AssessmentKind.ON_PAPER,
        AssessmentKind.EXTERNAL_TOOL,
        AssessmentKind.NO_SUBMISSION,
    ]
)


@st.composite
def shared_ahead(draw: st.DrawFn, number: int) -> AssessmentFacts:
    """Return homework ahead, on which an instructor gave several students one override: they may leave it (R2)."""
    opens_at = NOW + draw(st.sampled_from([1, 2, 30])) * HOUR
    base = Dates(opens_at, opens_at + 96 * HOUR, draw(st.sampled_from([None, opens_at + 120 * HOUR])))
    given = draw(settings_of_override(base, is_future=True))
    named = draw(st.sampled_from([(1, 2), (1, 2), (1, 2, 3), (1, 3), (2, 3)]))
    shared = ObservedOverride(100 * number, f"{len(named)} students", OverrideTarget.AD_HOC, frozenset(named), **given)
    return AssessmentFacts(
        name=f"homework {number}",
        kind=AssessmentKind.ASSIGNMENT,
        canvas_assignment_id=100 + number,
        is_published=not draw(one_in(5)),
        base_dates=base,
        allowed_attempts=1,
        submission_types=("online_upload",),
        overrides=(shared, *draw(module_overrides(number))) if draw(one_in(6)) else (shared,),
    )


@st.composite
def assessments(draw: st.DrawFn, number: int, *, is_future: bool = False) -> AssessmentFacts:
    """Return one assessment with overrides of every kind and, now and then, something in the way."""
    if draw(one_in(8)):
        return draw(shared_ahead(number))
    kind = draw(KINDS)
    is_quiz = kind in (AssessmentKind.CLASSIC_QUIZ, AssessmentKind.NEW_QUIZ, AssessmentKind.PRACTICE_QUIZ)
    obstacle = draw(st.sampled_from([""] * 24 + list(OBSTACLES)))
    base = draw(dates(is_future=is_future))
    facts = AssessmentFacts(
        name=f"{kind.value} {number}",
        kind=kind,
        canvas_assignment_id=None if kind in UNGRADED_KINDS else 100 + number,
        canvas_quiz_id=200 + number if is_quiz and kind is not AssessmentKind.NEW_QUIZ else None,
        is_published=not draw(one_in(5)),
        base_dates=base,
        only_visible_to_overrides=draw(one_in(8)),
        time_limit_minutes=draw(st.sampled_from([None, 30, 60, 60, 90, 200, 240])) if is_quiz else None,
        allowed_attempts=draw(st.sampled_from([None, 1, 1, 3])),
        submission_types=("online_upload",) if kind is AssessmentKind.ASSIGNMENT else (),
        canvas_group_category_id=7 if not is_quiz and draw(one_in(10)) else None,
        overrides=() if kind in UNGRADED_KINDS else draw(overrides(number, base, is_future=is_future)),
    )
    return replace(facts, **{obstacle: True}) if obstacle else facts


@st.composite
def students(draw: st.DrawFn, user: int) -> StudentFacts:
    """Return a student of one or two sections, in any state."""
    state = st.sampled_from([EnrollmentState.ACTIVE] * 6 + [EnrollmentState.INVITED, EnrollmentState.COMPLETED])
    chosen = draw(st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=2, unique=True))
    return StudentFacts(
        canvas_user_id=user,
        sections=tuple((section, draw(state)) for section in chosen),
        canvas_group_ids=frozenset(draw(st.sets(st.sampled_from(GROUPS), max_size=1))),
    )


extra_times = st.one_of(
    st.builds(
        lambda hundredths: ExtraTime(ExtraTimeMethod.MULTIPLIER, multiplier=Decimal(hundredths) / 100),
        st.integers(101, 1000),
    ),
    st.builds(lambda minutes: ExtraTime(ExtraTimeMethod.MINUTES, minutes=minutes), st.integers(1, 300)),
    st.builds(lambda minutes: ExtraTime(ExtraTimeMethod.MINUTES_PER_HOUR, minutes=minutes), st.integers(1, 60)),
    st.just(ExtraTime(ExtraTimeMethod.NO_LIMIT)),
)
shifts = st.builds(DateShift, st.integers(1, 10), st.sampled_from(ShiftUnit))
amounts = st.one_of(extra_times, extra_times, st.builds(ExtraAttempts, st.integers(1, 5)), shifts, shifts)


@st.composite
def exact_dates(draw: st.DrawFn) -> ExactDates:
    """Return exact dates, now and then as another sitting that staff confirmed."""
    drawn = draw(dates())
    return ExactDates(drawn, is_other_sitting=drawn.unlock_at is not None and draw(st.booleans()))


@st.composite
def rules(draw: st.DrawFn, *, most: int = 4) -> tuple[AccommodationRule, ...]:
    """Return rules of the students who have accommodations, of every scope."""
    drawn = []
    for number in range(draw(st.sampled_from([0, 1, 2, 2, 3, *range(1, most + 1)]))):
        scope = draw(st.sampled_from([Scope.EVERY_COURSE] * 4 + [Scope.ASSESSMENT] * 2 + list(Scope)))
        drawn.append(
            AccommodationRule(
                accommodation_id=number + 1,
                canvas_user_id=draw(st.sampled_from(WITH_RULES)),
                amount=draw(exact_dates() if scope is Scope.ASSESSMENT and draw(st.booleans()) else amounts),
                scope=scope,
                effective_from=date(2025, 9, 1),
                effective_until=draw(st.sampled_from([None, None, None, date(2025, 11, 4)])),
                canvas_term_id=3,
                canvas_course_id=1,
                assessment_key="assignment:101",
                kinds=draw(st.sampled_from([frozenset()] * 4 + [frozenset({AssessmentKind.CLASSIC_QUIZ})])),
                replaces_broader=draw(one_in(6)),
            )
        )
    if drawn and draw(
        st.booleans()
    ):  # the same for another student: those who share an override then leave it together
        (other,) = set(WITH_RULES) - {drawn[0].canvas_user_id}
        drawn.append(replace(drawn[0], accommodation_id=9, canvas_user_id=other))
    return tuple(drawn)


ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
)


def _periods(ends_in_hours: int, *, first_is_closed: bool) -> tuple[GradingPeriod, ...]:
    """Return two halves of a term that meet so many hours from now; the first may be closed to grades already."""
    ends = NOW + ends_in_hours * HOUR
    closes = NOW - HOUR if first_is_closed else ends + 24 * HOUR
    return (
        GradingPeriod("First half", NOW - timedelta(days=60), ends, closes),
        GradingPeriod("Second half", ends, NOW + timedelta(days=60), NOW + timedelta(days=70)),
    )


PERIODS = (
    _periods(-30, first_is_closed=True),
    _periods(3, first_is_closed=False),
    _periods(60, first_is_closed=False),
    _periods(60, first_is_closed=True),
)
"""The second half begins before now, soon, and in the midst of what is assigned."""


@st.composite
def planning_inputs(draw: st.DrawFn, *, most_rules: int = 4, is_future: bool = False) -> PlanningInputs:
    """Return the inputs of a course that Leeway has never touched, with nothing read beyond the course itself."""
    count = draw(st.integers(1, 3))
    course = CourseSummary(
        canvas_course_id=1,
        name="Biology",
        course_code="BIO 1",
        state=draw(st.sampled_from([CourseState.AVAILABLE] * 10 + [CourseState.COMPLETED, CourseState.UNPUBLISHED])),
        time_zone=draw(st.sampled_from(ZONES)),
        canvas_term_id=3,
        ends_at=draw(st.sampled_from([None, NOW + timedelta(days=5), NOW + timedelta(days=90)])),
        grading_periods=draw(st.sampled_from([None, None, (), *PERIODS])),
    )
    facts = CourseFacts(
        course=course,
        read_at=NOW,
        token_time_zone=draw(st.sampled_from([*ZONES, "UTC", "America/Denver"])),
        assessments=tuple(draw(assessments(number, is_future=is_future)) for number in range(1, count + 1)),
        students=tuple(draw(students(user)) for user in (*WITH_RULES, WITHOUT_RULES)),
    )
    return PlanningInputs(
        facts=facts,
        rules=draw(rules(most=most_rules)),
        settings=PlanningSettings(
            institution_time_zone="America/New_York",
            title_key=b"a key for tests",
            window_mode=draw(st.sampled_from(WindowMode)),
            holidays=frozenset({date(2025, 11, 11)}),
        ),
        now=NOW,
    )


def extensions_of(inputs: PlanningInputs) -> st.SearchStrategy[dict[tuple[int, str], tuple[int, int]]]:
    """Return what extensions somebody else has put into Canvas: a few, on anything but New Quizzes."""
    keys = [
        (student.canvas_user_id, assessment.key)
        for student in inputs.facts.students
        for assessment in inputs.facts.assessments
        if assessment.kind is not AssessmentKind.NEW_QUIZ
    ]
    return (
        st.dictionaries(st.sampled_from(keys), st.tuples(st.integers(0, 60), st.integers(0, 3)), max_size=3)
        if keys
        else st.just({})
    )


def attempts_of(inputs: PlanningInputs) -> st.SearchStrategy[tuple[ObservedAttempt, ...]]:
    """Return attempts that students have begun on open classic quizzes: one that runs, or one that is handed in."""
    keys = [
        (student.canvas_user_id, one.key, one.time_limit_minutes)
        for student in inputs.facts.students
        for one in inputs.facts.assessments
        if one.kind in CLASSIC_KINDS and one.is_published
    ]
    if not keys:
        return st.just(())
    return st.lists(
        st.builds(_attempt, st.sampled_from(keys), st.sampled_from([5, 20, 55, 300]), st.booleans()),
        max_size=2,
        unique_by=lambda attempt: (attempt.canvas_user_id, attempt.assessment_key),
    ).map(tuple)


def _attempt(key: tuple[int, str, int | None], minutes_ago: int, is_running: bool) -> ObservedAttempt:
    user, assessment_key, limit = key
    started_at = NOW - timedelta(minutes=minutes_ago)
    return ObservedAttempt(
        assessment_key=assessment_key,
        canvas_user_id=user,
        canvas_quiz_submission_id=9000 + user,
        is_running=is_running,
        has_begun=True,
        started_at=started_at,
        end_at=None if limit is None else started_at + timedelta(minutes=limit),
        finished_at=None if is_running else started_at + timedelta(minutes=4),
    )


@dataclass(frozen=True)
class InstructorEdit:
    """One edit that an instructor makes in Canvas. Which override or student it meets is chosen when it is made."""

    kind: str
    position: int
    by: timedelta
    base_dates: Dates


EDITS = ("move the class", "change the limit", "move ours", "delete one", "renew", "fill", "empty", "moderate", "give")

instructor_edits = st.lists(
    st.builds(
        InstructorEdit,
        st.sampled_from(EDITS),
        st.integers(0, 11),
        st.sampled_from([-30, -2, -1, 1, 3, 50]).map(lambda number: number * HOUR),
        dates(),
    ),
    min_size=1,
    max_size=3,
)
