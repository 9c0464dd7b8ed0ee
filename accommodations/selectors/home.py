"""What home says: who is not covered and when it matters, how much is, and what is at work."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Count, Min, Q, QuerySet

from accommodations.models import Assessment, CanvasConnection, CourseSync, PairStatus, Student, SyncRun
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.coverage import Coverage, LeftOver, coverage_of, left_over
from accommodations.selectors.gaps import IS_GAP, IS_NO_OPEN_GAP
from accommodations.selectors.next_steps import NextStep, next_step, with_step_targets
from accommodations.selectors.visibility import Viewer, pairs_visible_to

AT_RISK_WITHIN = timedelta(days=7)
MOST_EXAMS = 12
MOST_NAMES = 3
NEXT_EXAMS = 6
_OPEN = Q(settled_at__isnull=True)


@dataclass(frozen=True, slots=True)
class ExamAtRisk:
    """An exam ahead, one reason, and the students who are not covered for it."""

    assessment: Assessment
    opens_at: datetime | None
    pair: PairStatus
    students: tuple[tuple[Student, int], ...]
    number: int
    step: NextStep | None

    @property
    def status(self) -> str:
        """Return the status of the students' pairs."""
        return self.pair.status


@dataclass(frozen=True, slots=True)
class NextExam:
    """An exam ahead and how many of its students are covered."""

    assessment_id: int
    name: str
    course_code: str
    opens_at: datetime
    needed: int
    in_place: int


@dataclass(frozen=True, slots=True)
class MissedLine:
    """A missed pair about which nobody has written yet, and its button."""

    pair: PairStatus
    step: NextStep | None


@dataclass(frozen=True, slots=True)
class RunAtWork:
    """A run that has not ended, in numbers."""

    run: SyncRun
    courses: int
    ended: int

    @property
    def quarter(self) -> int:
        """Return how many quarters of its courses are done."""
        return 4 * self.ended // self.courses if self.courses else 0


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on home that can change while one looks at it."""

    coverage: Coverage
    running: tuple[PairStatus, ...]
    at_risk: tuple[ExamAtRisk, ...]
    students_at_risk: int
    next_exams: tuple[NextExam, ...]
    runs: tuple[RunAtWork, ...]
    missed: tuple[MissedLine, ...]
    left_over: tuple[LeftOver, ...]

    @property
    def is_first_sync(self) -> bool:
        """Whether Canvas is being read for the first time."""
        return any(each.run.trigger == SyncRun.Trigger.FIRST for each in self.runs)

    @property
    def token(self) -> str:
        """Return a text that changes exactly when the page would look different."""
        parts = [
            *((count.status, count.is_accepted, count.number) for count in self.coverage.counts),
            *((count.reason, count.number) for group in self.coverage.groups for count in group.reasons),
            *((exam.pair.pk, exam.pair.reason, exam.number, exam.step and exam.step.number) for exam in self.at_risk),
            *((each.run.pk, each.run.status, each.courses, each.ended) for each in self.runs),
            *((left.reason, left.number) for left in self.left_over),
            tuple(pair.pk for pair in self.running),
            tuple(line.pair.pk for line in self.missed),
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def said(self) -> str:
        """Return a text that changes when something is to be announced: a start, each quarter, an end."""
        return "-".join(f"{each.run.pk}.{each.quarter}" for each in self.runs)


def home_of(user: Viewer, *, now: datetime) -> Home:
    """Return what home shows to the office and auditors."""
    urgent = list(_urgent(user, now))
    at_risk = [pair for pair in urgent if pair.reason != Reason.RUNNING_ATTEMPT_SHORT]
    return Home(
        coverage=coverage_of(user, now=now),
        running=tuple(pair for pair in urgent if pair.reason == Reason.RUNNING_ATTEMPT_SHORT),
        at_risk=tuple(_exams(user, at_risk)),
        students_at_risk=len({pair.student_id for pair in urgent if _is_exam_soon(pair, now)}),
        next_exams=tuple(_next_exams(user, now)),
        runs=tuple(runs_at_work(user)),
        missed=tuple(MissedLine(pair, next_step(user, pair)) for pair in _missed(user)),
        left_over=left_over(user),
    )


def running_attempts(user: Viewer) -> QuerySet[PairStatus]:
    """Return the attempts that run short right now, those that end first on top."""
    return (
        pairs_visible_to(user)
        .filter(_OPEN, reason=Reason.RUNNING_ATTEMPT_SHORT)
        .select_related("student", "assessment", "course", "settled_by")
        .order_by("closes_at", "pk")
    )


def is_exam_at_risk(now: datetime) -> Q:
    """Return the filter on uncovered pairs of exams that are open, or open within a week."""
    is_not_over = Q(closes_at__isnull=True) | Q(closes_at__gt=now)
    is_soon = Q(is_exam=True, opens_at__lte=now + AT_RISK_WITHIN)
    return IS_GAP & is_soon & is_not_over & ~Q(status=Status.MISSED)


def _urgent(user: Viewer, now: datetime) -> QuerySet[PairStatus]:
    """Return the attempts that run short, and the uncovered pairs of exams open or within a week, next first."""
    found = pairs_visible_to(user).filter(_OPEN, is_exam_at_risk(now) | Q(reason=Reason.RUNNING_ATTEMPT_SHORT))
    return (
        with_step_targets(found, user)
        .select_related("student", "assessment", "course", "settled_by")
        .order_by("opens_at", "assessment", "reason", "student__sortable_name")
    )


def _is_exam_soon(pair: PairStatus, now: datetime) -> bool:
    """Whether an urgent pair is of an exam that is open or opens within a week: a running attempt may be of none."""
    is_ahead = pair.closes_at is None or pair.closes_at > now
    return pair.is_exam and is_ahead and pair.opens_at is not None and pair.opens_at <= now + AT_RISK_WITHIN


def _missed(user: Viewer) -> QuerySet[PairStatus]:
    """Return what was missed and nobody has written about yet, newest first: a few to name."""
    return (
        with_step_targets(pairs_visible_to(user).filter(_OPEN, status=Status.MISSED, is_granted=True), user)
        .select_related("student", "assessment", "course", "settled_by")
        .order_by("-since", "pk")[:MOST_NAMES]
    )


def _exams(user: Viewer, pairs: Sequence[PairStatus]) -> list[ExamAtRisk]:
    """Return one line for each exam and reason."""
    keyed = groupby(pairs, key=lambda pair: (pair.assessment_id, pair.reason))
    lines: dict[tuple[int, str], list[PairStatus]] = {}
    for key, listed in keyed:
        # A student's own dates may part the pairs of an exam: they belong together all the same.
        lines.setdefault(key, []).extend(listed)
    return [
        ExamAtRisk(
            assessment=listed[0].assessment,
            opens_at=listed[0].opens_at,
            pair=listed[0],
            students=tuple((pair.student, pair.pk) for pair in listed[:MOST_NAMES]),
            number=len(listed),
            step=next_step(user, listed[0]),
        )
        for listed in list(lines.values())[:MOST_EXAMS]
    ]


def _next_exams(user: Viewer, now: datetime) -> list[NextExam]:
    counted = (
        pairs_visible_to(user)
        .filter(is_exam=True, opens_at__gt=now, is_granted=True)
        .exclude(IS_NO_OPEN_GAP)
        .exclude(status__in=[Status.NOT_NEEDED, Status.PAST])
        .order_by()
        .values("assessment", "assessment__name", "course__course_code")
        .annotate(first=Min("opens_at"), needed=Count("pk"), in_place=Count("pk", filter=Q(status=Status.IN_PLACE)))
        .order_by("first", "assessment__name")
    )
    return [
        NextExam(
            assessment_id=row["assessment"],
            name=row["assessment__name"],
            course_code=row["course__course_code"],
            opens_at=row["first"],
            needed=row["needed"],
            in_place=row["in_place"],
        )
        for row in counted[:NEXT_EXAMS]
    ]


def runs_at_work(user: Viewer) -> list[RunAtWork]:
    """Return the runs that have not ended, newest first, where the person sees runs."""
    if not user.has_perm("accommodations.see_all_runs"):
        return []
    runs = (
        SyncRun.objects.filter(status__in=SyncRun.ACTIVE_STATUSES)
        .annotate(
            courses=Count("course_syncs"),
            ended=Count("course_syncs", filter=Q(course_syncs__status__in=CourseSync.ENDED_STATUSES)),
        )
        .order_by("-pk")
    )
    return [RunAtWork(run=run, courses=run.courses, ended=run.ended) for run in runs[:4]]


def connection_of() -> CanvasConnection | None:
    """Return the Canvas connection, for the note that says whether there is one."""
    return CanvasConnection.objects.only("base_url", "is_token_refused", "checked_at", "courses_read_at").first()
