"""What the ledger says after a planned action was applied."""

from dataclasses import replace

from accommodations.planning.plan import LedgerExtension, LedgerOverride, LedgerPart, PlannedAction
from canvas_bridge.changes import (
    Change,
    SetAssignmentExtension,
    SetNewQuizAccommodation,
    SetQuizExtension,
)


def part_of(change: Change) -> LedgerPart:
    """Return which part of a pair's ledger the change is about."""
    if isinstance(change, SetQuizExtension | SetAssignmentExtension | SetNewQuizAccommodation):
        return LedgerPart.EXTENSION
    return LedgerPart.OVERRIDE


def ledger_after(
    action: PlannedAction, *, canvas_override_id: int | None = None
) -> LedgerExtension | LedgerOverride | None:
    """Return what the ledger must say of the action's part once Canvas has accepted it; None: nothing of ours remains.

    `canvas_override_id` is where the override stands now, as Canvas answered; it matters for one that was just made.
    """
    if part_of(action.change) is LedgerPart.EXTENSION:
        return action.ledger_extension
    entry = action.ledger_override
    if entry is None or canvas_override_id is None:
        return entry
    return replace(entry, canvas_override_id=canvas_override_id)
