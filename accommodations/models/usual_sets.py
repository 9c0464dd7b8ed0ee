"""The sets of provisions that the office grants again and again, from which a new record can start."""

from django.db import models


class UsualSet(models.Model):
    """A named set of provisions. It grants nothing by itself: it fills in the record form, and a person saves that."""

    class Period(models.TextChoices):
        OPEN = "open", "Every course, without an end"
        THIS_TERM = "this_term", "The term in which it is recorded, to its last day"

    name = models.CharField(max_length=80)
    provisions = models.JSONField(help_text="One object for each provision, with the values that a record has.")
    period = models.CharField(max_length=10, choices=Period, default=Period.OPEN)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True, help_text="When it was last offered.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        permissions = [("change_usual_sets", "Can change the usual sets")]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(retired_at__isnull=True), name="one_usual_set_per_name"
            ),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name
