"""Saving the complete list of overrides: known ids are updated, others made, the rest deleted (contract 9.3)."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from canvas_bridge.sandbox.http.answers import model_error
from canvas_bridge.sandbox.records.assessments import Assignment, Override
from canvas_bridge.sandbox.rules.override_data import OverrideData, number_in, read_changed_override, read_new_override
from canvas_bridge.sandbox.rules.override_saving import (
    OverrideRefused,
    create_override,
    delete_override,
    update_override,
)
from canvas_bridge.sandbox.store import Store


def save_override_list(
    store: Store,
    assignment: Assignment,
    entries: Sequence[Any],
    zone: str,
    *,
    hidden_ids: frozenset[int] = frozenset(),
) -> None:
    """Make the list the assignment's overrides; `hidden_ids` are kept. Raises OverrideRefused, and saves nothing."""
    existing = {one.id: one for one in store.active_overrides(assignment)}
    read = [_read(store, assignment, existing, entry, zone) for entry in entries]
    texts = [",".join(wanted.errors) for _, wanted in read if wanted.errors]
    if texts:
        raise OverrideRefused({"base": [model_error("base", text) for text in texts]})
    before = deepcopy({one.id: vars(one) for one in existing.values()})
    created: list[Override] = []
    try:
        _write(store, assignment, existing, read, zone, hidden_ids, created)
    except OverrideRefused:
        for override in created:
            store.overrides.remove(override)
        for override_id, values in before.items():
            vars(existing[override_id]).update(values)
        raise


def _read(
    store: Store, assignment: Assignment, existing: dict[int, Override], entry: Any, zone: str
) -> tuple[Override | None, OverrideData]:
    override_id = number_in(entry.get("id")) if isinstance(entry, dict) else None
    override = existing.get(override_id) if override_id is not None else None
    if override is None:
        return None, read_new_override(store, assignment, entry, zone)
    return override, read_changed_override(store, assignment, override, entry, zone)


def _write(
    store: Store,
    assignment: Assignment,
    existing: dict[int, Override],
    read: Sequence[tuple[Override | None, OverrideData]],
    zone: str,
    hidden_ids: frozenset[int],
    created: list[Override],
) -> None:
    kept = {override.id for override, _ in read if override} | hidden_ids
    for override in existing.values():
        if override.id not in kept:
            delete_override(store, assignment, override)
    for kept_override, wanted in read:
        if kept_override:
            update_override(store, assignment, kept_override, wanted, zone)
    for kept_override, wanted in read:
        if kept_override is None:
            created.append(create_override(store, assignment, wanted, zone))
