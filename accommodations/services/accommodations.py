"""Recording, changing, approving and ending accommodations; each queues the syncs concerned in its transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.codec import to_stored
from accommodations.errors import ApprovalRefused, EditedMeanwhile, LeewayError, Problem, ValuesRefused
from accommodations.models import Accommodation, ConfirmedEnding, InstitutionSettings, Student, SyncRun
from accommodations.selectors.rules import institution_today, rule_of
from accommodations.services import action_log
from accommodations.services.accommodation_values import (
    AccommodationValues,
    check_values,
    values_of,
    write_values,
)
from accommodations.services.change_runs import Queue, queue_change
from accommodations.services.decisions import record_exception, release_course, withdraw_exception

__all__ = [
    "AccommodationValues",
    "approve_accommodation",
    "change_accommodation",
    "end_accommodation",
    "expire_accommodations",
    "record_accommodation",
    "record_accommodations",
    "record_exception",
    "release_course",
    "renew_accommodation",
    "values_of",
    "waits_for_approval",
    "withdraw_exception",
]
COUNTING = (Accommodation.Status.APPROVED, Accommodation.Status.ACTIVE)


def record_accommodation(
    *, student: Student, recorded_by: User, values: AccommodationValues, reads_before_applying: bool = True
) -> tuple[Accommodation, SyncRun | None]:
    """Record one accommodation; see record_accommodations."""
    recorded, run = record_accommodations(
        student=student, recorded_by=recorded_by, values=[values], reads_before_applying=reads_before_applying
    )
    return recorded[0], run


@transaction.atomic
def record_accommodations(
    *,
    student: Student,
    recorded_by: User,
    values: Sequence[AccommodationValues],
    reads_before_applying: bool = True,
    queue: Queue = queue_change,
    as_draft: bool = False,
    urgent_reason: str = "",
) -> tuple[list[Accommodation], SyncRun | None]:
    """Record what one approval grants, and queue one sync of the courses concerned.

    Drafts queue no run: those that are asked for, and with two-person approval all but the urgent ones, which count at
    once and are approved after. Raises ValuesRefused. `queue`: who records many students at once collects what changed
    and queues one run for all of them.
    """
    entry = _Entry(recorded_by=recorded_by, as_draft=as_draft, urgent_reason=urgent_reason)
    recorded = [_store_new(entry, student=student, values=one) for one in values]
    if any(row.status not in COUNTING for row in recorded):
        return recorded, None
    run = queue(recorded, requested_by=recorded_by, reads_before_applying=reads_before_applying)
    return recorded, run


@transaction.atomic
def renew_accommodation(
    *, accommodation: Accommodation, renewed_by: User, values: AccommodationValues, queue: Queue
) -> Accommodation:
    """Record what continues an accommodation in a later term; a draft where a second person approves."""
    entry = _Entry(recorded_by=renewed_by, renews=accommodation)
    renewal = _store_new(entry, student=accommodation.student, values=values)
    if renewal.status in COUNTING:
        queue([renewal], requested_by=renewed_by, reads_before_applying=True)
    return renewal


@dataclass(frozen=True, slots=True)
class _Entry:
    """Who records, whether it counts before somebody else has approved it, and which one it continues."""

    recorded_by: User
    as_draft: bool = False
    urgent_reason: str = ""
    renews: Accommodation | None = None


def _store_new(
    entry: _Entry,
    *,
    student: Student,
    values: AccommodationValues,
    replaces: Accommodation | None = None,
) -> Accommodation:
    check_values(values)
    accommodation = Accommodation(
        student=student, recorded_by=entry.recorded_by, replaces=replaces, renews=entry.renews
    )
    write_values(accommodation, values)
    two_people = InstitutionSettings.current().two_person_approval
    if two_people and not entry.as_draft:
        accommodation.urgent_reason = entry.urgent_reason.strip()
    if not entry.as_draft and (not two_people or accommodation.urgent_reason):
        accommodation.status = _status_in_force(accommodation)
    accommodation.save()
    act = "accommodation.renewed" if entry.renews else "accommodation.recorded"
    _log(act, accommodation, actor=entry.recorded_by)
    return accommodation


def _status_in_force(accommodation: Accommodation) -> Accommodation.Status:
    today = institution_today(timezone.now())
    starts_later = accommodation.effective_from > today
    return Accommodation.Status.APPROVED if starts_later else Accommodation.Status.ACTIVE


def _log(act: str, accommodation: Accommodation, *, actor: User | None) -> None:
    """Log an act with what the accommodation now grants; the private note stays out of the log."""
    action_log.record(
        act=act,
        actor=actor,
        student=accommodation.student,
        course=accommodation.course,
        assessment=accommodation.assessment,
        accommodation=accommodation,
        payload={
            "version": accommodation.version,
            "status": accommodation.status,
            "end_reason": accommodation.end_reason,
            "rule": to_stored(rule_of(accommodation)),
            **({"urgent": accommodation.urgent_reason} if accommodation.urgent_reason else {}),
            **({"renews": accommodation.renews_id} if accommodation.renews_id else {}),
        },
    )


def _locked(accommodation: Accommodation, *, version: int) -> Accommodation:
    """Return the row as it stands, locked. Raises EditedMeanwhile where it is not the version that was read."""
    current = Accommodation.objects.select_for_update().get(pk=accommodation.pk)
    if current.version != version:
        raise EditedMeanwhile(current)
    return current


@transaction.atomic
def change_accommodation(
    *,
    accommodation: Accommodation,
    changed_by: User,
    version: int,
    values: AccommodationValues,
    reads_before_applying: bool = True,
    queue: Queue = queue_change,
    urgent_reason: str = "",
) -> tuple[Accommodation, SyncRun | None]:
    """Store a new version, and queue the courses of the old and the new one.

    With two-person approval an accommodation that counts stays as it is: the change becomes a draft beside it, which
    replaces it when somebody else approves. An urgent one counts beside it until then: the most generous is given
    (R6), so that nothing is lost if it is refused. Who changes a draft has recorded it: somebody else approves.
    Raises EditedMeanwhile or ValuesRefused.
    """
    current = _locked(accommodation, version=version)
    check_values(values)
    if current.status == Accommodation.Status.ENDED:
        raise LeewayError("It has ended. Record a new one instead.", code="accommodation.ended")
    if current.status in COUNTING and InstitutionSettings.current().two_person_approval:
        entry = _Entry(recorded_by=changed_by, urgent_reason=urgent_reason)
        beside = _store_new(entry, student=current.student, values=values, replaces=current)
        if beside.status not in COUNTING:
            return beside, None
        return beside, queue([beside], requested_by=changed_by, reads_before_applying=reads_before_applying)
    before = Accommodation.objects.get(pk=current.pk)
    write_values(current, values)
    if current.status in COUNTING:
        current.status = _status_in_force(current)
    else:
        current.recorded_by = changed_by
    current.version += 1
    current.save()
    _log("accommodation.changed", current, actor=changed_by)
    if current.status not in COUNTING:
        return current, None
    run = queue([before, current], requested_by=changed_by, reads_before_applying=reads_before_applying)
    return current, run


@transaction.atomic
def approve_accommodation(
    *, accommodation: Accommodation, approved_by: User, reads_before_applying: bool = True
) -> SyncRun | None:
    """Let a draft count; None where nothing follows, since it was urgent and counts already.

    Raises ApprovalRefused for its own recorder where two people are asked for. The row is locked, so that of two
    approvals at once the second finds nothing to approve.
    """
    current = Accommodation.objects.select_for_update().get(pk=accommodation.pk)
    if not waits_for_approval(current):
        raise ApprovalRefused("It is not a draft any more.", code="approval.not_a_draft")
    if InstitutionSettings.current().two_person_approval and current.recorded_by_id == approved_by.pk:
        raise ApprovalRefused("Somebody else than the person who recorded it approves.", code="approval.own_record")
    is_draft = current.status == Accommodation.Status.DRAFT
    if is_draft:
        current.status = _status_in_force(current)
    current.approved_by = approved_by
    current.version += 1
    current.save()
    _log("accommodation.approved", current, actor=approved_by)
    changed = [current] if is_draft else []
    if current.replaces is not None and current.replaces.status in COUNTING:
        changed.append(mark_ended(current.replaces, reason=Accommodation.EndReason.REPLACED, actor=approved_by))
    if not changed:
        return None
    return queue_change(changed, requested_by=approved_by, reads_before_applying=reads_before_applying)


def waits_for_approval(accommodation: Accommodation) -> bool:
    """Whether somebody is still to approve it: a draft, or an urgent one that counts already."""
    if accommodation.status == Accommodation.Status.DRAFT:
        return True
    is_urgent = bool(accommodation.urgent_reason) and accommodation.approved_by_id is None
    return is_urgent and accommodation.status in COUNTING


@transaction.atomic
def end_accommodation(
    *,
    accommodation: Accommodation,
    ended_by: User,
    version: int,
    reason: str = Accommodation.EndReason.REVOKED,
    confirmed_number: int | None = None,
    reads_before_applying: bool = True,
    queue: Queue = queue_change,
) -> SyncRun | None:
    """End an accommodation and queue the taking back of what it put into Canvas. Raises EditedMeanwhile.

    `confirmed_number`: how many assessments the page said that it takes back; the safety guard does not count these.
    `reason` is one of Accommodation.EndReason. A draft ends without a run: nothing of it is in Canvas.
    """
    if reason not in set(Accommodation.EndReason):
        raise ValuesRefused((Problem("reason", "end.reason", "Choose why it ends."),))
    current = _locked(accommodation, version=version)
    if current.status == Accommodation.Status.ENDED:
        return None
    was_counting = current.status in COUNTING
    mark_ended(current, reason=Accommodation.EndReason(reason), actor=ended_by)
    if not was_counting:
        return None
    if confirmed_number is not None:
        ConfirmedEnding.objects.create(
            student=current.student, number=confirmed_number, confirmed_by=ended_by, confirmed_at=timezone.now()
        )
    return queue([current], requested_by=ended_by, reads_before_applying=reads_before_applying)


def mark_ended(accommodation: Accommodation, *, reason: Accommodation.EndReason, actor: User | None) -> Accommodation:
    """Write down that it has ended, and log it; who calls queues what follows."""
    accommodation.status = Accommodation.Status.ENDED
    accommodation.end_reason = reason
    accommodation.ended_at = timezone.now()
    accommodation.version += 1
    accommodation.save()
    _log("accommodation.ended", accommodation, actor=actor)
    return accommodation


@transaction.atomic
def expire_accommodations(*, today: date) -> list[SyncRun]:
    """End those whose last day is over, start those whose first day has come, and queue their syncs. Safe to repeat."""
    over = Accommodation.objects.filter(status__in=COUNTING, effective_until__lt=today).select_for_update(of=("self",))
    ended = [mark_ended(row, reason=Accommodation.EndReason.EXPIRED, actor=None) for row in over]
    begun = []
    beginning = Accommodation.objects.filter(status=Accommodation.Status.APPROVED, effective_from__lte=today)
    for row in beginning.select_for_update(of=("self",)):
        row.status = Accommodation.Status.ACTIVE
        row.version += 1
        row.save()
        begun.append(row)
    changed: dict[int, list[Accommodation]] = {}
    for row in (*ended, *begun):
        changed.setdefault(row.student_id, []).append(row)
    return [queue_change(rows, requested_by=None, reads_before_applying=False) for rows in changed.values()]
