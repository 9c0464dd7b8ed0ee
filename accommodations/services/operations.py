"""What an operator must know in one look: parts, grants that wait, work, the rate budget, what the schedule needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.schedules import crontab

from accommodations.celery import app
from accommodations.models import SetAside
from accommodations.selectors import metrics as figures
from accommodations.selectors.matters import Event, rows_of_matters
from accommodations.selectors.request_need import Round, rounds_needed, rows_of_need, total_a_second
from accommodations.services import connections, rate_budget
from accommodations.services.rate_budget import BudgetState
from accommodations.services.readiness import OK, readiness

MOST_ENDPOINTS = 12
ASSUMED_COST = 1.0
"""Units a request, until requests have been counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the system and its word; see `readiness`."""

    name: str
    word: str

    @property
    def is_well(self) -> bool:
        """Whether nobody need look at it."""
        return self.word == OK


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one endpoint of Canvas was asked since the counters began."""

    name: str
    requests: int
    cost: float
    retries: int


@dataclass(frozen=True, slots=True)
class Need:
    """What the schedule needs, beside what Canvas lets through at the mean cost that was counted."""

    rounds: tuple[Round, ...]
    mean_cost: float
    is_counted: bool

    @property
    def shares(self) -> tuple[tuple[Round, int], ...]:
        """Return each round with its share in percent."""
        return tuple((one, round(100 * one.share(self.mean_cost))) for one in self.rounds)

    @property
    def percent(self) -> int:
        """Return the share of all rounds together."""
        return round(100 * sum(one.share(self.mean_cost) for one in self.rounds))

    @property
    def a_second(self) -> float:
        """Return the requests per second of all rounds together."""
        return total_a_second(self.rounds)


@dataclass(frozen=True, slots=True)
class Operations:
    """Everything of the page. `counted` and `budget` are empty while Redis is away."""

    parts: tuple[Part, ...]
    unapplied: list[figures.Unapplied]
    exams: figures.ExamsAtRisk
    queue: figures.Queue
    runs: dict[str, int]
    drift_repairs: int
    alerts: list[tuple[Event, int]]
    """What directors are told by mail, as far as it stands now, with how many matters of each kind."""
    set_asides: list[SetAside]
    budget: BudgetState | None
    endpoints: list[Endpoint]
    throttled: int
    waited_seconds: float
    need: Need


def operations(*, now: datetime) -> Operations:
    """Return the page's figures: counts and ages, nothing about a person."""
    counted = rate_budget.counters() or {}
    connection = connections.current_connection()
    runs: dict[str, int] = {}
    for (_, status), number in figures.runs_by_outcome(since=now - timedelta(days=1)).items():
        runs[status] = runs.get(status, 0) + number
    set_asides = SetAside.objects.filter(released_at=None).select_related("course", "course_sync")
    unapplied, exams = figures.grants_not_covered(now=now)
    matters = {f"alert {event}": rows for event, rows in rows_of_matters(now=now).items()}
    numbers = figures.numbers_of(drift=figures.drift_repairs(), **rows_of_need(now=now), **matters)
    return Operations(
        parts=tuple(Part(name, word) for name, word in readiness().items()),
        unapplied=unapplied,
        exams=exams,
        queue=figures.queue(now=now),
        runs=runs,
        drift_repairs=numbers["drift"],
        alerts=[(event, numbers[f"alert {event}"]) for event in Event if numbers[f"alert {event}"]],
        set_asides=list(set_asides[:20]),
        budget=rate_budget.state_of(connection.token) if connection else None,
        endpoints=_endpoints(counted),
        throttled=int(_sum(counted, "refusals")),
        waited_seconds=_sum(counted, "wait_seconds"),
        need=_need(counted, numbers, now=now),
    )


def interval_of(entry: str) -> timedelta:
    """Return how often beat starts an entry of the schedule, as it is in code."""
    schedule = app.conf.beat_schedule[entry]["schedule"]
    if isinstance(schedule, crontab):
        times: int = len(schedule.hour) * len(schedule.minute)  # type: ignore[attr-defined]  # unknown to the stubs
        return timedelta(days=1) / times
    return timedelta(seconds=schedule)


def _need(counted: Mapping[tuple[str, ...], float], numbers: Mapping[str, int], *, now: datetime) -> Need:
    requests, cost = _sum(counted, "requests"), _sum(counted, "cost")
    rounds = rounds_needed(
        numbers,
        now=now,
        exams_every=interval_of("exams"),
        hourly_every=interval_of("hourly"),
        nightly_every=interval_of("nightly"),
    )
    return Need(rounds, cost / requests if requests else ASSUMED_COST, is_counted=bool(requests))


def _endpoints(counted: Mapping[tuple[str, ...], float]) -> list[Endpoint]:
    """Return the endpoints that cost most; statuses are added up."""
    names = sorted({key[1:3] for key in counted if key[0] == "requests"})
    found = [
        Endpoint(
            " ".join(name),
            int(_sum(counted, "requests", *name)),
            _sum(counted, "cost", *name),
            int(_sum(counted, "retries", *name)),
        )
        for name in names
    ]
    return sorted(found, key=lambda one: (-one.cost, one.name))[:MOST_ENDPOINTS]


def _sum(counted: Mapping[tuple[str, ...], float], *start: str) -> float:
    return sum(number for key, number in counted.items() if key[: len(start)] == start)
