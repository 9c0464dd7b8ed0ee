"""A student's summary by mail: written from what stands now, shown before it is sent, queued like every notice."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import LeewayError
from accommodations.models import InstitutionSettings, Notice, Student
from accommodations.selectors.summary_words import summary_words
from accommodations.selectors.tellable import accounts_of
from accommodations.services import action_log
from accommodations.services.notice_texts import address_of, body_of, plain

SUBJECT = "Your assessments in Canvas: a summary"
TEMPLATE = "emails/student_summary.txt"
SAME_AGAIN_AFTER = timedelta(hours=1)
"""The same text once more within this time is a double click, or two people with the same thought."""
ON_ITS_WAY = (Notice.Status.QUEUED, Notice.Status.SENDING, Notice.Status.SENT)


@dataclass(frozen=True, slots=True)
class SummaryMail:
    """What would be sent, and to whom; `recipient` None: the student has no account with an address."""

    subject: str
    body: str
    recipient: User | None

    @property
    def digest(self) -> str:
        """Return what stands for exactly this mail to exactly this address."""
        address = self.recipient.email if self.recipient is not None else ""
        return hashlib.sha256(f"{address}\n{self.subject}\n{self.body}".encode()).hexdigest()


def summary_mail(student: Student, *, now: datetime, institution: InstitutionSettings) -> SummaryMail:
    """Return the mail as it would be sent now."""
    zone = ZoneInfo(institution.time_zone)
    words = summary_words(student, now=now, zone=zone)
    context = {
        "approved": [plain(line) for line in words.approved],
        "courses": [
            {
                "course": plain(one.course),
                "lines": [f"{plain(name)}: {gets}" for name, gets in one.lines],
                "more": one.more,
                "is_released": one.is_released,
            }
            for one in words.courses
        ],
        "today": now.astimezone(zone).date(),
        "link": address_of("own_page"),
        "institution": institution,
    }
    account = accounts_of([student]).get(student.pk)
    has_address = account is not None and account.is_active and bool(account.email)
    return SummaryMail(SUBJECT, body_of(TEMPLATE, context), account if has_address else None)


@transaction.atomic
def send_summary(*, student: Student, asked_by: User, digest: str) -> Notice:
    """Queue exactly the mail that was shown.

    Raises LeewayError where there is no address, where it reads differently by now, or was sent within the hour.
    """
    # Two clicks at once: the second finds the first.
    Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    now = timezone.now()
    mail = summary_mail(student, now=now, institution=InstitutionSettings.current())
    if mail.recipient is None:
        raise LeewayError("There is no address to send it to.", code="summary.no_address")
    if mail.digest != digest:
        raise LeewayError("It reads differently by now. Read it once more, then send it.", code="summary.changed")
    since = now - SAME_AGAIN_AFTER
    same = Notice.objects.filter(
        kind=Notice.Kind.SUMMARY, recipient=mail.recipient, body=mail.body, status__in=ON_ITS_WAY, created_at__gt=since
    )
    if same.exists():
        raise LeewayError("The same summary was sent within the last hour.", code="summary.sent")
    notice = Notice.objects.create(
        kind=Notice.Kind.SUMMARY,
        status=Notice.Status.QUEUED,
        recipient=mail.recipient,
        student=student,
        address=mail.recipient.email,
        subject=mail.subject,
        body=mail.body,
        due_at=now,
    )
    payload = {"notice": notice.pk, "kind": notice.kind, "to": notice.address}
    action_log.record(act="notice.asked", actor=asked_by, student=student, payload=payload)
    return notice
