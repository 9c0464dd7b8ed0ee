"""Grading periods of a course, and which dates lie in a closed one (contract 10.7.5)."""

from collections.abc import Callable
from datetime import datetime

from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course, GradingPeriod
from canvas_bridge.sandbox.rules.effective_dates import cached_due_date, is_assigned
from canvas_bridge.sandbox.rules.enrollment import STUDENT_TYPES
from canvas_bridge.sandbox.store import Store

GONE = ("deleted", "rejected")


def periods_of(store: Store, course: Course) -> list[GradingPeriod]:
    """Return the course's own grading periods, else those of its term, by start."""
    own = own_periods_of(store, course)
    set_id = store.terms[course.term_id].grading_period_set_id
    found = own or ([] if set_id is None else _live(store.grading_periods.where("set", set_id)))
    return sorted(found, key=lambda period: period.start_date)


def own_periods_of(store: Store, course: Course) -> list[GradingPeriod]:
    """Return the periods that the course has of its own, not those of its term."""
    return _live(store.grading_periods.where("course", course.id))


def _live(periods: list[GradingPeriod]) -> list[GradingPeriod]:
    return [one for one in periods if one.workflow_state == "active"]


def period_of(periods: list[GradingPeriod], due_at: datetime | None) -> GradingPeriod | None:
    """Return the period of a due date: start < date ≤ end without seconds; no due date counts as the last period."""
    if not periods:
        return None
    if due_at is None:
        return max(periods, key=lambda period: period.end_date)
    minute = due_at.replace(second=0, microsecond=0)
    return next((one for one in periods if _floor(one.start_date) < minute <= _floor(one.end_date)), None)


def _floor(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def is_in_closed_period(store: Store, course: Course, due_at: datetime | None) -> bool:
    """Whether a due date lies in a period that has closed."""
    period = period_of(periods_of(store, course), due_at)
    return period is not None and store.now() > period.close_date


def closed_dates_of(store: Store, course: Course) -> Callable[[datetime | None], bool] | None:
    """Return the test whether a due date lies in a closed period of the course; None without any such period."""
    periods, now = periods_of(store, course), store.now()
    if not any(now > period.close_date for period in periods):
        return None

    def is_closed(due_at: datetime | None) -> bool:
        period = period_of(periods, due_at)
        return period is not None and now > period.close_date

    return is_closed


def anyone_is_in_closed_period(store: Store, assignment: Assignment) -> bool:
    """Whether the due date of any student who has the assignment lies in a closed period (contract 9.1)."""
    is_closed = closed_dates_of(store, store.courses[assignment.course_id])
    if is_closed is None:
        return False
    overridden = [one.due_at for one in store.active_overrides(assignment) if one.due_at_overridden]
    if not any(is_closed(due_at) for due_at in (assignment.due_at, *overridden)):
        return False
    rows = store.enrollments.where("course", assignment.course_id)
    students = {one.user_id for one in rows if one.type in STUDENT_TYPES and one.workflow_state not in GONE}
    return any(
        is_closed(cached_due_date(store, assignment, one)) for one in students if is_assigned(store, assignment, one)
    )
