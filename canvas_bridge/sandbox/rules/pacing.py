"""What publishing a course pace does to ad-hoc overrides: it moves, re-dates and empties them (contract 10.7.11)."""

from datetime import datetime

from canvas_bridge.sandbox.builders.assessments import OMITTED
from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.rules.enrollment import is_student
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_due_at
from canvas_bridge.sandbox.rules.override_data import OverrideData
from canvas_bridge.sandbox.rules.override_saving import create_override, delete_override, touch
from canvas_bridge.sandbox.store import Store

TITLE = "Course Pacing"


def pace_student(store: Store, assignment: Assignment, user_id: int, due_at: datetime) -> None:
    """Give a student a due date of a pace, which takes the course's zone for midnight."""
    if not is_student(store, assignment.course_id, user_id):
        return
    zone = store.courses[assignment.course_id].time_zone
    wanted = moved_off_midnight(due_at, zone) or due_at
    overrides = [one for one in store.active_overrides(assignment) if one.set_type == "ADHOC"]
    own = next((one for one in overrides if user_id in one.student_ids), None)
    if own and _is_due(own, wanted):
        return
    same = next((one for one in overrides if _is_due(one, wanted)), None)
    if same is None and own and own.due_at_overridden and own.student_ids == [user_id]:
        set_due_at(own, wanted, zone)
        own.updated_at = store.now()
        touch(store, assignment)
        return
    if own:
        _take_out(store, assignment, own, user_id)
    if same:
        same.student_ids.append(user_id)
        same.updated_at = store.now()
        touch(store, assignment)
        return
    data = OverrideData(student_ids=[user_id], title=TITLE)
    data.dates = {"due_at": wanted, "unlock_at": OMITTED, "lock_at": OMITTED}
    create_override(store, assignment, data, zone)


def _is_due(override: Override, due_at: datetime) -> bool:
    """Whether an override has that due date, to the second."""
    if not override.due_at_overridden or override.due_at is None:
        return False
    return override.due_at.replace(microsecond=0) == due_at.replace(microsecond=0)


def _take_out(store: Store, assignment: Assignment, override: Override, user_id: int) -> None:
    override.student_ids.remove(user_id)
    override.updated_at = store.now()
    if not override.student_ids:
        delete_override(store, assignment, override)
