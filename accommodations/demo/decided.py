"""What people of the demo's office decided earlier about single pairs, as the services leave it: undone, dismissed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from accommodations.codec import to_stored
from accommodations.demo.campus import Campus
from accommodations.demo.earlier import Earlier
from accommodations.models import Course, GuardStop, PairHold
from accommodations.planning.plan import GuardState, HoldKind, PlannedAction, Stop, Values
from accommodations.planning.safety import guarded
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord
from canvas_bridge.changes import SetQuizExtension

UNDONE = ("PSYC 101", "Quiz 6: Groups", 12)
WHY_UNDONE = "The instructor is building this quiz anew and asked us to wait until it is ready."

DISMISSED_IN = "JAPN 101"
WHY_DISMISSED = "Both renewals are signed and on their way to us. Nothing is taken back before they are recorded."
GRANTS_THEN = 15
"""How many grants the course had when the guard stopped a part of its plan."""


def note_undone(campus: Campus, undone_by: User, *, now: datetime) -> None:
    """Hold one pair that a coordinator undid before anything else stood there. To be called in one transaction."""
    code, name, number = UNDONE
    student, assessment = campus.student(number), campus.assessment(code, name)
    PairHold.objects.create(
        student=student,
        assessment=assessment,
        kind=HoldKind.UNDONE.value,
        reason=WHY_UNDONE,
        kept=to_stored(Values()),
        held_by=undone_by,
        held_at=now - timedelta(days=8),
    )
    action_log.record(
        act="pair.undone",
        actor=undone_by,
        student=student,
        course=assessment.course,
        assessment=assessment,
        payload={"reason": WHY_UNDONE, "undone_run": None},
    )


def note_dismissed(campus: Campus, earlier: Sequence[Earlier], dismissed_by: User, *, now: datetime) -> None:
    """Keep the guard's stop in one course that a director dismissed, with its holds. To be called in one transaction.

    Raises ValueError where what ended there would not have been stopped.
    """
    decided_at = now - timedelta(days=3)
    ended = [one for one in earlier if one.course == DISMISSED_IN]
    course, taken_back = campus.course(DISMISSED_IN), [_taking_back(one, campus) for one in ended]
    stop = guarded(taken_back, grants=GRANTS_THEN, guard=GuardState()).stop
    if stop is None:
        raise ValueError(f"The safety guard would have let pass what ended in {DISMISSED_IN}.")
    row = GuardStop.objects.create(
        course=course,
        status=GuardStop.Status.DISMISSED,
        digest=stop.digest,
        message=stop.message,
        actions=[_stored(action, one, campus) for action, one in zip(taken_back, ended, strict=True)],
        pair_count=stop.pairs,
        grant_count=stop.grants,
        stopped_at=decided_at - timedelta(minutes=50),
        decided_by=dismissed_by,
        decided_at=decided_at,
        reason=WHY_DISMISSED,
    )
    for one in ended:
        PairHold.objects.create(
            student=campus.student(one.student),
            assessment=campus.assessment(one.course, one.assessment),
            kind=HoldKind.DISMISSED.value,
            reason=WHY_DISMISSED,
            held_by=dismissed_by,
            held_at=decided_at,
        )
    action_log.record_many(_records(row, stop, course, campus, ended))


def _taking_back(one: Earlier, campus: Campus) -> PlannedAction:
    """Return the change that would have taken the minutes back."""
    put = one.value
    if not isinstance(one.change, SetQuizExtension):
        raise TypeError(f"{one.assessment} holds no minutes")
    minutes = one.change.extra_minutes or 0
    limit = campus.assessment(one.course, one.assessment).time_limit_minutes or 0
    return PlannedAction(
        canvas_user_id=put.canvas_user_id,
        assessment_key=put.assessment_key,
        change=replace(one.change, extra_minutes=0),
        before=Values(extra_minutes=minutes),
        after=Values(extra_minutes=0),
        sentence=f"{one.assessment}: {limit + minutes} min becomes {limit} min.",
        is_shrinking=True,
    )


def _stored(action: PlannedAction, one: Earlier, campus: Campus) -> dict[str, object]:
    return {
        "digest": action.digest,
        "student": campus.student(one.student).pk,
        "assessment": campus.assessment(one.course, one.assessment).pk,
        "sentence": action.sentence,
        "before": to_stored(action.before),
        "after": to_stored(action.after),
    }


def _records(row: GuardStop, stop: Stop, course: Course, campus: Campus, ended: Sequence[Earlier]) -> list[LogRecord]:
    """Return the stop and its dismissal as the log tells them: once for the course, and once for each student."""
    about = {"stop": row.pk, "digest": row.digest, "message": row.message}
    records = [
        LogRecord(act="guard.stopped", course=course, payload={**about, "changes": len(stop.actions)}),
        LogRecord(act="guard.dismissed", actor=row.decided_by, course=course, payload={**about, "reason": row.reason}),
    ]
    for number in sorted({one.student for one in ended}):
        student = campus.student(number)
        sentences = [one["sentence"] for one in row.actions if one["student"] == student.pk]
        payload = {"stop": row.pk, "reason": row.reason, "changes": sentences}
        records.append(
            LogRecord(act="guard.dismissed", actor=row.decided_by, student=student, course=course, payload=payload)
        )
    return records
