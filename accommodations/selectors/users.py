"""Accounts and invitations as the page of users lists them."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy

from accommodations.models import Invitation
from accommodations.roles import PERMISSIONS_OF_ROLE
from accommodations.selectors.pairs import any_contains, escaped_terms

SORTS = ("name", "last")
ON, OFF = "on", "off"


def user_list(*, search: str = "", role: str = "", state: str = "", sort: str = "name") -> QuerySet[User]:
    """Return the accounts that fit, with their roles and Canvas people read along."""
    users = User.objects.select_related("linked_person").prefetch_related("groups")
    for word in escaped_terms(search):
        users = users.filter(any_contains(word, "username", "first_name", "last_name", "linked_person__login_id"))
    if role in PERMISSIONS_OF_ROLE:
        users = users.filter(groups__name=role)
    if state in (ON, OFF):
        users = users.filter(is_active=state == ON)
    return users.order_by(*_order(sort))


def _order(sort: str) -> list[str | OrderBy]:
    field = F("last_login") if sort.removeprefix("-") == "last" else F("username")
    main = field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
    return [main, "pk"]


def invitations_listed(*, now: datetime, most: int = 50) -> list[Invitation]:
    """Return the newest invitations that are open, or were not used in time; used and revoked ones are in the log."""
    found = Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True).select_related(
        "user", "invited_by"
    )
    listed = list(found[:most])
    for one in listed:
        one.has_expired = one.expires_at <= now  # type: ignore[attr-defined]  # for the template
    return listed
