"""The Canvas connection, the ledger of what we put there, and the institution's settings."""

from django.db import models

from accommodations.crypto import EncryptedTextField
from accommodations.models.courses import choices
from accommodations.planning.rules import WindowMode


class CanvasConnection(models.Model):
    """Address and token of the one Canvas that this Leeway writes to. The token is encrypted and never shown again."""

    base_url = models.URLField(max_length=255)
    token = EncryptedTextField()
    token_last4 = models.CharField(max_length=4, blank=True)
    token_user_name = models.CharField(max_length=255, blank=True)
    token_time_zone = models.CharField(max_length=64, blank=True)
    is_token_refused = models.BooleanField(
        default=False, help_text="Canvas answered 401: nothing is sent until it is replaced."
    )
    is_from_environment = models.BooleanField(
        default=False, help_text="Kept in step with CANVAS_BASE_URL and CANVAS_TOKEN; never edited here."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    courses_read_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        permissions = [
            ("manage_connection", "Can change the Canvas connection"),
            ("change_institution", "Can change the institution's settings"),
        ]

    def __str__(self) -> str:
        """Return the address: never the token."""
        return self.base_url


class LedgerEntry(models.Model):
    """What we put into Canvas for one student on one assessment, what stood there before, and how we know.

    One standing row for each (student, assessment, part); a row that was taken back keeps its history with
    `taken_back_at`. `put` and `before` hold the stored form of the planning ledger's values (`accommodations.codec`).
    """

    class Part(models.TextChoices):
        EXTENSION = "extension", "Extension"
        OVERRIDE = "override", "Override"

    class Evidence(models.TextChoices):
        READ_BACK = "read_back", "Read back"
        ACCEPTED = "accepted", "Accepted"
        UNCERTAIN = "uncertain", "Outcome unknown"

    student = models.ForeignKey("accommodations.Student", on_delete=models.PROTECT, related_name="ledger")
    assessment = models.ForeignKey("accommodations.Assessment", on_delete=models.PROTECT, related_name="ledger")
    part = models.CharField(max_length=10, choices=Part)
    value = models.JSONField(help_text="A LedgerExtension or LedgerOverride in its stored form.")
    evidence = models.CharField(max_length=10, choices=Evidence, default=Evidence.ACCEPTED)
    put_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(
                fields=["student", "assessment", "part"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_standing_ledger_entry_per_part",
            ),
        ]

    def __str__(self) -> str:
        """Return the row number: no name."""
        return f"ledger entry #{self.pk}"


class InstitutionSettings(models.Model):
    """The institution's settings; one row, made with its defaults when first asked for."""

    name = models.CharField(max_length=255, default="Your university")
    office_name = models.CharField(max_length=255, default="Disability Services")
    time_zone = models.CharField(max_length=64, default="America/New_York")
    exam_window_minutes = models.PositiveIntegerField(default=360)
    window_mode = models.CharField(max_length=10, choices=choices(WindowMode), default=WindowMode.FIT.value)
    two_person_approval = models.BooleanField(default=False)
    release_per_course = models.BooleanField(default=False, help_text="New students need a release for each course.")
    assistants_see_courses = models.BooleanField(default=False)
    nobody_sets_new_quizzes_by_hand = models.BooleanField(
        default=True,
        help_text="New Quizzes cannot be read. On: Leeway writes. Off: pairs wait for a person's look.",
    )
    guard_percent = models.PositiveIntegerField(
        default=20,
        db_default=20,
        help_text="More than this share of a course's grants shrinking at once waits for a director …",
    )
    guard_course_actions = models.PositiveIntegerField(
        default=5, db_default=5, help_text="… where it is more changes than this;"
    )
    guard_run_actions = models.PositiveIntegerField(
        default=50, db_default=50, help_text="and more than this in a whole run."
    )
    doubt_percent = models.PositiveIntegerField(
        default=30,
        db_default=30,
        help_text="A list of enrollments that shrinks by more than this is not believed at once.",
    )
    canvas_host = models.CharField(
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text="The Canvas in which what Leeway wrote stands; noted at its first use.",
    )
    log_retention_years = models.PositiveIntegerField(
        null=True, blank=True, help_text="How long the log keeps what is personal; empty means for ever."
    )
    holidays = models.JSONField(
        default=list, blank=True, help_text="Days as YYYY-MM-DD, skipped by working-day shifts."
    )
    holiday_names = models.JSONField(
        default=dict,
        db_default={},
        blank=True,
        help_text="What each of these days is called, for people; may lack any.",
    )

    office_email = models.EmailField(blank=True, default="", db_default="")
    office_phone = models.CharField(max_length=100, blank=True, default="", db_default="")
    sends_notices = models.BooleanField(
        default=True, db_default=True, help_text="Instructors and students are told by mail what was done."
    )
    digest_minutes = models.PositiveIntegerField(
        default=1440, db_default=1440, help_text="How long a digest collects before it is sent, in minutes."
    )
    instructors_record_letters = models.BooleanField(
        default=False, db_default=False, help_text="Instructors may record for their course what a letter says."
    )

    class Meta:
        verbose_name_plural = "institution settings"

    @classmethod
    def current(cls) -> "InstitutionSettings":
        """Return the one row, made with its defaults when first asked for."""
        row, _ = cls.objects.get_or_create(pk=1)
        return row

    def __str__(self) -> str:
        """Return the institution's name."""
        return self.name
