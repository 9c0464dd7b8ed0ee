"""Files from case systems: where they come from, what was read, what taking them did. The file itself is not kept."""

from django.conf import settings
from django.db import models


class ImportSource(models.Model):
    """Where files come from, and how many of its accommodations may be missing before a director is asked."""

    name = models.CharField(max_length=80, unique=True)
    shrink_percent = models.PositiveIntegerField(
        default=20, help_text="More than this share of its accommodations missing at once waits for a director …"
    )
    shrink_number = models.PositiveIntegerField(default=5, help_text="… where it is more than so many.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class ImportFile(models.Model):
    """One uploaded file: its rows while it is checked, and who took it with what result for good.

    The rows are deleted when it is taken or discarded: what they granted is then in the accommodations themselves.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Being checked"
        TAKEN = "taken", "Taken"
        DISCARDED = "discarded", "Discarded"
        UNDONE = "undone", "Undone"

    class Order(models.TextChoices):
        MONTH_FIRST = "month_first", "the month first, then the day"
        DAY_FIRST = "day_first", "the day first, then the month"

    source = models.ForeignKey(ImportSource, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120, help_text="The file's name, without its folders.")
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the file's bytes.")
    byte_size = models.PositiveIntegerField()
    form = models.CharField(max_length=40, help_text="How it was read: UTF-8, Excel workbook.")
    headers = models.JSONField()
    headers_digest = models.CharField(max_length=64, db_index=True)
    mapping = models.JSONField(default=dict, help_text="Which column holds what.")
    is_mapped = models.BooleanField(default=False, help_text="A person has confirmed the mapping.")
    day_order = models.CharField(max_length=12, choices=Order, default=Order.MONTH_FIRST)
    row_count = models.PositiveIntegerField()
    lookups = models.JSONField(default=dict, help_text="Students asked for in Canvas, by what the file calls them.")
    lookups_asked_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN, db_index=True)
    counts = models.JSONField(default=dict, help_text="The difference in numbers, as it was taken.")
    is_partial = models.BooleanField(default=False, help_text="Only the valid rows were taken.")
    confirmed_ending = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many may end, as a director has confirmed."
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey(
        "accommodations.SyncRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="imports"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Return the row number: a file's name may name a student."""
        return f"import #{self.pk}"


class ImportRow(models.Model):
    """One row of a file that is being checked."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    is_left_out = models.BooleanField(default=False)

    class Meta:
        ordering = ["file", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_row_per_number_of_a_file")]

    def __str__(self) -> str:
        """Return file and number: no content."""
        return f"row {self.number} of import {self.file_id}"


class ImportChange(models.Model):
    """What taking a file, or undoing it, did to one accommodation; by it an accommodation is known as imported."""

    class Kind(models.TextChoices):
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        ENDED = "ended", "Ended"
        RESTORED = "restored", "Recorded again when the import was undone"

    file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    row = models.PositiveIntegerField(null=True, blank=True, help_text="Its row in the file, where it has one.")
    accommodation = models.ForeignKey(
        "accommodations.Accommodation", on_delete=models.PROTECT, related_name="import_changes"
    )
    version_before = models.PositiveIntegerField(null=True, blank=True)
    version_after = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        """Return kind and row number: no name."""
        return f"{self.kind} #{self.pk}"
