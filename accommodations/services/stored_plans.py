"""The stored plan of a course sync: one row for each planned action, kept in step with each new plan."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accommodations.codec import change_from_stored, from_stored, to_stored
from accommodations.models import CourseSync, SyncAction
from accommodations.planning.plan import PlannedAction
from accommodations.services.observe import Observation
from canvas_bridge.changes import Change

SENTENCE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """A planned action with the row that stands for it."""

    row: SyncAction
    planned: PlannedAction


def planned_of(row: SyncAction) -> PlannedAction:
    """Return the planned action that a row holds."""
    return from_stored(PlannedAction, row.action)


def change_of(row: SyncAction) -> Change:
    """Return the change that a row holds."""
    return change_from_stored(row.action["change"])


def changes_shown(course_sync: CourseSync) -> frozenset[Change]:
    """Return the changes that stand, or stood, in the plan that a person read."""
    rows = course_sync.actions.exclude(status__in=(SyncAction.Status.DROPPED, SyncAction.Status.HELD))
    return frozenset(change_of(row) for row in rows)


@transaction.atomic
def store_plan(course_sync: CourseSync, observed: Observation, *, given_up: Collection[Change] = ()) -> list[Step]:
    """Bring the rows in step with the plan and return them in its order; what has ended stays as history.

    What was given up in this work and is still due keeps the row of its refusal: it is not sent again now.
    """
    refused = _rows_of(course_sync, given_up)
    unsent = course_sync.actions.filter(status__in=(SyncAction.Status.PLANNED, SyncAction.Status.HELD))
    planned_before: dict[Change, SyncAction] = {}
    held_before: dict[Change, SyncAction] = {}
    for row in unsent.select_related("student", "assessment"):
        (held_before if row.status == SyncAction.Status.HELD else planned_before)[change_of(row)] = row
    steps, new = [], []
    for planned in observed.plan.actions:
        found = planned_before.pop(planned.change, None) or refused.get(planned.change)
        if found is None:
            found = _row(course_sync, planned, observed)
            new.append(found)
        steps.append(Step(row=found, planned=planned))
    new += _stopped_rows(course_sync, observed, held_before)
    _add(course_sync, new)
    gone = [row.pk for row in (*planned_before.values(), *held_before.values())]
    SyncAction.objects.filter(pk__in=gone).update(status=SyncAction.Status.DROPPED, ended_at=timezone.now())
    course_sync.plan_digest = observed.plan.digest
    course_sync.planned_at = timezone.now()
    course_sync.save(update_fields=["plan_digest", "planned_at"])
    return steps


def _stopped_rows(
    course_sync: CourseSync, observed: Observation, held_before: dict[Change, SyncAction]
) -> list[SyncAction]:
    """Return new rows for what the safety guard stopped, and leave in `held_before` what it stops no longer."""
    stop = observed.plan.stop
    rows = []
    for action in stop.actions if stop is not None else ():
        if held_before.pop(action.change, None) is None:
            rows.append(_row(course_sync, action, observed, status=SyncAction.Status.HELD))
    return rows


def _add(course_sync: CourseSync, rows: Sequence[SyncAction]) -> None:
    """Store new rows behind those that the course sync has."""
    if not rows:
        return
    last = course_sync.actions.aggregate(last=Max("position"))["last"]
    for position, row in enumerate(rows, start=0 if last is None else last + 1):
        row.position = position
    SyncAction.objects.bulk_create(rows, batch_size=500)


def _rows_of(course_sync: CourseSync, changes: Collection[Change]) -> dict[Change, SyncAction]:
    """Return the latest row of each of these changes that was sent."""
    if not changes:
        return {}
    not_sent = (SyncAction.Status.PLANNED, SyncAction.Status.DROPPED, SyncAction.Status.HELD)
    sent = course_sync.actions.exclude(status__in=not_sent)
    rows = sent.select_related("student", "assessment").order_by("position")
    return {change: row for row in rows if (change := change_of(row)) in changes}


def _row(
    course_sync: CourseSync,
    planned: PlannedAction,
    observed: Observation,
    *,
    status: SyncAction.Status = SyncAction.Status.PLANNED,
) -> SyncAction:
    return SyncAction(
        course_sync=course_sync,
        student=observed.students[planned.canvas_user_id],
        assessment=observed.assessments[planned.assessment_key],
        status=status,
        action=to_stored(planned),
        sentence=planned.sentence[:SENTENCE_LENGTH],
        is_shrinking=planned.is_shrinking,
    )
