"""Discussions, pages, modules, checkpoints and background jobs: what carries dates or overrides beside assignments."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.records.assessments import Assignment, Dated, Quiz


@dataclass(kw_only=True)
class Discussion(Dated):
    """A discussion. A graded one shares its dates and overrides with its assignment, which then holds them."""

    id: int
    course_id: int
    title: str
    message: str = ""
    assignment_id: int | None = None
    group_category_id: int | None = None
    published: bool = True
    blueprint_restrictions: list[str] = field(default_factory=list)
    workflow_state: str = "active"
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True)
class Page(Dated):
    """A page of a course's wiki, named in paths by its `url` or its number."""

    id: int
    course_id: int
    title: str
    url: str
    body: str = ""
    published: bool = True
    blueprint_restrictions: list[str] = field(default_factory=list)
    workflow_state: str = "active"
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True)
class Module(Dated):
    """A module; of its dates only `unlock_at` is ever set. Its overrides say who is assigned its items."""

    id: int
    course_id: int
    name: str
    position: int = 1
    published: bool = True
    workflow_state: str = "active"
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True)
class ModuleItem:
    """One thing in a module; `type` is Canvas's word: Assignment, Quiz, Discussion, Page or SubHeader."""

    id: int
    module_id: int
    course_id: int
    type: str
    content_id: int | None = None
    title: str = ""
    position: int = 1


@dataclass(kw_only=True)
class Checkpoint(Dated):
    """The hidden part of a checkpointed discussion, with override rows of its own (contract 10.7.11).

    `tag`: reply_to_topic or reply_to_entry.
    """

    id: int
    course_id: int
    assignment_id: int
    tag: str
    name: str = ""
    points_possible: float = 0
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True)
class Progress:
    """A background job as its caller follows it; `results` are there once it has ended."""

    id: int
    course_id: int
    user_id: int
    tag: str
    completion: float = 0
    workflow_state: str = "queued"
    message: str | None = None
    results: Any = None
    created_at: datetime
    updated_at: datetime


Item = Assignment | Quiz | Discussion | Page | Module | Checkpoint


def override_key(item: Item) -> tuple[str, int]:
    """Return the index of the overrides' table, and the id in it, under which an item's own overrides stand."""
    if isinstance(item, Discussion) and item.assignment_id is not None:
        return "assignment", item.assignment_id
    names = {Assignment: "assignment", Quiz: "quiz", Discussion: "discussion", Page: "page", Module: "module"}
    return names.get(type(item), "checkpoint"), item.id


def owner_of_overrides(item: Item) -> dict[str, int | None]:
    """Return the ids with which an override of the item names it: those of a classic quiz name both."""
    if isinstance(item, Assignment):
        return {"assignment_id": item.id, "quiz_id": item.quiz_id}
    if isinstance(item, Quiz):
        return {"assignment_id": item.assignment_id, "quiz_id": item.id}
    names = {Discussion: "discussion_topic_id", Page: "wiki_page_id", Module: "context_module_id"}
    return {names.get(type(item), "checkpoint_id"): item.id}
