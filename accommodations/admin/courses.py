"""The mirror of Canvas, shown."""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

from accommodations.admin.base import ReadOnlyAdmin, page_link
from accommodations.models import (
    Assessment,
    AssignmentGroup,
    Course,
    CourseSnapshot,
    CoverageDay,
    Enrollment,
    Teaching,
    Term,
)


class _AboutCourse(ReadOnlyAdmin):
    instead_of_page: str | None = "course"

    @admin.display(description="Course's page")
    def page(self, row: Any) -> SafeString | str:
        """Return a link to the course's page."""
        return page_link("course_detail", row if isinstance(row, Course) else row.course)


@admin.register(Term)
class TermAdmin(ReadOnlyAdmin):
    """Terms of the institution."""

    list_display = ("name", "canvas_term_id", "starts_at", "ends_at")
    search_fields = ("name", "canvas_term_id")


@admin.register(CoverageDay)
class CoverageDayAdmin(ReadOnlyAdmin):
    """How much was covered on each day."""

    list_display = ("day", "term", "department", "read_back", "accepted", "short", "failed", "held", "missed")
    list_filter = ("term", "department")
    search_fields = ("department", "term__name")
    list_select_related = ("term",)


@admin.register(Course)
class CourseAdmin(_AboutCourse):
    """Courses of the account."""

    instead_of_page = None
    list_display = ("course_code", "name", "department", "term", "state", "canvas_course_id", "read_at", "page")
    list_filter = ("state", "term")
    search_fields = ("course_code", "name", "canvas_course_id", "sis_course_id")
    list_select_related = ("term",)
    readonly_fields = ("page",)


@admin.register(Assessment)
class AssessmentAdmin(_AboutCourse):
    """Assessments of the courses."""

    list_display = (
        "name",
        "page",
        "kind",
        "unlock_at",
        "due_at",
        "lock_at",
        "time_limit_minutes",
        "is_marked_exam",
        "is_deleted",
    )
    list_filter = ("kind", "is_published", "is_marked_exam", "is_deleted")
    search_fields = ("name", "key", "course__course_code")
    list_select_related = ("course",)


@admin.register(AssignmentGroup)
class AssignmentGroupAdmin(_AboutCourse):
    """The assignment groups of courses for which a rule names one."""

    list_display = ("name", "page", "canvas_assignment_group_id", "former_names", "is_deleted")
    list_filter = ("is_deleted",)
    search_fields = ("name", "course__course_code")
    list_select_related = ("course",)


@admin.register(Enrollment)
class EnrollmentAdmin(_AboutCourse):
    """Enrollments of students with accommodations."""

    list_display = ("canvas_enrollment_id", "student", "page", "canvas_section_id", "state")
    list_filter = ("state",)
    search_fields = ("student__name", "student__sis_user_id", "course__course_code", "canvas_enrollment_id")
    list_select_related = ("student", "course")


@admin.register(Teaching)
class TeachingAdmin(_AboutCourse):
    """Who teaches what, of those who use Leeway."""

    list_display = ("canvas_enrollment_id", "person", "page", "is_limited_to_section", "is_assistant")
    list_filter = ("is_assistant", "is_limited_to_section")
    search_fields = ("person__login_id", "course__course_code")
    list_select_related = ("person", "course")


@admin.register(CourseSnapshot)
class CourseSnapshotAdmin(_AboutCourse):
    """When each course was last read in full; the facts themselves are too long for a page."""

    list_display = ("pk", "page", "read_at")
    search_fields = ("course__course_code",)
    list_select_related = ("course",)
    exclude = ("facts",)
