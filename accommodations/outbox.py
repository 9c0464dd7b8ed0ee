"""A mail backend that keeps each mail as a row instead of sending it: the demo shows them on its page *Outbox*."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Keeps mails. Only the demo uses it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store each mail with its headers, as it would have left; return how many."""
        from accommodations.models import OutboxMail

        for mail in email_messages:
            source = mail.message().as_string()
            OutboxMail.objects.create(to=", ".join(mail.to)[:500], subject=str(mail.subject)[:500], source=source)
        return len(email_messages)
