"""Courses that were set aside, since each worker that took them up ended over it."""

from django.conf import settings
from django.db import models


class SetAside(models.Model):
    """A course that no sync takes up until a person releases it: three workers ended while they were at it."""

    course = models.ForeignKey("accommodations.Course", on_delete=models.CASCADE, related_name="set_asides")
    course_sync = models.ForeignKey(
        "accommodations.CourseSync", null=True, on_delete=models.SET_NULL, related_name="set_asides"
    )
    deaths = models.PositiveSmallIntegerField()
    message = models.CharField(max_length=500)
    set_aside_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=models.Q(released_at__isnull=True),
                name="one_standing_set_aside_per_course",
            ),
        ]

    def __str__(self) -> str:
        """Return the row number."""
        return f"set aside #{self.pk}"
