"""What a person did in Canvas through Leeway beyond any plan: asked for, confirmed, sent once, and read back."""

import uuid

from django.conf import settings
from django.db import models


class CanvasAct(models.Model):
    """One confirmed act of a person. The row is written before the request leaves and says what became of it.

    `key` comes with the page on which it was confirmed: the same page sent twice is one act; it is the request id of
    the log as well. No two acts may be at work on one `lane` at once. `before` is what is restored when it is taken
    back, `after` what was read back.
    """

    class Kind(models.TextChoices):
        EXTEND_ATTEMPT = "extend_attempt", "Extended the running attempt"
        EVERY_QUIZ = "every_quiz", "Same minutes and attempts on all quizzes"
        UNLOCK = "unlock", "Unlocked a quiz for one student"
        QUIZ_DATES = "quiz_dates", "Dates of an ungraded quiz for one student"

    class Status(models.TextChoices):
        STARTED = "started", "Sent"
        APPLIED = "applied", "In Canvas"
        PARTIAL = "partial", "In Canvas in part"
        REFUSED = "refused", "Refused by Canvas"
        UNREACHABLE = "unreachable", "Canvas did not answer, nothing was changed"
        NOT_ARRIVED = "not_arrived", "Canvas was read: it had not arrived"
        UNKNOWN = "unknown", "Nobody knows yet what became of it"

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20, choices=Kind)
    lane = models.CharField(max_length=80)
    course = models.ForeignKey("accommodations.Course", on_delete=models.PROTECT, related_name="acts")
    student = models.ForeignKey(
        "accommodations.Student", null=True, blank=True, on_delete=models.PROTECT, related_name="acts"
    )
    assessment = models.ForeignKey(
        "accommodations.Assessment", null=True, blank=True, on_delete=models.PROTECT, related_name="acts"
    )
    asked = models.JSONField(help_text="What was to be there afterwards.")
    before = models.JSONField(help_text="What stood there before.")
    after = models.JSONField(null=True, blank=True, help_text="What Canvas held when it was read back.")
    status = models.CharField(max_length=12, choices=Status, default=Status.STARTED)
    message = models.CharField(max_length=1000, blank=True, help_text="Canvas's own words.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undoes = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="undone_by",
        help_text="What it takes back.",
    )
    is_standing = models.BooleanField(
        default=False, help_text="It is in Canvas and can be taken back: unlocked, or dates of the student's own."
    )
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lane"], condition=models.Q(status="started"), name="one_act_at_work_per_lane"
            ),
            models.UniqueConstraint(
                fields=["kind", "student", "assessment"],
                condition=models.Q(is_standing=True),
                name="one_standing_act_per_pair",
            ),
        ]
        indexes = [models.Index(fields=["course", "is_standing"])]

    def __str__(self) -> str:
        """Return kind and row number: no name."""
        return f"{self.kind} #{self.pk}"
