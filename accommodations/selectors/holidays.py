"""Holidays and terms as the pages of settings show them, and whose dates a holiday moves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from accommodations.models import Accommodation, InstitutionSettings, PairStatus, Term
from accommodations.planning.rules import ShiftUnit
from accommodations.planning.statuses import Status
from accommodations.selectors.pairs import PairRow
from canvas_bridge.facts import Dates

SATURDAY = 5
IN_FORCE = (Accommodation.Status.APPROVED, Accommodation.Status.ACTIVE)


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day, with what people call it."""

    day: date
    name: str

    @property
    def number(self) -> int:
        """Return the day as an address has it: 20251225."""
        return int(self.day.strftime("%Y%m%d"))

    @property
    def is_weekend(self) -> bool:
        """Whether working days skip it anyway."""
        return self.day.weekday() >= SATURDAY


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """The holidays of one year."""

    year: int
    holidays: tuple[Holiday, ...]


def holidays_of(row: InstitutionSettings) -> list[Holiday]:
    """Return all holidays in their order."""
    return [Holiday(date.fromisoformat(day), row.holiday_names.get(day, "")) for day in row.holidays]


def by_year(holidays: Collection[Holiday]) -> list[HolidayYear]:
    """Return the holidays year by year, the latest year first."""
    years = sorted({one.day.year for one in holidays}, reverse=True)
    return [HolidayYear(year, tuple(one for one in holidays if one.day.year == year)) for year in years]


@dataclass(frozen=True, slots=True)
class Effect:
    """Whose dates move by a working day when days become, or are no longer, holidays."""

    pairs: int
    students: int
    courses: int
    has_shifts: bool
    """Whether any accommodation counts in working days at all."""


def effect_of(days: Collection[date], *, now: datetime) -> Effect:
    """Return how many assessments ahead have a span, from the class's date to the student's, that holds a day.

    Those spans change by the day, in either direction; what is over is left alone (R12).
    """
    shifts = Accommodation.objects.filter(shift_unit=ShiftUnit.WORKING_DAYS.value, status__in=IN_FORCE)
    counting = {day for day in days if day.weekday() < SATURDAY}
    found = [pair for pair in _pairs_ahead(shifts, now) if _spans(pair, counting)] if counting else []
    return Effect(
        pairs=len(found),
        students=len({pair.student_id for pair in found}),
        courses=len({pair.course_id for pair in found}),
        has_shifts=shifts.exists(),
    )


def _pairs_ahead(shifts: QuerySet[Accommodation], now: datetime) -> QuerySet[PairStatus]:
    return (
        PairStatus.objects.filter(Q(closes_at__gt=now) | Q(closes_at=None), student__in=shifts.values("student"))
        .exclude(status__in=(Status.PAST, Status.NOT_NEEDED, Status.MISSED))
        .select_related("course", "assessment")
    )


def _spans(pair: PairStatus, days: Collection[date]) -> bool:
    outcome = PairRow(pair).outcome
    if outcome is None or outcome.grant.dates is None:
        return False
    zone = ZoneInfo(pair.course.time_zone)
    spans = _spans_of(outcome.class_dates, outcome.grant.dates, zone)
    return any(first < day <= last for first, last in spans for day in days)


def _spans_of(before: Dates, after: Dates, zone: ZoneInfo) -> list[tuple[date, date]]:
    ends = [(before.due_at, after.due_at), (before.lock_at, after.lock_at)]
    return [(one.astimezone(zone).date(), other.astimezone(zone).date()) for one, other in ends if one and other]


def terms_listed() -> QuerySet[Term]:
    """Return the terms, newest first, with how many courses and accommodations belong to each."""
    limited = Count("accommodation", filter=Q(accommodation__status__in=IN_FORCE), distinct=True)
    terms = Term.objects.annotate(course_count=Count("courses", distinct=True), accommodation_count=limited)
    return terms.order_by("-starts_at", "name", "pk")
