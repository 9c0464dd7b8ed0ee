"""One student's effective dates, and whether the student has the assessment at all (contract 7.1 to 7.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from canvas_bridge.sandbox.records.assessments import Assignment, Dated, Override
from canvas_bridge.sandbox.records.content import Discussion, Item
from canvas_bridge.sandbox.rules.enrollment import groups_of, has_active_enrollment, student_enrollments
from canvas_bridge.sandbox.rules.module_overrides import is_for_everyone, overrides_of_modules
from canvas_bridge.sandbox.store import Store


@dataclass(frozen=True)
class EffectiveDates:
    """The three dates as they hold for one reader, with the marks of whoever supplied the due date."""

    due_at: datetime | None
    unlock_at: datetime | None
    lock_at: datetime | None
    all_day: bool
    all_day_date: date | None


def matching_overrides(store: Store, item: Item, user_id: int) -> list[Override]:
    """Return the overrides that name the student, in Canvas's order: ad-hoc, group, section, course (7.1).

    Those of modules count too; an ad-hoc one of a module only where the item itself has none for the student.
    """
    own, of_modules = store.active_overrides(item), overrides_of_modules(store, item)
    if not own and not of_modules:
        return []
    overrides = own + of_modules
    groups = _groups_that_count(store, item, user_id)
    sections = {one.section_id for one in student_enrollments(store, item.course_id, user_id)}
    is_active = has_active_enrollment(store, item.course_id, user_id)
    by_group = [one for one in overrides if one.set_type == "Group" and one.set_id in groups]
    by_section = [one for one in overrides if one.set_type == "CourseSection" and one.set_id in sections]
    by_course = [one for one in overrides if one.set_type == "Course" and is_active]
    return _ad_hoc_of(user_id, own, of_modules) + by_group + by_section + by_course


def _ad_hoc_of(user_id: int, own: list[Override], of_modules: list[Override]) -> list[Override]:
    found = [one for one in own if one.set_type == "ADHOC" and user_id in one.student_ids]
    return found or [one for one in of_modules if one.set_type == "ADHOC" and user_id in one.student_ids][:1]


def _groups_that_count(store: Store, item: Item, user_id: int) -> set[int]:
    category_id = item.group_category_id if isinstance(item, Assignment | Discussion) else None
    counting = set()
    for group_id in groups_of(store, item.course_id, user_id):
        category = store.group_categories[store.groups[group_id].category_id]
        if category.id == category_id or category.non_collaborative:
            counting.add(group_id)
    return counting


def applying_overrides(store: Store, item: Item, user_id: int) -> list[Override]:
    """Return the matching overrides up to the first that unassigns (7.2), without those of past sections (7.3 b)."""
    applying: list[Override] = []
    for override in matching_overrides(store, item, user_id):
        if override.unassign_item:
            break
        applying.append(override)
    return _without_inactive_sections(store, item, user_id, applying)


def _without_inactive_sections(store: Store, item: Item, user_id: int, applying: list[Override]) -> list[Override]:
    enrollments = student_enrollments(store, item.course_id, user_id)
    active_sections = {one.section_id for one in enrollments if one.workflow_state == "active"}
    counting = [one for one in applying if one.set_type != "CourseSection" or one.set_id in active_sections]
    if counting or not store.dated(item).only_visible_to_overrides:
        return counting
    return applying


def is_assigned(store: Store, item: Item, user_id: int) -> bool:
    """Whether the student has the assessment: not unassigned, and named by an override where only these see it."""
    if not student_enrollments(store, item.course_id, user_id):
        return False
    matching = matching_overrides(store, item, user_id)
    if matching:
        return not matching[0].unassign_item
    return is_for_everyone(store, item)


def effective_dates(store: Store, item: Item, user_id: int) -> EffectiveDates:
    """Return the dates as they hold for one student."""
    return collapse(store, store.dated(item), applying_overrides(store, item, user_id))


def cached_due_date(store: Store, item: Item, user_id: int) -> datetime | None:
    """Return the due date that a submission carries: ad-hoc first, then the latest, none being latest (7.4).

    It is computed apart from the dates that the student reads, so the switch of point 3 does not turn it.
    """
    found = [one for one in applying_overrides(store, item, user_id) if one.due_at_overridden]
    if not found:
        return store.dated(item).due_at
    first = [one for one in found if one.set_type == "ADHOC"] or found
    dates = [one.due_at for one in first]
    return None if None in dates else max(one for one in dates if one is not None)


def collapse(store: Store, base: Dated, overrides: Sequence[Override]) -> EffectiveDates:
    """Collapse base dates and applying overrides, each field by itself (7.3)."""
    due = supplier_of(store, "due_at", overrides)
    unlock = supplier_of(store, "unlock_at", overrides)
    lock = supplier_of(store, "lock_at", overrides)
    due_holder = due or base
    return EffectiveDates(
        due_at=due_holder.due_at,
        unlock_at=(unlock or base).unlock_at,
        lock_at=(lock or base).lock_at,
        all_day=due_holder.all_day,
        all_day_date=due_holder.all_day_date,
    )


def supplier_of(store: Store, name: str, overrides: Sequence[Override]) -> Override | None:
    """Return the override that supplies one of the dates (due_at, unlock_at, lock_at); None for the base date."""
    candidates = [one for one in overrides if getattr(one, f"{name}_overridden")]
    if name == "unlock_at":
        candidates = [one for one in candidates if one.set_type == "ADHOC" or not _is_locked(store, one)]
    if not candidates:
        return None
    if store.switches.adhoc_wins:
        ad_hoc = next((one for one in candidates if one.set_type == "ADHOC"), None)
        if ad_hoc:
            return ad_hoc
    without_date = next((one for one in candidates if getattr(one, name) is None), None)
    if without_date:
        return without_date
    pick = min if name == "unlock_at" else max
    return pick(candidates, key=lambda one: getattr(one, name))


def _is_locked(store: Store, override: Override) -> bool:
    return override.lock_at_overridden and override.lock_at is not None and override.lock_at < store.now()
