"""Writing the status table from a plan: one row for each (student, assessment) pair."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accommodations.codec import to_stored
from accommodations.errors import WORDS_FOR_401
from accommodations.models import Assessment, Course, LedgerEntry, PairStatus, Student
from accommodations.planning.plan import PairOutcome, Plan
from accommodations.planning.statuses import Reason, Status
from accommodations.selectors.standing import standing_ledger

SENTENCE_LENGTH = 1000
NEXT_TRY = timedelta(hours=1)
"""The hourly round tries again what Canvas refused."""

WITH_EVIDENCE = (Status.IN_PLACE, Status.SHORT, Status.PAST)

PairKey = tuple[int, str]
_WRITTEN = (
    "status",
    "reason",
    "sentence",
    "outcome",
    "is_exam",
    "is_granted",
    "opens_at",
    "closes_at",
    "short_by_minutes",
    "since",
    "failure_message",
    "next_try_at",
    "settled_note",
    "settled_on",
    "settled_at",
    "settled_by_id",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """When and how a plan's facts were read, and the rows that its ids stand for."""

    read_at: datetime
    now: datetime
    students: Mapping[int, Student]
    assessments: Mapping[str, Assessment]
    failures: Mapping[PairKey, str]
    unread: Collection[int] = ()
    """Canvas ids of students who were given something since the reading: what is told of them stays."""


@transaction.atomic(savepoint=False)
def write_statuses(course: Course, plan: Plan, seen: Seen, *, only: Iterable[Student] | None = None) -> None:
    """Bring the course's rows in step with the plan; `since` stays where status and reason are what they were.

    Pairs of which nothing is left are deleted; a missed one stays until a person has written what was done about it.
    """
    rows = PairStatus.objects.filter(course=course).select_related("student", "assessment")
    if only is not None:
        rows = rows.filter(student__in=list(only))
    stored = {(row.student.canvas_user_id, row.assessment.key): row for row in rows}
    evidence = _evidence(course)
    new: list[PairStatus] = []
    changed: list[PairStatus] = []
    kept: set[PairKey] = set()
    for outcome in plan.pairs:
        key = (outcome.canvas_user_id, outcome.assessment_key)
        row = stored.get(key) or PairStatus(
            student=seen.students[key[0]], assessment=seen.assessments[key[1]], course=course
        )
        if _is_still_missed(row, outcome):
            continue
        kept.add(key)
        before = {name: getattr(row, name) for name in _WRITTEN}
        _fill(row, outcome, seen)
        if row.pk is None:
            row.evidence_at = evidence.get(key) if row.status in WITH_EVIDENCE else None
            new.append(row)
        elif before != {name: getattr(row, name) for name in _WRITTEN}:
            changed.append(row)
    PairStatus.objects.bulk_create(new, batch_size=500)
    _write_evidence([stored[key] for key in kept if key in stored], evidence)
    PairStatus.objects.bulk_update(changed, [name.removesuffix("_id") for name in _WRITTEN], batch_size=200)
    rows.filter(pk__in=[stored[key].pk for key in kept if key in stored]).update(read_at=seen.read_at)
    gone = [
        row.pk
        for key, row in stored.items()
        if key not in kept and key[0] not in seen.unread and not _waits_for_words(row)
    ]
    PairStatus.objects.filter(pk__in=gone).delete()


def _write_evidence(rows: Iterable[PairStatus], evidence: Mapping[PairKey, datetime]) -> None:
    """Write when Canvas last confirmed each pair: few instants for many rows, so one statement for each instant."""
    rows_at: dict[datetime | None, list[int]] = defaultdict(list)
    for row in rows:
        at = evidence.get((row.student.canvas_user_id, row.assessment.key)) if row.status in WITH_EVIDENCE else None
        if row.evidence_at != at:
            rows_at[at].append(row.pk)
    for at, pks in rows_at.items():
        PairStatus.objects.filter(pk__in=pks).update(evidence_at=at)


def _waits_for_words(row: PairStatus) -> bool:
    return row.status == Status.MISSED and row.settled_at is None


def _is_still_missed(row: PairStatus, outcome: PairOutcome) -> bool:
    """Whether it was missed, nobody has written about that, and no grant has opened it again since.

    An exception that is recorded afterwards, a release that is lacking, or the accommodation's end says why nothing is
    needed now; what happened then is not settled by that.
    """
    return _waits_for_words(row) and (outcome.status is Status.PAST or not outcome.is_granted)


def _fill(row: PairStatus, outcome: PairOutcome, seen: Seen) -> None:
    if row.status == Status.MISSED and outcome.status not in (Status.MISSED, Status.PAST):
        # It is open again: what was written about the time it was missed does not settle the next one.
        row.settled_note, row.settled_on, row.settled_at, row.settled_by_id = "", None, None, None
    if (row.status, row.reason) != (outcome.status.value, outcome.reason.value):
        row.since = seen.now
    row.status, row.reason = outcome.status.value, outcome.reason.value
    row.sentence = outcome.sentence[:SENTENCE_LENGTH]
    row.outcome = to_stored(outcome)
    row.is_exam, row.opens_at, row.closes_at = outcome.is_exam, outcome.opens_at, outcome.closes_at
    row.short_by_minutes, row.is_granted = outcome.short_by_minutes, outcome.is_granted
    row.read_at = seen.read_at
    failure = seen.failures.get((outcome.canvas_user_id, outcome.assessment_key), "")
    has_failed = outcome.reason in (Reason.REFUSED, Reason.UNREACHABLE, Reason.PERMISSION_MISSING)
    row.failure_message = (failure or row.failure_message)[:SENTENCE_LENGTH] if has_failed else ""
    is_tried_again = has_failed and row.failure_message != WORDS_FOR_401  # that waits for a person, not for an hour
    row.next_try_at = _next_try_at(row, seen.now) if is_tried_again else None


def _next_try_at(row: PairStatus, now: datetime) -> datetime:
    if row.next_try_at is not None and row.next_try_at > now:
        return row.next_try_at
    return now + NEXT_TRY


def _evidence(course: Course) -> dict[PairKey, datetime]:
    """Return when Canvas last confirmed each pair: the oldest proof among its parts."""
    found: dict[PairKey, datetime] = {}
    certain = standing_ledger([course]).exclude(evidence=LedgerEntry.Evidence.UNCERTAIN)
    for row in certain.select_related("student", "assessment"):
        key = (row.student.canvas_user_id, row.assessment.key)
        at = row.confirmed_at if row.evidence == LedgerEntry.Evidence.READ_BACK and row.confirmed_at else row.put_at
        found[key] = min(found.get(key, at), at)
    return found
