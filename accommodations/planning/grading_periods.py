"""Grading periods (R11): in which one a due date lies, whether it is closed, and how late a due date may be."""

from collections.abc import Sequence
from datetime import datetime

from canvas_bridge.facts import CourseSummary, GradingPeriod


def period_of(due_at: datetime | None, periods: Sequence[GradingPeriod]) -> GradingPeriod | None:
    """Return the period that a due date lies in; none at all counts as the last period (contract 10.7.5).

    Canvas drops the seconds: start < due ≤ end.
    """
    if due_at is None:
        return max(periods, key=lambda period: period.ends_at, default=None)
    due = _in_whole_minutes(due_at)
    for period in periods:
        if _in_whole_minutes(period.starts_at) < due <= _in_whole_minutes(period.ends_at):
            return period
    return None


def is_in_closed_period(course: CourseSummary, due_at: datetime | None, *, now: datetime) -> bool | None:
    """Whether the due date lies in a period that is closed; None where the course's periods were never read.

    Closed is read from its date, never learned from a refusal: Canvas refuses nothing that we send there.
    """
    if course.grading_periods is None:
        return None
    period = period_of(due_at, course.grading_periods)
    return period is not None and now > period.closes_at


def latest_due(course: CourseSummary, due_at: datetime | None, *, now: datetime) -> datetime | None:
    """Return until when a due date may move that was `due_at`: the end of its period, None where nothing binds it.

    One that lies in no period stops before the next one that is closed.
    """
    periods = course.grading_periods
    if due_at is None or not periods:
        return None
    period = period_of(due_at, periods)
    if period is not None:
        return period.ends_at
    closed = [one.starts_at for one in periods if one.starts_at >= due_at and now > one.closes_at]
    return min(closed, default=None)


def _in_whole_minutes(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
