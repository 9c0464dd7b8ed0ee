"""What of ours stood on a pair before some planned actions were carried out: what undoing them comes back to."""

from collections.abc import Sequence
from datetime import datetime

from accommodations.planning.plan import LedgerExtension, LedgerOverride, OverrideBefore, PlannedAction, Values
from canvas_bridge.changes import CreateOverride, DeleteOverride, MoveOutOfSharedOverride, UpdateOverride
from canvas_bridge.facts import Dates, DateSetting

_OF_DATES = (CreateOverride, UpdateOverride, DeleteOverride, MoveOutOfSharedOverride)


def values_before(
    actions: Sequence[PlannedAction], *, extension: LedgerExtension | None, override: LedgerOverride | None
) -> Values:
    """Return what of ours stood there before the actions, which are one pair's in the order of their sending.

    `extension` and `override` are the ledger's entries as they stand now: a part that no action touched stays so.
    """
    of_dates = [action for action in actions if isinstance(action.change, _OF_DATES)]
    of_extension = [action for action in actions if not isinstance(action.change, _OF_DATES)]
    minutes, attempts = _extension_before(of_extension, extension)
    dates = _dates_before(of_dates[0]) if of_dates else override.put if override is not None else None
    return Values(minutes, attempts, dates)


def _extension_before(
    actions: Sequence[PlannedAction], standing: LedgerExtension | None
) -> tuple[int | None, int | None]:
    if not actions:
        return (standing.put_minutes, standing.put_attempts) if standing is not None else (None, None)
    first, last = actions[0], actions[-1]
    entry = last.ledger_extension
    theirs_minutes = entry.before_minutes if entry and entry.put_minutes is not None else last.after.extra_minutes
    theirs_attempts = entry.before_attempts if entry and entry.put_attempts is not None else last.after.extra_attempts
    return (
        _if_more(first.before.extra_minutes, theirs_minutes),
        _if_more(first.before.extra_attempts, theirs_attempts),
    )


def _if_more(before: int | None, theirs: int | None) -> int | None:
    """Return what stood there before where it was more than what others had given: the difference was ours."""
    return before if before is not None and before > (theirs or 0) else None


def _dates_before(first: PlannedAction) -> Dates | None:
    """Return the dates of ours that the first action replaced or took away; None where it found none of ours."""
    if isinstance(first.change, CreateOverride | MoveOutOfSharedOverride):
        return None
    entry = first.ledger_override
    if entry is None or entry.before is None:
        return first.before.dates
    return None if first.before.dates == _theirs(entry.before, entry.class_dates) else first.before.dates


def _theirs(before: OverrideBefore, class_dates: Dates | None) -> Dates:
    """Return the dates that the instructor's own override gave."""
    falls_to = class_dates or Dates()
    return Dates(
        _at(before.unlock, falls_to.unlock_at),
        _at(before.due, falls_to.due_at),
        _at(before.lock, falls_to.lock_at),
    )


def _at(setting: DateSetting, falls_to: datetime | None) -> datetime | None:
    return setting.at if setting.is_overridden else falls_to
