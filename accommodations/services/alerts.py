"""Alerts about pairs: raised by the work, shown until a person has seen them."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.models import ActionLogEntry, Alert, Assessment, Course, Student
from accommodations.services import action_log
from accommodations.services.action_log import LogRecord

DRIFT_REPAIRED = "drift.repaired"
DRIFT_IS_ALERTED_FROM = 3
"""Drift is repaired each time; from this repair on a person is alerted and the instructor told."""


def note_drift(*, student: Student, course: Course, assessment: Assessment) -> list[LogRecord]:
    """Raise an alert for the third repair of a pair's drift and each later one; return what the log must say of it.

    Called beside the logging of the repair itself, which is not in the log yet.
    """
    earlier = ActionLogEntry.objects.filter(
        act=DRIFT_REPAIRED, student_id_logged=student.pk, assessment_id_logged=assessment.pk
    )
    number = earlier.count() + 1
    if number < DRIFT_IS_ALERTED_FROM:
        return []
    message = (
        f"Put back {number} times what had been made less in Canvas. Ask the instructor why, and agree on the dates "
        "and the time that hold."
    )
    return _raise(Alert.Kind.DRIFT, student=student, course=course, assessment=assessment, number=number, words=message)


def note_early_unlock(*, student: Student, course: Course, assessment: Assessment) -> list[LogRecord]:
    """Raise an alert that an exam would open, or has opened, for one student before the class; return the record."""
    message = (
        "The class's opening moved later shortly before it, and the student's copy of it was written anew. "
        "Look whether the student has seen it early."
    )
    return _raise(
        Alert.Kind.EARLY_UNLOCK, student=student, course=course, assessment=assessment, number=1, words=message
    )


def _raise(
    kind: Alert.Kind, *, student: Student, course: Course, assessment: Assessment, number: int, words: str
) -> list[LogRecord]:
    Alert.objects.update_or_create(
        kind=kind,
        student=student,
        assessment=assessment,
        seen_at=None,
        defaults={"course": course, "number": number, "message": words, "raised_at": timezone.now()},
    )
    payload: dict[str, object] = {"kind": kind.value, "number": number, "message": words}
    return [LogRecord(act="alert.raised", student=student, course=course, assessment=assessment, payload=payload)]


@transaction.atomic
def mark_seen(*, alert: Alert, seen_by: User) -> Alert:
    """Note that a person has seen the alert; it goes from home, and the next one is raised anew."""
    current = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if current.seen_at is not None:
        return current
    current.seen_at, current.seen_by = timezone.now(), seen_by
    current.save(update_fields=["seen_at", "seen_by"])
    action_log.record(
        act="alert.seen",
        actor=seen_by,
        student=current.student,
        course=current.course,
        assessment=current.assessment,
        payload={"kind": current.kind, "number": current.number},
    )
    return current
