"""People whom Canvas no longer knows under the id that Leeway has: merged with another person, or deleted."""

from django.conf import settings
from django.db import models


class GonePerson(models.Model):
    """Canvas no longer knows a student's id (F26). A person decides what becomes of what was approved.

    `survivor` has the student's SIS id or login now, as Canvas said or as a person named them. `moved` holds what
    the decision changed, for taking it back: the numbers of rows by what they are.
    """

    class Decision(models.TextChoices):
        MOVED = "moved", "Moved to the person who stays"
        ENDED = "ended", "Ended"

    student = models.OneToOneField("accommodations.Student", on_delete=models.CASCADE, related_name="gone")
    noted_at = models.DateTimeField(help_text="When Canvas first did not know the id.")
    survivor = models.ForeignKey(
        "accommodations.Student", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    moved = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "gone people"

    def __str__(self) -> str:
        """Return the row number: no name."""
        return f"gone person #{self.pk}"
