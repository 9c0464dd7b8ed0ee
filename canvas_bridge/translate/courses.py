"""Courses of the account, with the dates that bind their students (contract 10.5, 10.7.1, 10.7.2)."""

from datetime import datetime

from canvas_bridge.facts import CourseState, CourseSummary
from canvas_bridge.wire.fields import JsonObject

_STATES = {
    "unpublished": CourseState.UNPUBLISHED,
    "created": CourseState.UNPUBLISHED,
    "claimed": CourseState.UNPUBLISHED,
    "available": CourseState.AVAILABLE,
    "completed": CourseState.COMPLETED,
    "deleted": CourseState.DELETED,
}


def course_summary(value: object) -> CourseSummary:
    """Return one course. A nickname that the token's user gave it is set aside for its real name."""
    course = JsonObject(value, "course").named("course")
    term = course.optional_object("term")
    starts_at, ends_at = _binding_dates(course, term)
    return CourseSummary(
        canvas_course_id=course.whole_number("id"),
        name=course.short_text("original_name") or course.short_text("name"),
        course_code=course.short_text("course_code"),
        state=_state(course),
        time_zone=course.short_text("time_zone") or "UTC",
        canvas_term_id=course.optional_whole_number("enrollment_term_id"),
        term_name=term.short_text("name") if term else "",
        term_starts_at=term.instant("start_at") if term else None,
        term_ends_at=term.instant("end_at") if term else None,
        starts_at=starts_at,
        ends_at=ends_at,
        sis_course_id=course.optional_text("sis_course_id"),
    )


def _state(course: JsonObject) -> CourseState:
    word = course.text("workflow_state")
    if word not in _STATES:
        raise course.wrong("workflow_state", "a state of a course")
    return _STATES[word]


def _binding_dates(course: JsonObject, term: JsonObject | None) -> tuple[datetime | None, datetime | None]:
    """Return start and end as they hold for students: the course's own only where it restricts to them (10.7.2)."""
    if course.flag("restrict_enrollments_to_course_dates"):
        return course.instant("start_at"), course.instant("end_at")
    if term is None:
        return None, None
    overrides = term.optional_object("overrides")
    for_students = overrides.optional_object("StudentEnrollment") if overrides else None
    dates = for_students or term
    return dates.instant("start_at"), dates.instant("end_at")
