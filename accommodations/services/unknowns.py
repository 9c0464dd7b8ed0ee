"""Writes whose outcome nobody heard: settled by reading Canvas, never by guessing."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accommodations.models import Course, SyncAction
from accommodations.services import action_log, ledger
from accommodations.services.action_log import LogRecord
from accommodations.services.stored_plans import planned_of
from canvas_bridge.changes import (
    Change,
    CreateOverride,
    DeleteOverride,
    MoveOutOfSharedOverride,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
    UpdateOverride,
)
from canvas_bridge.facts import CourseFacts

NOT_ARRIVED = "Canvas was read: the request had not arrived."
NOT_READABLE = "Cannot be read back; the same value is sent again where it is still due."


@transaction.atomic
def note_leftovers(course: Course) -> None:
    """Mark what a dead worker had sent, and never heard about, as unknown. Called under the lease on the course."""
    left = list(
        SyncAction.objects.filter(course_sync__course=course, status=SyncAction.Status.STARTED).select_related(
            "student", "assessment", "course_sync__run"
        )
    )
    action_log.record_many([_record(row, course, act="canvas.write.unknown", outcome="unknown") for row in left])
    SyncAction.objects.filter(pk__in=[row.pk for row in left]).update(status=SyncAction.Status.UNKNOWN)


def unknown_actions(course: Course) -> list[SyncAction]:
    """Return the course's actions whose outcome is unknown, oldest first."""
    rows = SyncAction.objects.filter(course_sync__course=course, status=SyncAction.Status.UNKNOWN)
    return list(rows.select_related("student", "assessment", "course_sync__run").order_by("pk"))


def extensions_to_read(rows: Sequence[SyncAction]) -> frozenset[str]:
    """Return the keys of the assessments whose extensions tell what became of these actions."""
    kinds = ("SetQuizExtension", "SetAssignmentExtension")
    return frozenset(row.assessment.key for row in rows if row.action["change"]["type"] in kinds)


@transaction.atomic
def settle(rows: Sequence[SyncAction], course: Course, facts: CourseFacts) -> None:
    """Decide each action by what the course now holds, and log it as the outcome of its intent."""
    now = timezone.now()
    records = []
    for row in rows:
        planned = planned_of(row)
        arrived = _has_arrived(planned.change, row.assessment.key, facts)
        if arrived:
            found = ledger.override_of(facts, row.assessment.key, planned.canvas_user_id)
            ledger.note_applied(
                row,
                planned,
                canvas_override_id=found.canvas_override_id if found else None,
                now=now,
            )
        row.status, row.message = _settled_as(arrived)
        row.ended_at = now
        row.save(update_fields=["status", "message", "ended_at"])
        outcome = {True: "applied", False: "not_applied", None: "not_readable"}[arrived]
        records.append(_record(row, course, act="canvas.write.settled", outcome=outcome))
    action_log.record_many(records)


def _settled_as(arrived: bool | None) -> tuple[str, str]:
    if arrived is None:
        return SyncAction.Status.DROPPED, NOT_READABLE
    return (SyncAction.Status.APPLIED, "") if arrived else (SyncAction.Status.UNREACHABLE, NOT_ARRIVED)


def _has_arrived(change: Change, assessment_key: str, facts: CourseFacts) -> bool | None:
    """Whether Canvas holds what the change asked for; None where that cannot be read."""
    match change:
        case SetNewQuizAccommodation():
            return None
        case SetQuizExtension() | SetAssignmentExtension():
            return _extension_arrived(change, assessment_key, facts)
        case CreateOverride() | MoveOutOfSharedOverride():
            found = ledger.override_of(facts, assessment_key, change.canvas_user_id)
            return found is not None and len(found.canvas_user_ids) == 1 and ledger.dates_of(found) == change.dates
        case UpdateOverride():
            found = ledger.override_of(facts, assessment_key, change.canvas_user_id)
            wanted = (change.unlock, change.due, change.lock)
            return found is not None and (found.unlock, found.due, found.lock) == wanted
        case DeleteOverride():
            found = ledger.override_of(facts, assessment_key, change.canvas_user_id)
            return found is None or found.canvas_override_id != change.canvas_override_id


def _extension_arrived(
    change: SetQuizExtension | SetAssignmentExtension, assessment_key: str, facts: CourseFacts
) -> bool | None:
    stands = ledger.HeldExtensions(facts).of(assessment_key, change.canvas_user_id)
    if stands is None:
        return None
    minutes = None if isinstance(change, SetAssignmentExtension) else change.extra_minutes
    return minutes in (None, stands.extra_minutes) and change.extra_attempts in (None, stands.extra_attempts)


def _record(row: SyncAction, course: Course, *, act: str, outcome: str) -> LogRecord:
    return LogRecord(
        act=act,
        outcome=outcome,
        student=row.student,
        course=course,
        assessment=row.assessment,
        run=row.course_sync.run,
        action=row,
        request_id=row.request_id,
        payload={"message": row.message},
    )
