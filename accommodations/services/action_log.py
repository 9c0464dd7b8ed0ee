"""The action log: entries are chained by digests, in one order, and never changed."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accommodations.models import (
    Accommodation,
    ActionLogEntry,
    ActionLogPayload,
    Assessment,
    Course,
    LogHead,
    Student,
    SyncAction,
    SyncRun,
)

VERIFY_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One act to be logged. `payload` is the personal part: it lies beside the chain."""

    act: str
    actor: User | None = None
    outcome: str = ""
    student: Student | None = None
    course: Course | None = None
    assessment: Assessment | None = None
    accommodation: Accommodation | None = None
    run: SyncRun | None = None
    action: SyncAction | None = None
    request_id: UUID | None = None
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verified:
    """The whole chain holds."""

    entries: int


@dataclass(frozen=True, slots=True)
class FirstBadEntry:
    """Where the chain is broken first, and how."""

    sequence: int
    problem: str


def canonical(value: object) -> str:
    """Return JSON text that is equal for equal values: keys sorted, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _at_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_digest(entry: ActionLogEntry) -> str:
    """Return the digest over every chained field of the entry and the digest before it."""
    return _sha256(
        canonical(
            {
                "sequence": entry.sequence,
                "at": _at_text(entry.at),
                "actor": entry.actor_id,
                "act": entry.act,
                "outcome": entry.outcome,
                "student": entry.student_id_logged,
                "course": entry.course_id_logged,
                "assessment": entry.assessment_id_logged,
                "accommodation": entry.accommodation_id_logged,
                "run": entry.run_id_logged,
                "action": entry.action_id_logged,
                "request_id": str(entry.request_id) if entry.request_id else None,
                "payload_digest": entry.payload_digest,
                "previous_digest": entry.previous_digest,
            }
        )
    )


def payload_digest(*, salt: str, data: object) -> str:
    """Return the salted digest of a payload: without the salt a deleted payload cannot be guessed from it."""
    return _sha256(salt + canonical(data))


def record(
    *,
    act: str,
    actor: User | None = None,
    outcome: str = "",
    student: Student | None = None,
    course: Course | None = None,
    assessment: Assessment | None = None,
    accommodation: Accommodation | None = None,
    run: SyncRun | None = None,
    action: SyncAction | None = None,
    request_id: UUID | None = None,
    payload: dict[str, Any] | None = None,
) -> ActionLogEntry:
    """Append one entry."""
    return record_many(
        [
            LogRecord(
                act=act,
                actor=actor,
                outcome=outcome,
                student=student,
                course=course,
                assessment=assessment,
                accommodation=accommodation,
                run=run,
                action=action,
                request_id=request_id,
                payload=payload or {},
            )
        ]
    )[0]


@transaction.atomic
def record_many(records: Sequence[LogRecord]) -> list[ActionLogEntry]:
    """Append entries in their order, in one transaction. The head's row lock keeps writers one behind the other."""
    if not records:
        return []
    LogHead.objects.get_or_create(pk=1)
    head = LogHead.objects.select_for_update().get(pk=1)
    now = timezone.now()
    entries, payloads = [], []
    for one in records:
        salt = secrets.token_hex(16)
        # What is stored is what JSON gives back, so that the digest can be computed again from the row.
        data = json.loads(canonical(one.payload))
        entry = _entry(one, head=head, at=now, digest_of_payload=payload_digest(salt=salt, data=data))
        head.sequence, head.digest = entry.sequence, entry.digest
        entries.append(entry)
        payloads.append(ActionLogPayload(entry=entry, salt=salt, data=data))
    ActionLogEntry.objects.bulk_create(entries)
    ActionLogPayload.objects.bulk_create(payloads)
    head.save(update_fields=["sequence", "digest"])
    return entries


def _entry(one: LogRecord, *, head: LogHead, at: datetime, digest_of_payload: str) -> ActionLogEntry:
    entry = ActionLogEntry(
        sequence=head.sequence + 1,
        at=at,
        actor_id=one.actor.pk if one.actor else None,
        act=one.act,
        outcome=one.outcome,
        student_id_logged=_pk(one.student),
        course_id_logged=_pk(one.course),
        assessment_id_logged=_pk(one.assessment),
        accommodation_id_logged=_pk(one.accommodation),
        run_id_logged=_pk(one.run),
        action_id_logged=_pk(one.action),
        request_id=one.request_id,
        payload_digest=digest_of_payload,
        previous_digest=head.digest,
    )
    entry.digest = entry_digest(entry)
    return entry


def _pk(row: Any) -> int | None:
    return row.pk if row is not None else None


def record_view(*, viewer: User, student: Student) -> ActionLogEntry:
    """Log that somebody looked at a student's record."""
    return record(act="student.viewed", actor=viewer, student=student)


def verify() -> Verified | FirstBadEntry:
    """Walk the chain from its first entry and return how many hold, or the first that does not."""
    sequence, digest = 0, ""
    rows = ActionLogEntry.objects.order_by("sequence").select_related("payload").iterator(chunk_size=VERIFY_CHUNK)
    for entry in rows:
        problem = _problem(entry, after_sequence=sequence, after_digest=digest)
        if problem:
            return FirstBadEntry(sequence=entry.sequence, problem=problem)
        sequence, digest = entry.sequence, entry.digest
    return _verified_up_to(sequence, digest)


def _verified_up_to(sequence: int, digest: str) -> Verified | FirstBadEntry:
    head = LogHead.objects.filter(pk=1).first() or LogHead()
    if (head.sequence, head.digest) != (sequence, digest):
        return FirstBadEntry(sequence=sequence + 1, problem=f"the log ends before entry {head.sequence}, its last")
    return Verified(entries=sequence)


def _problem(entry: ActionLogEntry, *, after_sequence: int, after_digest: str) -> str:
    if entry.sequence != after_sequence + 1:
        return f"entry {after_sequence + 1} is missing"
    if entry.previous_digest != after_digest:
        return "it does not follow the entry before it"
    if entry.digest != entry_digest(entry):
        return "a field was changed"
    payload = getattr(entry, "payload", None)
    if payload is not None and payload_digest(salt=payload.salt, data=payload.data) != entry.payload_digest:
        return "its payload was changed"
    return ""
