"""What waits for a person, and what a person decided about it: holds, the safety guard's stops, alerts."""

from django.conf import settings
from django.db import models

from accommodations.models.courses import choices
from accommodations.planning.plan import HoldKind


class PairHold(models.Model):
    """What a person decided about a pair (`planning.plan.Hold`); undone and dismissed ones wait for them, by name.

    `kept` is the stored form of what of ours stood there before what was undone, or of the class dates to follow.
    """

    student = models.ForeignKey("accommodations.Student", on_delete=models.CASCADE, related_name="holds")
    assessment = models.ForeignKey("accommodations.Assessment", on_delete=models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=10, choices=choices(HoldKind))
    reason = models.CharField(max_length=1000, blank=True)
    kept = models.JSONField(default=dict, blank=True)
    run = models.ForeignKey(
        "accommodations.SyncRun",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="holds",
        help_text="The run whose actions were undone.",
    )
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "assessment"],
                condition=models.Q(released_at__isnull=True),
                name="one_standing_hold_per_pair",
            ),
        ]

    def __str__(self) -> str:
        """Return the row number: no name."""
        return f"hold #{self.pk}"


class GuardStop(models.Model):
    """What the safety guard stopped in one course (R16): exactly these actions wait for a director.

    `actions` holds for each stopped action its digest, the rows' numbers and what a person needs to decide.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits for a director"
        APPROVED = "approved", "Approved"
        DISMISSED = "dismissed", "Dismissed"
        OVERTAKEN = "overtaken", "No longer planned"

    course = models.ForeignKey("accommodations.Course", on_delete=models.CASCADE, related_name="guard_stops")
    run = models.ForeignKey(
        "accommodations.SyncRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="guard_stops"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING, db_index=True)
    digest = models.CharField(max_length=64)
    message = models.CharField(max_length=500)
    actions = models.JSONField(default=list)
    pair_count = models.PositiveIntegerField(default=0)
    grant_count = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-pk"]
        permissions = [("confirm_guard", "Can approve or dismiss what the safety guard stopped")]
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=models.Q(status="waiting"), name="one_waiting_stop_per_course"
            ),
        ]

    def __str__(self) -> str:
        """Return the row number and its status."""
        return f"guard stop #{self.pk}: {self.status}"


class ConfirmedEnding(models.Model):
    """A person saw how many assessments an ending takes back, and confirmed: the guard does not count these (R16)."""

    student = models.ForeignKey("accommodations.Student", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(help_text="How many assessments the page said that it takes back.")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Return the row number: no name."""
        return f"confirmed ending #{self.pk}"


class Alert(models.Model):
    """Something about a pair that a person must see and acknowledge; it stays open until somebody does."""

    class Kind(models.TextChoices):
        DRIFT = "drift", "Made less in Canvas again and again"
        EARLY_UNLOCK = "early_unlock", "Opened before the class"

    kind = models.CharField(max_length=16, choices=Kind)
    student = models.ForeignKey("accommodations.Student", on_delete=models.CASCADE, related_name="alerts")
    assessment = models.ForeignKey("accommodations.Assessment", on_delete=models.CASCADE, related_name="alerts")
    course = models.ForeignKey("accommodations.Course", on_delete=models.CASCADE, related_name="alerts")
    number = models.PositiveIntegerField(default=1, help_text="How often it has happened.")
    message = models.CharField(max_length=500)
    raised_at = models.DateTimeField()
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "student", "assessment"],
                condition=models.Q(seen_at__isnull=True),
                name="one_open_alert_per_kind_and_pair",
            ),
        ]

    def __str__(self) -> str:
        """Return kind and row number: no name."""
        return f"alert #{self.pk}: {self.kind}"
