"""Courses of one student with their snapshots and the student's enrollments there, in one query."""

from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from accommodations.models import Course, CourseRelease, Enrollment, Student


def with_enrollments(courses: QuerySet[Course], student: Student) -> tuple[list[Course], list[Enrollment]]:
    """Return the courses with their snapshots, and the student's enrollments there as `enrollments_to_plan` does."""
    rows: QuerySet[Any] = courses.select_related("snapshot").annotate(
        own=FilteredRelation("enrollments", condition=Q(enrollments__student=student)),
        enrollment=F("own__pk"),
        section=F("own__canvas_section_id"),
        enrollment_state=F("own__state"),
        is_released=Exists(CourseRelease.objects.filter(course=OuterRef("pk"), student=student)),
    )
    listed = list(rows.order_by("course_code", "pk", "own__pk"))
    return list(dict.fromkeys(listed)), [_enrollment(student, row) for row in listed if row.enrollment is not None]


def _enrollment(student: Student, row: Any) -> Enrollment:
    """Return the enrollment that stands beside a course."""
    found = Enrollment(
        pk=row.enrollment, student=student, course=row, canvas_section_id=row.section, state=row.enrollment_state
    )
    found.is_released = row.is_released  # type: ignore[attr-defined]  # as the query annotates it
    return found
