"""Sync runs, their courses and actions; the status table; the lease on a course."""

from django.conf import settings
from django.db import models

from accommodations.models.courses import choices
from accommodations.planning.statuses import Reason
from accommodations.planning.statuses import Status as PairStatusWord


class SyncRun(models.Model):
    """One execution over a set of courses. The row is the queue: a lost message costs minutes, never the run."""

    class Trigger(models.TextChoices):
        PERSON = "person", "Started by a person"
        CHANGE = "change", "A recorded change"
        EXAMS = "exams", "Exams within 48 hours"
        HOURLY = "hourly", "Hourly"
        NIGHTLY = "nightly", "Nightly"
        FIRST = "first", "First sync"
        UNDO = "undo", "An undo"

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        READING = "reading", "Waits to be read"
        DONE = "done", "Done"
        PARTIAL = "partial", "Done in part"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE_STATUSES = (Status.QUEUED, Status.RUNNING, Status.READING)

    trigger = models.CharField(max_length=10, choices=Trigger)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED, db_index=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="sync_runs"
    )
    student = models.ForeignKey(
        "accommodations.Student",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="sync_runs",
        help_text="Where the run was queued for one student's change: their enrollments are read first.",
    )
    reads_before_applying = models.BooleanField(
        default=False, help_text="A person reads the plan before it is applied."
    )
    plan_only = models.BooleanField(default=False)
    are_courses_known = models.BooleanField(default=False, help_text="Enrollments were read and course syncs made.")
    is_limited_to_courses = models.BooleanField(
        default=False, help_text="Only the courses it was requested for; else those that the enrollments name."
    )
    retries = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="retried_by",
        help_text="The run whose failed courses this one plans anew.",
    )
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often reading the enrollments was begun.")
    deaths = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often a worker ended while it read them."
    )
    woken_at = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("start_sync", "Can start syncs and apply read plans"),
            ("start_taught_sync", "Can start a sync of a course taught"),
            ("see_all_runs", "Can see every sync run"),
            ("see_operations", "Can see the figures of operation"),
        ]

    @property
    def is_active(self) -> bool:
        """Whether it has not ended yet."""
        return self.status in self.ACTIVE_STATUSES

    def __str__(self) -> str:
        """Return the run's number."""
        return f"sync run {self.pk}"


class CourseSync(models.Model):
    """One course within a run: its stored plan, status and result."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        OBSERVING = "observing", "Reading Canvas"
        PLANNED = "planned", "Plan waits to be read"
        APPLYING = "applying", "Applying"
        VERIFYING = "verifying", "Reading back"
        DONE = "done", "Done"
        PARTIAL = "partial", "Done in part"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ENDED_STATUSES = (Status.DONE, Status.PARTIAL, Status.FAILED, Status.CANCELLED)

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="course_syncs")
    course = models.ForeignKey("accommodations.Course", on_delete=models.CASCADE, related_name="course_syncs")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED, db_index=True)
    is_approved = models.BooleanField(default=False, help_text="A person read the plan and said: apply.")
    plan_digest = models.CharField(max_length=64, blank=True)
    message = models.CharField(max_length=500, blank=True)
    deaths = models.PositiveSmallIntegerField(default=0, help_text="How often a worker ended without finishing it.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often Canvas did not answer.")
    woken_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True, help_text="Not before then.")
    started_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "course"], name="one_course_sync_per_run")]

    def __str__(self) -> str:
        """Return the row's number."""
        return f"course sync {self.pk}"


class SyncAction(models.Model):
    """One planned action of a course sync, with its result. `action` is the stored form of a PlannedAction."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        STARTED = "started", "Sent"
        APPLIED = "applied", "Applied"
        REFUSED = "refused", "Refused by Canvas"
        UNREACHABLE = "unreachable", "Canvas did not answer"
        UNKNOWN = "unknown", "Outcome unknown, read next"
        DROPPED = "dropped", "No longer needed"
        HELD = "held", "Held by the safety guard"

    course_sync = models.ForeignKey(CourseSync, on_delete=models.CASCADE, related_name="actions")
    student = models.ForeignKey("accommodations.Student", on_delete=models.CASCADE, related_name="sync_actions")
    assessment = models.ForeignKey("accommodations.Assessment", on_delete=models.CASCADE, related_name="sync_actions")
    position = models.PositiveIntegerField()
    action = models.JSONField()
    sentence = models.CharField(max_length=1000)
    is_shrinking = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED)
    request_id = models.UUIDField(null=True, blank=True, db_index=True, help_text="Joins the actions of one request.")
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    message = models.CharField(max_length=1000, blank=True, help_text="Canvas's own words.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["course_sync", "position"]
        constraints = [models.UniqueConstraint(fields=["course_sync", "position"], name="one_action_per_position")]

    def __str__(self) -> str:
        """Return the row's number."""
        return f"sync action {self.pk}"


class PairStatus(models.Model):
    """Status of one (student, assessment) pair: the one table that every page, board and report reads.

    `outcome` is the stored form of the planner's PairOutcome: grant, wanted, observed, class dates, sources.
    """

    student = models.ForeignKey("accommodations.Student", on_delete=models.CASCADE, related_name="pairs")
    assessment = models.ForeignKey("accommodations.Assessment", on_delete=models.CASCADE, related_name="pairs")
    course = models.ForeignKey("accommodations.Course", on_delete=models.CASCADE, related_name="pairs")
    status = models.CharField(max_length=12, choices=choices(PairStatusWord), db_index=True)
    reason = models.CharField(max_length=32, choices=choices(Reason))
    sentence = models.CharField(max_length=1000)
    outcome = models.JSONField()
    is_exam = models.BooleanField(default=False)
    is_granted = models.BooleanField(
        default=True, help_text="Off where only something of ours is left that is to be taken back."
    )
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    short_by_minutes = models.PositiveIntegerField(null=True, blank=True)
    since = models.DateTimeField(help_text="When the pair came to this status and reason.")
    read_at = models.DateTimeField(help_text="When Canvas was last read for this pair.")
    evidence_at = models.DateTimeField(null=True, blank=True, help_text="When Canvas confirmed what is in place.")
    failure_message = models.CharField(max_length=1000, blank=True, help_text="Canvas's own words.")
    next_try_at = models.DateTimeField(null=True, blank=True)
    settled_note = models.TextField(blank=True, help_text="What was done about a missed pair, or by hand.")
    settled_on = models.DateField(null=True, blank=True, help_text="The day on which it was done by hand.")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When that was written.")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "pair statuses"
        constraints = [
            models.UniqueConstraint(fields=["student", "assessment"], name="one_status_per_student_and_assessment")
        ]
        indexes = [
            models.Index(fields=["course", "status"]),
            models.Index(fields=["is_exam", "opens_at"]),
            models.Index(fields=["opens_at"]),
            models.Index(fields=["closes_at"]),
        ]

    def __str__(self) -> str:
        """Return status and row number: no name."""
        return f"{self.status} #{self.pk}"


class CourseLease(models.Model):
    """Who may work on a course right now: renewed before each request; a new holder waits until it has run out."""

    course = models.OneToOneField("accommodations.Course", on_delete=models.CASCADE, related_name="lease")
    holder = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Return course and holder."""
        return f"lease of course {self.course_id}"
