"""What home's charts draw: coverage day by day, exams ahead by load, actions day by day; and one day of coverage."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from accommodations.models import ActionLogEntry, CoverageDay
from accommodations.planning.statuses import NOT_COVERED, Status
from accommodations.selectors.coverage import percent_of
from accommodations.selectors.gaps import IS_GAP, IS_NEEDED
from accommodations.selectors.pair_words import STATUS_WORDS
from accommodations.selectors.visibility import Viewer, pairs_visible_to, sees_all_students

LOAD_DAYS, ACTION_DAYS, COVERAGE_DAYS = 14, 14, 120
MOST_EXAMS_AHEAD = 3000
APPLIED, DRIFT = "canvas.write.applied", "drift.repaired"
_COVERED = F("read_back") + F("accepted")
_UNCOVERED = F("short") + F("waiting") + F("failed") + F("held") + F("blocked") + F("missed")


@dataclass(frozen=True, slots=True)
class ExamAhead:
    """An exam ahead on one day and how many of its students are covered."""

    assessment_id: int
    name: str
    course_code: str
    day: date
    opens_at: datetime
    needed: int
    in_place: int
    gaps: int


@dataclass(frozen=True, slots=True)
class DayLoad:
    """How many students sit an exam on a day, and how many of these are not covered."""

    day: date
    needed: int
    gaps: int


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """Coverage on one day."""

    day: date
    in_place: int
    needed: int

    @property
    def percent(self) -> str:
        """Return "97.1"."""
        return percent_of(self.in_place, self.needed)


@dataclass(frozen=True, slots=True)
class DayActions:
    """How many actions Canvas accepted on a day."""

    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Days:
    """The past days as home shows them."""

    coverage: tuple[DayCoverage, ...] = ()
    actions: tuple[DayActions, ...] = ()
    drift_since: date | None = None
    drift: int = 0


def exams_ahead(user: Viewer, *, now: datetime, zone: ZoneInfo) -> list[ExamAhead]:
    """Return the exams that open from now on, next first, with how many of their students are covered."""
    counted = (
        pairs_visible_to(user)
        .filter(IS_NEEDED, is_exam=True, opens_at__gt=now)
        .order_by()
        .annotate(day=TruncDate("opens_at", tzinfo=zone))
        .values("assessment", "assessment__name", "course__course_code", "day")
        .annotate(
            first=Min("opens_at"),
            needed=Count("pk"),
            in_place=Count("pk", filter=Q(status=Status.IN_PLACE)),
            gaps=Count("pk", filter=IS_GAP),
        )
        .order_by("first", "assessment__name")
    )
    return [
        ExamAhead(
            assessment_id=row["assessment"],
            name=row["assessment__name"],
            course_code=row["course__course_code"],
            day=row["day"],
            opens_at=row["first"],
            needed=row["needed"],
            in_place=row["in_place"],
            gaps=row["gaps"],
        )
        for row in counted[:MOST_EXAMS_AHEAD]
    ]


def load_of(exams: Iterable[ExamAhead], *, today: date) -> list[DayLoad]:
    """Return the next two weeks day by day, days without an exam too; nothing where there is none in them."""
    days = [today + timedelta(days=number) for number in range(LOAD_DAYS)]
    needed, gaps = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    for exam in exams:
        if exam.day in needed:
            needed[exam.day] += exam.needed
            gaps[exam.day] += exam.gaps
    return [DayLoad(day, needed[day], gaps[day]) for day in days] if any(needed.values()) else []


def days_of(user: Viewer, *, now: datetime, zone: ZoneInfo) -> Days:
    """Return the past days of coverage and of actions, and the drift repaired since yesterday, in one query."""
    if not sees_all_students(user):
        return Days()
    today = now.astimezone(zone).date()
    rows = _covered_rows(today).union(_acted_rows(now, today, zone), all=True)
    found: dict[str, dict[date, tuple[int, int]]] = {"coverage": {}, APPLIED: {}, DRIFT: {}}
    for kind, day, first, second in rows:
        found[kind][day] = (first, second)
    actions = found[APPLIED]
    days = [today - timedelta(days=number) for number in reversed(range(ACTION_DAYS))]
    yesterday = today - timedelta(days=1)
    return Days(
        coverage=tuple(DayCoverage(day, *found["coverage"][day]) for day in sorted(found["coverage"])),
        actions=tuple(DayActions(day, actions.get(day, (0, 0))[0]) for day in days) if actions else (),
        drift_since=yesterday,
        drift=sum(number for day, (number, _) in found[DRIFT].items() if day >= yesterday),
    )


def _covered_rows(today: date) -> QuerySet[Any, Any]:
    return (
        CoverageDay.objects.filter(day__gte=today - timedelta(days=COVERAGE_DAYS), day__lt=today)
        .order_by()
        .values_list(Value("coverage"), "day")
        .annotate(in_place=Sum(_COVERED), needed=Sum(_COVERED + _UNCOVERED))
    )


def _acted_rows(now: datetime, today: date, zone: ZoneInfo) -> QuerySet[Any, Any]:
    since = datetime.combine(today - timedelta(days=ACTION_DAYS - 1), datetime.min.time(), tzinfo=zone)
    return (
        ActionLogEntry.objects.filter(act__in=(APPLIED, DRIFT), at__gte=since, at__lte=now)
        .order_by()
        .annotate(day=TruncDate("at", tzinfo=zone))
        .values_list("act", "day")
        .annotate(number=Count("pk"), nothing=Value(0))
    )


@dataclass(frozen=True, slots=True)
class DayPlace:
    """The coverage of one term and department on one day."""

    row: CoverageDay
    in_place: int
    needed: int

    @property
    def percent(self) -> str:
        """Return "97.1"."""
        return percent_of(self.in_place, self.needed)

    @property
    def not_covered(self) -> str:
        """Return "1 short, 7 waiting"; empty where everything was in place."""
        numbers = [
            (getattr(self.row, status.value), STATUS_WORDS[status]) for status in Status if status in NOT_COVERED
        ]
        return ", ".join(f"{number:,} {words.lower()}" for number, words in numbers if number)


def places_of(day: date) -> list[DayPlace]:
    """Return one day's coverage, term by term and department by department."""
    rows = CoverageDay.objects.filter(day=day).select_related("term").order_by("term__name", "department")
    counted = rows.annotate(in_place=_COVERED, needed=_COVERED + _UNCOVERED)
    return [DayPlace(row, row.in_place, row.needed) for row in counted]
