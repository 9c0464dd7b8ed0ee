"""What home says: who is not covered and when it matters, how much is, and what is at work."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from accommodations.models import Assessment, CanvasConnection, CourseSync, PairStatus, Student, SyncRun
from accommodations.planning.statuses import NOT_COVERED, STATUS_OF, Reason, Status
from accommodations.selectors.gaps import IS_GAP
from accommodations.selectors.pair_words import STATUS_WORDS, WHO_ACTS, reason_label, status_slug
from accommodations.selectors.visibility import Viewer, pairs_visible_to

AT_RISK_WITHIN = timedelta(days=7)
MOST_EXAMS = 12
MOST_NAMES = 3
NEXT_EXAMS = 6
_OPEN = Q(settled_at__isnull=True)
_GROUPED = (Status.MISSED, Status.FAILED, Status.HELD, Status.BLOCKED, Status.SHORT)


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many pairs have a status; in place is counted twice, by its two proofs."""

    status: str
    slug: str
    icon: str
    label: str
    number: int
    is_accepted: bool
    query: str

    def __getitem__(self, name: str) -> Any:
        """Let the bar's tag read it like a mapping."""
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many open pairs have one reason, with what a person can do about it."""

    reason: str
    label: str
    number: int
    what_to_do: str


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """The reasons of one status."""

    status: str
    slug: str
    label: str
    number: int
    reasons: tuple[ReasonCount, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """In place ÷ all that need a grant and are not past; the rest are numbers beside it."""

    counts: tuple[StatusCount, ...]
    groups: tuple[ReasonGroup, ...]
    in_place: int
    needed: int
    not_needed: int
    past: int

    @property
    def percent(self) -> str:
        """Return "97.1"; never 100 while one is missing."""
        if not self.needed:
            return "100"
        tenths = 1000 * self.in_place // self.needed
        return f"{tenths / 10:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class ExamAtRisk:
    """An exam ahead, one reason, and the students who are not covered for it."""

    assessment: Assessment
    opens_at: datetime | None
    pair: PairStatus
    students: tuple[tuple[Student, int], ...]
    more: int
    plan_to_read: int | None

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
    missed: tuple[PairStatus, ...]

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
            *((exam.pair.pk, exam.pair.reason, exam.more, len(exam.students)) for exam in self.at_risk),
            *((each.run.pk, each.run.status, each.courses, each.ended) for each in self.runs),
            tuple(pair.pk for pair in self.running),
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
        at_risk=tuple(_exams(at_risk)),
        students_at_risk=len({pair.student_id for pair in at_risk}),
        next_exams=tuple(_next_exams(user, now)),
        runs=tuple(runs_at_work(user)),
        missed=tuple(_missed(user)),
    )


def _of_this_term(now: datetime) -> Q:
    return Q(course__term__ends_at__isnull=True) | Q(course__term__ends_at__gte=now)


def coverage_of(user: Viewer, *, now: datetime) -> Coverage:
    """Return the numbers of the running terms; what was missed stays in until somebody writes what was done."""
    counted = (
        pairs_visible_to(user)
        .filter(_of_this_term(now) | Q(status=Status.MISSED))
        .exclude(~IS_GAP, status__in=NOT_COVERED)
        .order_by()
        .values("reason")
        .annotate(number=Count("pk"))
    )
    by_reason = {Reason(row["reason"]): row["number"] for row in counted}

    def total(status: Status) -> int:
        return sum(number for reason, number in by_reason.items() if STATUS_OF[reason] is status)

    uncovered = [status for status in Status if status in NOT_COVERED]
    in_place = total(Status.IN_PLACE)
    return Coverage(
        counts=(
            _proof_count("read back", by_reason, Reason.READ_BACK),
            _proof_count("accepted", by_reason, Reason.ACCEPTED),
            *(_count(status, total(status)) for status in uncovered),
        ),
        groups=tuple(_group(status, by_reason) for status in _GROUPED if total(status)),
        in_place=in_place,
        needed=in_place + sum(total(status) for status in uncovered),
        not_needed=total(Status.NOT_NEEDED),
        past=total(Status.PAST),
    )


def _proof_count(proof: str, by_reason: dict[Reason, int], reason: Reason) -> StatusCount:
    is_accepted = reason is Reason.ACCEPTED
    return StatusCount(
        status=Status.IN_PLACE.value,
        slug=status_slug(Status.IN_PLACE),
        icon="accepted" if is_accepted else "in-place",
        label=f"in place, {proof}",
        number=by_reason.get(reason, 0),
        is_accepted=is_accepted,
        query=f"reason={reason.value}",
    )


def _count(status: Status, number: int) -> StatusCount:
    slug = status_slug(status)
    return StatusCount(
        status=status.value,
        slug=slug,
        icon=slug,
        label=STATUS_WORDS[status].lower(),
        number=number,
        is_accepted=False,
        query=f"status={status.value}&open=1",
    )


def _group(status: Status, by_reason: dict[Reason, int]) -> ReasonGroup:
    reasons = tuple(
        ReasonCount(reason.value, reason_label(reason), number, WHO_ACTS.get(reason, ""))
        for reason, number in sorted(by_reason.items(), key=lambda item: -item[1])
        if STATUS_OF[reason] is status
    )
    return ReasonGroup(
        status=status.value,
        slug=status_slug(status),
        label=STATUS_WORDS[status],
        number=sum(reason.number for reason in reasons),
        reasons=reasons,
    )


def running_attempts(user: Viewer) -> QuerySet[PairStatus]:
    """Return the attempts that run short right now, those that end first on top."""
    return (
        pairs_visible_to(user)
        .filter(_OPEN, reason=Reason.RUNNING_ATTEMPT_SHORT)
        .select_related("student", "assessment", "course", "settled_by")
        .order_by("closes_at", "pk")
    )


def _urgent(user: Viewer, now: datetime) -> QuerySet[PairStatus]:
    """Return the attempts that run short, and the uncovered pairs of exams open or within a week, next first."""
    is_not_over = Q(closes_at__isnull=True) | Q(closes_at__gt=now)
    is_at_risk = IS_GAP & Q(is_exam=True, opens_at__lte=now + AT_RISK_WITHIN) & ~Q(status=Status.MISSED)
    return (
        pairs_visible_to(user)
        .filter(_OPEN, (is_at_risk & is_not_over) | Q(reason=Reason.RUNNING_ATTEMPT_SHORT))
        .select_related("student", "assessment", "course", "settled_by")
        .annotate(plan_to_read=_plan_to_read(user))
        .order_by("opens_at", "assessment", "reason", "student__sortable_name")
    )


def _plan_to_read(user: Viewer) -> Subquery:
    """Return the newest run whose plan of a pair's course waits for a person, for those who see runs."""
    waiting = CourseSync.objects.filter(
        course=OuterRef("course"), status=CourseSync.Status.PLANNED, run__status=SyncRun.Status.READING
    )
    seen = waiting if user.has_perm("accommodations.see_all_runs") else waiting.none()
    return Subquery(seen.order_by("-pk").values("run_id")[:1])


def _missed(user: Viewer) -> QuerySet[PairStatus]:
    """Return what was missed and nobody has written about yet, newest first: a few to name."""
    return (
        pairs_visible_to(user)
        .filter(_OPEN, status=Status.MISSED)
        .select_related("student", "assessment", "course", "settled_by")
        .order_by("-since", "pk")[:MOST_NAMES]
    )


def _exams(pairs: Sequence[PairStatus]) -> list[ExamAtRisk]:
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
            more=max(0, len(listed) - MOST_NAMES),
            plan_to_read=listed[0].plan_to_read,  # type: ignore[attr-defined]  # annotated
        )
        for listed in list(lines.values())[:MOST_EXAMS]
    ]


def _next_exams(user: Viewer, now: datetime) -> list[NextExam]:
    counted = (
        pairs_visible_to(user)
        .filter(is_exam=True, opens_at__gt=now, is_granted=True)
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
