"""What only somebody who took the triggers away can do to the action log (F32)."""

from django.db import connection
from django.db.models import F

from accommodations.models import ActionLogEntry, ActionLogPayload, LogHead, log_guard
from accommodations.services.log_digests import entry_digest, payload_digest

TABLES = {"entries": log_guard.TABLE, "payloads": log_guard.PAYLOADS, "anchors": log_guard.ANCHORS}


def tamper(sql: str, *values: object) -> None:
    """Run a statement past the triggers; {entries}, {payloads} and {anchors} are the log's tables."""
    log_guard.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**TABLES), values)
    log_guard.install(connection)


def change(sequence: int) -> None:
    """Let an entry say that something was applied."""
    tamper("UPDATE {entries} SET outcome = 'forged' WHERE sequence = %s", sequence)


def delete(sequence: int) -> None:
    """Take one entry away, with its payload."""
    tamper("DELETE FROM {payloads} WHERE entry_id = (SELECT id FROM {entries} WHERE sequence = %s)", sequence)
    tamper("DELETE FROM {entries} WHERE sequence = %s", sequence)


def insert(sequence: int) -> None:
    """Put a forged entry at this place; those from there on move up by one."""
    log_guard.remove(connection)
    later = list(
        ActionLogEntry.objects.filter(sequence__gte=sequence).order_by("-sequence").values_list("pk", flat=True)
    )
    for number in later:
        ActionLogEntry.objects.filter(pk=number).update(sequence=F("sequence") + 1)
    log_guard.install(connection)
    append(sequence)


def append(sequence: int) -> None:
    """Write a forged entry that follows the one before it."""
    before = ActionLogEntry.objects.get(sequence=sequence - 1)
    forged = ActionLogEntry(
        sequence=sequence,
        at=before.at,
        act="test.forged",
        previous_digest=before.digest,
        payload_digest=payload_digest(salt="", data={}),
    )
    forged.digest = entry_digest(forged)
    forged.save()
    ActionLogPayload.objects.create(entry=forged, salt="", data={})


def swap(sequence: int) -> None:
    """Let an entry and the next change places."""
    unused = 10**9
    for old, new in ((sequence, unused), (sequence + 1, sequence), (unused, sequence + 1)):
        tamper("UPDATE {entries} SET sequence = %s WHERE sequence = %s", new, old)


def cut_from(sequence: int, *, head_too: bool) -> None:
    """Take the last entries away, and let the log's head say that there were never more."""
    tamper(
        "DELETE FROM {payloads} WHERE entry_id IN (SELECT id FROM {entries} WHERE sequence >= %s)",
        sequence,
    )
    tamper("DELETE FROM {entries} WHERE sequence >= %s", sequence)
    if head_too:
        last = ActionLogEntry.objects.get(sequence=sequence - 1)
        LogHead.objects.update(sequence=last.sequence, digest=last.digest)


def rebuild_from(sequence: int) -> None:
    """Forge an entry and build everything after it anew, so that each follows the one before it."""
    previous = ActionLogEntry.objects.get(sequence=sequence - 1).digest
    log_guard.remove(connection)
    for entry in ActionLogEntry.objects.filter(sequence__gte=sequence).order_by("sequence"):
        outcome = "forged" if entry.sequence == sequence else entry.outcome
        entry.outcome, entry.previous_digest = outcome, previous
        previous = entry_digest(entry)
        ActionLogEntry.objects.filter(pk=entry.pk).update(
            outcome=outcome, previous_digest=entry.previous_digest, digest=previous
        )
    LogHead.objects.update(digest=previous)
    log_guard.install(connection)
