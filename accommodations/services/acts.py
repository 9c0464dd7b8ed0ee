"""Acts of people in Canvas: one at a time on one thing, the intent written before the request leaves, then the outcome.

The same page confirmed twice is one act (its key is unique). A process that dies in between leaves a row *sent*; it
becomes *unknown* after `LEFT_AFTER`, and reading Canvas settles it (`services.acts_settling`). Nothing is repeated.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from accommodations.errors import ActAtWork, ConfirmedBefore, LeaseLost
from accommodations.models import ActionLogEntry, Assessment, CanvasAct, Course, Student
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord
from canvas_bridge.changes import ActOutcome, OutcomeKind
from canvas_bridge.facts import CourseFacts

LEFT_AFTER = timedelta(minutes=3)
"""Longer than a request can last with its retries: who sent it is dead."""
MESSAGE_LENGTH = 1000
STATUS_OF_OUTCOME = {
    OutcomeKind.APPLIED: CanvasAct.Status.APPLIED,
    OutcomeKind.REFUSED: CanvasAct.Status.REFUSED,
    OutcomeKind.UNREACHABLE: CanvasAct.Status.UNREACHABLE,
    OutcomeKind.UNKNOWN: CanvasAct.Status.UNKNOWN,
}
_SETTLED = frozenset({CanvasAct.Status.APPLIED, CanvasAct.Status.NOT_ARRIVED, CanvasAct.Status.PARTIAL})


@dataclass(frozen=True, slots=True)
class Part:
    """What an act does to one student on one assessment (None: one that Leeway does not mirror)."""

    student: Student
    assessment: Assessment | None
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intent:
    """What a person confirmed, before it is sent. `student` and `assessment` None: it is about several."""

    kind: CanvasAct.Kind
    lane: str
    key: UUID
    course: Course
    asked_by: User
    asked: dict[str, Any]
    before: dict[str, Any]
    parts: Sequence[Part]
    student: Student | None = None
    assessment: Assessment | None = None
    undoes: CanvasAct | None = None


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What became of one part: an outcome's word, and that student's share of request and answer."""

    part: Part
    outcome: str
    payload: Mapping[str, Any] = field(default_factory=dict)


def begin(intent: Intent) -> CanvasAct:
    """Write the act and its intents into the log. Raises ConfirmedBefore for a known key, ActAtWork for a busy lane."""
    give_up_left(lane=intent.lane)
    _refuse_known(intent.key)
    try:
        with transaction.atomic():
            act = CanvasAct.objects.create(
                kind=intent.kind,
                lane=intent.lane,
                key=intent.key,
                course=intent.course,
                student=intent.student,
                assessment=intent.assessment,
                asked=intent.asked,
                before=intent.before,
                asked_by=intent.asked_by,
                undoes=intent.undoes,
            )
            action_log.record_many(
                [_record(act, part, "canvas.write.started", "", part.payload) for part in intent.parts]
            )
    except IntegrityError as error:
        _refuse_known(intent.key)
        raise ActAtWork("Somebody is at this right now. Look again in a moment.") from error
    return act


def _refuse_known(key: UUID) -> None:
    known = CanvasAct.objects.filter(key=key).first()
    if known is not None:
        raise ConfirmedBefore(known)


def sent(send: Callable[[], ActOutcome]) -> ActOutcome:
    """Send, and return the outcome; a lease that was lost just before it means that nothing was sent."""
    try:
        return send()
    except LeaseLost as lost:
        return ActOutcome(OutcomeKind.UNREACHABLE, message=lost.message)


@transaction.atomic
def end(
    act: CanvasAct,
    *,
    status: CanvasAct.Status,
    outcomes: Iterable[PartOutcome],
    message: str = "",
    after: dict[str, Any] | None = None,
    is_standing: bool = False,
) -> CanvasAct:
    """Write what became of an act: one outcome for each part that has been sent."""
    records = [
        _record(act, one.part, f"canvas.write.{one.outcome}", one.outcome, dict(one.payload)) for one in outcomes
    ]
    action_log.record_many(records)
    return _close(act, status, message, after, is_standing=is_standing)


@transaction.atomic
def settle(
    act: CanvasAct,
    *,
    status: CanvasAct.Status,
    outcomes: Iterable[PartOutcome],
    after: dict[str, Any] | None,
    is_standing: bool = False,
) -> CanvasAct:
    """Write what reading Canvas told about an act of whose outcome nobody had heard."""
    if status not in _SETTLED:
        raise ValueError("reading Canvas either finds it or does not")
    records = [_record(act, one.part, "canvas.write.settled", one.outcome, dict(one.payload)) for one in outcomes]
    action_log.record_many(records)
    return _close(act, status, act.message, after, is_standing=is_standing)


def _close(
    act: CanvasAct, status: CanvasAct.Status, message: str, after: dict[str, Any] | None, *, is_standing: bool
) -> CanvasAct:
    act.status, act.message, act.after = status, message[:MESSAGE_LENGTH], after
    act.ended_at, act.is_standing = timezone.now(), False
    if status == CanvasAct.Status.APPLIED and act.student is not None and act.assessment is not None:
        stop_standing(act.kind, act.student, act.assessment)
        act.is_standing = is_standing
    act.save(update_fields=["status", "message", "after", "ended_at", "is_standing"])
    return act


def stop_standing(kind: str, student: Student, assessment: Assessment) -> None:
    """Note that what an earlier act of this kind put there no longer stands."""
    standing = CanvasAct.objects.filter(kind=kind, student=student, assessment=assessment, is_standing=True)
    standing.update(is_standing=False)


def forget_locked_again(course: Course, facts: CourseFacts) -> None:
    """Note which of the course's unlocked quizzes somebody has locked again in Canvas itself, as far as was read."""
    students = {student.canvas_user_id for student in facts.students}
    unlocked = {(one.assessment_key, one.canvas_user_id) for one in facts.extensions if one.is_manually_unlocked}
    standing = CanvasAct.objects.filter(course=course, kind=CanvasAct.Kind.UNLOCK, is_standing=True)
    for act in standing.select_related("student", "assessment"):
        if act.student is None or act.assessment is None or act.assessment.key not in facts.extensions_read:
            continue
        user_id = act.student.canvas_user_id
        if user_id in students and (act.assessment.key, user_id) not in unlocked:
            stop_standing(act.kind, act.student, act.assessment)


@transaction.atomic
def give_up_left(*, lane: str = "") -> list[CanvasAct]:
    """Mark as unknown what was sent by a process that died, in one lane or everywhere, and return those acts."""
    left = CanvasAct.objects.select_for_update(skip_locked=True).filter(
        status=CanvasAct.Status.STARTED, started_at__lt=timezone.now() - LEFT_AFTER
    )
    acts = list(left.filter(lane=lane) if lane else left)
    for act in acts:
        end(
            act,
            status=CanvasAct.Status.UNKNOWN,
            outcomes=[PartOutcome(part, "unknown") for part in parts_of(act)],
            message="Leeway stopped while it was being sent.",
        )
    return acts


def parts_of(act: CanvasAct) -> list[Part]:
    """Return the parts of an act as its intents in the log name them."""
    entries = list(
        ActionLogEntry.objects.filter(request_id=act.key, act="canvas.write.started")
        .select_related("payload")
        .order_by("sequence")
    )
    students = Student.objects.in_bulk({one.student_id_logged for one in entries} - {None})
    assessments = Assessment.objects.in_bulk({one.assessment_id_logged for one in entries} - {None})
    return [
        Part(
            student=students[one.student_id_logged],
            assessment=assessments.get(one.assessment_id_logged or 0),
            payload=one.payload.data if hasattr(one, "payload") else {},
        )
        for one in entries
        if one.student_id_logged in students
    ]


def unheard_parts_of(act: CanvasAct) -> list[Part]:
    """Return the parts of which the log tells that they were sent, and not what became of them."""
    settled = ActionLogEntry.objects.filter(request_id=act.key).exclude(
        act__in=("canvas.write.started", "canvas.write.unknown")
    )
    heard = set(settled.values_list("student_id_logged", "assessment_id_logged"))
    return [
        part
        for part in parts_of(act)
        if (part.student.pk, part.assessment.pk if part.assessment else None) not in heard
    ]


def _record(act: CanvasAct, part: Part, name: str, outcome: str, payload: dict[str, Any]) -> LogRecord:
    return LogRecord(
        act=name,
        actor=act.asked_by,
        outcome=outcome,
        student=part.student,
        course=act.course,
        assessment=part.assessment,
        request_id=act.key,
        payload={"kind": act.kind, **payload},
    )
