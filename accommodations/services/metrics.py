"""What `/metrics` says, in Prometheus's text format: counts, ages and the rate budget; nothing about a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from accommodations.selectors import metrics as figures
from accommodations.services import connections, rate_budget

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_EXCHANGE = ("method", "endpoint", "status")
_COUNTED = {
    "requests": ("leeway_canvas_requests_total", "Requests to Canvas.", _EXCHANGE),
    "cost": ("leeway_canvas_cost_total", "What Canvas says that they cost.", _EXCHANGE),
    "seconds": ("leeway_canvas_seconds_total", "How long they took.", _EXCHANGE),
    "retries": ("leeway_canvas_retries_total", "Requests that were sent again.", ("method", "endpoint")),
    "refusals": ("leeway_throttle_refusals_total", "Requests that the rate limit refused.", ("lane",)),
    "refused_seconds": ("leeway_throttle_refused_seconds_total", "Waits that these refusals asked for.", ("lane",)),
    "waits": ("leeway_budget_waits_total", "Requests that waited for room in the budget.", ("lane",)),
    "wait_seconds": ("leeway_budget_wait_seconds_total", "How long they waited.", ("lane",)),
    "given_up": ("leeway_budget_given_up_total", "Requests that found no room in time.", ("lane",)),
    "fallbacks": ("leeway_budget_fallbacks_total", "How often a process found Redis away.", ()),
}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with its samples: label values, in the order of `labels`, and a number."""

    name: str
    words: str
    kind: str
    labels: tuple[str, ...]
    samples: tuple[tuple[tuple[str, ...], float], ...]

    def lines(self) -> Iterator[str]:
        """Return the metric in the text format."""
        yield f"# HELP {self.name} {self.words}"
        yield f"# TYPE {self.name} {self.kind}"
        for values, number in self.samples:
            pairs = ",".join(f'{name}="{_escaped(one)}"' for name, one in zip(self.labels, values, strict=True))
            yield f"{self.name}{f'{{{pairs}}}' if pairs else ''} {_number(number)}"


def exposition(*, now: datetime) -> str:
    """Return the whole page. What is not known at present is left out, so that no alert reads it as zero."""
    metrics = [*_grants(now), *_work(now), *_budget(), *_counted(rate_budget.counters() or {})]
    return "\n".join(line for metric in metrics for line in metric.lines()) + "\n"


def _grants(now: datetime) -> Iterator[Metric]:
    unapplied, exams = figures.grants_not_covered(now=now)
    yield _gauge(
        "leeway_unapplied_grants",
        "Grants that are not in Canvas, by status; missed ones left out.",
        {(one.status,): one.number for one in unapplied},
        ("status",),
    )
    yield _gauge(
        "leeway_oldest_unapplied_grant_seconds",
        "How long the oldest of them has been in its status.",
        {(one.status,): one.oldest_seconds for one in unapplied},
        ("status",),
    )
    yield _one("leeway_exams_at_risk", "Exams that open within a week with uncovered students.", exams.ahead)
    yield _one("leeway_open_exams_at_risk", "Exams that are open with uncovered students.", exams.open)
    yield _one("leeway_grants_at_risk", "Uncovered grants of both.", exams.grants)
    yield _one("leeway_running_attempts_short", "Running attempts with too little time.", exams.running_attempts_short)
    if exams.next_opens_in_seconds is not None:
        words = "Seconds until the next exam at risk opens; absent where there is none."
        yield _one("leeway_next_exam_at_risk_seconds", words, exams.next_opens_in_seconds)


def _work(now: datetime) -> Iterator[Metric]:
    queue = figures.queue(now=now)
    yield _one("leeway_queue_age_seconds", "How long the oldest work that is due has waited.", queue.age_seconds)
    yield _one("leeway_course_syncs_waiting", "Course syncs that wait for a worker or their next try.", queue.waiting)
    yield _one("leeway_course_syncs_at_work", "Course syncs at work.", queue.at_work)
    outcomes = figures.runs_by_outcome()
    numbers = figures.numbers_of(drift=figures.drift_repairs(), stops=figures.stops_waiting())
    yield _gauge("leeway_sync_runs", "Sync runs by trigger and status.", outcomes, ("trigger", "status"))
    yield _one("leeway_drift_repaired_total", "Drift that was put back.", numbers["drift"], kind="counter")
    yield _one("leeway_action_log_entries", "Length of the action log.", figures.action_log_length())
    yield _one("leeway_guard_stops_waiting", "Stops of the safety guard that wait.", numbers["stops"])
    alerts: dict[tuple[str, ...], int] = {(kind,): number for kind, number in figures.open_alerts().items()}
    yield _gauge("leeway_alerts_open", "Alerts that nobody has seen.", alerts, ("kind",))


def _budget() -> Iterator[Metric]:
    connection = connections.current_connection()
    state = rate_budget.state_of(connection.token if connection else "")
    words = "1 while all workers share one rate budget, 0 while Redis is away and each process goes alone."
    yield _one("leeway_budget_shared", words, int(state is not None))
    if state is not None and connection is not None:
        yield _one("leeway_budget_level", "How full the token's bucket is, as we know it.", state.level)
        yield _one("leeway_budget_in_flight", "Our requests in flight.", state.in_flight)
        frozen = state.frozen_seconds
        yield _one("leeway_budget_frozen_seconds", "How long nobody asks, after a refusal.", frozen)


def _counted(counted: Mapping[tuple[str, ...], float]) -> Iterator[Metric]:
    for counter, (name, words, labels) in _COUNTED.items():
        samples = {key[1:]: number for key, number in sorted(counted.items()) if key[0] == counter}
        if samples:
            yield Metric(name, words, "counter", labels, tuple(samples.items()))


def _gauge(name: str, words: str, samples: Mapping[tuple[str, ...], float], labels: tuple[str, ...]) -> Metric:
    return Metric(name, words, "gauge", labels, tuple(samples.items()))


def _one(name: str, words: str, number: float, *, kind: str = "gauge") -> Metric:
    return Metric(name, words, kind, (), (((), number),))


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else f"{number:.6f}".rstrip("0")
