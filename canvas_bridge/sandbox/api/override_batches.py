"""Overrides of many assignments at once: O8 to O10 of contract 6.9."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.override_writer import entries_in, writer_of
from canvas_bridge.sandbox.api.overrides import require_open_dates, require_open_to_overrides, shape_override
from canvas_bridge.sandbox.api.reader_dates import visible_overrides
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, Refusal, json_answer, refusal
from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.override_data import (
    OverrideData,
    Writer,
    read_changed_override,
    read_new_override,
)
from canvas_bridge.sandbox.rules.override_saving import (
    Errors,
    OverrideRefused,
    create_override,
    remove_left_out_students,
    update_override,
)

Element = dict[str, Any]
Problems = list[list[str] | None]


def read_batch(call: Call) -> Answer:
    """O8: overrides in the order asked for, null for what is unknown, deleted or invisible."""
    course = call.course()
    call.require(call.caller.may_read(course))
    entries = entries_in(call.params.get("assignment_overrides"))
    if not entries:
        raise refusal(400, {"errors": ["no assignment_overrides values present"]})
    if not isinstance(entries, list) or not all(_names_an_override(one) for one in entries):
        raise refusal(400, {"errors": ["must specify an array with entry format { id, assignment_id }"]})
    overrides = [_find_visible(call, course, one) for one in entries]
    return json_answer([shape_override(call, one) if one else None for one in overrides])


def _names_an_override(entry: Any) -> bool:
    return isinstance(entry, dict) and _has(entry, "id") and _has(entry, "assignment_id")


def _has(entry: Element, name: str) -> bool:
    return entry.get(name) not in (None, "")


def _find_visible(call: Call, course: Course, entry: Element) -> Override | None:
    assignment = _assignment_of(call, course, entry)
    if assignment is None:
        return None
    wanted = plain_id(entry["id"])
    visible = visible_overrides(call.state, call.caller, assignment)
    return next((one for one in visible if one.id == wanted), None)


def create_batch(call: Call) -> Answer:
    """O9: create all or none; the answer is 200, unlike a single create's."""
    course, entries = _entries_to_write(call)
    _refuse_problems([_structure_problems(one, needs_id=False) for one in entries])
    assignments = [_assignment_of(call, course, one) for one in entries]
    writer = writer_of(call, course)
    wanted = [
        read_new_override(call.state, assignment, entry, writer) if assignment else _unreadable("assignment not found")
        for assignment, entry in zip(assignments, entries, strict=True)
    ]
    _refuse_problems([one.errors or None for one in wanted])
    known = [one for one in assignments if one]
    _require_open(call, known)
    for data in wanted:
        require_open_dates(call, None, data)
    return json_answer([shape_override(call, one) for one in _create_all(call, known, wanted)])


def _unreadable(text: str) -> OverrideData:
    return OverrideData(errors=[text])


def _create_all(call: Call, assignments: Sequence[Assignment], wanted: Sequence[OverrideData]) -> list[Override]:
    created: list[Override] = []
    errors: list[Errors | None] = []
    touched = [assignment.updated_at for assignment in assignments]
    for assignment, data in zip(assignments, wanted, strict=True):
        try:
            created.append(create_override(call.state, assignment, data, call.caller.zone))
            errors.append(None)
        except OverrideRefused as refused:
            errors.append(refused.errors)
    if any(errors):
        for override in reversed(created):
            call.state.overrides.take_back(override)
        for assignment, updated_at in zip(assignments, touched, strict=True):
            assignment.updated_at = updated_at
        raise _refused_as_a_whole(errors)
    return created


def update_batch(call: Call) -> Answer:
    """O10: update all or none, except that students left out are removed before anything is judged (6.9)."""
    course, entries = _entries_to_write(call)
    _refuse_problems([_structure_problems(one, needs_id=True) for one in entries])
    found = [(_assignment_of(call, course, one), _find_visible(call, course, one)) for one in entries]
    writer = writer_of(call, course)
    wanted = [
        _read_change(call, assignment, override, entry, writer)
        for (assignment, override), entry in zip(found, entries, strict=True)
    ]
    _refuse_problems([one.errors or None for one in wanted])
    pairs = [(assignment, override) for assignment, override in found if assignment and override]
    _require_open(call, [assignment for assignment, _ in pairs])
    for (_, override), data in zip(pairs, wanted, strict=True):
        require_open_dates(call, override, data)
    if call.state.switches.batch_update_keeps_removals:
        for (assignment, override), data in zip(pairs, wanted, strict=True):
            remove_left_out_students(call.state, assignment, override, data)
    _update_all(call, pairs, wanted)
    return json_answer([shape_override(call, override) for _, override in pairs])


def _read_change(
    call: Call, assignment: Assignment | None, override: Override | None, entry: Element, writer: Writer
) -> OverrideData:
    if assignment is None:
        return _unreadable("assignment not found")
    if override is None or override.assignment_id != assignment.id:
        return _unreadable("override not found")
    return read_changed_override(call.state, assignment, override, entry, writer)


def _update_all(call: Call, pairs: Sequence[tuple[Assignment, Override]], wanted: Sequence[OverrideData]) -> None:
    before = [(deepcopy(vars(override)), assignment.updated_at) for assignment, override in pairs]
    errors: list[Errors | None] = []
    for (assignment, override), data in zip(pairs, wanted, strict=True):
        try:
            update_override(call.state, assignment, override, data, call.caller.zone)
            errors.append(None)
        except OverrideRefused as refused:
            errors.append(refused.errors)
    if any(errors):
        for (assignment, override), (values, updated_at) in zip(pairs, before, strict=True):
            vars(override).update(values)
            assignment.updated_at = updated_at
        raise _refused_as_a_whole(errors)


def _entries_to_write(call: Call) -> tuple[Course, list[Any]]:
    course = call.course()
    call.require(call.caller.may_manage_assignments(course))
    entries = entries_in(call.params.get("assignment_overrides"))
    if not entries:
        raise refusal(400, {"errors": ["no assignment override data present"]})
    if not isinstance(entries, list):
        raise refusal(400, {"errors": ["must specify an array of overrides"]})
    return course, entries


def _structure_problems(entry: Any, *, needs_id: bool) -> list[str] | None:
    values = entry if isinstance(entry, dict) else {}
    problems = [] if _has(values, "assignment_id") else ["must specify an assignment id"]
    if needs_id and not _has(values, "id"):
        problems.append("must specify an override id")
    if not needs_id and _has(values, "id"):
        problems.append("may not specify an override id")
    return problems or None


def _refuse_problems(problems: Problems) -> None:
    """Refuse with one entry for each element, null for the good ones, when any is bad."""
    if any(problems):
        raise refusal(400, {"errors": problems})


def _refused_as_a_whole(errors: Sequence[Errors | None]) -> Refusal:
    return refusal(400, {"errors": list(errors)})


def _assignment_of(call: Call, course: Course, entry: Element) -> Assignment | None:
    """Return the assignment of an element; only plain numbers are understood here (1.6)."""
    assignment = call.state.assignments.get(plain_id(entry["assignment_id"]))
    if assignment is None or assignment.course_id != course.id or assignment.workflow_state == "deleted":
        return None
    return assignment


def _require_open(call: Call, assignments: Sequence[Assignment]) -> None:
    for assignment in assignments:
        require_open_to_overrides(call, assignment)


BATCH = "/api/v1/courses/:course_id/assignments/overrides"
ROUTES = [
    Route("GET", BATCH, read_batch),
    Route("POST", BATCH, create_batch),
    Route("PUT", BATCH, update_batch),
]
