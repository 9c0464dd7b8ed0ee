"""Taking out of the action log what is personal, once it has served: the chain stays whole and says who did it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from accommodations.errors import LeewayError
from accommodations.models import ActionLogEntry, ActionLogPayload, LogHead, Student
from accommodations.models.log_guard import REDACTED
from accommodations.services import action_log
from accommodations.services.log_redactions import stretches_of


class NotAsShown(LeewayError):
    """By now it is another number of entries than the person has seen and confirmed."""

    code = "log.not_as_shown"


@dataclass(frozen=True, slots=True)
class Redactable:
    """Of which entries the payload goes: those about one student, those before an instant, or both."""

    student: Student | None = None
    before: datetime | None = None

    def payloads(self) -> QuerySet[ActionLogPayload]:
        """Return the payloads that are still there. What redactions say of themselves always stays."""
        found = ActionLogPayload.objects.filter(redaction=None).exclude(entry__act=REDACTED)
        if self.student is not None:
            found = found.filter(entry__student_id_logged=self.student.pk)
        if self.before is not None:
            found = found.filter(entry__at__lt=self.before)
        return found if self.student is not None or self.before is not None else found.none()


def number_of(what: Redactable) -> int:
    """Return how many entries would lose their payload."""
    return what.payloads().count()


@transaction.atomic
def redact(what: Redactable, *, by: User, reason: str, confirmed: int) -> ActionLogEntry:
    """Take the payloads out and log who did it and why. Raises NotAsShown unless it is the number confirmed."""
    LogHead.objects.get_or_create(pk=1)
    LogHead.objects.select_for_update().get(pk=1)  # no entry is added between the count and the redaction
    sequences = list(what.payloads().order_by("entry__sequence").values_list("entry__sequence", flat=True))
    if len(sequences) != confirmed:
        raise NotAsShown(f"{confirmed} entries were confirmed, and there are {len(sequences)} now. Look again.")
    if not sequences:
        raise NotAsShown("There is nothing to take out.")
    told = action_log.record(
        act=REDACTED,
        actor=by,
        student=what.student,
        payload={
            "entries": len(sequences),
            "by": by.get_full_name() or by.get_username(),
            "reason": reason,
            "before": what.before,
            "stretches": stretches_of(sequences),
        },
    )
    payloads = ActionLogPayload.objects.filter(redaction=None, entry__sequence__lt=told.sequence)
    payloads = payloads.filter(pk__in=what.payloads().values("pk"))
    payloads.update(salt="", data={}, redaction=told)
    return told
