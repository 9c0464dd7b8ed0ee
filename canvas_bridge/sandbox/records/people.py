"""Accounts, users and their access tokens."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime


def opaque_id(kind: str, number: int) -> str:
    """Return the unguessable looking id that Canvas gives a record beside its number (`uuid:`, `lti_user_id:`)."""
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()[:40]


@dataclass(kw_only=True)
class Account:
    """An account. The root account's `time_zone` is the zone of every user who has set none (contract 1.7)."""

    id: int
    name: str
    time_zone: str
    parent_account_id: int | None = None
    sis_account_id: str | None = None


@dataclass(kw_only=True)
class User:
    """A person. `is_account_admin` gives every right in the account; `time_zone` None means the account's.

    `course_nicknames` maps a course's id, as text, to the person's own name for it.
    """

    id: int
    name: str
    sortable_name: str
    short_name: str
    login_id: str
    sis_user_id: str | None = None
    integration_id: str | None = None
    email: str = ""
    time_zone: str | None = None
    locale: str | None = None
    title: str | None = None
    bio: str | None = None
    pronouns: str | None = None
    course_nicknames: dict[str, str] = field(default_factory=dict)
    is_account_admin: bool = False
    is_test_student: bool = False
    workflow_state: str = "registered"
    created_at: datetime


@dataclass(kw_only=True)
class Token:
    """An access token; `scopes` None means every scope."""

    id: int
    text: str
    user_id: int
    expires_at: datetime | None = None
    is_revoked: bool = False
    scopes: list[str] | None = None
