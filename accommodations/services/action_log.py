"""The action log: entries are chained by digests, in one order, and never changed."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
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
from accommodations.services.log_digests import canonical, entry_digest, payload_digest
from accommodations.services.log_verifying import FirstBadEntry, Verified, verify

__all__ = [
    "FirstBadEntry",
    "LogRecord",
    "Verified",
    "canonical",
    "entry_digest",
    "payload_digest",
    "record",
    "record_many",
    "record_view",
    "verify",
]


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


def record_many(records: Sequence[LogRecord]) -> list[ActionLogEntry]:
    """Append entries in their order, in one transaction. The head's row lock keeps writers one behind the other."""
    return _append(records) if records else []


@transaction.atomic(savepoint=False)
def _append(records: Sequence[LogRecord]) -> list[ActionLogEntry]:
    head = _locked_head()
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


def _locked_head() -> LogHead:
    locked = LogHead.objects.select_for_update()
    head = locked.filter(pk=1).first()
    if head is None:
        LogHead.objects.get_or_create(pk=1)
        head = locked.get(pk=1)
    return head


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
