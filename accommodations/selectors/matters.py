"""What directors have to know at once: each matter that stands now; an alert is sent once for each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Min, Q, QuerySet

from accommodations.models import Alert, Assessment, CanvasConnection, Course, PairStatus, SetAside
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.gaps import IS_GAP
from accommodations.selectors.metrics import stops_waiting

EXAM_WITHIN = timedelta(hours=48)
SETTLES_WITHIN = timedelta(minutes=20)
"""A change just recorded, or a sync at work, brings an exam into order by itself: an alert waits that long."""
SOON = timedelta(minutes=30)
SETTLES_SOON = timedelta(minutes=3)
"""What is open, or opens so soon, waits for no more than work needs to resume after a fault."""


class Event(StrEnum):
    """What an alert can be about."""

    EXAM_AT_RISK = "exam_at_risk"
    MISSED = "missed"
    RUNNING_SHORT = "running_short"
    TOKEN_REFUSED = "token_refused"  # noqa: S105  # a word, not a secret
    QUARANTINED = "quarantined"
    GUARD_STOPPED = "guard_stopped"
    DRIFT = "drift"
    EARLY_UNLOCK = "early_unlock"


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter. `about` tells it from others of its event; `where` names course and assessment, never a student.

    `page` and `number` are the page that helps, and the row that it shows.
    """

    event: Event
    about: str
    where: str = ""
    page: str = "home"
    number: int | None = None


def standing_matters(*, now: datetime) -> list[Matter]:
    """Return every matter that stands now and can be told from what is stored."""
    return [matter for find in _FINDERS.values() for matter in find(now)]


def rows_of_matters(*, now: datetime) -> dict[Event, QuerySet[Any]]:
    """Return for each event the rows of which each is one matter that stands now, to be counted."""
    return {
        Event.EXAM_AT_RISK: Assessment.objects.filter(pk__in=_pairs_at_risk(now).values("assessment")),
        Event.MISSED: _pairs_missed(),
        Event.RUNNING_SHORT: _pairs_running_short(),
        Event.TOKEN_REFUSED: _refused_connections(),
        Event.GUARD_STOPPED: stops_waiting(),
        Event.QUARANTINED: _courses_set_aside(),
        Event.DRIFT: _alerts_unseen(Alert.Kind.DRIFT),
        Event.EARLY_UNLOCK: _alerts_unseen(Alert.Kind.EARLY_UNLOCK),
    }


def _pairs_at_risk(now: datetime) -> QuerySet[PairStatus]:
    """Return who is not covered, and was not a moment ago, for an exam that is open or opens within 48 hours."""
    pairs = PairStatus.objects.filter(
        IS_GAP,
        Q(closes_at=None) | Q(closes_at__gt=now),
        Q(since__lte=now - SETTLES_WITHIN) | Q(since__lte=now - SETTLES_SOON, opens_at__lte=now + SOON),
        is_exam=True,
        opens_at__lte=now + EXAM_WITHIN,
    )
    return pairs.exclude(Q(status=Status.MISSED) | Q(reason=Reason.RUNNING_ATTEMPT_SHORT))


def _pairs_missed() -> QuerySet[PairStatus]:
    """Return who sat an exam without what was approved, until a person has written what was done."""
    return PairStatus.objects.filter(status=Status.MISSED, settled_at=None, is_exam=True)


def _pairs_running_short() -> QuerySet[PairStatus]:
    """Return whose attempt runs with less time than was approved."""
    return PairStatus.objects.filter(reason=Reason.RUNNING_ATTEMPT_SHORT, settled_at=None)


def _refused_connections() -> QuerySet[CanvasConnection]:
    return CanvasConnection.objects.filter(is_token_refused=True)


def _courses_set_aside() -> QuerySet[SetAside]:
    """Return the courses that ended their workers and that nobody has released."""
    return SetAside.objects.filter(released_at=None)


def _alerts_unseen(kind: Alert.Kind) -> QuerySet[Alert]:
    return Alert.objects.filter(kind=kind, seen_at=None)


def exams_at_risk(now: datetime) -> Iterable[Matter]:
    """Yield the exams for which somebody is not covered, the next to open first."""
    pairs = _pairs_at_risk(now).order_by()
    rows = pairs.values("assessment", "assessment__name", "course", "course__course_code")
    for row in rows.annotate(first=Min("opens_at")).order_by("first", "assessment"):
        where = f"{row['course__course_code']} {row['assessment__name']}"
        yield Matter(Event.EXAM_AT_RISK, f"assessment:{row['assessment']}", where, "course_detail", row["course"])


def missed(now: datetime) -> Iterable[Matter]:
    """Yield the exams that were sat without what was approved, the latest first."""
    for pair in _pairs_missed().select_related("assessment", "course").order_by("-closes_at", "pk"):
        where = f"{_code(pair.course)} {pair.assessment.name}"
        yield Matter(Event.MISSED, f"pair:{pair.pk}", where, "pair_detail", pair.pk)


def running_short(now: datetime) -> Iterable[Matter]:
    """Yield the attempts that run short, the next to end first."""
    for pair in _pairs_running_short().select_related("assessment", "course").order_by("closes_at", "pk"):
        where = f"{pair.course.course_code} {pair.assessment.name}"
        yield Matter(Event.RUNNING_SHORT, f"pair:{pair.pk}", where, "pair_detail", pair.pk)


def token_refused(now: datetime) -> Iterable[Matter]:
    """Yield the connection whose token Canvas refuses."""
    for connection in _refused_connections():
        yield Matter(Event.TOKEN_REFUSED, f"connection:{connection.pk}")


def guard_stopped(now: datetime) -> Iterable[Matter]:
    """Yield the stops of the safety guard that wait for a director."""
    for stop in stops_waiting().select_related("course").order_by("pk"):
        yield Matter(Event.GUARD_STOPPED, f"stop:{stop.pk}", _code(stop.course), "guard_stop", stop.pk)


def quarantined(now: datetime) -> Iterable[Matter]:
    """Yield the courses that were set aside."""
    for row in _courses_set_aside().select_related("course", "course_sync").order_by("pk"):
        run = row.course_sync.run_id if row.course_sync else None
        page = "sync_run_detail" if run else "home"
        yield Matter(Event.QUARANTINED, f"course:{row.course_id}", _code(row.course), page, run)


def alerts_unseen(kind: Alert.Kind, event: Event) -> Iterable[Matter]:
    """Yield the alerts about pairs that nobody has seen yet."""
    for alert in _alerts_unseen(kind).select_related("course", "assessment").order_by("pk"):
        where = f"{_code(alert.course)} {alert.assessment.name}"
        yield Matter(event, f"alert:{alert.pk}", where, "course_detail", alert.course_id)


def _code(course: Course) -> str:
    return course.course_code or course.name


_FINDERS: dict[Event, Callable[[datetime], Iterable[Matter]]] = {
    Event.EXAM_AT_RISK: exams_at_risk,
    Event.MISSED: missed,
    Event.RUNNING_SHORT: running_short,
    Event.TOKEN_REFUSED: token_refused,
    Event.GUARD_STOPPED: guard_stopped,
    Event.QUARANTINED: quarantined,
    Event.DRIFT: lambda now: alerts_unseen(Alert.Kind.DRIFT, Event.DRIFT),
    Event.EARLY_UNLOCK: lambda now: alerts_unseen(Alert.Kind.EARLY_UNLOCK, Event.EARLY_UNLOCK),
}
FOUND = frozenset(_FINDERS)
