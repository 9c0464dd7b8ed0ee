"""Building users and tokens."""

import secrets
from datetime import datetime

from canvas_bridge.sandbox.records.people import Account, Token, User
from canvas_bridge.sandbox.store import Store


class PeopleBuilders(Store):
    """Adds sub-accounts, users and access tokens. The administrator is there from the start, as `admin`."""

    def add_sub_account(
        self, name: str, *, parent: Account | None = None, sis_account_id: str | None = None
    ) -> Account:
        """Add an account below the root account, or below another one."""
        return self.sub_accounts.add(
            Account(
                id=self.sub_accounts.take_id(),
                name=name,
                time_zone=self.account.time_zone,
                parent_account_id=(parent or self.account).id,
                sis_account_id=sis_account_id,
            )
        )

    def add_user(
        self,
        name: str,
        *,
        sortable_name: str | None = None,
        short_name: str | None = None,
        login_id: str | None = None,
        sis_user_id: str | None = None,
        integration_id: str | None = None,
        email: str | None = None,
        time_zone: str | None = None,
        is_account_admin: bool = False,
        is_test_student: bool = False,
    ) -> User:
        """Add a person. Without a login one is made from the id; the sortable name puts the last word first."""
        user_id = self.users.take_id()
        login = login_id or f"user{user_id}"
        return self.users.add(
            User(
                id=user_id,
                name=name,
                sortable_name=sortable_name or _sortable(name),
                short_name=short_name or name,
                login_id=login,
                sis_user_id=sis_user_id,
                integration_id=integration_id,
                email=email if email is not None else f"{login}@example.edu",
                time_zone=time_zone,
                is_account_admin=is_account_admin,
                is_test_student=is_test_student,
                created_at=self.now(),
            )
        )

    def add_token(
        self,
        user: User,
        text: str | None = None,
        *,
        expires_at: datetime | None = None,
        is_revoked: bool = False,
        scopes: list[str] | None = None,
    ) -> str:
        """Add an access token of a person and return its text."""
        token = Token(
            id=self.tokens.take_id(),
            text=text or secrets.token_urlsafe(24),
            user_id=user.id,
            expires_at=expires_at,
            is_revoked=is_revoked,
            scopes=scopes,
        )
        return self.tokens.add(token).text

    def revoke_token(self, text: str) -> None:
        """Revoke a token: its next use answers 401."""
        token = self.tokens.first("text", text)
        if token:
            token.is_revoked = True


def _sortable(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else name
