"""When the proof of an extension is read again: twice before an assessment opens, and otherwise every week."""

from datetime import datetime, timedelta

FIRST_LOOK = timedelta(hours=48)
"""So long before it opens a proof is read again: there is a day left for a person to act."""

LAST_LOOK = timedelta(hours=2)
"""And once more so shortly before it opens."""

OLDEST_PROOF = timedelta(days=7)


def is_read_back_due(*, now: datetime, opens_at: datetime | None, confirmed_at: datetime | None) -> bool:
    """Whether a proof from `confirmed_at` (None: of unknown age) is old enough to be read again.

    A look that was missed, since nobody synced in time, is made up for at the next sync.
    """
    if opens_at is not None and now < opens_at:
        for look in (LAST_LOOK, FIRST_LOOK):
            if now >= opens_at - look:
                return confirmed_at is None or confirmed_at < opens_at - look
    return confirmed_at is not None and now - confirmed_at > OLDEST_PROOF
