"""What people are told by mail, and what they answer: notices, concerns, what an instructor recorded from a letter."""

import uuid

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One mail to one person: a digest of what was done, a reminder of one, or an alert to a director.

    The row is the queue. A digest collects its items until `due_at`; then its text is written and it is queued, and
    what is queued is sent once: the intent is committed first, and what became of it after. `about` tells alerts
    apart, so that one matter is told once until it is over.
    """

    class Kind(models.TextChoices):
        INSTRUCTOR = "instructor", "Digest to an instructor"
        STUDENT = "student", "Digest to a student"
        SUMMARY = "summary", "Summary to a student"
        REMINDER = "reminder", "Reminder"
        ALERT = "alert", "Alert to a director"

    class Status(models.TextChoices):
        COLLECTING = "collecting", "Collects until it is due"
        QUEUED = "queued", "Waits to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"
        UNKNOWN = "unknown", "Nobody knows whether it arrived"
        NO_ADDRESS = "no_address", "Cannot be told: no address"
        NOTHING = "nothing", "Nothing left to tell"

    class Answer(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        CONCERN = "concern", "Raised a concern"

    DIGESTS = (Kind.INSTRUCTOR, Kind.STUDENT)

    key = models.UUIDField(unique=True, default=uuid.uuid4, help_text="Its message id is made of it.")
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=12, choices=Status, default=Status.COLLECTING, db_index=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    student = models.ForeignKey(
        "accommodations.Student",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notices",
        help_text="Whom a student's digest is about.",
    )
    course = models.ForeignKey(
        "accommodations.Course",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The course that nobody could be told of.",
    )
    reminds = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="reminders")
    event = models.CharField(max_length=30, blank=True, help_text="What an alert is about, as a stable word.")
    about = models.CharField(max_length=80, blank=True, help_text="Tells two alerts of one event apart.")
    over_at = models.DateTimeField(null=True, blank=True, help_text="When the matter of an alert was over.")
    address = models.EmailField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True, help_text="As it was sent: no student's name.")
    message = models.CharField(max_length=500, blank=True, help_text="The mail server's own words.")
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient"],
                condition=models.Q(status="collecting", kind="instructor"),
                name="one_collecting_digest_per_instructor",
            ),
            models.UniqueConstraint(
                fields=["student"],
                condition=models.Q(status="collecting", kind="student"),
                name="one_collecting_digest_per_student",
            ),
            models.UniqueConstraint(
                fields=["recipient", "event", "about"],
                condition=models.Q(kind="alert", over_at__isnull=True),
                name="one_standing_alert_per_director_and_matter",
            ),
        ]
        indexes = [models.Index(fields=["kind", "status", "answered_at"])]

    def __str__(self) -> str:
        """Return kind and row number: no name."""
        return f"{self.kind} notice #{self.pk}"


class NoticeItem(models.Model):
    """One thing that was done, as a reference. `what` is decided from what stands when the digest is closed."""

    class Event(models.TextChoices):
        WRITE = "write", "Written to Canvas"
        EXCEPTION = "exception", "An exception was decided"
        EXCEPTION_OVER = "exception_over", "An exception was withdrawn"
        DRIFT = "drift", "Put back again and again"
        BY_HAND = "by_hand", "To be given outside Canvas"
        ANSWER = "answer", "The office answered a concern"

    class What(models.TextChoices):
        NEW = "new", "Put in place"
        CHANGED = "changed", "Changed"
        SHORT = "short", "In place, but less than approved"
        ENDED = "ended", "Ended: as for the class again"
        EXCEPTION = "exception", "Does not apply here, by a decision of the office"
        EXCEPTION_OVER = "exception_over", "Applies again"
        DRIFT = "drift", "Was made less in Canvas, and put back again"
        BY_HAND = "by_hand", "Outside Canvas: to be given by hand"
        ANSWER = "answer", "Your concern was answered"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="items")
    event = models.CharField(max_length=16, choices=Event)
    what = models.CharField(max_length=16, choices=What, blank=True)
    student = models.ForeignKey(
        "accommodations.Student", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    course = models.ForeignKey("accommodations.Course", on_delete=models.CASCADE, related_name="+")
    assessment = models.ForeignKey(
        "accommodations.Assessment", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(help_text="When it was done.")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["student", "assessment"]), models.Index(fields=["event", "assessment"])]

    def __str__(self) -> str:
        """Return event and row number: no name."""
        return f"{self.event} #{self.pk}"


class NoticeCursor(models.Model):
    """Up to which entry of the action log people have been told; locking this one row keeps two composers apart."""

    sequence = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        """Return the entry's number."""
        return f"told up to {self.sequence}"


class Concern(models.Model):
    """An instructor's question about one student's assessment, a whole assessment or a course. Changes nothing."""

    course = models.ForeignKey("accommodations.Course", on_delete=models.CASCADE, related_name="concerns")
    assessment = models.ForeignKey(
        "accommodations.Assessment", null=True, blank=True, on_delete=models.CASCADE, related_name="concerns"
    )
    student = models.ForeignKey(
        "accommodations.Student", null=True, blank=True, on_delete=models.CASCADE, related_name="concerns"
    )
    words = models.TextField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["answered_at", "assessment"])]

    def __str__(self) -> str:
        """Return the row number: no name."""
        return f"concern #{self.pk}"


class LetterRecord(models.Model):
    """An accommodation that an instructor recorded for their course from a letter; the office confirms or ends it."""

    accommodation = models.OneToOneField(
        "accommodations.Accommodation", on_delete=models.CASCADE, related_name="letter_record"
    )
    course = models.ForeignKey("accommodations.Course", on_delete=models.CASCADE, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Return the row number: no name."""
        return f"letter record #{self.pk}"


class OutboxMail(models.Model):
    """A mail as it would have been sent: the demo keeps them for its page *Outbox* instead of sending."""

    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    source = models.TextField(help_text="The whole message, headers too.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Return the row number."""
        return f"mail #{self.pk}"
