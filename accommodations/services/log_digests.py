"""The digests that chain the action log: of an entry's fields, and of its payload."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from accommodations.models import ActionLogEntry

_ENCODER = DjangoJSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: object) -> str:
    """Return JSON text that is equal for equal values: keys sorted, no blanks."""
    return _ENCODER.encode(value)


def sha256(text: str) -> str:
    """Return the text's digest in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


CHAINED = (
    "sequence",
    "at",
    "actor_id",
    "act",
    "outcome",
    "student_id_logged",
    "course_id_logged",
    "assessment_id_logged",
    "accommodation_id_logged",
    "run_id_logged",
    "action_id_logged",
    "request_id",
    "payload_digest",
    "previous_digest",
)
"""The fields that an entry's digest covers, in the order in which the functions below take their values."""


def entry_digest(entry: ActionLogEntry) -> str:
    """Return the digest over every chained field of the entry and the digest before it."""
    return sha256(canonical(chained_values(entry)))


def chained_values(entry: ActionLogEntry) -> dict[str, object]:
    """Return what the entry's digest covers, under the names that it has there."""
    return _chained(*(getattr(entry, name) for name in CHAINED))


def fields_digest(*values: Any) -> str:
    """Return the digest over the values of the chained fields, in the order of CHAINED."""
    return sha256(canonical(_chained(*values)))


def _chained(
    sequence: int,
    at: datetime,
    actor: int | None,
    act: str,
    outcome: str,
    student: int | None,
    course: int | None,
    assessment: int | None,
    accommodation: int | None,
    run: int | None,
    action: int | None,
    request_id: UUID | None,
    digest_of_payload: str,
    previous_digest: str,
) -> dict[str, object]:
    return {
        "sequence": sequence,
        "at": at_text(at),
        "actor": actor,
        "act": act,
        "outcome": outcome,
        "student": student,
        "course": course,
        "assessment": assessment,
        "accommodation": accommodation,
        "run": run,
        "action": action,
        "request_id": str(request_id) if request_id else None,
        "payload_digest": digest_of_payload,
        "previous_digest": previous_digest,
    }


def payload_digest(*, salt: str, data: object) -> str:
    """Return the salted digest of a payload: without the salt a deleted payload cannot be guessed from it."""
    return sha256(salt + canonical(data))


def at_text(at: datetime) -> str:
    """Return the instant as digests have it: UTC, to the microsecond."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")
