"""The figures of `/metrics` that lie in the database: counts and ages, nothing about a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce

from accommodations.models import ActionLogEntry, Alert, CourseSync, GuardStop, PairStatus, SyncRun
from accommodations.planning.statuses import Reason, Status
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


def unapplied_grants(*, now: datetime) -> list[Unapplied]:
    """Return how many grants wait in each status, and since when the oldest."""
    rows = (
        PairStatus.objects.filter(IS_GAP)
        .exclude(status=Status.MISSED)
        .order_by()
        .values("status")
        .annotate(number=Count("pk"), oldest=Min("since"))
        .order_by("status")
    )
    return [Unapplied(row["status"], row["number"], _age(row["oldest"], now)) for row in rows]


def exams_at_risk(*, now: datetime) -> ExamsAtRisk:
    """Return the exams whose students are not covered."""
    is_at_risk = (
        IS_GAP
        & Q(is_exam=True, opens_at__lte=now + AT_RISK_WITHIN)
        & (Q(closes_at=None) | Q(closes_at__gt=now))
        & ~Q(status=Status.MISSED)
    )
    is_short = Q(reason=Reason.RUNNING_ATTEMPT_SHORT, settled_at=None)
    ahead = is_at_risk & Q(opens_at__gt=now)
    found = PairStatus.objects.filter(is_at_risk | is_short).aggregate(
        ahead=Count("assessment", filter=ahead, distinct=True),
        open=Count("assessment", filter=is_at_risk & Q(opens_at__lte=now), distinct=True),
        grants=Count("pk", filter=is_at_risk),
        next_opens_at=Min("opens_at", filter=ahead),
        short=Count("pk", filter=is_short),
    )
    opens_at = found["next_opens_at"]
    return ExamsAtRisk(
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
    """Return what waits for a worker. What waits for its next try is not due; for a reader, not in the queue."""
    is_queued = Q(status=CourseSync.Status.QUEUED)
    is_due = is_queued & (Q(next_try_at=None) | Q(next_try_at__lte=now))
    found = CourseSync.objects.filter(status__in=(CourseSync.Status.QUEUED, *WORKING)).aggregate(
        waiting=Count("pk", filter=is_queued),
        at_work=Count("pk", filter=~is_queued),
        oldest=Min(Coalesce("next_try_at", "run__requested_at"), filter=is_due),
    )
    unprepared = SyncRun.objects.filter(status=SyncRun.Status.QUEUED, are_courses_known=False)
    oldest = [at for at in (found["oldest"], unprepared.aggregate(at=Min("requested_at"))["at"]) if at is not None]
    return Queue(found["waiting"], found["at_work"], _age(min(oldest), now) if oldest else 0.0)


def action_log_length() -> int:
    """Return the number of the newest entry: entries are numbered without a gap."""
    return int(ActionLogEntry.objects.aggregate(length=Max("sequence"))["length"] or 0)


def drift_repairs() -> int:
    """Return how often we put back what had been made less in Canvas."""
    return ActionLogEntry.objects.filter(act=DRIFT_REPAIRED).count()


def open_alerts() -> dict[str, int]:
    """Return the alerts that nobody has seen, by kind, kinds without one included."""
    rows = Alert.objects.filter(seen_at=None).order_by().values("kind").annotate(number=Count("pk"))
    found = {row["kind"]: row["number"] for row in rows}
    return {kind: found.get(kind, 0) for kind in Alert.Kind.values}


def stops_waiting() -> int:
    """Return how many stops of the safety guard wait for a director."""
    return GuardStop.objects.filter(status=GuardStop.Status.WAITING).count()


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
