"""The early look (R12): a copied unlock that had become earlier than the class's, shortly before the exam opens."""

from datetime import datetime, timedelta

from accommodations.planning.dates import is_later_unlock
from accommodations.planning.plan import PlannedAction

ALERT_WITHIN = timedelta(hours=2)


def is_late_copy_of_unlock(action: PlannedAction, now: datetime) -> bool:
    """Whether the action moved an unlock later that would have passed, or had, within two hours."""
    before, after = action.before.dates, action.after.dates
    if before is None or after is None or not is_later_unlock(after.unlock_at, before.unlock_at):
        return False
    return before.unlock_at is None or before.unlock_at <= now + ALERT_WITHIN
