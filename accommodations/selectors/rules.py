"""What planning needs of one course, gathered from the database: rules, exceptions, releases, ledger, what we knew."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accommodations.codec import from_stored
from accommodations.models import (
    Accommodation,
    AccommodationException,
    Assessment,
    Course,
    CourseRelease,
    Enrollment,
    InstitutionSettings,
    LedgerEntry,
    PairHold,
    PairStatus,
    Student,
    SyncAction,
)
from accommodations.planning.plan import (
    Hold,
    HoldKind,
    LedgerExtension,
    LedgerOverride,
    PlanningInputs,
    PreviousFailure,
    PreviousPair,
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
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.holds import holds_of_courses
from canvas_bridge.facts import AssessmentKind, CourseFacts, Dates, EnrollmentFacts, EnrollmentState

Row = TypeVar("Row")
BY_HAND_KINDS = (AssessmentKind.EXTERNAL_TOOL, AssessmentKind.ON_PAPER, AssessmentKind.NO_SUBMISSION)
FAILURES = (Reason.REFUSED.value, Reason.UNREACHABLE.value, Reason.PERMISSION_MISSING.value)
_PAIR_FIELDS = (
    "course_id",
    "student__canvas_user_id",
    "assessment__key",
    "status",
    "reason",
    "settled_at",
    "assessment__kind",
)
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
    has_ours = Q(pk__in=LedgerEntry.objects.filter(taken_back_at=None, assessment__course=course).values("student"))
    has_pair = Q(pk__in=PairStatus.objects.filter(course=course).values("student"))
    has_unknown = Q(pk__in=unheard_actions().filter(assessment__course=course).values("student"))
    # A hold ends with the accommodation: the sync that ends it must see the student, though no pair is told any more.
    held = PairHold.objects.filter(released_at=None, kind=HoldKind.UNDONE.value, assessment__course=course)
    has_hold = Q(pk__in=held.values("student"))
    concerned = has_rule | has_ours | has_pair | has_unknown | has_hold
    return Student.objects.filter(Q(enrollments__course=course) & concerned).distinct()


def unheard_actions() -> QuerySet[SyncAction]:
    """Return the actions that were sent and of which nobody knows what became."""
    return SyncAction.objects.filter(status__in=(SyncAction.Status.UNKNOWN, SyncAction.Status.STARTED))


def uncertain_extensions(course: Course) -> frozenset[tuple[int, str]]:
    """Return the pairs of which nobody knows what their New Quiz holds: it cannot be read.

    A row stays unheard until a later write of the same values is accepted (`services.unknowns`).
    """
    return frozenset(_uncertain_extensions([course])[course.pk])


def _uncertain_extensions(courses: Collection[Course]) -> dict[int, list[tuple[int, str]]]:
    rows = unheard_actions().filter(assessment__course__in=courses, action__change__type="SetNewQuizAccommodation")
    found = rows.values_list("assessment__course", "student__canvas_user_id", "assessment__key")
    return _by_course((course, (user, key)) for course, user, key in found)


def _by_course(rows: Iterable[tuple[int, Row]]) -> dict[int, list[Row]]:
    """Return the rows by their course's number; a course without any has an empty list."""
    by_course: defaultdict[int, list[Row]] = defaultdict(list)
    for course_id, row in rows:
        by_course[course_id].append(row)
    return by_course


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

    Each is told whether the student has a release there (`is_released`).
    """
    is_concerned = Q(student__in=counting_accommodations().values("student")) | Q(student__needs_release=True)
    released = CourseRelease.objects.filter(course=OuterRef("course"), student=OuterRef("student"))
    rows = Enrollment.objects.filter(is_concerned if student is None else Q(student=student), course__in=courses)
    return rows.annotate(is_released=Exists(released)).select_related("student").order_by("pk")


def _by_their_course(enrollments: Iterable[Enrollment]) -> dict[int, list[Enrollment]]:
    return _by_course((row.course_id, row) for row in enrollments)


def _not_released(enrollments: Iterable[Enrollment]) -> frozenset[int]:
    return frozenset(
        row.student.canvas_user_id
        for row in enrollments
        if row.student.needs_release and not row.is_released  # type: ignore[attr-defined]  # annotated
    )


def _rules_of_courses(enrollments: Mapping[int, list[Enrollment]]) -> dict[int, tuple[AccommodationRule, ...]]:
    """Return the rules by course, in the order in which they were recorded; each accommodation is read once."""
    enrolled = {course: {row.student_id for row in listed} for course, listed in enrollments.items()}
    rows = counting_accommodations().filter(student__in=set().union(*enrolled.values())).order_by("pk")
    rules = [(row.student_id, rule_of(row)) for row in rows.select_related("student", "term", "course", "assessment")]
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


def exceptions_for(course: Course, *, now: datetime) -> tuple[ExceptionRule, ...]:
    """Return the exceptions that stand in the course today."""
    return tuple(_exceptions_of_courses([course], today=institution_today(now))[course.pk])


def _exceptions_of_courses(courses: Collection[Course], *, today: date) -> dict[int, list[ExceptionRule]]:
    rows = AccommodationException.objects.filter(
        course__in=courses, withdrawn_at=None, effective_until__gte=today
    ).select_related("student", "assessment")
    return _by_course((row.course_id, _exception_of(row)) for row in rows.order_by("pk"))


def _exception_of(row: AccommodationException) -> ExceptionRule:
    return ExceptionRule(
        canvas_user_id=row.student.canvas_user_id,
        assessment_key=row.assessment.key if row.assessment else None,
        reason=row.reason,
    )


def standing_ledger(course: Course) -> QuerySet[LedgerEntry]:
    """Return what we put into the course and have not taken back."""
    return _standing_ledger([course])


def _standing_ledger(courses: Collection[Course]) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(assessment__course__in=courses, taken_back_at=None).order_by("pk")


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
) -> dict[int, PlanningInputs]:
    """Return the same for several courses by their numbers, in as many queries as for one.

    `enrollments` (of `enrollments_to_plan`) narrows whose rules are read: for a preview, whose facts hold one student.
    `only` is the one pair that somebody wants to know of, with what is known of it: others are not read.
    """
    courses = list(facts)
    settings_now = planning_settings(institution)
    today = now.astimezone(ZoneInfo(settings_now.institution_time_zone)).date()
    enrolled = _by_their_course(enrollments_to_plan(courses) if enrollments is None else enrollments)
    rules = _rules_of_courses(enrolled)
    exceptions = _exceptions_of_courses(courses, today=today)
    ledger = _by_course(
        (row.assessment.course_id, row) for row in _standing_ledger(courses).select_related("assessment")
    )
    pairs = _by_course((course, row) for course, *row in _known_pairs(courses, only))
    uncertain = {} if only is not None and not _is_new_quiz(only) else _uncertain_extensions(courses)
    holds = holds_of_courses(courses)
    marked = _marked_exams(courses, only)
    return {
        course.pk: PlanningInputs(
            facts=of_course,
            rules=rules[course.pk],
            settings=settings_now,
            now=now,
            exceptions=tuple(exceptions[course.pk]),
            not_released=_not_released(enrolled[course.pk]),
            uncertain_extensions=frozenset(uncertain.get(course.pk, ())),
            holds=tuple(holds[course.pk]),
            marked_exams=frozenset(marked[course.pk]),
            **_ours(ledger[course.pk]),
            **_known(pairs[course.pk]),
        )
        for course, of_course in facts.items()
    }


def _known_pairs(courses: Collection[Course], only: PairStatus | None) -> Iterable[Sequence[Any]]:
    if only is None:
        return PairStatus.objects.filter(course__in=courses).values_list(*_PAIR_FIELDS)
    user, assessment = only.student.canvas_user_id, only.assessment
    return [(only.course_id, user, assessment.key, only.status, only.reason, only.settled_at, assessment.kind)]


def _is_new_quiz(pair: PairStatus) -> bool:
    return pair.assessment.kind == AssessmentKind.NEW_QUIZ


def _marked_exams(courses: Collection[Course], only: PairStatus | None) -> dict[int, list[str]]:
    if only is not None:
        return _by_course([(only.course_id, only.assessment.key)] if only.assessment.is_marked_exam else ())
    return _by_course(Assessment.objects.filter(course__in=courses, is_marked_exam=True).values_list("course", "key"))


def _ours(ledger: Iterable[LedgerEntry]) -> dict[str, Any]:
    """Return what we put into a course, as planning is told of it."""
    listed = list(ledger)
    return {
        "ledger_extensions": tuple(_extension_of(row) for row in listed if row.part == LedgerEntry.Part.EXTENSION),
        "ledger_overrides": tuple(
            from_stored(LedgerOverride, row.value) for row in listed if row.part == LedgerEntry.Part.OVERRIDE
        ),
    }


def _known(pairs: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """Return what was known of a course's pairs, as planning is told of it."""
    listed = list(pairs)
    return {
        "previous": tuple(
            PreviousPair(user, key, Status(status), Reason(reason)) for user, key, status, reason, *_ in listed
        ),
        "done_by_hand": frozenset(
            (user, key) for user, key, _, _, settled_at, kind in listed if settled_at and kind in BY_HAND_KINDS
        ),
    }


def _extension_of(row: LedgerEntry) -> LedgerExtension:
    """Return what we put, with the age of its proof: the last reading, else Canvas's own answer."""
    return replace(from_stored(LedgerExtension, row.value), confirmed_at=row.confirmed_at or row.put_at)


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
    return _digest_of_decisions(
        _rules_of_courses(enrolled)[course.pk],
        exceptions_for(course, now=now),
        _not_released(enrolled[course.pk]),
        holds_of_courses([course])[course.pk],
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
