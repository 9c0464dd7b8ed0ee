"""What a student was told by mail, and when: the digests and summaries that left."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accommodations.models import Notice, NoticeItem
from accommodations.selectors.visibility import Viewer

What = NoticeItem.What
SHOWN_AT_ONCE, MOST_SHOWN = 10, 200
WORDS: dict[What, str] = {
    What.NEW: "put in place",
    What.CHANGED: "changed",
    What.SHORT: "in place, but with less",
    What.ENDED: "ended",
    What.EXCEPTION: "does not apply",
    What.EXCEPTION_OVER: "applies again",
}
"""What a student's digest tells, in the order in which it is counted."""
OF_STUDENTS = (Notice.Kind.STUDENT, Notice.Kind.SUMMARY)
LEFT = (Notice.Status.SENT, Notice.Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Told:
    """One mail: when it left, and what was in it."""

    pk: int
    at: datetime
    words: str


def told_to(user: Viewer, *, most: int = SHOWN_AT_ONCE) -> list[Told]:
    """Return the mails about their own assessments that went to a student, newest first, in one query."""
    counted = {what.value: Count("items", filter=Q(items__what=what)) for what in WORDS}
    mails = Notice.objects.filter(recipient=user.pk, kind__in=OF_STUDENTS, status__in=LEFT).annotate(**counted)
    return [Told(mail.pk, mail.ended_at or mail.created_at, _words(mail)) for mail in mails.order_by("-pk")[:most]]


def _words(mail: Notice) -> str:
    if mail.kind == Notice.Kind.SUMMARY:
        return "A summary of what was approved"
    parts = [f"{number} {words}" for what, words in WORDS.items() if (number := getattr(mail, what.value))]
    return ", ".join(parts) or "Something has changed"
