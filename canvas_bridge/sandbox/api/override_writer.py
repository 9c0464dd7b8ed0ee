"""Whose write of overrides a call is: zone, visible sections and students, and the grading periods it is held to."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.reader_dates import visible_overrides
from canvas_bridge.sandbox.http.parsing import list_or_numbered_map
from canvas_bridge.sandbox.records.content import Discussion, Item, Page
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.grading_periods import closed_dates_of
from canvas_bridge.sandbox.rules.override_data import Writer
from canvas_bridge.sandbox.rules.override_list import ListWriter


def writer_of(call: Call, course: Course) -> Writer:
    """Return the caller as a writer of overrides in a course."""
    sections = call.caller.visible_sections(course)
    return Writer(call.caller.zone, None if sections is None else frozenset(sections))


def list_writer_of(call: Call, item: Item) -> ListWriter:
    """Return the caller as a writer of an item's complete list; administrators are not held to closed periods."""
    course = call.state.courses[item.course_id]
    visible = {one.id for one in visible_overrides(call.state, call.caller, item)}
    own = call.state.active_overrides(item)
    keeps_due_dates = not isinstance(item, Page | Discussion)
    is_free = call.caller.is_admin or not keeps_due_dates
    return ListWriter(
        writer=writer_of(call, course),
        hidden_ids=frozenset(one.id for one in own if one.id not in visible),
        sees_student=lambda user_id: call.caller.sees_student(course, user_id),
        is_closed=None if is_free else closed_dates_of(call.state, course),
        keeps_due_dates=keeps_due_dates,
    )


def entries_in(value: Any) -> Any:
    """Return what was sent as a list: a map with the keys 0, 1, … is one, any other map counts as missing (1.1)."""
    found = list_or_numbered_map(value)
    return None if isinstance(found, dict) else found
