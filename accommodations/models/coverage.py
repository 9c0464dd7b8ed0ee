"""How much was covered on each day: written nightly, so that a term can be looked back on."""

from django.db import models


class CoverageDay(models.Model):
    """The pairs of one term and department on one day, by status; in place twice, by its two proofs.

    The status table holds only what is so now. These rows are numbers alone: nothing of a student is in them.
    """

    day = models.DateField(db_index=True)
    term = models.ForeignKey("accommodations.Term", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    department = models.CharField(max_length=255, blank=True)
    read_back = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    not_needed = models.PositiveIntegerField(default=0)
    past = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "term", "department"]
        constraints = [
            models.UniqueConstraint(fields=["day", "term", "department"], name="one_coverage_per_day_and_place")
        ]

    def __str__(self) -> str:
        """Return the day and the row's number."""
        return f"coverage of {self.day} #{self.pk}"
