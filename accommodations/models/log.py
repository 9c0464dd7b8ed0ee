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
        permissions = [("read_log", "Can read the action log")]

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
    """The personal part of one entry: this student's part of request and answer, reasons, before and after."""

    entry = models.OneToOneField(ActionLogEntry, on_delete=models.CASCADE, related_name="payload")
    salt = models.CharField(max_length=32)
    data = models.JSONField()

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
