"""Who somebody is, and what they may: Django's own answer, asked for in one query."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import F


class RolesBackend(ModelBackend):
    """Reads the account of a session together with the permissions of its roles: every page asks for both."""

    def get_user(self, user_id: int) -> User | None:
        """Return the account, where it is switched on; permissions given beside the roles are read when asked for."""
        accounts = get_user_model().objects.filter(pk=user_id)
        rows: list[Any] = list(
            accounts.annotate(
                _app=F("groups__permissions__content_type__app_label"),
                _codename=F("groups__permissions__codename"),
                _own=F("user_permissions"),
            )
        )
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        user: User = rows[0]
        if user.is_superuser:
            return user
        # Where Django itself keeps them, and looks before it asks.
        user._group_perm_cache = {f"{row._app}.{row._codename}" for row in rows if row._codename}  # type: ignore[attr-defined]  # Django's own
        if all(row._own is None for row in rows):
            user._user_perm_cache = set()  # type: ignore[attr-defined]  # Django's own
        return user
