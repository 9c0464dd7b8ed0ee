"""Base dates in writes: their format, their order and closed grading periods (contract 9.3, 10.7.5)."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.http.answers import invalid, model_error
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.grading_periods import is_in_closed_period, periods_of
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight
from canvas_bridge.sandbox.shapes.times import FULL_DATE_TIME, read_optional_time, read_time

OUT_OF_ORDER = "must be between availability dates"
INTO_CLOSED = "Cannot change the due date to a date within a closed grading period"
NEW_IN_CLOSED = "Cannot set the due date to a date within a closed grading period"
OUT_OF_CLOSED = "Cannot change the due date when due in a closed grading period"
VISIBLE_IN_CLOSED = "Cannot set only visible to overrides when due in a closed grading period"
LOCKED = "cannot change column(s): {} - locked by Master Course"
LOCKS = {
    "content": ("title", "description"),
    "points": ("points_possible",),
    "due_dates": ("due_at",),
    "availability_dates": ("unlock_at", "lock_at"),
}


def read_assignment_date(name: str, value: Any, zone: str) -> datetime | None:
    """Return a base date of an assignment; anything but a full ISO 8601 date-time is refused."""
    if value is None or value == "":
        return None
    key = f"assignment[{name}]"
    refused = invalid({key: [model_error(key, f"Invalid datetime for {name}", "invalid")]})
    if not isinstance(value, str) or not re.match(FULL_DATE_TIME, value):
        raise refused
    try:
        return read_time(value, zone)
    except ValueError as error:
        raise refused from error


def read_quiz_date(value: Any, zone: str) -> datetime | None:
    """Return a base date of a quiz; one that cannot be read counts as none."""
    try:
        return read_optional_time(value, zone)
    except ValueError:
        return None


def check_order(dates: Mapping[str, datetime | None], zone: str) -> None:
    """Refuse a due date that is not between unlock and lock; overrides are never held to this."""
    unlock_at = dates["unlock_at"]
    due_at, lock_at = moved_off_midnight(dates["due_at"], zone), moved_off_midnight(dates["lock_at"], zone)
    if is_out_of_order(unlock_at, due_at, lock_at):
        raise invalid({"due_at": [model_error("due_at", OUT_OF_ORDER)]})


def is_out_of_order(unlock_at: datetime | None, due_at: datetime | None, lock_at: datetime | None) -> bool:
    """Whether a due date lies outside its availability."""
    is_too_early = due_at is not None and unlock_at is not None and due_at < unlock_at
    is_too_late = due_at is not None and lock_at is not None and due_at > lock_at
    return is_too_early or is_too_late


def refuse_closed_period(call: Call, course: Course, due_at: datetime | None, *, is_only_visible: bool) -> None:
    """Refuse a new assessment that is due in a closed grading period; account administrators are not held to it."""
    if _is_free(call, course) or is_only_visible:
        return
    if is_in_closed_period(call.state, course, due_at):
        raise _closed("due_at", NEW_IN_CLOSED)


def refuse_change_in_closed_period(
    call: Call, item: Assignment | Quiz, due_at: datetime | None, *, is_only_visible: bool
) -> None:
    """Refuse to move a due date out of or into a closed grading period."""
    problem = closed_period_problem(call, item, due_at, is_only_visible=is_only_visible)
    if problem:
        raise _closed(*problem)


def closed_period_problem(
    call: Call, item: Assignment | Quiz, due_at: datetime | None, *, is_only_visible: bool
) -> tuple[str, str] | None:
    """Return attribute and text with which a change of base dates is refused for its grading periods, if it is."""
    course = call.state.courses[item.course_id]
    if _is_free(call, course):
        return None
    before = call.state.dated(item)
    was_closed = not before.only_visible_to_overrides and is_in_closed_period(call.state, course, before.due_at)
    changes_due = due_at != before.due_at
    if was_closed and changes_due:
        return "due_at", OUT_OF_CLOSED
    if was_closed and is_only_visible != before.only_visible_to_overrides:
        return "only_visible_to_overrides", VISIBLE_IN_CLOSED
    stays_hidden = is_only_visible and before.only_visible_to_overrides
    if changes_due and not stays_hidden and is_in_closed_period(call.state, course, due_at):
        return "due_at", INTO_CLOSED
    return None


def refuse_locked_columns(course: Course, restrictions: list[str], changed: Iterable[str]) -> None:
    """Refuse changes of columns that the blueprint locks in a child course (10.7.11)."""
    problem = locked_problem(course, restrictions, changed)
    if problem:
        raise invalid({"base": [model_error("base", problem)]})


def locked_problem(course: Course, restrictions: list[str], changed: Iterable[str]) -> str | None:
    """Return the text with which the blueprint refuses to change these columns of a child's content, if it does."""
    if not course.is_blueprint_child:
        return None
    columns = [name for lock, names in LOCKS.items() if {lock, "all"} & set(restrictions) for name in names]
    wanted = set(changed)
    locked = [name for name in columns if name in wanted]
    return LOCKED.format(", ".join(locked)) if locked else None


def has_locked_dates(course: Course, restrictions: list[str]) -> bool:
    """Whether due or availability dates of a blueprint child's content are locked."""
    return course.is_blueprint_child and bool({"due_dates", "availability_dates", "all"} & set(restrictions))


def _is_free(call: Call, course: Course) -> bool:
    return call.caller.is_admin or not periods_of(call.state, course)


def _closed(attribute: str, message: str) -> Exception:
    return invalid({attribute: [model_error(attribute, message)]}, status=403)
