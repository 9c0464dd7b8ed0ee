"""Which runs and courses wait for a worker: queued and never delivered, or left by one that died."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from accommodations.models import (
    Course,
    CourseLease,
    CourseSync,
    Enrollment,
    LedgerEntry,
    PairHold,
    PairStatus,
    Student,
    SyncRun,
)
from accommodations.planning.plan import HoldKind
from accommodations.planning.statuses import Status
from accommodations.selectors.rules import counting_accommodations
from accommodations.selectors.standing import unheard_actions
from canvas_bridge.facts import CourseState, EnrollmentState

EXAM_HORIZON = timedelta(hours=48)
PLACES = {SyncRun.Trigger.FIRST: 6, SyncRun.Trigger.HOURLY: 6, SyncRun.Trigger.NIGHTLY: 9}
FIRST_PLACE = 3
"""The priority of a course's message, Redis taking the lowest first. What a person did, and exams, overtake the rounds;
0 is for what takes moments: preparing a run, the sweep, an alert."""
OVER_FOR = timedelta(days=14)
WORKING = (CourseSync.Status.OBSERVING, CourseSync.Status.APPLYING, CourseSync.Status.VERIFYING)
ENROLLED = tuple(state.value for state in EnrollmentState if state not in (
    EnrollmentState.REJECTED, EnrollmentState.DELETED
))  # fmt: skip


def delivery_patience() -> timedelta:
    """Return how long a message may take before the sweep sends another."""
    return timedelta(seconds=settings.DELIVERY_PATIENCE_SECONDS)


def due_course_syncs(*, now: datetime) -> QuerySet[CourseSync]:
    """Return course syncs that should be at work and that nobody has the lease for, most urgent first."""
    held = CourseLease.objects.filter(expires_at__gte=Now()).values("course")
    return (
        CourseSync.objects.filter(status__in=(CourseSync.Status.QUEUED, *WORKING), run__are_courses_known=True)
        .filter(Q(next_try_at=None) | Q(next_try_at__lte=now))
        .filter(Q(woken_at=None) | Q(woken_at__lt=now - delivery_patience()))
        .exclude(course__in=held)
        .order_by(_place(), "pk")
    )


def places_in_the_queue(course_sync_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return (course sync id, priority of its message), most urgent first."""
    found = CourseSync.objects.filter(pk__in=list(course_sync_ids)).annotate(place=_place()).order_by("place", "pk")
    return list(found.values_list("pk", "place"))


def _place() -> Case:
    return Case(
        *(When(run__trigger=trigger, then=Value(place)) for trigger, place in PLACES.items()),
        default=Value(FIRST_PLACE),
    )


def unprepared_runs(*, now: datetime) -> QuerySet[SyncRun]:
    """Return runs whose courses are not known yet and on which nobody seems to work."""
    return SyncRun.objects.filter(
        Q(woken_at=None, requested_at__lt=now - delivery_patience() / 4) | Q(woken_at__lt=now - delivery_patience()),
        status__in=(SyncRun.Status.QUEUED, SyncRun.Status.RUNNING),
        are_courses_known=False,
    ).order_by("pk")


def runs_left_open() -> QuerySet[SyncRun]:
    """Return runs that count as at work and of whose courses none is: a worker died before it had ended the run."""
    unfinished = CourseSync.objects.filter(run=OuterRef("pk")).exclude(
        status__in=(*CourseSync.ENDED_STATUSES, CourseSync.Status.PLANNED)
    )
    to_be_read = CourseSync.objects.filter(run=OuterRef("pk"), status=CourseSync.Status.PLANNED)
    return (
        SyncRun.objects.filter(status__in=SyncRun.ACTIVE_STATUSES, are_courses_known=True)
        .exclude(Exists(unfinished))
        .exclude(Exists(to_be_read), status=SyncRun.Status.READING)
        .order_by("pk")
    )


def courses_not_long_over(*, now: datetime) -> QuerySet[Course]:
    """Return courses that have not ended, or so recently that pages still show what became of them."""
    return Course.objects.exclude(state=CourseState.DELETED.value).filter(
        Q(ends_at=None) | Q(ends_at__gt=now - OVER_FOR)
    )


def courses_concerned(*, now: datetime, students: Iterable[Student] | None = None) -> QuerySet[Course]:
    """Return the courses in which something is to be planned for these students (None: for anybody)."""
    has_rule = Q(enrollments__state__in=ENROLLED, enrollments__student__in=counting_accommodations().values("student"))
    ours = LedgerEntry.objects.filter(taken_back_at=None)
    unheard = unheard_actions()
    if students is not None:
        has_rule &= Q(enrollments__student__in=students)
        ours, unheard = ours.filter(student__in=students), unheard.filter(student__in=students)
    has_ours = Q(pk__in=ours.values("assessment__course")) | Q(pk__in=unheard.values("assessment__course"))
    is_told = Q(pk__in=_pairs_of_nothing(students).values("course"))
    is_held = Q(pk__in=_holds_of_nothing(students).values("assessment__course"))
    return courses_not_long_over(now=now).filter(has_rule | has_ours | is_told | is_held).distinct()


def _pairs_of_nothing(students: Iterable[Student] | None) -> QuerySet[PairStatus]:
    """Return the pairs of students who left the course, or for whom nothing counts any more.

    One more sync takes them off the lists, also where nothing had been written yet.
    """
    enrolled = Enrollment.objects.filter(student=OuterRef("student"), course=OuterRef("course"), state__in=ENROLLED)
    counts = Q(student__in=counting_accommodations().values("student"))
    pairs = PairStatus.objects.exclude(status__in=(Status.MISSED.value, Status.PAST.value))
    pairs = pairs.filter(~Exists(enrolled) | ~counts)
    return pairs if students is None else pairs.filter(student__in=students)


def _holds_of_nothing(students: Iterable[Student] | None) -> QuerySet[PairHold]:
    """Return what was undone for students in the course for whom nothing counts any more: a sync ends these holds."""
    enrolled = Enrollment.objects.filter(
        student=OuterRef("student"), course=OuterRef("assessment__course"), state__in=ENROLLED
    )
    holds = PairHold.objects.filter(Exists(enrolled), released_at=None, kind=HoldKind.UNDONE.value)
    holds = holds.exclude(student__in=counting_accommodations().values("student"))
    return holds if students is None else holds.filter(student__in=students)


def students_to_read() -> QuerySet[Student]:
    """Return the students whose enrollments a nightly run reads: an accommodation, or something of ours in Canvas."""
    has_ours = LedgerEntry.objects.filter(taken_back_at=None).values("student")
    has_unheard = unheard_actions().values("student")
    return Student.objects.filter(
        Q(pk__in=counting_accommodations().values("student")) | Q(pk__in=has_ours) | Q(pk__in=has_unheard)
    )


def courses_with_exams_soon(*, now: datetime) -> QuerySet[Course]:
    """Return courses with an exam of a student with a grant that is open, or opens within 48 hours."""
    pairs = PairStatus.objects.filter(
        Q(opens_at=None) | Q(opens_at__lte=now + EXAM_HORIZON),
        Q(closes_at__gt=now) | Q(closes_at=None, opens_at__gt=now - EXAM_HORIZON),
        is_exam=True,
    ).exclude(status__in=(Status.PAST.value, Status.MISSED.value))
    return courses_not_long_over(now=now).filter(pk__in=pairs.values("course"))
