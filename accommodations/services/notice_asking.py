"""What the office asks for: a reminder, a mail sent once more, a digest sent before its time."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import LeewayError
from accommodations.models import InstitutionSettings, Notice
from accommodations.services import action_log
from accommodations.services.notice_texts import reminder_text

REMINDED_AT_MOST_EVERY = timedelta(hours=24)
AGAIN = (Notice.Status.FAILED, Notice.Status.UNKNOWN)


def can_be_reminded(notice: Notice) -> bool:
    """Whether it was told, and not answered."""
    return notice.kind == Notice.Kind.INSTRUCTOR and notice.status == Notice.Status.SENT and not notice.answered_at


def can_be_sent(notice: Notice) -> bool:
    """Whether a person may have it sent: again, or before its time."""
    return notice.status in (*AGAIN, Notice.Status.COLLECTING)


@transaction.atomic
def remind(*, notice: Notice, asked_by: User) -> Notice:
    """Queue a reminder of a digest. Raises LeewayError where it is answered, or was reminded of within a day."""
    current = Notice.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=notice.pk)
    if not can_be_reminded(current):
        raise LeewayError("It has been answered meanwhile: there is nothing to remind of.", code="notice.answered")
    now = timezone.now()
    if current.reminders.filter(created_at__gt=now - REMINDED_AT_MOST_EVERY).exists():
        raise LeewayError("They were reminded within the last day. Give them time, or call.", code="notice.reminded")
    reminder = Notice(
        kind=Notice.Kind.REMINDER,
        status=Notice.Status.QUEUED,
        recipient=current.recipient,
        reminds=current,
        due_at=now,
        address=current.recipient.email if current.recipient else "",
    )
    reminder.subject, reminder.body = reminder_text(reminder, current, InstitutionSettings.current())
    reminder.save()
    _log(reminder, asked_by)
    return reminder


@transaction.atomic
def send_anyway(*, notice: Notice, asked_by: User) -> Notice:
    """Send a digest before its time, or once more what was refused or may not have arrived. Raises LeewayError."""
    current = Notice.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=notice.pk)
    now = timezone.now()
    if not can_be_sent(current):
        raise LeewayError("It is on its way already, or has arrived.", code="notice.not_needed")
    if current.status in AGAIN:
        current.status, current.tries, current.ended_at = Notice.Status.QUEUED, 0, None
        current.address = current.recipient.email if current.recipient else ""
    current.due_at = now
    current.save(update_fields=["status", "tries", "ended_at", "address", "due_at"])
    _log(current, asked_by)
    return current


def _log(notice: Notice, asked_by: User) -> None:
    payload = {"notice": notice.pk, "kind": notice.kind, "reminds": notice.reminds_id}
    action_log.record(act="notice.asked", actor=asked_by, student=notice.student, payload=payload)
