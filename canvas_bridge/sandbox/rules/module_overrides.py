"""Modules that hold an item, and what their overrides mean for who is assigned (contract 7.1, 10.7.3)."""

from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.records.content import Checkpoint, Discussion, Item, Module, ModuleItem, Page
from canvas_bridge.sandbox.store import Store


def modules_holding(store: Store, item: Item) -> list[Module]:
    """Return the modules in which an item stands, under whichever of its ids it was put there."""
    ids: dict[int, None] = {}
    for key in _content_keys(store, item):
        for row in store.module_items.where("content", key):
            ids[row.module_id] = None
    modules = [store.modules[one] for one in ids]
    return [one for one in modules if one.workflow_state != "deleted"]


def overrides_of_modules(store: Store, item: Item) -> list[Override]:
    """Return the overrides of the modules that hold an item: they carry no dates."""
    return [override for module in modules_holding(store, item) for override in store.active_overrides(module)]


def is_for_everyone(store: Store, item: Item) -> bool:
    """Whether those whom no override names have the item: neither it nor each of its modules is kept for some."""
    if store.dated(item).only_visible_to_overrides:
        return False
    modules = modules_holding(store, item)
    return not modules or any(not store.active_overrides(module) for module in modules)


def content_of(store: Store, row: ModuleItem) -> Item | None:
    """Return what a module's item shows, where it is of a kind with dates."""
    tables = {"Assignment": store.assignments, "Quiz": store.quizzes, "Discussion": store.discussions}
    if row.type == "Page":
        return store.pages.get(row.content_id)
    table = tables.get(row.type)
    item: Item | None = table.get(row.content_id) if table else None  # type: ignore[attr-defined]  # tables of records
    return item


def _content_keys(store: Store, item: Item) -> list[tuple[str, int | None]]:
    if isinstance(item, Checkpoint):
        return _content_keys(store, store.assignments[item.assignment_id])
    if isinstance(item, Page):
        return [("Page", item.id)]
    if isinstance(item, Assignment):
        keys = [("Assignment", item.id), ("Quiz", item.quiz_id), ("Discussion", item.discussion_topic_id)]
    elif isinstance(item, Quiz | Discussion):
        own = "Quiz" if isinstance(item, Quiz) else "Discussion"
        keys = [(own, item.id), ("Assignment", item.assignment_id)]
    else:
        return []
    return [key for key in keys if key[1] is not None]
