"""Students whom Canvas no longer knows: noted from Canvas's own answers, for a person to decide (F26)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accommodations.models import Course, GonePerson, Student
from accommodations.services import action_log
from accommodations.services.people import refresh_enrollments, store_student
from accommodations.services.snapshots import foresee_statuses
from canvas_bridge.errors import CanvasNotFound
from canvas_bridge.facts import PersonFacts
from canvas_bridge.gateway import CanvasGateway


def note_gone(student: Student, gateway: CanvasGateway) -> GonePerson | None:
    """Note that Canvas did not know the student's id, and who has their SIS id or login now; None where it knows them.

    Three small requests at most, and only for whom Canvas answered 404.
    """
    found = _known_now(student, gateway)
    if any(one.canvas_user_id == student.canvas_user_id for one in found):
        return None
    survivor = None
    if found:
        survivor = store_student(found[0])
        refresh_enrollments(survivor, gateway)
    row = _note(student, survivor)
    _tell(student)
    return row


def _known_now(student: Student, gateway: CanvasGateway) -> list[PersonFacts]:
    """Return whom Canvas knows by the student's id, SIS id and login, in this order of trust."""
    asked: list[dict[str, Any]] = [
        {"canvas_user_id": student.canvas_user_id},
        {"sis_user_id": student.sis_user_id},
        {"login_id": student.login_id},
    ]
    found = []
    for one in asked:
        if not all(one.values()):
            continue
        try:
            found.append(gateway.find_person(**one))
        except CanvasNotFound:
            continue
    return found


@transaction.atomic
def _note(student: Student, survivor: Student | None) -> GonePerson:
    row, is_new = GonePerson.objects.get_or_create(student=student, defaults={"noted_at": timezone.now()})
    if not row.decision and survivor is not None and row.survivor_id is None:
        row.survivor = survivor
        row.save(update_fields=["survivor"])
    if is_new:
        number = row.survivor.canvas_user_id if row.survivor else None
        action_log.record(act="student.gone", student=student, payload={"survivor": number})
    return row


def note_known(student: Student) -> None:
    """Forget that the student was gone, now that Canvas knows the id again; what was decided stays on record."""
    gone = GonePerson.objects.filter(student=student, decision="")
    if gone.exists():
        gone.delete()
        action_log.record(act="student.known_again", student=student)
        _tell(student)


def _tell(student: Student) -> None:
    """Show at once what that makes of the student's pairs: nothing stands as in place for whom Canvas does not know."""
    foresee_statuses(student, Course.objects.filter(enrollments__student=student).distinct())
