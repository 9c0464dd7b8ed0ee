"""Saving the complete list of overrides: known ids are updated, others made, the rest deleted (9.3, 10.7.3)."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canvas_bridge.sandbox.builders.assessments import Omitted, count_title
from canvas_bridge.sandbox.http.answers import model_error
from canvas_bridge.sandbox.records.assessments import Override
from canvas_bridge.sandbox.records.content import Item
from canvas_bridge.sandbox.rules.midnight import moved_off_midnight
from canvas_bridge.sandbox.rules.module_overrides import overrides_of_modules
from canvas_bridge.sandbox.rules.override_data import (
    OverrideData,
    Writer,
    number_in,
    read_changed_override,
    read_new_override,
)
from canvas_bridge.sandbox.rules.override_saving import (
    OverrideRefused,
    create_override,
    delete_override,
    remove_left_out_students,
    update_override,
)
from canvas_bridge.sandbox.store import Store

NEW_IN_CLOSED = "Cannot set override due date to a date within a closed grading period"
OUT_OF_CLOSED = "Cannot change the due date of an override in a closed grading period"
INTO_CLOSED = "Cannot change an override due date to a date within a closed grading period"
GONE_FROM_CLOSED = "Cannot delete an override with a due date within a closed grading period"
DUE_NOT_KEPT = "due_at is not supported for this type of item"


def _sees_all(_user_id: int) -> bool:
    return True


@dataclass(frozen=True)
class ListWriter:
    """Whose list it is: what the caller cannot see of it is kept; `is_closed` tells dates that may not be touched."""

    writer: Writer
    hidden_ids: frozenset[int] = frozenset()
    sees_student: Callable[[int], bool] = _sees_all
    is_closed: Callable[[datetime | None], bool] | None = None
    keeps_due_dates: bool = True


Read = tuple[Override | None, OverrideData]


def save_override_list(store: Store, item: Item, entries: Sequence[Any], by: ListWriter) -> list[Override | None]:
    """Make the list the item's overrides. Raises OverrideRefused, and saves nothing.

    Returns the override of each entry; None where the entry named one of a module, which is left alone.
    """
    existing = {one.id: one for one in store.active_overrides(item)}
    of_modules = {one.id for one in overrides_of_modules(store, item)}
    read = [None if _id_in(one) in of_modules else _read(store, item, existing, one, by) for one in entries]
    rows = [one for one in read if one]
    _refuse_unreadable(rows)
    kept = {override.id for override, _ in rows if override} | by.hidden_ids
    gone = [one for one in existing.values() if one.id not in kept]
    _refuse_closed(rows, gone, by)
    before = deepcopy({one.id: vars(one) for one in existing.values()})
    saved: dict[int, Override] = {}
    try:
        _write(store, item, gone, rows, by.writer.zone, saved)
    except OverrideRefused as refused:
        _put_back(store, existing, before, saved)
        raise OverrideRefused(_under_base(refused)) from refused
    return [saved[id(one)] if one else None for one in read]


def _id_in(entry: Any) -> int | None:
    return number_in(entry.get("id")) if isinstance(entry, dict) else None


def _read(store: Store, item: Item, existing: dict[int, Override], entry: Any, by: ListWriter) -> Read:
    override_id = _id_in(entry)
    override = existing.get(override_id) if override_id is not None else None
    if override is None:
        wanted = read_new_override(store, item, entry, by.writer)
    else:
        wanted = read_changed_override(store, item, override, entry, by.writer)
        _add_hidden_students(override, wanted, by)
    due_at = wanted.dates.get("due_at")
    if not by.keeps_due_dates and isinstance(due_at, datetime):
        wanted.errors.append(DUE_NOT_KEPT)
    return override, wanted


def _add_hidden_students(override: Override, wanted: OverrideData, by: ListWriter) -> None:
    """Keep the students whom the caller cannot see; the title becomes the count then (9.3)."""
    if wanted.student_ids is None:
        return
    sent = wanted.student_ids
    hidden = [one for one in override.student_ids if not by.sees_student(one) and one not in sent]
    if hidden:
        wanted.student_ids = sent + hidden
        wanted.title = count_title(len(wanted.student_ids))


def _refuse_unreadable(rows: Sequence[Read]) -> None:
    texts = [",".join(wanted.errors) for _, wanted in rows if wanted.errors]
    if texts:
        raise OverrideRefused({"base": [model_error("base", text) for text in texts]})


def _refuse_closed(rows: Sequence[Read], gone: Sequence[Override], by: ListWriter) -> None:
    """Refuse what touches a due date in a closed grading period; none at all counts as the last period (10.7.5)."""
    if by.is_closed is None:
        return
    texts = [closed_text(override, wanted, by.writer.zone, by.is_closed) for override, wanted in rows]
    texts += [GONE_FROM_CLOSED for one in gone if by.is_closed(one.due_at)]
    found = next((text for text in texts if text), None)
    if found:
        raise OverrideRefused({"due_at": [model_error("due_at", found)]}, status=403)


def closed_text(
    override: Override | None, wanted: OverrideData, zone: str, is_closed: Callable[[datetime | None], bool]
) -> str | None:
    """Return why a new or changed override may not have its due date, or may not leave its old one (10.7.5)."""
    sent = wanted.dates.get("due_at")
    due_at = None if isinstance(sent, Omitted) else moved_off_midnight(sent, zone)
    if override is None:
        return NEW_IN_CLOSED if is_closed(due_at) else None
    if (override.due_at_overridden, override.due_at) == (not isinstance(sent, Omitted), due_at):
        return None
    if is_closed(override.due_at):
        return OUT_OF_CLOSED
    return INTO_CLOSED if is_closed(due_at) else None


def _write(
    store: Store, item: Item, gone: Sequence[Override], rows: Sequence[Read], zone: str, saved: dict[int, Override]
) -> None:
    for absent in gone:
        delete_override(store, item, absent)
    for known, wanted in rows:
        if known:
            remove_left_out_students(store, item, known, wanted)
    for row in rows:
        override, wanted = row
        if override:
            update_override(store, item, override, wanted, zone)
            saved[id(row)] = override
    for row in rows:
        if row[0] is None:
            saved[id(row)] = create_override(store, item, row[1], zone)


def _put_back(
    store: Store, existing: dict[int, Override], before: dict[int, dict[str, Any]], saved: dict[int, Override]
) -> None:
    for override in reversed(saved.values()):
        if override.id not in existing:
            store.overrides.take_back(override)
    for override_id, values in before.items():
        vars(existing[override_id]).update(values)


def _under_base(refused: OverrideRefused) -> dict[str, list[dict[str, str]]]:
    """Return the texts of a refused entry under the key that lists use, joined by commas."""
    texts = [error["message"] for errors in refused.errors.values() for error in errors]
    return {"base": [model_error("base", ",".join(texts))]}
