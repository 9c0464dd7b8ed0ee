"""The dates of an assessment as one caller reads them (contract 7.5, 7.6)."""

from dataclasses import replace

from canvas_bridge.sandbox.api.caller import Caller
from canvas_bridge.sandbox.records.assessments import Assignment, Dated, Override, Quiz
from canvas_bridge.sandbox.records.content import Item
from canvas_bridge.sandbox.rules.effective_dates import (
    EffectiveDates,
    applying_overrides,
    collapse,
    matching_overrides,
)
from canvas_bridge.sandbox.rules.module_overrides import overrides_of_modules
from canvas_bridge.sandbox.shapes.assignments import every_section_has_an_override
from canvas_bridge.sandbox.store import Store


def dates_for(store: Store, caller: Caller, assignment: Assignment, *, with_overrides: bool) -> Dated | EffectiveDates:
    """Return base dates, or those that apply to the caller: a student's own, all visible ones collapsed for staff."""
    if not with_overrides:
        return assignment
    course = store.courses[assignment.course_id]
    if caller.sees_as_staff(course):
        return _collapsed_for_staff(store, caller, assignment)
    return dates_of_readers(store, caller, assignment)


def quiz_dates_for(store: Store, caller: Caller, quiz: Quiz) -> Dated | EffectiveDates:
    """Return a classic quiz's dates: the base dates for staff, their own for students."""
    if caller.sees_as_staff(store.courses[quiz.course_id]):
        return store.dated(quiz)
    return dates_of_readers(store, caller, quiz)


def dates_of_readers(store: Store, caller: Caller, item: Item) -> EffectiveDates:
    """Return the dates that a student or an observer reads: an observer those of all observed students, collapsed."""
    applying = {
        override.id: override
        for reader in sorted(readers_of(caller, item))
        for override in applying_overrides(store, item, reader)
    }
    return collapse(store, store.dated(item), list(applying.values()))


def readers_of(caller: Caller, item: Item) -> set[int]:
    """Return through whose eyes a student or an observer reads: their own, or those of the observed students."""
    return caller.observed_students(caller.store.courses[item.course_id]) or {caller.user.id}


def visible_overrides(store: Store, caller: Caller, item: Item, *, of_modules_too: bool = False) -> list[Override]:
    """Return the overrides that the caller may read (6.10); those of mastery paths are hidden."""
    course = store.courses[item.course_id]
    found = store.active_overrides(item) + (overrides_of_modules(store, item) if of_modules_too else [])
    overrides = [one for one in found if one.set_type != "Noop"]
    if caller.sees_as_staff(course):
        return [one for one in overrides if one.set_type != "ADHOC" or _sees_someone(caller, one)]
    own = {one.id for reader in readers_of(caller, item) for one in matching_overrides(store, item, reader)}
    return [one for one in overrides if one.id in own]


def _sees_someone(caller: Caller, override: Override) -> bool:
    course = caller.store.courses[override.course_id]
    return any(caller.sees_student(course, user_id) for user_id in override.student_ids)


def _collapsed_for_staff(store: Store, caller: Caller, assignment: Assignment) -> Dated | EffectiveDates:
    overrides = visible_overrides(store, caller, assignment)
    if not overrides:
        return assignment
    collapsed = collapse(store, assignment, overrides)
    if every_section_has_an_override(store, assignment):
        return collapsed
    if assignment.due_at is None or collapsed.due_at is None:
        return replace(collapsed, due_at=None, all_day=False, all_day_date=None)
    if assignment.due_at <= collapsed.due_at:
        return collapsed
    return replace(
        collapsed,
        due_at=assignment.due_at,
        all_day=assignment.all_day,
        all_day_date=assignment.all_day_date,
    )
