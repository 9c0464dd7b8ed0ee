"""Sending what is queued, once: the intent is committed before the mail leaves, what became of it after.

A mail server's refusal is certain, and tried again or given up. A silence after the mail has begun to leave is not:
then nobody knows whether it arrived, the notice says so, and only a person sends it again.
"""

import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import BadHeaderError
from django.db import transaction
from django.utils import timezone

from accommodations.models import Notice
from accommodations.services import action_log

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""How long a refused mail waits before it is tried again; after the last it has failed."""
LEFT_AFTER = timedelta(minutes=10)
"""Longer than a mail can take: who was sending it is dead."""
MOST_AT_ONCE = 100
MESSAGE_LENGTH = 500
Status = Notice.Status


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail. `is_temporary`: certainly not taken, and worth another try."""

    status: Notice.Status
    message: str = ""
    is_temporary: bool = False


def due_notices(*, now: datetime) -> list[int]:
    """Return the mails that wait to be sent, after marking those that a dead process left as unknown.

    Without a mail server they wait: the page of notices says so.
    """
    give_up_left(now=now)
    if not settings.LEEWAY_SENDS_MAIL:
        return []
    due = Notice.objects.filter(status=Status.QUEUED, due_at__lte=now).order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])


def send(notice_id: int) -> Notice | None:
    """Send one queued mail; None where it is not, or no longer, queued. Safe to call at once from several workers."""
    notice = _begin(notice_id)
    if notice is None:
        return None
    return _end(notice, _deliver(notice))


@transaction.atomic
def _begin(notice_id: int) -> Notice | None:
    """Commit the intent: who comes second finds nothing to send."""
    now = timezone.now()
    taken = Notice.objects.filter(pk=notice_id, status=Status.QUEUED, due_at__lte=now).update(
        status=Status.SENDING, started_at=now
    )
    if not taken:
        return None
    notice = Notice.objects.select_related("recipient", "student").get(pk=notice_id)
    notice.tries += 1
    notice.save(update_fields=["tries"])
    _log("notice.sending", notice)
    return notice


def _deliver(notice: Notice) -> Delivery:
    """Hand the mail to the server. No transaction is open meanwhile."""
    if notice.recipient is None or not notice.recipient.is_active:
        return Delivery(Status.FAILED, "The account is closed.")
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        # Nothing has left yet: the server was not reached, or did not let us in.
        return Delivery(Status.FAILED, _words(error), is_temporary=True)
    try:
        return _handed_over(notice, connection)
    finally:
        _close(connection)


def _handed_over(notice: Notice, connection: Any) -> Delivery:
    try:
        connection.send_messages([_message(notice, connection)])
    except BadHeaderError:
        return Delivery(Status.FAILED, "The address cannot be written into a mail.")
    except smtplib.SMTPServerDisconnected as error:
        return Delivery(Status.UNKNOWN, _words(error))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        return Delivery(Status.FAILED, _words(error), is_temporary=_is_temporary(error))
    except (OSError, smtplib.SMTPException) as error:
        return Delivery(Status.UNKNOWN, _words(error))
    return Delivery(Status.SENT)


def _message(notice: Notice, connection: Any) -> EmailMessage:
    return EmailMessage(
        subject=notice.subject,
        body=notice.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.address],
        connection=connection,
        headers={
            # The same for each try, so that a server that took it twice can tell.
            "Message-ID": f"<{notice.key}@{settings.LEEWAY_MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return  # the mail has been taken or refused by then


def _is_temporary(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in error.recipients.values())
    return 400 <= error.smtp_code < 500


def _words(error: Exception) -> str:
    """Return the server's own words on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        words = "; ".join(f"{code} {said.decode(errors='replace')}" for code, said in error.recipients.values())
    else:
        words = f"{type(error).__name__}: {error}"
    return " ".join(words.replace("\x00", "").split())[:MESSAGE_LENGTH]


@transaction.atomic
def _end(notice: Notice, delivery: Delivery) -> Notice:
    now = timezone.now()
    current = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if current.status != Status.SENDING or current.started_at != notice.started_at:
        return current  # it took so long that it was given up: what was said of it stays
    current.message = delivery.message
    if delivery.is_temporary and current.tries <= len(WAITS):
        current.status, current.due_at = Status.QUEUED, now + WAITS[current.tries - 1]
    else:
        current.status, current.ended_at = delivery.status, now
    current.save(update_fields=["message", "status", "due_at", "ended_at"])
    acts = {Status.SENT: "notice.sent", Status.UNKNOWN: "notice.unknown"}
    _log(acts.get(delivery.status, "notice.not_sent"), current)
    return current


@transaction.atomic
def give_up_left(*, now: datetime) -> int:
    """Mark as unknown what was being sent by a process that died; return how many. Nothing is sent again."""
    left = Notice.objects.select_for_update(of=("self",), skip_locked=True).filter(
        status=Status.SENDING, started_at__lt=now - LEFT_AFTER
    )
    rows = list(left.select_related("student"))
    for row in rows:
        row.status, row.ended_at, row.message = Status.UNKNOWN, now, "Leeway stopped while it was being sent."
        row.save(update_fields=["status", "ended_at", "message"])
        _log("notice.unknown", row)
    return len(rows)


def _log(act: str, notice: Notice) -> None:
    payload = {"notice": notice.pk, "kind": notice.kind, "to": notice.address, "message": notice.message}
    action_log.record(act=act, student=notice.student, payload=payload)
