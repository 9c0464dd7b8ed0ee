"""Accounts, users and their access tokens."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(kw_only=True)
class Account:
    """The root account. `time_zone` is the zone of every user who has set none (contract 1.7)."""

    id: int
    name: str
    time_zone: str


@dataclass(kw_only=True)
class User:
    """A person. `is_account_admin` gives every right in the account; `time_zone` None means the account's."""

    id: int
    name: str
    sortable_name: str
    short_name: str
    login_id: str
    sis_user_id: str | None = None
    integration_id: str | None = None
    email: str = ""
    time_zone: str | None = None
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
