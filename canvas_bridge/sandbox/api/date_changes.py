"""Writing the dates of quizzes, discussions and pages by `date_details`, in one transaction (contract 10.7.3)."""

from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.base_dates import refuse_change_in_closed_period, refuse_locked_columns
from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.override_writer import list_writer_of
from canvas_bridge.sandbox.http.answers import invalid, model_error
from canvas_bridge.sandbox.http.parsing import list_or_numbered_map
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment, Dated, Quiz
from canvas_bridge.sandbox.records.content import Discussion, Item, Page
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_dates
from canvas_bridge.sandbox.rules.override_list import save_override_list
from canvas_bridge.sandbox.rules.override_saving import OverrideRefused, touch
from canvas_bridge.sandbox.rules.rollback import restored_on_refusal
from canvas_bridge.sandbox.shapes.times import read_optional_time

DATE_NAMES = ("due_at", "unlock_at", "lock_at")
Dates = dict[str, datetime | None]


def change_dates(call: Call, course: Course, item: Item, holder: Item) -> None:
    """Change base dates and overrides together, or refuse with nothing changed; a quiz's order is not checked here."""
    base = call.state.dated(item)
    dates = _wanted_dates(call, base, holder)
    is_only_visible = base.only_visible_to_overrides
    if "only_visible_to_overrides" in call.params:
        is_only_visible = as_boolean(call.params["only_visible_to_overrides"])
    if isinstance(holder, Assignment | Quiz):
        refuse_change_in_closed_period(call, holder, dates["due_at"], is_only_visible=is_only_visible)
    changed = [name for name, value in dates.items() if value != getattr(base, name)]
    refuse_locked_columns(course, getattr(holder, "blueprint_restrictions", []), changed)
    status = call.state.switches.date_details_refusal_status
    try:
        with restored_on_refusal(base, item, holder):
            before = dict(vars(base))
            set_dates(base, call.caller.zone, **dates)
            base.only_visible_to_overrides = is_only_visible
            _save_list(call, holder, status)
            if before != vars(base):
                touch(call.state, holder)
            touch(call.state, item)
    except OverrideRefused as refused:
        raise invalid(refused.errors, 403 if refused.status == 403 else status) from refused


def _save_list(call: Call, holder: Item, status: int) -> None:
    if "assignment_overrides" not in call.params:
        return
    entries = override_entries(call, status)
    save_override_list(call.state, holder, entries, list_writer_of(call, holder))


def override_entries(call: Call, status: int) -> list[Any]:
    """Return the entries of the complete list that was sent; what is no list is refused."""
    entries = list_or_numbered_map(call.params.get("assignment_overrides") or [])
    if not isinstance(entries, list):
        raise invalid({"base": [model_error("base", "must specify an array of overrides")]}, status)
    return entries


def _wanted_dates(call: Call, base: Dated, holder: Item) -> Dates:
    dates: Dates = {}
    for name in DATE_NAMES:
        stored: datetime | None = getattr(base, name)
        is_kept = name == "due_at" and isinstance(holder, Page | Discussion)
        if name not in call.params or is_kept:
            dates[name] = stored
            continue
        wanted = _base_date(call, name, stored)
        dates[name] = wanted if name == "unlock_at" else moved_off_midnight(wanted, call.caller.zone)
    return dates


def _base_date(call: Call, name: str, stored: datetime | None) -> datetime | None:
    """Return the base date that is sent; what one does with an unreadable one is the switch of point 13."""
    try:
        return read_optional_time(call.params[name], call.caller.zone)
    except ValueError as error:
        mode = call.state.switches.unparsable_quiz_base_date
        if mode == "refused":
            raise invalid({name: [model_error(name, f"Invalid datetime for {name}", "invalid")]}) from error
        return stored if mode == "unchanged" else None
