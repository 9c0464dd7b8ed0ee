"""What the action log keeps of changes of users and roles: who was let in, as what, and by whom."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from accommodations.models import LinkedPerson
from accommodations.services import action_log

_FIELDS = ("username", "first_name", "last_name", "email", "is_active", "is_staff")


@dataclass(frozen=True, slots=True)
class UserAsStored:
    """What of a user decides who they are and what they may do."""

    fields: dict[str, Any]
    person: dict[str, Any]


NOBODY = UserAsStored(fields={}, person={})


def as_stored(user_id: int) -> UserAsStored:
    """Return the user as the database has them, and keep others from changing them until the transaction ends."""
    user = User.objects.select_for_update().get(pk=user_id)
    groups = sorted(user.groups.values_list("name", flat=True))
    person = LinkedPerson.objects.filter(user=user_id).values("login_id", "canvas_user_id").first()
    return UserAsStored(
        fields={"groups": groups} | {name: getattr(user, name) for name in _FIELDS},
        person=dict(person) if person else {"login_id": "", "canvas_user_id": None},
    )


def log_saved(user: User, *, before: UserAsStored, actor: User) -> None:
    """Log that the user was added or changed, and tied to another Canvas person, where that is so."""
    after = as_stored(user.pk)
    changes = _changes(before.fields, after.fields)
    if changes:
        _record("user.changed" if before.fields else "user.added", user, actor=actor, changes=changes)
    tie = _changes(before.person, after.person)
    if tie:
        _record("user.linked", user, actor=actor, changes=tie)


def log_password_set(user: User, *, actor: User) -> None:
    """Log that the user has another password, and never the password."""
    _record("user.password_set", user, actor=actor, changes={})


def _record(act: str, user: User, *, actor: User, changes: dict[str, Any]) -> None:
    action_log.record(act=act, actor=actor, payload={"user": user.username, "user_id": user.pk} | changes)


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what differs, as the log shows it; what was not there before differs only where it is filled now."""
    return {
        name: {"before": before.get(name), "after": value}
        for name, value in after.items()
        if (before[name] != value if name in before else bool(value))
    }
