"""Dates of checkpointed discussions, whose two parts have due dates and overrides of their own (contract 10.7.11)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.api.base_dates import read_quiz_date
from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.date_changes import override_entries
from canvas_bridge.sandbox.api.override_writer import list_writer_of
from canvas_bridge.sandbox.http.answers import invalid
from canvas_bridge.sandbox.http.request import as_boolean
from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.records.content import Checkpoint
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight, set_due_at
from canvas_bridge.sandbox.rules.override_data import OverrideData
from canvas_bridge.sandbox.rules.override_list import save_override_list
from canvas_bridge.sandbox.rules.override_saving import (
    OverrideRefused,
    create_override,
    delete_override,
    touch,
    update_override,
)
from canvas_bridge.sandbox.rules.rollback import restored_on_refusal
from canvas_bridge.sandbox.shapes.times import read_optional_time

DUE_KEYS = {"reply_to_topic": "reply_to_topic_due_at", "reply_to_entry": "required_replies_due_at"}
AVAILABILITY = ("unlock_at", "lock_at")


def save_checkpoints(call: Call, parent: Assignment) -> None:
    """Write base dates and overrides of a checkpointed discussion; `id` of an entry is the parent's override."""
    parts = call.state.checkpoints.where("assignment", parent.id)
    status = call.state.switches.date_details_refusal_status
    try:
        with restored_on_refusal(parent, *parts):
            _save_base(call, parent, parts)
            if "assignment_overrides" in call.params:
                _save_overrides(call, parent, parts, override_entries(call, status))
    except OverrideRefused as refused:
        raise invalid(refused.errors, 403 if refused.status == 403 else status) from refused
    touch(call.state, parent)


def _save_base(call: Call, parent: Assignment, parts: Sequence[Checkpoint]) -> None:
    zone = call.caller.zone
    for name in AVAILABILITY:
        if name in call.params:
            at = read_quiz_date(call.params[name], zone)
            for one in (parent, *parts):
                setattr(one, name, at if name == "unlock_at" else moved_off_midnight(at, zone))
    for part in parts:
        if DUE_KEYS[part.tag] in call.params:
            set_due_at(part, read_quiz_date(call.params[DUE_KEYS[part.tag]], zone), zone)
    if "only_visible_to_overrides" in call.params:
        for one in (parent, *parts):
            one.only_visible_to_overrides = as_boolean(call.params["only_visible_to_overrides"])


def _save_overrides(call: Call, parent: Assignment, parts: Sequence[Checkpoint], entries: list[Any]) -> None:
    """Save the parent's shells as the complete list, and the parts' rows after them."""
    shells = save_override_list(call.state, parent, entries, list_writer_of(call, parent))
    pairs = [(shell, entry) for shell, entry in zip(shells, entries, strict=True) if shell and isinstance(entry, dict)]
    for part in parts:
        rows = [_row_of(call, part, shell) for shell, _ in pairs]
        kept = {row.id for row in rows if row}
        for own in call.state.active_overrides(part):
            if own.id not in kept:
                delete_override(call.state, part, own)
        for row, (shell, entry) in zip(rows, pairs, strict=True):
            _save_row(call, part, row, _wanted_row(call, part, shell, entry))


def _wanted_row(call: Call, part: Checkpoint, shell: Override, entry: dict[str, Any]) -> OverrideData:
    wanted = OverrideData(set_type=shell.set_type, set_id=shell.set_id, title=shell.title)
    wanted.student_ids = list(shell.student_ids) if shell.set_type == "ADHOC" else None
    sent = {"due_at": DUE_KEYS[part.tag], "unlock_at": "unlock_at", "lock_at": "lock_at"}
    wanted.dates = {name: _date(call, entry[key]) for name, key in sent.items() if key in entry}
    return wanted


def _save_row(call: Call, part: Checkpoint, row: Override | None, wanted: OverrideData) -> None:
    if row:
        update_override(call.state, part, row, wanted, call.caller.zone)
    else:
        create_override(call.state, part, wanted, call.caller.zone)


def _date(call: Call, value: Any) -> datetime | None:
    try:
        return read_optional_time(value, call.caller.zone)
    except ValueError:
        return None


def _row_of(call: Call, part: Checkpoint, shell: Override) -> Override | None:
    """Return the part's row for the target of a shell: the same section, or ad-hoc with one of its students."""
    for row in call.state.active_overrides(part):
        is_same_target = (row.set_type, row.set_id) == (shell.set_type, shell.set_id)
        if is_same_target and (row.set_type != "ADHOC" or set(row.student_ids) & set(shell.student_ids)):
            return row
    return None
