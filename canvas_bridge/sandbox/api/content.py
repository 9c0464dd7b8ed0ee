"""Discussions, pages, modules and their items: as much as fills a course (contract 10.7.10)."""

from typing import Any

from canvas_bridge.sandbox.api.assignment_values import checked_name, read_assignment_values
from canvas_bridge.sandbox.api.base_dates import check_order, read_quiz_date, refuse_closed_period
from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, invalid, json_answer, missing_parameter, model_error
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.content import Discussion, Module, ModuleItem, Page
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_due_at
from canvas_bridge.sandbox.rules.module_overrides import content_of
from canvas_bridge.sandbox.shapes.content import discussion_json, module_item_json, module_json, page_json
from canvas_bridge.sandbox.shapes.times import leading_integer
from canvas_bridge.sandbox.state import SandboxState

ITEM_TYPES = ("Assignment", "Quiz", "Discussion", "Page", "File", "SubHeader", "ExternalUrl", "ExternalTool")


def managed_course(call: Call) -> Course:
    """Return the course of the path for one who may edit its content."""
    course = call.course()
    call.require(call.caller.may_read(course))
    call.require(call.caller.may_manage_assignments(course))
    return course


def find_page(state: SandboxState, course: Course, text: str) -> Page | None:
    """Return a page by its address or number."""
    live = [one for one in state.pages.where("course", course.id) if one.workflow_state != "deleted"]
    return next((one for one in live if one.url == text or one.id == plain_id(text)), None)


def module_of(call: Call) -> Module:
    """Return the module of the path."""
    module = call.state.modules.get(plain_id(call.path["module_id"]))
    is_there = module is not None and module.course_id == call.course().id and module.workflow_state != "deleted"
    return found(module if is_there else None)


def create_discussion(call: Call) -> Answer:
    """Create a discussion; with `assignment[...]` it is a graded one."""
    course = managed_course(call)
    title = str(call.params.get("title") or "No Title")
    values = call.params.get("assignment")
    assignment = _graded(call, course, title, values) if isinstance(values, dict) and values else None
    topic = found(call.state.discussions.get(assignment.discussion_topic_id)) if assignment else None
    if topic is None:
        topic = call.state.add_discussion(course, title)
        topic.unlock_at = read_quiz_date(call.params.get("delayed_post_at"), call.caller.zone)
        topic.lock_at = moved_off_midnight(
            read_quiz_date(call.params.get("lock_at"), call.caller.zone), call.caller.zone
        )
    topic.message = str(call.params.get("message") or "")
    topic.group_category_id = plain_id(call.params.get("group_category_id"))
    topic.published = as_boolean(call.params.get("published", True))
    if assignment:
        assignment.published = topic.published
        assignment.workflow_state = "published" if topic.published else "unpublished"
    return json_answer(discussion_json(call.state, topic, call.request.base_url))


def _graded(call: Call, course: Course, title: str, values: dict[str, Any]) -> Assignment:
    read = read_assignment_values(call, course, None, values)
    check_order(read.dates, call.caller.zone)
    is_only_visible = bool(read.fields.get("only_visible_to_overrides"))
    refuse_closed_period(call, course, read.dates["due_at"], is_only_visible=is_only_visible)
    assignment = call.state.add_assignment(course, title, submission_types=("discussion_topic",), points_possible=0)
    fields = {name: value for name, value in read.fields.items() if name not in ("name", "submission_types")}
    vars(assignment).update(fields)
    set_due_at(assignment, read.dates["due_at"], call.caller.zone)
    assignment.unlock_at, assignment.lock_at = read.dates["unlock_at"], read.dates["lock_at"]
    if as_boolean(values.get("has_sub_assignments")):
        call.state.add_checkpoints(assignment)
    return assignment


def show_discussion(call: Call) -> Answer:
    """Answer with one discussion."""
    course = call.course()
    call.require(call.caller.may_read(course))
    topic = _topic(call, course)
    return json_answer(discussion_json(call.state, topic, call.request.base_url))


def _topic(call: Call, course: Course) -> Discussion:
    topic = call.state.discussions.get(plain_id(call.path["topic_id"]))
    is_there = topic is not None and topic.course_id == course.id and topic.workflow_state != "deleted"
    return found(topic if is_there else None)


def list_discussions(call: Call) -> Answer:
    """Answer with a course's discussions."""
    course = call.course()
    call.require(call.caller.may_read(course))
    topics = [one for one in call.state.discussions.where("course", course.id) if one.workflow_state != "deleted"]
    return call.paged(topics, lambda one: discussion_json(call.state, one, call.request.base_url))


def delete_discussion(call: Call) -> Answer:
    """Delete a discussion, and the assignment of a graded one."""
    topic = _topic(call, managed_course(call))
    topic.workflow_state = "deleted"
    assignment = call.state.assignments.get(topic.assignment_id)
    if assignment:
        assignment.workflow_state = "deleted"
    return json_answer(discussion_json(call.state, topic, call.request.base_url))


def create_page(call: Call) -> Answer:
    """Create a page."""
    course = managed_course(call)
    values = _object(call, "wiki_page")
    if not values.get("title"):
        raise invalid({"title": [model_error("title", "blank")]})
    published = as_boolean(values.get("published", False))
    page = call.state.add_page(course, str(values["title"]), body=str(values.get("body") or ""), published=published)
    return json_answer(page_json(call.state, page, call.request.base_url))


def list_pages(call: Call) -> Answer:
    """Answer with a course's pages."""
    course = call.course()
    call.require(call.caller.may_read(course))
    pages = [one for one in call.state.pages.where("course", course.id) if one.workflow_state != "deleted"]
    return call.paged(pages, lambda one: page_json(call.state, one, call.request.base_url))


def show_page(call: Call) -> Answer:
    """Answer with one page, by its address or number."""
    course = call.course()
    call.require(call.caller.may_read(course))
    page = found(find_page(call.state, course, call.path["url_or_id"]))
    return json_answer(page_json(call.state, page, call.request.base_url))


def delete_page(call: Call) -> Answer:
    """Delete a page."""
    page = found(find_page(call.state, managed_course(call), call.path["url_or_id"]))
    page.workflow_state = "deleted"
    return json_answer(page_json(call.state, page, call.request.base_url))


def _object(call: Call, name: str) -> dict[str, Any]:
    values = call.params.get(name)
    if not isinstance(values, dict):
        raise missing_parameter(name)
    return values


def create_module(call: Call) -> Answer:
    """Create a module."""
    course = managed_course(call)
    values = _object(call, "module")
    module = call.state.add_module(course, checked_name(values.get("name")))
    _apply_module(call, module, values)
    return json_answer(module_json(call.state, module, call.request.base_url))


def _apply_module(call: Call, module: Module, values: dict[str, Any]) -> None:
    if "name" in values:
        module.name = checked_name(values["name"])
    if "position" in values:
        module.position = leading_integer(values["position"])
    if "published" in values:
        module.published = as_boolean(values["published"])
    if "unlock_at" in values:
        module.unlock_at = read_quiz_date(values["unlock_at"], call.caller.zone)
    module.updated_at = call.state.now()


def update_module(call: Call) -> Answer:
    """Change a module."""
    managed_course(call)
    module = module_of(call)
    _apply_module(call, module, _object(call, "module"))
    return json_answer(module_json(call.state, module, call.request.base_url))


def delete_module(call: Call) -> Answer:
    """Delete a module; its items are in it no longer, its overrides hold for nobody."""
    managed_course(call)
    module = module_of(call)
    module.workflow_state = "deleted"
    for override in call.state.active_overrides(module):
        override.workflow_state = "deleted"
    return json_answer(module_json(call.state, module, call.request.base_url))


def list_modules(call: Call) -> Answer:
    """Answer with a course's modules, by position."""
    course = call.course()
    call.require(call.caller.may_read(course))
    modules = [one for one in call.state.modules.where("course", course.id) if one.workflow_state != "deleted"]
    if not call.caller.sees_as_staff(course):
        modules = [one for one in modules if one.published]
    modules.sort(key=lambda one: (one.position, one.id))
    return call.paged(modules, lambda one: module_json(call.state, one, call.request.base_url))


def show_module(call: Call) -> Answer:
    """Answer with one module."""
    call.require(call.caller.may_read(call.course()))
    return json_answer(module_json(call.state, module_of(call), call.request.base_url))


def list_module_items(call: Call) -> Answer:
    """Answer with the items of a module."""
    call.require(call.caller.may_read(call.course()))
    rows = call.state.module_items.where("module", module_of(call).id)
    return call.paged(rows, lambda one: module_item_json(one, call.request.base_url))


def create_module_item(call: Call) -> Answer:
    """Put something of the course into a module."""
    course = managed_course(call)
    module = module_of(call)
    values = _object(call, "module_item")
    kind = str(values.get("type") or "")
    if kind not in ITEM_TYPES:
        raise invalid({"type": [model_error("type", "inclusion")]})
    row = ModuleItem(id=0, module_id=module.id, course_id=course.id, type=kind)
    row.content_id = plain_id(values.get("content_id"))
    if kind == "Page" and values.get("page_url"):
        row.content_id = found(find_page(call.state, course, str(values["page_url"]))).id
    content = content_of(call.state, row)
    if kind in ("Assignment", "Quiz", "Discussion", "Page"):
        found(content if content and content.course_id == course.id else None)
    name = getattr(content, "name", None) or getattr(content, "title", "")
    made = call.state.add_module_item(module, kind, row.content_id, str(values.get("title") or name))
    return json_answer(module_item_json(made, call.request.base_url))


def delete_module_item(call: Call) -> Answer:
    """Take an item out of a module."""
    managed_course(call)
    module = module_of(call)
    row = call.state.module_items.get(plain_id(call.path["item_id"]))
    item = found(row if row and row.module_id == module.id else None)
    call.state.module_items.remove(item)
    return json_answer(module_item_json(item, call.request.base_url))


COURSE = "/api/v1/courses/:course_id"
TOPICS, PAGES, MODULES = f"{COURSE}/discussion_topics", f"{COURSE}/pages", f"{COURSE}/modules"
ITEMS = f"{MODULES}/:module_id/items"
ROUTES = [
    Route("GET", TOPICS, list_discussions),
    Route("POST", TOPICS, create_discussion),
    Route("GET", f"{TOPICS}/:topic_id", show_discussion),
    Route("DELETE", f"{TOPICS}/:topic_id", delete_discussion),
    Route("GET", PAGES, list_pages),
    Route("POST", PAGES, create_page),
    Route("GET", f"{PAGES}/:url_or_id", show_page),
    Route("DELETE", f"{PAGES}/:url_or_id", delete_page),
    Route("GET", MODULES, list_modules),
    Route("POST", MODULES, create_module),
    Route("GET", f"{MODULES}/:module_id", show_module),
    Route("PUT", f"{MODULES}/:module_id", update_module),
    Route("DELETE", f"{MODULES}/:module_id", delete_module),
    Route("GET", ITEMS, list_module_items),
    Route("POST", ITEMS, create_module_item),
    Route("DELETE", f"{ITEMS}/:item_id", delete_module_item),
]
