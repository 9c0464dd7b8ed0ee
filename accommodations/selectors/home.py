"""What home says: who is not covered and when it matters, how much is, and what is at work."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Q, QuerySet, Value, When

from accommodations.models import Assessment, CanvasConnection, CourseSync, PairStatus, Student, SyncRun
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.coverage import Coverage, coverage_of
from accommodations.selectors.days import DayCoverage, DayLoad, ExamAhead, exams_ahead, load_of
from accommodations.selectors.gaps import IS_GAP
from accommodations.selectors.next_steps import NextStep, next_step, with_step_targets
from accommodations.selectors.visibility import Viewer, pairs_visible_to
from accommodations.selectors.waiting import WaitingLists, waiting_for_people

AT_RISK_WITHIN = timedelta(days=7)
MOST_EXAMS = 12
MOST_NAMES = 3
NEXT_EXAMS = 6
NUMBER = re.compile(r"[0-9]{1,18}")
NEWS = ("A new alert.", "The safety guard has stopped changes.", "A course was set aside.")
"""What is announced when it arrives, in the order of `WaitingLists.newest`."""
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
class NamedPair:
    """A pair that home names, and its button."""

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
    next_exams: tuple[ExamAhead, ...]
    load: tuple[DayLoad, ...]
    runs: tuple[RunAtWork, ...]
    missed: tuple[NamedPair, ...]
    singles: dict[str, NamedPair]
    waiting: WaitingLists
    today: date

    @property
    def coverage_today(self) -> DayCoverage:
        """Return the coverage of this moment, as the last point of the line."""
        return DayCoverage(self.today, self.coverage.in_place, self.coverage.needed)

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
            *((left.reason, left.number) for left in self.coverage.left_over),
            tuple(pair.pk for pair in self.running),
            tuple(line.pair.pk for line in self.missed),
            self.waiting.token,
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def progress(self) -> str:
        """Return a text that changes when progress is to be announced: a start, each quarter, an end."""
        return "-".join(f"{each.run.pk}.{each.quarter}" for each in self.runs)

    @property
    def said(self) -> str:
        """Return the progress, and up to which alert, stopped part and course set aside people were told."""
        return f"{self.progress}~{'.'.join(map(str, self.waiting.newest))}"

    def arrived_since(self, said: str) -> list[str]:
        """Return what has arrived, in words, since somebody was told this much; nothing where that is unreadable."""
        numbers = [int(number) for number in said.partition("~")[2].split(".") if NUMBER.fullmatch(number)]
        newest = self.waiting.newest
        if len(numbers) != len(newest):
            return []
        return [words for words, before, now in zip(NEWS, numbers, newest, strict=True) if now > before]


def home_of(user: Viewer, *, now: datetime, zone: ZoneInfo) -> Home:
    """Return what home shows to the office and auditors."""
    coverage = coverage_of(user, now=now)
    named = list(_named(user, coverage, now))
    running = [pair for pair in named if pair.reason == Reason.RUNNING_ATTEMPT_SHORT]
    at_risk = [pair for pair in named if _is_exam_soon(pair, now)]
    missed = sorted((pair for pair in named if pair.status == Status.MISSED), key=lambda pair: pair.since, reverse=True)
    exams = exams_ahead(user, now=now, zone=zone)
    return Home(
        coverage=coverage,
        running=tuple(running),
        at_risk=tuple(_exams(user, [pair for pair in at_risk if pair not in running])),
        students_at_risk=len({pair.student_id for pair in at_risk}),
        next_exams=tuple(exams[:NEXT_EXAMS]),
        load=tuple(load_of(exams, today=now.astimezone(zone).date())),
        runs=tuple(runs_at_work(user)),
        missed=tuple(NamedPair(pair, next_step(user, pair)) for pair in missed[:MOST_NAMES]),
        today=now.astimezone(zone).date(),
        waiting=waiting_for_people(user),
        singles={pair.reason: NamedPair(pair, next_step(user, pair)) for pair in named if pair.is_single},
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


def _named(user: Viewer, coverage: Coverage, now: datetime) -> QuerySet[Any]:
    """Return, in one query, the pairs that home names: attempts that run short, exams at risk, missed, single ones."""
    is_single = Q(pk__in=coverage.single_pairs)
    is_missed = IS_GAP & Q(status=Status.MISSED)
    is_running = _OPEN & Q(reason=Reason.RUNNING_ATTEMPT_SHORT)
    found = pairs_visible_to(user).filter(is_exam_at_risk(now) | is_running | is_missed | is_single)
    return (
        with_step_targets(found, user)
        .annotate(is_single=Case(When(is_single, then=Value(True)), default=Value(False)))
        .defer("outcome")
        .select_related("student", "assessment", "course", "settled_by")
        .order_by("opens_at", "assessment", "reason", "student__sortable_name")
    )


def _is_exam_soon(pair: PairStatus, now: datetime) -> bool:
    """Whether a named pair is of an exam that is open or opens within a week: `is_exam_at_risk`, of a row at hand."""
    if pair.opens_at is None or not pair.is_exam or pair.status == Status.MISSED:
        return False
    is_ahead = pair.closes_at is None or pair.closes_at > now
    return is_ahead and pair.opens_at <= now + AT_RISK_WITHIN


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
