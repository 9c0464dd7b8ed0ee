"""Saving overrides: what their model refuses, how titles come about, full replacement of dates (6.4 to 6.8)."""

from dataclasses import replace

from canvas_bridge.sandbox.builders.assessments import OMITTED, count_title, replace_dates
from canvas_bridge.sandbox.http.answers import model_error
from canvas_bridge.sandbox.records.assessments import Override
from canvas_bridge.sandbox.records.content import Item, owner_of_overrides
from canvas_bridge.sandbox.rules.enrollment import has_left
from canvas_bridge.sandbox.rules.override_data import OverrideData
from canvas_bridge.sandbox.store import Store

LONGEST_TITLE = 255
ONE_FOR_EACH_TARGET = ("CourseSection", "Group", "Course")
ALREADY_THERE = "already belongs to an assignment override"
Errors = dict[str, list[dict[str, str]]]


class OverrideRefused(Exception):
    """The model refuses the override; nothing was saved."""

    def __init__(self, errors: Errors, status: int = 400) -> None:
        super().__init__(str(errors))
        self.errors = errors
        self.status = status


def create_override(store: Store, item: Item, wanted: OverrideData, zone: str) -> Override:
    """Create an override from readable data. Raises OverrideRefused."""
    now = store.now()
    override = Override(
        id=0,
        course_id=item.course_id,
        set_type=wanted.set_type,
        set_id=wanted.set_id,
        title="No Title",
        created_at=now,
        updated_at=now,
    )
    vars(override).update(owner_of_overrides(item))
    changed = _with(store, override, wanted, zone)
    _check(store, item, changed)
    changed.id = store.overrides.take_id()
    store.overrides.add(changed)
    touch(store, item)
    return changed


def update_override(store: Store, item: Item, override: Override, wanted: OverrideData, zone: str) -> None:
    """Update an override as a whole; without a real change nothing is written. Raises OverrideRefused."""
    changed = _with(store, override, wanted, zone)
    _check(store, item, changed)
    changed.student_ids = [one for one in changed.student_ids if not has_left(store, override.course_id, one)]
    if sorted(changed.student_ids) == sorted(override.student_ids):
        changed.student_ids = list(override.student_ids)
    if changed == override:
        return
    changed.updated_at = store.now()
    if override.set_type == "ADHOC" and not changed.student_ids:
        changed.workflow_state = "deleted"  # as one that loses its last student in any other way (6.8)
    vars(override).update(vars(changed))
    touch(store, item)


def retarget_override(store: Store, item: Item, override: Override, wanted: OverrideData) -> None:
    """Give an override without dates, a module's, another target; without one it stays. Raises OverrideRefused."""
    if wanted.set_type:
        changed = replace(override, set_type=wanted.set_type, set_id=wanted.set_id)
        changed.student_ids = list(wanted.student_ids or [])
        changed.title = store.name_of_target(wanted.set_type, wanted.set_id) or wanted.title or override.title
    else:
        changed = replace(override, student_ids=list(override.student_ids))
        if override.set_type == "ADHOC" and wanted.title is not None:
            changed.title = wanted.title
    _check(store, item, changed)
    if changed != override:
        changed.updated_at = store.now()
        vars(override).update(vars(changed))
        touch(store, item)


def remove_left_out_students(store: Store, item: Item, override: Override, wanted: OverrideData) -> None:
    """Remove students whom a new list leaves out: lists and batches do it before anything is judged (6.9)."""
    staying = set(override.student_ids if wanted.student_ids is None else wanted.student_ids)
    if not staying.issuperset(override.student_ids):
        override.student_ids = [one for one in override.student_ids if one in staying]
        override.updated_at = store.now()
        touch(store, item)


def delete_override(store: Store, item: Item, override: Override) -> None:
    """Delete an override for good; its students and section are free again."""
    override.workflow_state = "deleted"
    override.updated_at = store.now()
    touch(store, item)


def touch(store: Store, item: Item) -> None:
    """Move `updated_at`, the cheap sign that something changed (14.5)."""
    item.updated_at = store.now()


def _with(store: Store, override: Override, wanted: OverrideData, zone: str) -> Override:
    changed = replace(override)
    changed.student_ids = list(override.student_ids if wanted.student_ids is None else wanted.student_ids)
    changed.unassign_item = override.unassign_item if wanted.unassigns is None else wanted.unassigns
    dates = {name: wanted.dates.get(name, OMITTED) for name in ("due_at", "unlock_at", "lock_at")}
    replace_dates(changed, zone, **dates)
    changed.title = _title(store, override, wanted)
    return changed


def _title(store: Store, override: Override, wanted: OverrideData) -> str:
    target_name = store.name_of_target(wanted.set_type, wanted.set_id)
    if target_name is not None:
        return target_name
    if wanted.title is not None:
        return wanted.title
    return override.title if wanted.student_ids is None else count_title(len(wanted.student_ids))


def _check(store: Store, item: Item, override: Override) -> None:
    errors: Errors = {}
    if override.title == "":
        errors["title"] = [model_error("title", "blank")]
    elif len(override.title) > LONGEST_TITLE:
        errors["title"] = [model_error("title", "too_long")]
    if override.unassign_item and override.set_type == "Course":
        errors["unassign_item"] = [model_error("unassign_item", "must be false with set_type Course")]
    others = [one for one in store.active_overrides(item) if one.id != override.id]
    if override.set_type == "ADHOC":
        errors |= _clashes(override, others)
    elif override.set_type in ONE_FOR_EACH_TARGET and _has_same_target(override, others):
        errors["set_id"] = [model_error("set_id", "taken")]
    if errors:
        raise OverrideRefused(errors)


def _has_same_target(override: Override, others: list[Override]) -> bool:
    return any((one.set_type, one.set_id) == (override.set_type, override.set_id) for one in others)


def _clashes(override: Override, others: list[Override]) -> Errors:
    taken = {user_id for one in others if one.set_type == "ADHOC" for user_id in one.student_ids}
    name = "assignment_override_students"
    clashes = [model_error(name, ALREADY_THERE, "taken") for one in override.student_ids if one in taken]
    return {name: clashes} if clashes else {}


def drop_student(store: Store, course_id: int, user_id: int) -> None:
    """Take a student who has left the course out of its ad-hoc overrides; one left empty is deleted (6.8)."""
    for override in store.overrides.where("course", course_id):
        if override.workflow_state != "active" or user_id not in override.student_ids:
            continue
        override.student_ids.remove(user_id)
        override.updated_at = store.now()
        if not override.student_ids:
            override.workflow_state = "deleted"
