"""Writes whose outcome nobody heard: settled by reading Canvas, never by guessing.

What cannot be read (New Quizzes, or where Canvas refuses to show it) stays unknown until a later write of the same
values is accepted; until then planning is told of it (`selectors.standing`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accommodations.models import Course, SyncAction
from accommodations.planning.plan import PlannedAction
from accommodations.services import action_log, ledger
from accommodations.services.action_log import LogRecord
from accommodations.services.stored_plans import Step, planned_of
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
NOT_READABLE = "Cannot be read back: what should stand there is sent again."
OVERTAKEN = "A later write of the same values was accepted by Canvas."
NO_LONGER_THERE = "The assessment is no longer there."


def note_leftovers(course: Course) -> None:
    """Mark what a dead worker had sent, and never heard about, as unknown. Called under the lease on the course."""
    left = list(
        SyncAction.objects.filter(course_sync__course=course, status=SyncAction.Status.STARTED).select_related(
            "student", "assessment", "course_sync__run"
        )
    )
    if not left:
        return
    with transaction.atomic():
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
    """Decide each action by what the course now holds, and log it as the outcome of its intent.

    What cannot be read stays unknown, and the ledger remembers what may stand there.
    """
    now = timezone.now()
    keys = {assessment.key for assessment in facts.assessments}
    records = []
    entries = ledger.StandingEntries.of_actions(rows)
    for row in rows:
        if row.assessment.key not in keys:
            records.append(_settled(row, course, SyncAction.Status.DROPPED, NO_LONGER_THERE, outcome="deleted"))
            continue
        planned = planned_of(row)
        arrived = _has_arrived(planned.change, row.assessment.key, facts)
        if arrived is None:
            _keep_unknown(row, planned, now)
        elif arrived:
            found = ledger.override_of(facts, row.assessment.key, planned.canvas_user_id)
            override_id = found.canvas_override_id if found else None
            entries.note_applied(row, planned, canvas_override_id=override_id, now=now)
            records.append(_settled(row, course, SyncAction.Status.APPLIED, "", outcome="applied"))
        else:
            status = SyncAction.Status.UNREACHABLE
            records.append(_settled(row, course, status, NOT_ARRIVED, outcome="not_applied"))
    entries.save()
    action_log.record_many(records)


def _keep_unknown(row: SyncAction, planned: PlannedAction, now: datetime) -> None:
    if isinstance(planned.change, SetNewQuizAccommodation):
        ledger.note_uncertain(row, planned, now=now)
    row.message = NOT_READABLE
    row.save(update_fields=["message"])


def _settled(row: SyncAction, course: Course, status: str, message: str, *, outcome: str) -> LogRecord:
    row.status, row.message, row.ended_at = status, message, timezone.now()
    row.save(update_fields=["status", "message", "ended_at"])
    return _record(row, course, act="canvas.write.settled", outcome=outcome)


def settle_overtaken(applied: Sequence[Step], course: Course) -> list[LogRecord]:
    """End what was unknown of New Quizzes before Canvas took these changes, which are absolute; return the records.

    A write that also carried the other value stays unknown: nobody knows that one yet.
    """
    taken = {
        (step.row.student_id, step.row.assessment_id): step.planned.change
        for step in applied
        if isinstance(step.planned.change, SetNewQuizAccommodation)
    }
    if not taken:
        return []
    records = []
    for row in unknown_actions(course):
        change, sent = taken.get((row.student_id, row.assessment_id)), planned_of(row).change
        if change is not None and isinstance(sent, SetNewQuizAccommodation) and _covers(change, sent):
            records.append(_settled(row, course, SyncAction.Status.DROPPED, OVERTAKEN, outcome="overtaken"))
    return records


def _covers(later: SetNewQuizAccommodation, earlier: SetNewQuizAccommodation) -> bool:
    has_minutes = earlier.extra_minutes is None or later.extra_minutes is not None
    return has_minutes and (earlier.extra_attempts is None or later.extra_attempts is not None)


def half_done_moves(rows: Sequence[SyncAction], facts: CourseFacts) -> list[SyncAction]:
    """Return the moves of which only the first step arrived: the student stands in no ad-hoc override at all (F33)."""
    students = {student.canvas_user_id for student in facts.students if student.is_current}
    keys = {assessment.key for assessment in facts.assessments}
    return [
        row
        for row in rows
        if row.action["change"]["type"] == "MoveOutOfSharedOverride"
        and row.assessment.key in keys
        and row.student.canvas_user_id in students
        and ledger.override_of(facts, row.assessment.key, row.student.canvas_user_id) is None
    ]


def move_now(change: Change, facts: CourseFacts) -> MoveOutOfSharedOverride:
    """Return a half-done move with the shared override as it stands now: those whom it names today stay in it (R2)."""
    if not isinstance(change, MoveOutOfSharedOverride):
        raise ValueError("only a move has two steps")
    for assessment in facts.assessments:
        for override in assessment.overrides:
            if override.canvas_override_id == change.canvas_shared_override_id:
                return replace(
                    change,
                    remaining_canvas_user_ids=tuple(sorted(override.canvas_user_ids)),
                    shared_title=override.title,
                    shared_unlock=override.unlock,
                    shared_due=override.due,
                    shared_lock=override.lock,
                )
    return change


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
