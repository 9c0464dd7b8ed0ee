"""Overrides in JSON: an absent date key is "not overridden", null is "no date" (contract 6.2, 9.2)."""

from collections.abc import Callable
from typing import Any

from canvas_bridge.sandbox.records.assessments import Override
from canvas_bridge.sandbox.shapes.times import shown, shown_day
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]


def override_json(store: Store, override: Override, sees_student: Callable[[int], bool] = lambda _: True) -> Json:
    """Return an override with the students that the caller sees."""
    shape: Json = {"id": override.id}
    if override.assignment_id is not None:
        shape["assignment_id"] = override.assignment_id
    if override.quiz_id is not None:
        shape["quiz_id"] = override.quiz_id
    owners = {"discussion_topic_id": override.discussion_topic_id, "wiki_page_id": override.wiki_page_id}
    shape |= {name: owner for name, owner in owners.items() if owner is not None}
    shape |= {"title": store.title_of(override), "unassign_item": override.unassign_item}
    if override.due_at_overridden:
        shape |= {
            "due_at": shown(override.due_at),
            "all_day": override.all_day,
            "all_day_date": shown_day(override.all_day_date),
        }
    if override.unlock_at_overridden:
        shape["unlock_at"] = shown(override.unlock_at)
    if override.lock_at_overridden:
        shape["lock_at"] = shown(override.lock_at)
    if override.context_module_id is not None:
        shape["context_module_id"] = override.context_module_id
    return shape | _target_keys(store, override, sees_student)


def _target_keys(store: Store, override: Override, sees_student: Callable[[int], bool]) -> Json:
    if override.set_type == "ADHOC":
        return {"student_ids": [one for one in override.student_ids if sees_student(one)]}
    if override.set_type == "CourseSection":
        return {"course_section_id": override.set_id}
    if override.set_type == "Course":
        return {"course_id": override.set_id}
    if override.set_type == "Group" and override.set_id is not None:
        category = store.group_categories[store.groups[override.set_id].category_id]
        more = {"group_category_id": category.id, "non_collaborative": category.non_collaborative}
        return {"group_id": override.set_id, **more}
    return {"noop_id": override.set_id}


def date_entry(store: Store, override: Override) -> Json:
    """Return an override as an entry of `all_dates`, where a date that is not overridden shows as null (9.2)."""
    return {
        "id": override.id,
        "title": store.title_of(override),
        "due_at": shown(override.due_at),
        "unlock_at": shown(override.unlock_at),
        "lock_at": shown(override.lock_at),
        "set_type": override.set_type,
        "set_id": override.set_id,
    }
