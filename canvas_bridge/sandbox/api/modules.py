"""Overrides of modules: who is assigned their items; they carry no dates (contract 10.7.3)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call, found
from canvas_bridge.sandbox.api.content import managed_course, module_of
from canvas_bridge.sandbox.api.reader_dates import visible_overrides
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.builders.assessments import count_title
from canvas_bridge.sandbox.http.answers import Answer, Refusal, invalid, refusal
from canvas_bridge.sandbox.records.assessments import Override
from canvas_bridge.sandbox.records.content import Module
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.enrollment import is_current_student
from canvas_bridge.sandbox.rules.override_data import OverrideData, number_in
from canvas_bridge.sandbox.rules.override_saving import (
    OverrideRefused,
    create_override,
    delete_override,
    remove_left_out_students,
    retarget_override,
)
from canvas_bridge.sandbox.rules.rollback import restored_on_refusal

Json = dict[str, Any]
LIST_REQUIRED = "List of overrides required"
TARGET_REQUIRED = "id, student_ids, or course_section_id required with each override"
TARGET_OR_TAG_REQUIRED = "id, student_ids, course_section_id, or group_id required with each override"
NO_GROUPS = "group_id is not allowed as an override"
EXCLUSIVE = (
    (("course_section_id", "student_ids"), "cannot provide course_section_id and student_ids on the same override"),
    (("group_id", "course_section_id"), "cannot provide group_id and course_section_id on the same override"),
    (("group_id", "student_ids"), "cannot provide group_id and student_ids on the same override"),
)


def list_module_overrides(call: Call) -> Answer:
    """Answer with the overrides of a module."""
    managed_course(call)
    overrides = visible_overrides(call.state, call.caller, module_of(call))
    return call.paged(overrides, lambda one: _shape(call, one))


def _shape(call: Call, override: Override) -> Json:
    shape: Json = {"id": override.id, "context_module_id": override.context_module_id}
    shape["title"] = call.state.title_of(override)
    course = call.state.courses[override.course_id]
    if override.set_type == "ADHOC":
        seen = [call.state.users[one] for one in override.student_ids if call.caller.sees_student(course, one)]
        shape["students"] = [{"id": one.id, "name": one.name} for one in seen]
    elif override.set_type == "CourseSection" and override.set_id is not None:
        shape["course_section"] = {"id": override.set_id, "name": call.state.sections[override.set_id].name}
    elif override.set_id is not None:
        category = call.state.group_categories[call.state.groups[override.set_id].category_id]
        shape["group"] = {"id": override.set_id, "non_collaborative": category.non_collaborative}
    return shape


def put_module_overrides(call: Call) -> Answer:
    """Make the list the module's overrides, in one transaction; a missing list deletes all of them."""
    course = managed_course(call)
    module = module_of(call)
    entries = call.params.get("overrides")
    entries = [] if entries is None else entries
    if not isinstance(entries, list):
        raise _error(LIST_REQUIRED)
    has_tags = any(one.non_collaborative for one in call.state.group_categories.where("course", course.id))
    for entry in entries:
        _check_form(entry, has_tags=has_tags)
    existing = {one.id: one for one in call.state.active_overrides(module)}
    read = [(_known(existing, one), _read(call, course, one)) for one in entries]
    created: list[Override] = []
    try:
        with restored_on_refusal(*existing.values()):
            _save(call, module, existing, read, created)
    except OverrideRefused as refused:
        for override in reversed(created):
            call.state.overrides.take_back(override)
        raise invalid(refused.errors) from refused
    return Answer(status=204)


def _error(text: str) -> Refusal:
    return refusal(400, {"error": text})


def _check_form(entry: Any, *, has_tags: bool) -> None:
    values = entry if isinstance(entry, dict) else {}
    given = {name for name in ("id", "student_ids", "course_section_id", "group_id") if values.get(name) is not None}
    if "group_id" in given and not has_tags:
        raise _error(NO_GROUPS)
    if not given:
        raise _error(TARGET_OR_TAG_REQUIRED if has_tags else TARGET_REQUIRED)
    for names, text in EXCLUSIVE:
        if given.issuperset(names):
            raise _error(text)


def _known(existing: dict[int, Override], entry: Json) -> Override | None:
    if entry.get("id") is None:
        return None
    return found(existing.get(number_in(entry["id"]) or 0))


def _read(call: Call, course: Course, entry: Json) -> OverrideData:
    wanted = OverrideData(set_type="")
    if entry.get("student_ids") is not None:
        wanted.set_type = "ADHOC"
        wanted.student_ids = _students(call, course, entry["student_ids"])
        wanted.title = str(entry["title"]) if entry.get("title") else count_title(len(wanted.student_ids))
    elif entry.get("course_section_id") is not None:
        wanted.set_type, wanted.set_id = "CourseSection", _section_id(call, course, entry["course_section_id"])
    elif entry.get("group_id") is not None:
        wanted.set_type, wanted.set_id = "Group", _tag_id(call, course, entry["group_id"])
    elif entry.get("title"):
        wanted.title = str(entry["title"])
    return wanted


def _section_id(call: Call, course: Course, value: Any) -> int:
    section = call.state.sections.get(number_in(value))
    is_there = section is not None and section.course_id == course.id and section.workflow_state == "active"
    return found(section if is_there else None).id


def _tag_id(call: Call, course: Course, value: Any) -> int:
    group = found(call.state.groups.get(number_in(value)))
    is_tag = call.state.group_categories[group.category_id].non_collaborative
    is_there = group.course_id == course.id and group.workflow_state == "available"
    return found(group if is_tag and is_there else None).id


def _students(call: Call, course: Course, ids: Any) -> list[int]:
    """Return the students; plain numbers of current students of the course only, else nothing is found."""
    numbers = [number_in(one) for one in (ids if isinstance(ids, list) else [ids])]
    known = [one for one in numbers if one is not None and is_current_student(call.state, course.id, one)]
    if len(known) != len(numbers):
        found(None)
    return list(dict.fromkeys(known))


def _save(
    call: Call,
    module: Module,
    existing: dict[int, Override],
    read: list[tuple[Override | None, OverrideData]],
    created: list[Override],
) -> None:
    kept = {override.id for override, _ in read if override}
    for override in existing.values():
        if override.id not in kept:
            delete_override(call.state, module, override)
    for known, wanted in read:
        if known:
            remove_left_out_students(call.state, module, known, wanted)
    for known, wanted in read:
        if known:
            retarget_override(call.state, module, known, wanted)
        else:
            created.append(create_override(call.state, module, wanted, call.caller.zone))


MODULE_OVERRIDES = "/api/v1/courses/:course_id/modules/:module_id/assignment_overrides"
ROUTES = [
    Route("GET", MODULE_OVERRIDES, list_module_overrides),
    Route("PUT", MODULE_OVERRIDES, put_module_overrides),
]
