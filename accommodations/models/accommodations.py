"""Accommodations, and the office's decisions about them: exceptions and releases."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from accommodations.models.courses import choices
from accommodations.planning.rules import ExtraTimeMethod, Scope, ShiftUnit


class Accommodation(models.Model):
    """One approved provision for one student, with a scope, an effective period and a status.

    Every edit is a new version: `version` rises by one and the old state stays readable in `history`.
    Which fields are used depends on `provision`; services and forms see to it that the others are empty.
    """

    class Provision(models.TextChoices):
        EXTRA_TIME = "extra_time", "Extra time"
        EXTRA_ATTEMPTS = "extra_attempts", "Extra attempts"
        ALTERNATIVE_DATES = "alternative_dates", "Alternative dates"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        ACTIVE = "active", "Active"
        ENDED = "ended", "Ended"

    class EndReason(models.TextChoices):
        EXPIRED = "expired", "Expired"
        REVOKED = "revoked", "Revoked"
        REPLACED = "replaced", "Replaced"

    student = models.ForeignKey("accommodations.Student", on_delete=models.PROTECT, related_name="accommodations")
    provision = models.CharField(max_length=20, choices=Provision)

    extra_time_method = models.CharField(max_length=20, choices=choices(ExtraTimeMethod), blank=True)
    multiplier = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1.01), MaxValueValidator(10)],
    )
    minutes = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(10080)]
    )
    attempts = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    shift_amount = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(8760)]
    )
    shift_unit = models.CharField(max_length=20, choices=choices(ShiftUnit), blank=True)
    exact_unlock_at = models.DateTimeField(null=True, blank=True)
    exact_due_at = models.DateTimeField(null=True, blank=True)
    exact_lock_at = models.DateTimeField(null=True, blank=True)
    is_other_sitting = models.BooleanField(
        default=False, help_text="Confirmed: it cannot open before the exact unlock."
    )

    scope = models.CharField(max_length=20, choices=choices(Scope), default=Scope.EVERY_COURSE.value)
    term = models.ForeignKey("accommodations.Term", null=True, blank=True, on_delete=models.PROTECT)
    course = models.ForeignKey("accommodations.Course", null=True, blank=True, on_delete=models.PROTECT)
    assessment = models.ForeignKey("accommodations.Assessment", null=True, blank=True, on_delete=models.PROTECT)
    kinds = models.JSONField(default=list, blank=True, help_text="Kinds of assessment; empty means all.")
    assignment_groups = models.JSONField(
        default=list,
        db_default=[],
        blank=True,
        help_text="Names of assignment groups in which alone it counts; empty means all.",
    )
    replaces_broader = models.BooleanField(default=False)
    may_pass_end = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Confirmed: its dates may lie beyond the end of the course or of a grading period.",
    )

    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True, help_text="Inclusive; empty means open-ended.")
    note = models.TextField(blank=True, help_text="Private to the office. No diagnosis, no medical document.")

    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replacements",
        help_text="The one that ends, as replaced, when a second person approves this draft.",
    )
    renews = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewals",
        help_text="The one of an earlier term that it continues.",
    )
    urgent_reason = models.TextField(
        blank=True, default="", db_default="", help_text="Why it counts before a second person has approved it."
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["student", "-effective_from", "pk"]
        permissions = [
            ("record_accommodation", "Can record, edit, release and end accommodations"),
            ("approve_accommodation", "Can approve accommodations"),
            ("see_notes", "Can read private notes"),
            ("see_all_students", "Can see every student"),
            ("see_taught_students", "Can see the students of the courses taught"),
            ("see_self", "Can see the own page"),
            ("export", "Can export lists and reports"),
        ]
        constraints = [
            models.CheckConstraint(
                name="accommodation_period_in_order",
                condition=models.Q(effective_until__isnull=True)
                | models.Q(effective_until__gte=models.F("effective_from")),
            ),
        ]

    def __str__(self) -> str:
        """Return provision and row number: no name, since this reaches logs."""
        return f"{self.get_provision_display()} #{self.pk}"


class AccommodationException(models.Model):
    """The office decided, with a reason and an end date, that nothing applies to one course or one assessment."""

    student = models.ForeignKey("accommodations.Student", on_delete=models.PROTECT, related_name="exceptions")
    course = models.ForeignKey("accommodations.Course", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(
        "accommodations.Assessment", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    effective_until = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Return the row number: no name."""
        return f"exception #{self.pk}"


class CourseRelease(models.Model):
    """The student asked that their accommodations be put into this course (where a release is needed)."""

    student = models.ForeignKey("accommodations.Student", on_delete=models.PROTECT, related_name="releases")
    course = models.ForeignKey("accommodations.Course", on_delete=models.PROTECT, related_name="releases")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "course"], name="one_release_per_student_and_course")]

    def __str__(self) -> str:
        """Return the row number: no name."""
        return f"release #{self.pk}"
