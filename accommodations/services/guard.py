"""The safety guard's stops (R16): kept with their figures, approved or dismissed by a director, nothing else waits."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.codec import to_stored
from accommodations.errors import PlanChanged, Problem, RunLimitPassed, ValuesRefused
from accommodations.models import (
    Assessment,
    Course,
    CourseSync,
    GuardStop,
    PairHold,
    Student,
    SyncAction,
    SyncRun,
)
from accommodations.planning.plan import HoldKind, PlannedAction, Stop
from accommodations.selectors.holds import STATUSES_SENT, is_within_the_runs_limit, let_pass
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord
from accommodations.services.sync_runs import request_sync_run

MESSAGE_LENGTH = 500
MOST_WORDS = 1000
MOST_NAMED = 8


@transaction.atomic(savepoint=False)
def note_stop(
    course: Course,
    stop: Stop | None,
    *,
    students: Mapping[int, Student],
    assessments: Mapping[str, Assessment],
    course_sync: CourseSync | None,
) -> None:
    """Keep what the guard stopped in this course sync; what it stopped before and no longer does is overtaken."""
    if course_sync is None or course_sync.run.plan_only:
        return
    waiting = GuardStop.objects.select_for_update().filter(course=course, status=GuardStop.Status.WAITING).first()
    if waiting is not None and stop is not None and waiting.digest == stop.digest:
        if stop.is_of_the_run and waiting.run_id != course_sync.run_id:
            # The same actions, and this run has passed its limit: they count in it too.
            waiting.run, waiting.message = course_sync.run, _message(stop, course_sync)
            waiting.save(update_fields=["run", "message"])
        return
    if waiting is not None:
        waiting.status, waiting.decided_at = GuardStop.Status.OVERTAKEN, timezone.now()
        waiting.save(update_fields=["status", "decided_at"])
    if stop is None:
        return
    row = GuardStop.objects.create(
        course=course,
        run=course_sync.run,
        digest=stop.digest,
        message=_message(stop, course_sync),
        actions=[_stored(action, students, assessments) for action in stop.actions],
        pair_count=stop.pairs,
        grant_count=stop.grants,
        stopped_at=timezone.now(),
    )
    payload = {"stop": row.pk, "digest": stop.digest, "message": row.message, "changes": len(stop.actions)}
    action_log.record(act="guard.stopped", course=course, run=course_sync.run, payload=payload)


def _message(stop: Stop, course_sync: CourseSync) -> str:
    """Return why it was stopped and, where the run's limit did it, what had been sent already and in which courses.

    Only who decides about stops reads it: nobody else learns of other courses.
    """
    if not stop.is_of_the_run:
        return stop.message[:MESSAGE_LENGTH]
    sent = let_pass(course_sync, now=timezone.now(), statuses=STATUSES_SENT)
    if not sent:
        return f"{stop.message} Nothing of it was sent before."[:MESSAGE_LENGTH]
    named = sorted((course.course_code or course.name, number) for course, number in sent.items())
    words = ", ".join(f"{name} ({number})" for name, number in named[:MOST_NAMED])
    more = f" and {len(named) - MOST_NAMED} more courses" if len(named) > MOST_NAMED else ""
    return f"{stop.message} Sent before it was stopped: {words}{more}."[:MESSAGE_LENGTH]


def check_run(course_sync: CourseSync, rows: Iterable[SyncAction]) -> None:
    """Raise RunLimitPassed where sending these actions would bring the run over its limit (R16).

    Called in the transaction that marks them as sent, before the request leaves. The run's row lock lets one worker
    after the other count, so that however many work on a run, no more than the limit is ever sent.
    """
    shrinking = [row.pk for row in rows if row.is_shrinking]
    if not shrinking:
        return
    SyncRun.objects.select_for_update(of=("self",)).get(pk=course_sync.run_id)
    if not is_within_the_runs_limit(course_sync, shrinking, now=timezone.now()):
        raise RunLimitPassed("Other courses of the run have used up what it may delete or shrink without a director.")


def _stored(
    action: PlannedAction, students: Mapping[int, Student], assessments: Mapping[str, Assessment]
) -> dict[str, Any]:
    return {
        "digest": action.digest,
        "student": students[action.canvas_user_id].pk,
        "assessment": assessments[action.assessment_key].pk,
        "sentence": action.sentence,
        "before": to_stored(action.before),
        "after": to_stored(action.after),
    }


@transaction.atomic
def approve_stop(*, stop: GuardStop, approved_by: User, digest: str) -> SyncRun:
    """Let exactly these actions go, and queue a sync of the course. Raises PlanChanged where they are others by now."""
    current = _waiting(stop, digest)
    _decide(current, GuardStop.Status.APPROVED, approved_by, reason="")
    _log("guard.approved", current, approved_by)
    return _queue(current, approved_by)


@transaction.atomic
def dismiss_stop(*, stop: GuardStop, dismissed_by: User, digest: str, reason: str) -> SyncRun:
    """Leave in Canvas what these actions would take away: their pairs are held by name. Raises PlanChanged."""
    reason = reason.strip()
    if not reason or len(reason) > MOST_WORDS:
        raise ValuesRefused((Problem("reason", "guard.reason", "Say why it stays: everybody who asks is told."),))
    current = _waiting(stop, digest)
    _decide(current, GuardStop.Status.DISMISSED, dismissed_by, reason=reason)
    for student_id, assessment_id in sorted({(one["student"], one["assessment"]) for one in current.actions}):
        PairHold.objects.update_or_create(
            student_id=student_id,
            assessment_id=assessment_id,
            released_at=None,
            defaults={
                "kind": HoldKind.DISMISSED.value,
                "reason": reason,
                "held_by": dismissed_by,
                "held_at": timezone.now(),
            },
        )
    _log("guard.dismissed", current, dismissed_by)
    return _queue(current, dismissed_by)


def _waiting(stop: GuardStop, digest: str) -> GuardStop:
    current = GuardStop.objects.select_for_update(of=("self",)).select_related("course", "run").get(pk=stop.pk)
    if current.status != GuardStop.Status.WAITING or current.digest != digest:
        raise PlanChanged("What the safety guard stopped has changed since you read it. Read it again.")
    return current


def _decide(stop: GuardStop, status: GuardStop.Status, person: User, *, reason: str) -> None:
    stop.status, stop.decided_by, stop.decided_at, stop.reason = status, person, timezone.now(), reason
    stop.save(update_fields=["status", "decided_by", "decided_at", "reason"])


def _queue(stop: GuardStop, person: User) -> SyncRun:
    """Queue a sync of the course: what it does was read already, so it does not wait to be read again."""
    return request_sync_run(trigger=SyncRun.Trigger.CHANGE, requested_by=person, courses=[stop.course])


def _log(act: str, stop: GuardStop, person: User) -> None:
    """Log the decision once for the course, and once for each student whom it is about."""
    about = {one["student"] for one in stop.actions}
    shared = {"stop": stop.pk, "digest": stop.digest, "message": stop.message, "reason": stop.reason}
    records = [LogRecord(act=act, actor=person, course=stop.course, run=stop.run, payload=shared)]
    for student in Student.objects.filter(pk__in=about).order_by("pk"):
        sentences = [one["sentence"] for one in stop.actions if one["student"] == student.pk]
        payload = {"stop": stop.pk, "reason": stop.reason, "changes": sentences}
        records.append(
            LogRecord(act=act, actor=person, student=student, course=stop.course, run=stop.run, payload=payload)
        )
    action_log.record_many(records)
