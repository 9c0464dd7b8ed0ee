"""The action log: append-only, hash-chained; what is personal lies beside it, so that retention may delete it."""

from typing import Any

from django.conf import settings
from django.db import models


class LogIsAppendOnly(Exception):
    """Somebody tried to change or delete a row of the action log."""


class ActionLogEntry(models.Model):
    """One act, or one write to Canvas before or after it. Holds codes and ids, and a salted digest of the payload.

    `digest` covers every other field of the row and `previous_digest`, so that a change, a gap or a swap shows.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    act = models.CharField(max_length=60, db_index=True, help_text="Stable code, such as canvas.write.started.")
    outcome = models.CharField(max_length=20, blank=True)
    student_id_logged = models.BigIntegerField(null=True, blank=True, db_index=True)
    course_id_logged = models.BigIntegerField(null=True, blank=True, db_index=True)
    assessment_id_logged = models.BigIntegerField(null=True, blank=True, db_index=True)
    accommodation_id_logged = models.BigIntegerField(null=True, blank=True)
    run_id_logged = models.BigIntegerField(null=True, blank=True, db_index=True)
    action_id_logged = models.BigIntegerField(null=True, blank=True)
    request_id = models.UUIDField(null=True, blank=True, db_index=True)
    payload_digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-sequence"]
        verbose_name_plural = "action log entries"
        indexes = [models.Index(fields=["act", "at"])]
        permissions = [("read_log", "Can read the action log"), ("export_log", "Can export the action log as evidence")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raise LogIsAppendOnly where the row exists."""
        if self.pk is not None:
            raise LogIsAppendOnly("An entry of the action log is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise LogIsAppendOnly."""
        raise LogIsAppendOnly("An entry of the action log is never deleted.")

    def __str__(self) -> str:
        """Return sequence and act."""
        return f"{self.sequence} {self.act}"


class ActionLogPayload(models.Model):
    """The personal part of one entry: this student's part of request and answer, reasons, before and after.

    Redacted, it has neither data nor salt, and names the entry that says who took them out, when and why. The
    database refuses every other change.
    """

    entry = models.OneToOneField(ActionLogEntry, on_delete=models.CASCADE, related_name="payload")
    salt = models.CharField(max_length=32, blank=True)
    data = models.JSONField()
    redaction = models.ForeignKey(
        ActionLogEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="redacted_payloads"
    )

    def __str__(self) -> str:
        """Return the row's number: no content."""
        return f"payload #{self.pk}"


class LogHead(models.Model):
    """The chain's last link; locking this one row puts entries in order."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        """Return the last sequence."""
        return f"log head {self.sequence}"


class LogAnchor(models.Model):
    """Signed with a key that is not in the database: so many entries stood, the last with this digest, at this time.

    Who can rewrite the whole database can rebuild the chain, but cannot sign an anchor over what they built.
    """

    sequence = models.PositiveBigIntegerField(help_text="How many entries the log had.")
    digest = models.CharField(max_length=64, help_text="Of the last of them.")
    at = models.DateTimeField()
    key_name = models.CharField(max_length=16, help_text="Tells keys apart; nothing of the key can be read from it.")
    previous_signature = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=64)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Return how many entries it covers."""
        return f"log anchor {self.sequence}"


class LogCheck(models.Model):
    """One verification of the log: a worker walks the chain and leaves here how far it is and what it found."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        HOLDS = "holds", "The log holds"
        BROKEN = "broken", "The log is broken"

    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING, db_index=True)
    is_full = models.BooleanField(default=True, help_text="From the first entry; else from the last anchor.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    seen_alive_at = models.DateTimeField(help_text="When its worker last said how far it is.")
    ended_at = models.DateTimeField(null=True, blank=True)
    first = models.PositiveBigIntegerField(default=0, help_text="The entry after which it began.")
    reached = models.PositiveBigIntegerField(default=0, help_text="The last entry that was verified.")
    last = models.PositiveBigIntegerField(default=0, help_text="The last entry when it began.")
    redacted = models.PositiveBigIntegerField(default=0)
    bad_sequence = models.PositiveBigIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Return row number and status."""
        return f"log check #{self.pk}: {self.status}"
