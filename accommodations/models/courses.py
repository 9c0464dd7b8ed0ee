"""A mirror of the part of Canvas that pages and rules refer to."""

from enum import Enum

from django.db import models

from canvas_bridge.facts import AssessmentKind, CourseState, EnrollmentState


def choices(words: type[Enum]) -> list[tuple[str, str]]:
    """Return an enumeration of words as choices for a field: value and a label in sentence case."""
    return [(word.value, word.value.replace("_", " ").capitalize()) for word in words]


class Term(models.Model):
    """A term of the institution as Canvas has it."""

    canvas_term_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=255)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    grading_periods = models.JSONField(
        null=True, blank=True, help_text="Its grading periods in their stored form; empty: never read."
    )

    class Meta:
        ordering = ["-starts_at", "name"]

    def __str__(self) -> str:
        """Return the term's name."""
        return self.name


class Course(models.Model):
    """A course of Canvas. `ends_at` binds students: the course's own end, else its term's."""

    canvas_course_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=255)
    course_code = models.CharField(max_length=255, blank=True)
    sis_course_id = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=16, choices=choices(CourseState))
    time_zone = models.CharField(max_length=64)
    term = models.ForeignKey(Term, null=True, blank=True, on_delete=models.SET_NULL, related_name="courses")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    canvas_account_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    department = models.CharField(
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text="The name of the Canvas account that it belongs to.",
    )
    grading_periods = models.JSONField(
        null=True, blank=True, help_text="The course's own grading periods, where it has them; else its term's count."
    )

    class Meta:
        ordering = ["course_code", "pk"]

    def __str__(self) -> str:
        """Return code and name."""
        return f"{self.course_code}: {self.name}" if self.course_code else self.name


class Enrollment(models.Model):
    """One enrollment of a student with accommodations in one section of a course."""

    student = models.ForeignKey("accommodations.Student", on_delete=models.CASCADE, related_name="enrollments")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrollments")
    canvas_enrollment_id = models.BigIntegerField(unique=True)
    canvas_section_id = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=choices(EnrollmentState))

    def __str__(self) -> str:
        """Return Canvas's id: no name."""
        return f"enrollment {self.canvas_enrollment_id}"


class Teaching(models.Model):
    """One active instructor enrollment of a linked person; section-limited ones see their sections' students only."""

    person = models.ForeignKey("accommodations.LinkedPerson", on_delete=models.CASCADE, related_name="teachings")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="teachings")
    canvas_enrollment_id = models.BigIntegerField(unique=True)
    canvas_section_id = models.BigIntegerField()
    is_limited_to_section = models.BooleanField(default=False)
    is_assistant = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Return Canvas's id: no name."""
        return f"teaching {self.canvas_enrollment_id}"


class Assessment(models.Model):
    """An assignment, classic quiz, New Quiz or graded discussion. `key` as in `AssessmentFacts.key`."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="assessments")
    key = models.CharField(max_length=40, unique=True)
    canvas_assignment_id = models.BigIntegerField(null=True, blank=True)
    canvas_quiz_id = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, choices=choices(AssessmentKind))
    html_url = models.CharField(max_length=500, blank=True)
    is_published = models.BooleanField(default=True)
    unlock_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    lock_at = models.DateTimeField(null=True, blank=True)
    time_limit_minutes = models.PositiveIntegerField(null=True, blank=True)
    allowed_attempts = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: unlimited.")
    is_deleted = models.BooleanField(default=False, help_text="No longer in the course's list in Canvas.")
    is_marked_exam = models.BooleanField(
        default=False, db_default=False, help_text="Staff marked it as an exam; the action log holds who and when."
    )

    class Meta:
        ordering = ["due_at", "name", "pk"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class AssignmentGroup(models.Model):
    """An assignment group of a course, where a rule made Leeway read them. Canvas keeps no earlier names; we do."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="assignment_groups")
    canvas_assignment_group_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=255)
    former_names = models.JSONField(default=list, blank=True, help_text="What it was called before, newest first.")
    is_deleted = models.BooleanField(default=False, help_text="No longer in the course's list in Canvas.")

    class Meta:
        ordering = ["course", "name", "pk"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class CourseSnapshot(models.Model):
    """The facts of the last complete observation of a course, for previews and derivations without asking Canvas."""

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="snapshot")
    facts = models.JSONField()
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return which course and when."""
        return f"snapshot of course {self.course_id} at {self.read_at:%Y-%m-%d %H:%M}"
