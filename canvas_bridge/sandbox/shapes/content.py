"""Discussions, pages, modules, checkpoints and background jobs in JSON (contract 9.7, 10.7.3, 10.7.10, 10.7.11)."""

from collections.abc import Callable
from typing import Any

from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.records.content import Discussion, Module, ModuleItem, Page, Progress
from canvas_bridge.sandbox.shapes.assignments import blueprint_keys
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]
FINISHED = ("completed", "failed")


def discussion_json(store: Store, topic: Discussion, base_url: str) -> Json:
    """Return a discussion with its least keys; a graded one is locked and dated as its assignment."""
    assignment = store.assignments.get(topic.assignment_id)
    dates = store.dated(topic)
    restrictions = (assignment or topic).blueprint_restrictions
    shape: Json = {"in_paced_course": True} if store.courses[topic.course_id].is_paced else {}
    shape |= blueprint_keys(store, topic.course_id, restrictions)
    return shape | {
        "id": topic.id,
        "title": topic.title,
        "message": topic.message,
        "html_url": f"{base_url}/courses/{topic.course_id}/discussion_topics/{topic.id}",
        "assignment_id": topic.assignment_id,
        "group_category_id": topic.group_category_id,
        "published": topic.published,
        "delayed_post_at": shown(topic.unlock_at),
        "unlock_at": shown(dates.unlock_at),
        "lock_at": shown(dates.lock_at),
        "created_at": shown(topic.created_at),
    }


def page_json(store: Store, page: Page, base_url: str) -> Json:
    """Return a page."""
    return blueprint_keys(store, page.course_id, page.blueprint_restrictions) | {
        "page_id": page.id,
        "url": page.url,
        "title": page.title,
        "body": page.body,
        "published": page.published,
        "created_at": shown(page.created_at),
        "updated_at": shown(page.updated_at),
        "html_url": f"{base_url}/courses/{page.course_id}/pages/{page.url}",
    }


def module_json(store: Store, module: Module, base_url: str) -> Json:
    """Return a module."""
    address = f"{base_url}/api/v1/courses/{module.course_id}/modules/{module.id}/items"
    return {
        "id": module.id,
        "name": module.name,
        "position": module.position,
        "unlock_at": shown(module.unlock_at),
        "require_sequential_progress": False,
        "prerequisite_module_ids": [],
        "published": module.published,
        "workflow_state": module.workflow_state,
        "items_count": len(store.module_items.where("module", module.id)),
        "items_url": address,
    }


def module_item_json(row: ModuleItem, base_url: str) -> Json:
    """Return an item of a module."""
    return {
        "id": row.id,
        "module_id": row.module_id,
        "position": row.position,
        "title": row.title,
        "indent": 0,
        "type": row.type,
        "content_id": row.content_id,
        "html_url": f"{base_url}/courses/{row.course_id}/modules/items/{row.id}",
    }


def checkpoints_json(
    store: Store, parent: Assignment, shape_override: Callable[[Override], Json], *, is_full: bool
) -> list[Json]:
    """Return the parts of a checkpointed discussion; date details leave out their names and points."""
    shapes = []
    for one in store.checkpoints.where("assignment", parent.id):
        shape: Json = {"tag": one.tag}
        if is_full:
            shape |= {"name": one.name, "points_possible": one.points_possible}
        shape |= {
            "due_at": shown(one.due_at),
            "unlock_at": shown(one.unlock_at),
            "lock_at": shown(one.lock_at),
            "only_visible_to_overrides": one.only_visible_to_overrides,
            "overrides": [shape_override(row) for row in store.active_overrides(one)],
        }
        shapes.append(shape)
    return shapes


def progress_json(progress: Progress, base_url: str) -> Json:
    """Return a background job; its results are there once it has ended."""
    shape: Json = {
        "id": progress.id,
        "context_id": progress.course_id,
        "context_type": "Course",
        "user_id": progress.user_id,
        "tag": progress.tag,
        "completion": progress.completion,
        "workflow_state": progress.workflow_state,
        "created_at": shown(progress.created_at),
        "updated_at": shown(progress.updated_at),
        "message": progress.message,
    }
    if progress.workflow_state in FINISHED:
        shape["results"] = progress.results
    return {**shape, "url": f"{base_url}/api/v1/progress/{progress.id}"}
