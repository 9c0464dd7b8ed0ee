"""Whether the entries of the log that a page shows are still what was written: their digests, computed anew."""

from collections.abc import Iterable

from accommodations.models import ActionLogEntry
from accommodations.models.log_guard import REDACTED
from accommodations.services.log_digests import entry_digest, payload_digest


def entries_hold(entries: Iterable[ActionLogEntry]) -> bool:
    """Whether each entry still has the digest of its fields, and of its payload unless that was redacted."""
    return all(entry.digest == entry_digest(entry) and _payload_holds(entry) for entry in entries)


def _payload_holds(entry: ActionLogEntry) -> bool:
    payload = getattr(entry, "payload", None)
    if payload is None:
        return False
    if payload.redaction is not None:
        return not payload.data and bool(payload.redaction.act == REDACTED)
    return entry.payload_digest == payload_digest(salt=payload.salt, data=payload.data)
