"""Students with accommodations, and the tie between a user and a Canvas person."""

from django.conf import settings
from django.db import models


class Student(models.Model):
    """A person with at least one accommodation on record, known by Canvas user id, SIS id and login id.

    No diagnosis and no medical document: there is no field for one, on purpose.
    """

    canvas_user_id = models.BigIntegerField(unique=True)
    sis_user_id = models.CharField(max_length=255, blank=True, db_index=True)
    login_id = models.CharField(max_length=255, blank=True, db_index=True)
    name = models.CharField(max_length=255)
    sortable_name = models.CharField(max_length=255, db_index=True)
    needs_release = models.BooleanField(
        default=False, help_text="Nothing is put into a course before the student has asked for it there."
    )
    enrollments_read_at = models.DateTimeField(null=True, blank=True)
    enrollments_doubted_at = models.DateTimeField(
        null=True, blank=True, help_text="When Canvas first showed no enrollment any more, and was not believed."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sortable_name", "pk"]

    def __str__(self) -> str:
        """Return the name, for pages and the admin; never for logs."""
        return self.name


class LinkedPerson(models.Model):
    """Ties a user to one Canvas person by login id: an instructor to their courses, a student to themselves."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="linked_person")
    login_id = models.CharField(max_length=255, unique=True)
    canvas_user_id = models.BigIntegerField(null=True, blank=True, unique=True)
    teachings_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "linked people"

    def __str__(self) -> str:
        """Return the login id."""
        return self.login_id
