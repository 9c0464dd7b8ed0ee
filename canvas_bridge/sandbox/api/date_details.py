"""Dates of learning objects, read and written as a whole: `…/date_details` (contract 10.7.3)."""

from collections.abc import Callable
from typing import Any

from canvas_bridge.sandbox.api.assignment_writes import change_assignment
from canvas_bridge.sandbox.api.call import Call, found, plain_id
from canvas_bridge.sandbox.api.checkpoints import save_checkpoints
from canvas_bridge.sandbox.api.content import find_page
from canvas_bridge.sandbox.api.date_changes import change_dates
from canvas_bridge.sandbox.api.overrides import shape_override
from canvas_bridge.sandbox.api.reader_dates import visible_overrides
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, not_found, refusal
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.records.assessments import Assignment, Override, Quiz
from canvas_bridge.sandbox.records.content import Discussion, Item, Module, Page
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.module_overrides import is_for_everyone
from canvas_bridge.sandbox.shapes.content import checkpoints_json
from canvas_bridge.sandbox.shapes.times import shown

Json = dict[str, Any]
ASSIGNMENT_KEYS = ("due_at", "unlock_at", "lock_at", "only_visible_to_overrides", "assignment_overrides")
BLUEPRINT_DATES = ("due_dates", "availability_dates")


def _assignment(call: Call, course: Course) -> Assignment:
    return call.assignment(course)


def _quiz(call: Call, course: Course) -> Quiz:
    return call.quiz(course)


def _discussion(call: Call, course: Course) -> Discussion:
    topic = call.state.discussions.get(plain_id(call.path["topic_id"]))
    is_there = topic is not None and topic.course_id == course.id and topic.workflow_state != "deleted"
    return found(topic if is_there else None)


def _page(call: Call, course: Course) -> Page:
    return found(find_page(call.state, course, call.path["url_or_id"]))


def _module(call: Call, course: Course) -> Module:
    module = call.state.modules.get(plain_id(call.path["module_id"]))
    is_there = module is not None and module.course_id == course.id and module.workflow_state != "deleted"
    return found(module if is_there else None)


Finder = Callable[[Call, Course], Item]


def _reader(find: Finder) -> Callable[[Call], Answer]:
    def show_date_details(call: Call) -> Answer:
        """Answer with an item's base dates and a page of its overrides."""
        _, item = _found(call, find)
        return _shown(call, item)

    return show_date_details


def _writer(find: Finder) -> Callable[[Call], Answer]:
    def put_date_details(call: Call) -> Answer:
        """Change base dates and the complete list of overrides; the answer is empty."""
        course, item = _found(call, find)
        _change(call, course, item)
        return Answer(status=204)

    return put_date_details


def _found(call: Call, find: Finder) -> tuple[Course, Item]:
    if not call.state.switches.date_details_present:
        raise not_found()
    course = call.course()
    call.require(call.caller.may_read(course))
    item = find(call, course)
    holder = holder_of_overrides(call, item)
    may = call.caller.may_update(holder) if isinstance(holder, Assignment) else None
    call.require(call.caller.may_manage_assignments(course) if may is None else may)
    return course, item


def holder_of_overrides(call: Call, item: Item) -> Item:
    """Return what holds an item's overrides: the assignment of a graded quiz or discussion, else the item."""
    if isinstance(item, Quiz | Discussion) and item.assignment_id is not None:
        return call.state.assignments[item.assignment_id]
    return item


def _shown(call: Call, item: Item) -> Answer:
    holder = holder_of_overrides(call, item)
    overrides = visible_overrides(call.state, call.caller, holder, of_modules_too=True)
    page = numeric_page(call.request, overrides)
    shape = {**_base(call, item, holder), "overrides": [_with_names(call, one) for one in page.items]}
    return json_answer(shape, headers=page.headers)


def _base(call: Call, item: Item, holder: Item) -> Json:
    dates = call.state.dated(item)
    own = call.state.active_overrides(holder)
    is_for_all = is_for_everyone(call.state, holder) or any(one.set_type == "Course" for one in own)
    shape: Json = {
        "id": item.id,
        "due_at": shown(dates.due_at),
        "unlock_at": shown(dates.unlock_at),
        "lock_at": shown(dates.lock_at),
        "only_visible_to_overrides": dates.only_visible_to_overrides,
        "visible_to_everyone": is_for_all,
    }
    if isinstance(holder, Page | Discussion | Module):
        del shape["due_at"]
    if isinstance(holder, Assignment | Discussion):
        shape["group_category_id"] = holder.group_category_id
    if isinstance(item, Assignment | Quiz | Discussion):
        shape["graded"] = not isinstance(holder, Discussion)
    return shape | _more(call, item, holder)


def _more(call: Call, item: Item, holder: Item) -> Json:
    shape: Json = {}
    course = call.state.courses[item.course_id]
    if course.is_blueprint_child and not isinstance(item, Module):
        restrictions = getattr(holder, "blueprint_restrictions", [])
        shape["blueprint_date_locks"] = [one for one in BLUEPRINT_DATES if {one, "all"} & set(restrictions)]
    if isinstance(holder, Assignment) and holder.has_checkpoints:
        parts = checkpoints_json(call.state, holder, lambda one: shape_override(call, one), is_full=False)
        shape["checkpoints"] = parts
    return shape


def _with_names(call: Call, override: Override) -> Json:
    shape = shape_override(call, override)
    if "student_ids" in shape:
        names = [call.state.users[one] for one in shape["student_ids"]]
        shape["students"] = [{"id": one.id, "name": one.name} for one in names]
    return shape


def _change(call: Call, course: Course, item: Item) -> None:
    if isinstance(item, Assignment):
        values = {name: call.params[name] for name in ASSIGNMENT_KEYS if name in call.params}
        change_assignment(call, course, item, values)
        return
    holder = holder_of_overrides(call, item)
    if isinstance(holder, Assignment) and holder.has_checkpoints:
        save_checkpoints(call, holder)
        return
    change_dates(call, course, item, holder)


def refuse_files(call: Call) -> Answer:
    """Refuse files, which have no dates of their own yet."""
    if not call.state.switches.date_details_present:
        raise not_found()
    call.require(call.caller.may_read(call.course()))
    raise refusal(400, {"error": "This API does not support files."})


COURSE = "/api/v1/courses/:course_id"
FINDERS: dict[str, Finder] = {
    "assignments/:assignment_id": _assignment,
    "quizzes/:quiz_id": _quiz,
    "discussion_topics/:topic_id": _discussion,
    "pages/:url_or_id": _page,
}
FILES = f"{COURSE}/files/:file_id/date_details"
ROUTES = [
    *(Route("GET", f"{COURSE}/{path}/date_details", _reader(find)) for path, find in FINDERS.items()),
    *(Route("PUT", f"{COURSE}/{path}/date_details", _writer(find)) for path, find in FINDERS.items()),
    Route("GET", f"{COURSE}/modules/:module_id/date_details", _reader(_module)),
    Route("GET", FILES, refuse_files),
    Route("PUT", FILES, refuse_files),
]
