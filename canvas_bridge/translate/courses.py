"""Courses of the account, with the dates that bind their students (contract 10.5, 10.7.1, 10.7.2)."""

from datetime import datetime

from canvas_bridge.errors import CanvasContractError
from canvas_bridge.facts import CourseState, CourseSummary, GradingPeriod
from canvas_bridge.translate.shown import shown
from canvas_bridge.wire.courses import Course, Term
from canvas_bridge.wire.courses import GradingPeriod as WirePeriod

_STATES = {
    "unpublished": CourseState.UNPUBLISHED,
    "created": CourseState.UNPUBLISHED,
    "claimed": CourseState.UNPUBLISHED,
    "available": CourseState.AVAILABLE,
    "completed": CourseState.COMPLETED,
    "deleted": CourseState.DELETED,
}


def course_summary(course: Course) -> CourseSummary:
    """Return one course. A nickname that the token's user gave it is set aside for its real name."""
    term = course.term or None
    starts_at, ends_at = _binding_dates(course, term)
    return CourseSummary(
        canvas_course_id=course.id,
        name=shown(course.original_name) or shown(course.name),
        course_code=shown(course.course_code),
        state=_state(course),
        time_zone=shown(course.time_zone) or "UTC",
        canvas_term_id=course.enrollment_term_id or None,
        term_name=shown(term.name) if term else "",
        term_starts_at=(term.start_at or None) if term else None,
        term_ends_at=(term.end_at or None) if term else None,
        starts_at=starts_at,
        ends_at=ends_at,
        sis_course_id=course.sis_course_id or None,
        term_has_grading_periods=bool(term and term.grading_period_group_id),
        canvas_account_id=course.account_id or None,
        account_name=shown(course.account_name),
    )


def grading_period(period: WirePeriod) -> GradingPeriod:
    """Return one grading period; without a date to close it closes when it ends (contract 10.7.5)."""
    if not period.start_date or not period.end_date:
        raise CanvasContractError(f"grading period {period.id}: a start and an end are due")
    return GradingPeriod(
        title=shown(period.title),
        starts_at=period.start_date,
        ends_at=period.end_date,
        closes_at=period.close_date or period.end_date,
    )


def _state(course: Course) -> CourseState:
    state = _STATES.get(str(course.workflow_state))
    if state is None:
        raise CanvasContractError(f"course {course.id}: workflow_state must be a state of a course")
    return state


def _binding_dates(course: Course, term: Term | None) -> tuple[datetime | None, datetime | None]:
    """Return start and end as they hold for students: the course's own only where it restricts to them (10.7.2)."""
    if course.restrict_enrollments_to_course_dates is True:
        return course.start_at or None, course.end_at or None
    if term is None:
        return None, None
    dates = (term.overrides or {}).get("StudentEnrollment") or term
    return dates.start_at or None, dates.end_at or None
