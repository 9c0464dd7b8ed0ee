"""States of enrollments that are made of more than one fact (contract 10.2)."""

from collections.abc import Callable

from canvas_bridge.sandbox.records.courses import Enrollment
from canvas_bridge.sandbox.rules.enrollment import STUDENT_TYPES, is_over_by_date, is_still_to_come
from canvas_bridge.sandbox.store import Store

CURRENT = ("active", "invited")


def is_finished(store: Store, enrollment: Enrollment) -> bool:
    """Whether an enrollment is over: by itself, with its course, or by date."""
    is_course_over = store.courses[enrollment.course_id].workflow_state == "completed"
    return enrollment.workflow_state == "completed" or is_course_over or is_over_by_date(store, enrollment)


def _is_unfinished(store: Store, enrollment: Enrollment) -> bool:
    return enrollment.workflow_state in CURRENT and not is_finished(store, enrollment)


def _is_hidden(store: Store, enrollment: Enrollment) -> bool:
    """Whether a student cannot see the course yet because it is not published."""
    is_unpublished = store.courses[enrollment.course_id].workflow_state == "unpublished"
    return is_unpublished and enrollment.type in STUDENT_TYPES


def _is_running(store: Store, enrollment: Enrollment) -> bool:
    is_known = not _is_hidden(store, enrollment) and not is_still_to_come(store, enrollment)
    return is_known and _is_unfinished(store, enrollment)


def _is_running_or_future(store: Store, enrollment: Enrollment) -> bool:
    return _is_unfinished(store, enrollment) and not _is_hidden(store, enrollment)


def _is_running_or_concluded(store: Store, enrollment: Enrollment) -> bool:
    was_ever = enrollment.workflow_state in (*CURRENT, "completed")
    return _is_running(store, enrollment) or (was_ever and is_finished(store, enrollment))


SYNTHETIC_STATES: dict[str, Callable[[Store, Enrollment], bool]] = {
    "current_and_invited": _is_running,
    "current_and_future": _is_running_or_future,
    "current_future_and_restricted": _is_unfinished,
    "current_and_concluded": _is_running_or_concluded,
}
