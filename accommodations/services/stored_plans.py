"""The stored plan of a course sync: one row for each planned action, kept in step with each new plan."""

from collections.abc import Collection
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
    waiting = {
        change_of(row): row
        for row in course_sync.actions.filter(status=SyncAction.Status.PLANNED).select_related("student", "assessment")
    }
    last = course_sync.actions.aggregate(last=Max("position"))["last"]
    position = -1 if last is None else last
    steps, new = [], []
    for planned in observed.plan.actions:
        row = waiting.pop(planned.change, None) or refused.get(planned.change)
        if row is None:
            position += 1
            row = _row(course_sync, planned, observed, position)
            new.append(row)
        steps.append(Step(row=row, planned=planned))
    new += _stopped_rows(course_sync, observed, position)
    SyncAction.objects.bulk_create(new, batch_size=500)
    SyncAction.objects.filter(pk__in=[row.pk for row in waiting.values()]).update(
        status=SyncAction.Status.DROPPED, ended_at=timezone.now()
    )
    course_sync.plan_digest = observed.plan.digest
    course_sync.planned_at = timezone.now()
    course_sync.save(update_fields=["plan_digest", "planned_at"])
    return steps


def _stopped_rows(course_sync: CourseSync, observed: Observation, position: int) -> list[SyncAction]:
    """Return new rows for what the safety guard stopped; those of what it stops no longer are dropped."""
    stop = observed.plan.stop
    stopped = {action.change: action for action in stop.actions} if stop is not None else {}
    known = {change_of(row): row for row in course_sync.actions.filter(status=SyncAction.Status.HELD)}
    gone = [row.pk for change, row in known.items() if change not in stopped]
    SyncAction.objects.filter(pk__in=gone).update(status=SyncAction.Status.DROPPED, ended_at=timezone.now())
    rows = [_row(course_sync, one, observed, 0) for change, one in stopped.items() if change not in known]
    for number, row in enumerate(rows, start=position + 1):
        row.position, row.status = number, SyncAction.Status.HELD
    return rows


def _rows_of(course_sync: CourseSync, changes: Collection[Change]) -> dict[Change, SyncAction]:
    """Return the latest row of each of these changes that was sent."""
    if not changes:
        return {}
    not_sent = (SyncAction.Status.PLANNED, SyncAction.Status.DROPPED, SyncAction.Status.HELD)
    sent = course_sync.actions.exclude(status__in=not_sent)
    rows = sent.select_related("student", "assessment").order_by("position")
    return {change: row for row in rows if (change := change_of(row)) in changes}


def _row(course_sync: CourseSync, planned: PlannedAction, observed: Observation, position: int) -> SyncAction:
    return SyncAction(
        course_sync=course_sync,
        student=observed.students[planned.canvas_user_id],
        assessment=observed.assessments[planned.assessment_key],
        position=position,
        action=to_stored(planned),
        sentence=planned.sentence[:SENTENCE_LENGTH],
        is_shrinking=planned.is_shrinking,
    )
