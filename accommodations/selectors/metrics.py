"""The figures of `/metrics` that lie in the database: counts and ages, nothing about a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accommodations.models import ActionLogEntry, Alert, CourseSync, GuardStop, PairStatus, SyncRun
from accommodations.planning.statuses import NOT_COVERED, Reason, Status
from accommodations.selectors.gaps import IS_GAP
from accommodations.selectors.sync import WORKING

AT_RISK_WITHIN = timedelta(days=7)
DRIFT_REPAIRED = "drift.repaired"


@dataclass(frozen=True, slots=True)
class Unapplied:
    """The grants that are not in Canvas and not missed, of one status."""

    status: str
    number: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class ExamsAtRisk:
    """Exams with uncovered students that are open, or open within a week; seconds until the next of them opens."""

    ahead: int
    open: int
    grants: int
    next_opens_in_seconds: float | None
    running_attempts_short: int


@dataclass(frozen=True, slots=True)
class Queue:
    """Course syncs that wait for a worker or are at work, and how long the oldest that is due has waited."""

    waiting: int
    at_work: int
    age_seconds: float


def grants_not_covered(*, now: datetime) -> tuple[list[Unapplied], ExamsAtRisk]:
    """Return how many grants wait in each status, and the exams whose students are not covered, in one query."""
    is_unapplied = IS_GAP & ~Q(status=Status.MISSED)
    is_at_risk = (
        IS_GAP
        & Q(is_exam=True, opens_at__lte=now + AT_RISK_WITHIN)
        & (Q(closes_at=None) | Q(closes_at__gt=now))
        & ~Q(status=Status.MISSED)
    )
    is_short = Q(reason=Reason.RUNNING_ATTEMPT_SHORT, settled_at=None)
    ahead = is_at_risk & Q(opens_at__gt=now)
    of_status = {status: is_unapplied & Q(status=status) for status in sorted(NOT_COVERED - {Status.MISSED})}
    found = PairStatus.objects.filter(is_unapplied | is_short).aggregate(
        **{f"number_{status.value}": Count("pk", filter=which) for status, which in of_status.items()},
        **{f"oldest_{status.value}": Min("since", filter=which) for status, which in of_status.items()},
        ahead=Count("assessment", filter=ahead, distinct=True),
        open=Count("assessment", filter=is_at_risk & Q(opens_at__lte=now), distinct=True),
        grants=Count("pk", filter=is_at_risk),
        next_opens_at=Min("opens_at", filter=ahead),
        short=Count("pk", filter=is_short),
    )
    unapplied = [
        Unapplied(status.value, number, _age(found[f"oldest_{status.value}"], now))
        for status in of_status
        if (number := found[f"number_{status.value}"])
    ]
    opens_at = found["next_opens_at"]
    return unapplied, ExamsAtRisk(
        ahead=found["ahead"],
        open=found["open"],
        grants=found["grants"],
        next_opens_in_seconds=(opens_at - now).total_seconds() if opens_at else None,
        running_attempts_short=found["short"],
    )


def runs_by_outcome(*, since: datetime | None = None) -> dict[tuple[str, ...], int]:
    """Return how many runs there are, by trigger and status; of those that were asked for since then."""
    runs = SyncRun.objects.filter(requested_at__gt=since) if since else SyncRun.objects.all()
    rows = runs.order_by().values("trigger", "status").annotate(number=Count("pk"))
    return {(row["trigger"], row["status"]): row["number"] for row in rows.order_by("trigger", "status")}


def queue(*, now: datetime) -> Queue:
    """Return what waits for a worker. What waits for its next try is not due; for a reader, not in the queue.

    A run of which nobody knows the courses yet waits since it was asked for.
    """
    is_queued = Q(status=CourseSync.Status.QUEUED)
    is_due = is_queued & (Q(next_try_at=None) | Q(next_try_at__lte=now))
    courses = CourseSync.objects.filter(status__in=(CourseSync.Status.QUEUED, *WORKING))
    of_courses = _together(
        courses,
        waiting=Count("pk", filter=is_queued),
        at_work=Count("pk", filter=~is_queued),
        oldest=Min(Coalesce("next_try_at", "run__requested_at"), filter=is_due),
    )
    unprepared = SyncRun.objects.filter(status=SyncRun.Status.QUEUED, are_courses_known=False)
    none = Count("pk", filter=Q(pk__in=[]))
    of_runs = _together(unprepared, waiting=none, at_work=none, oldest=Min("requested_at"))
    found = list(of_courses.union(of_runs, all=True))
    oldest = [at for *_, at in found if at is not None]
    waiting, at_work = (sum(numbers) for numbers in zip((0, 0), *(row[:2] for row in found), strict=True))
    return Queue(waiting, at_work, _age(min(oldest), now) if oldest else 0.0)


def _together(rows: QuerySet[Any], **aggregates: Aggregate) -> QuerySet[Any, Any]:
    """Return one row with the aggregates of all rows, none where there are no rows."""
    grouped: QuerySet[Any, Any] = rows.order_by().annotate(every=Value(1)).values("every").annotate(**aggregates)
    return grouped.values_list(*aggregates)


def action_log_length() -> int:
    """Return the number of the newest entry: entries are numbered without a gap."""
    return int(ActionLogEntry.objects.aggregate(length=Max("sequence"))["length"] or 0)


def drift_repairs() -> QuerySet[ActionLogEntry]:
    """Return the entries of what we put back that had been made less in Canvas."""
    return ActionLogEntry.objects.filter(act=DRIFT_REPAIRED)


def open_alerts() -> dict[str, int]:
    """Return the alerts that nobody has seen, by kind, kinds without one included."""
    rows = Alert.objects.filter(seen_at=None).order_by().values("kind").annotate(number=Count("pk"))
    found = {row["kind"]: row["number"] for row in rows}
    return {kind: found.get(kind, 0) for kind in Alert.Kind.values}


def stops_waiting() -> QuerySet[GuardStop]:
    """Return the stops of the safety guard that wait for a director."""
    return GuardStop.objects.filter(status=GuardStop.Status.WAITING)


def numbers_of(**rows: QuerySet[Any]) -> dict[str, int]:
    """Return how many rows there are of each, under their names, in one query."""
    counted = [
        one.order_by().annotate(of=Value(name)).values("of").annotate(number=Count("pk", distinct=True))
        for name, one in rows.items()
    ]
    found = counted[0].union(*counted[1:], all=True)
    return dict.fromkeys(rows, 0) | {one["of"]: one["number"] for one in found}


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
