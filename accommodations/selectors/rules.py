"""What planning needs of one course, gathered from the database: rules, exceptions, releases, ledger, what we knew."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accommodations.models import (
    Accommodation,
    Course,
    CourseRelease,
    Enrollment,
    GonePerson,
    InstitutionSettings,
    PairHold,
    PairStatus,
    Student,
)
from accommodations.planning.plan import (
    Hold,
    HoldKind,
    PlanningInputs,
    PreviousFailure,
)
from accommodations.planning.rules import (
    AccommodationRule,
    Amount,
    DateShift,
    ExactDates,
    ExceptionRule,
    ExtraAttempts,
    ExtraTime,
    ExtraTimeMethod,
    PlanningSettings,
    Scope,
    ShiftUnit,
    WindowMode,
)
from accommodations.planning.statuses import Reason
from accommodations.selectors.standing import (
    by_course,
    holds_and_exceptions,
    standing_in,
    standing_ledger,
    unheard_actions,
)
from canvas_bridge.facts import AssessmentKind, CourseFacts, Dates, EnrollmentFacts, EnrollmentState

Row = TypeVar("Row")
FAILURES = (Reason.REFUSED.value, Reason.UNREACHABLE.value, Reason.PERMISSION_MISSING.value)
COUNTING = Q(status__in=(Accommodation.Status.APPROVED, Accommodation.Status.ACTIVE)) | Q(
    # What has run out still counts for an assessment whose window it touched: planning looks at the days.
    status=Accommodation.Status.ENDED,
    end_reason=Accommodation.EndReason.EXPIRED,
)


def counting_accommodations() -> QuerySet[Accommodation]:
    """Return the accommodations that planning must see; drafts, revoked and replaced ones are not among them."""
    return Accommodation.objects.filter(COUNTING)


def concerned_students(course: Course) -> QuerySet[Student]:
    """Return the students of a course for whom anything is to be planned: an accommodation, or something of ours."""
    has_rule = Q(pk__in=counting_accommodations().values("student"))
    has_ours = Q(pk__in=standing_ledger([course]).values("student"))
    has_pair = Q(pk__in=PairStatus.objects.filter(course=course).values("student"))
    has_unknown = Q(pk__in=unheard_actions().filter(assessment__course=course).values("student"))
    # A hold ends with the accommodation: the sync that ends it must see the student, though no pair is told any more.
    held = PairHold.objects.filter(released_at=None, kind=HoldKind.UNDONE.value, assessment__course=course)
    has_hold = Q(pk__in=held.values("student"))
    concerned = has_rule | has_ours | has_pair | has_unknown | has_hold
    return Student.objects.filter(Q(enrollments__course=course) & concerned).distinct()


def enrollment_facts(course: Course, students: Iterable[Student]) -> tuple[EnrollmentFacts, ...]:
    """Return the mirrored enrollments of these students in the course, as the bridge knows them."""
    rows = Enrollment.objects.filter(course=course, student__in=students).select_related("student").order_by("pk")
    return tuple(
        EnrollmentFacts(
            canvas_enrollment_id=row.canvas_enrollment_id,
            canvas_user_id=row.student.canvas_user_id,
            canvas_course_id=course.canvas_course_id,
            canvas_section_id=row.canvas_section_id,
            role_type="StudentEnrollment",
            state=EnrollmentState(row.state),
        )
        for row in rows
    )


def amount_of(accommodation: Accommodation) -> Amount:
    """Return what the accommodation grants, as planning knows it."""
    provision = Accommodation.Provision(accommodation.provision)
    if provision is Accommodation.Provision.EXTRA_TIME:
        return ExtraTime(
            method=ExtraTimeMethod(accommodation.extra_time_method),
            multiplier=accommodation.multiplier,
            minutes=accommodation.minutes,
        )
    if provision is Accommodation.Provision.EXTRA_ATTEMPTS:
        return ExtraAttempts(attempts=accommodation.attempts or 0)
    if accommodation.shift_amount:
        return DateShift(amount=accommodation.shift_amount, unit=ShiftUnit(accommodation.shift_unit))
    dates = Dates(accommodation.exact_unlock_at, accommodation.exact_due_at, accommodation.exact_lock_at)
    return ExactDates(dates=dates, is_other_sitting=accommodation.is_other_sitting)


def rule_of(accommodation: Accommodation) -> AccommodationRule:
    """Return an accommodation, stored or not yet stored, as planning sees it."""
    term, course, assessment = accommodation.term, accommodation.course, accommodation.assessment
    return AccommodationRule(
        accommodation_id=accommodation.pk or 0,
        canvas_user_id=accommodation.student.canvas_user_id,
        amount=amount_of(accommodation),
        scope=Scope(accommodation.scope),
        effective_from=accommodation.effective_from,
        effective_until=accommodation.effective_until,
        canvas_term_id=term.canvas_term_id if term else None,
        canvas_course_id=course.canvas_course_id if course else None,
        assessment_key=assessment.key if assessment else None,
        kinds=frozenset(AssessmentKind(kind) for kind in accommodation.kinds),
        assignment_groups=frozenset(accommodation.assignment_groups),
        replaces_broader=accommodation.replaces_broader,
        may_pass_end=accommodation.may_pass_end,
    )


def enrollments_to_plan(courses: Collection[Course], *, student: Student | None = None) -> QuerySet[Enrollment]:
    """Return the enrollments of one student in the courses, else of all with a rule or in need of a release.

    Each is told whether the student has a release there (`is_released`), and is gone from Canvas (`is_gone`).
    """
    is_concerned = Q(student__in=counting_accommodations().values("student")) | Q(student__needs_release=True)
    released = CourseRelease.objects.filter(course=OuterRef("course"), student=OuterRef("student"))
    rows = Enrollment.objects.filter(is_concerned if student is None else Q(student=student), course__in=courses)
    gone = GonePerson.objects.filter(student=OuterRef("student"), decision="")
    rows = rows.annotate(is_released=Exists(released), is_gone=Exists(gone))
    return rows.select_related("student").order_by("pk")


def _by_their_course(enrollments: Iterable[Enrollment]) -> dict[int, list[Enrollment]]:
    return by_course((row.course_id, row) for row in enrollments)


def _not_released(enrollments: Iterable[Enrollment]) -> frozenset[int]:
    return frozenset(
        row.student.canvas_user_id
        for row in enrollments
        if row.student.needs_release and not row.is_released  # type: ignore[attr-defined]  # annotated
    )


def _gone(enrollments: Iterable[Enrollment]) -> frozenset[int]:
    return frozenset(row.student.canvas_user_id for row in enrollments if getattr(row, "is_gone", False))


def _rules_of_courses(
    enrollments: Mapping[int, list[Enrollment]], accommodations: Collection[Accommodation] | None = None
) -> dict[int, tuple[AccommodationRule, ...]]:
    """Return the rules by course, in the order in which they were recorded; each accommodation is read once."""
    enrolled = {course: {row.student_id for row in listed} for course, listed in enrollments.items()}
    if accommodations is None:
        found = counting_accommodations().filter(student__in=set().union(*enrolled.values()))
        accommodations = list(found.select_related("student", "term", "course", "assessment"))
    rules = [(row.student_id, rule_of(row)) for row in sorted(accommodations, key=lambda row: row.pk)]
    of_course = {
        course: tuple(rule for student_id, rule in rules if student_id in students)
        for course, students in enrolled.items()
    }
    return defaultdict(tuple, of_course)


def planning_settings(institution: InstitutionSettings | None = None) -> PlanningSettings:
    """Return the institution's settings as planning sees them; those that a page has read are not read again."""
    row = institution or InstitutionSettings.current()
    return PlanningSettings(
        institution_time_zone=row.time_zone,
        title_key=settings.LEEWAY_TITLE_KEY.encode(),
        exam_window_minutes=row.exam_window_minutes,
        window_mode=WindowMode(row.window_mode),
        holidays=frozenset(date.fromisoformat(day) for day in row.holidays),
        nobody_sets_new_quizzes_by_hand=row.nobody_sets_new_quizzes_by_hand,
    )


def institution_today(now: datetime) -> date:
    """Return the day that it is at the institution."""
    return now.astimezone(ZoneInfo(InstitutionSettings.current().time_zone)).date()


def planning_inputs(
    course: Course, facts: CourseFacts, *, now: datetime, failures: tuple[PreviousFailure, ...] = ()
) -> PlanningInputs:
    """Return all that a plan of the course depends on, save the safety guard (`services.guard.plan_guarded`)."""
    inputs = planning_inputs_of_courses({course: facts}, now=now)[course.pk]
    return replace(inputs, failures=failures)


def planning_inputs_of_courses(
    facts: Mapping[Course, CourseFacts],
    *,
    now: datetime,
    enrollments: Iterable[Enrollment] | None = None,
    institution: InstitutionSettings | None = None,
    only: PairStatus | None = None,
    accommodations: Collection[Accommodation] | None = None,
) -> dict[int, PlanningInputs]:
    """Return the same for several courses by their numbers, in as many queries as for one.

    `enrollments` (of `enrollments_to_plan`) narrows whose rules are read: for a preview, whose facts hold one student.
    `accommodations` are those of the enrolled that count, where the caller has read them.
    `only` is the one pair that somebody wants to know of, with what is known of it: others are not read.
    """
    courses = list(facts)
    settings_now = planning_settings(institution)
    today = now.astimezone(ZoneInfo(settings_now.institution_time_zone)).date()
    enrolled = _by_their_course(enrollments_to_plan(courses) if enrollments is None else enrollments)
    rules = _rules_of_courses(enrolled, accommodations)
    standing = standing_in(courses, today=today, only=only)
    return {
        course.pk: PlanningInputs(
            facts=of_course,
            rules=rules[course.pk],
            settings=settings_now,
            now=now,
            not_released=_not_released(enrolled[course.pk]),
            gone=_gone(enrolled[course.pk]),
            **standing[course.pk].inputs(),
        )
        for course, of_course in facts.items()
    }


def _pair_key(pair: PairStatus) -> tuple[int, str]:
    return pair.student.canvas_user_id, pair.assessment.key


def stored_failures(course: Course) -> dict[tuple[int, str], PreviousFailure]:
    """Return what Canvas refused or did not answer last time, by pair: it is tried again, and shown until it works."""
    rows = PairStatus.objects.filter(course=course, reason__in=FAILURES).select_related("student", "assessment")
    return {
        _pair_key(row): PreviousFailure(*_pair_key(row), reason=Reason(row.reason), message=row.failure_message)
        for row in rows.defer("outcome")
    }


def decisions_fingerprint(course: Course, *, now: datetime) -> str:
    """Return a digest of everything that people have decided for the course by now."""
    enrolled = _by_their_course(enrollments_to_plan([course]))
    decided = holds_and_exceptions(course, today=institution_today(now))
    return _digest_of_decisions(
        _rules_of_courses(enrolled)[course.pk],
        decided.exceptions,
        _not_released(enrolled[course.pk]),
        decided.holds,
    )


def fingerprint_of(inputs: PlanningInputs) -> str:
    """Return the same digest of the decisions that a plan was made from: where they differ, the plan is old (F27)."""
    return _digest_of_decisions(inputs.rules, inputs.exceptions, inputs.not_released, inputs.holds)


def _digest_of_decisions(
    rules: Iterable[AccommodationRule],
    exceptions: Iterable[ExceptionRule],
    not_released: Iterable[int],
    holds: Iterable[Hold],
) -> str:
    decided = (sorted(map(repr, rules)), sorted(map(repr, exceptions)), sorted(not_released), list(holds))
    return hashlib.sha256(repr(decided).encode()).hexdigest()
