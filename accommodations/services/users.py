"""Accounts and their roles: given, taken, switched off and on. What is taken away is gone at once, sessions too."""

from collections.abc import Iterable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accommodations.errors import AccountRefused
from accommodations.models import LinkedPerson
from accommodations.roles import ADMINISTRATOR, DIRECTOR, INSTRUCTOR, PERMISSIONS_OF_ROLE, STUDENT
from accommodations.services import action_log, user_log

NEEDS_A_CANVAS_PERSON = (INSTRUCTOR, STUDENT)
NEVER_WITHOUT = (ADMINISTRATOR, DIRECTOR)
"""Roles that nobody else can do the work of: the last active person keeps them."""


@transaction.atomic
def change_user(
    *, user: User, changed_by: User, roles: Iterable[str], first_name: str, last_name: str, email: str, login_id: str
) -> User:
    """Store names, roles and the Canvas person of an account, and log what they were before.

    Raises AccountRefused, with the field, where a role would be left without anybody, or lacks its Canvas person.
    """
    _one_after_the_other()
    wanted = frozenset(roles) & PERMISSIONS_OF_ROLE.keys()
    before = user_log.as_stored(user.pk)
    had = frozenset(before.fields["groups"])
    _refuse_what_is_not_theirs(user, changed_by)
    if user.pk == changed_by.pk and wanted - had and not changed_by.is_superuser:
        raise AccountRefused("Nobody gives themselves a role. Another administrator can.", field="roles")
    refuse_without_somebody(user, had - wanted)
    check_tie(roles=wanted, login_id=login_id, user=user)
    user.first_name, user.last_name, user.email = first_name, last_name, checked_email(email)
    store_roles(user, wanted)
    user.save(update_fields=["first_name", "last_name", "email", "is_staff"])
    store_tie(user, login_id)
    user_log.log_saved(user, before=before, actor=changed_by)
    return user


def store_roles(user: User, roles: Iterable[str]) -> None:
    """Give the account exactly these roles; the admin's pages open for administrators. The caller saves and logs."""
    names = set(roles)
    user.groups.set(Group.objects.filter(name__in=names))
    user.is_staff = user.is_superuser or ADMINISTRATOR in names


def store_tie(user: User, login_id: str) -> None:
    """Tie the account to the Canvas person of this login id; an empty one unties it. The caller has checked it."""
    person = LinkedPerson.objects.filter(user=user).first()
    if person is not None and person.login_id == login_id:
        return
    if person is not None:
        # Another person: what was read of the old one's courses must not stay visible.
        person.delete()
    if login_id:
        LinkedPerson.objects.create(user=user, login_id=login_id)


def check_tie(*, roles: Iterable[str], login_id: str, user: User | None = None) -> None:
    """Raise AccountRefused where a role needs a Canvas person and has none, or another account is that person."""
    if not login_id and set(roles) & set(NEEDS_A_CANVAS_PERSON):
        raise AccountRefused(
            "Enter the Canvas login: instructors and students see what is theirs in Canvas.", field="login_id"
        )
    taken = LinkedPerson.objects.filter(login_id__iexact=login_id).exclude(user=user) if login_id else None
    if taken is not None and taken.exists():
        raise AccountRefused("Another account is this Canvas person already.", field="login_id")


def checked_email(text: str) -> str:
    """Return the address, empty where there is none. Raises AccountRefused."""
    text = text.strip()
    try:
        if text:
            validate_email(text)
    except ValidationError as error:
        raise AccountRefused("Enter an e-mail address such as m.osei@example.edu.", field="email") from error
    return text


@transaction.atomic
def switch_off(*, user: User, switched_by: User) -> int:
    """Switch an account off; it is signed out everywhere at once. Returns how many sessions ended."""
    _one_after_the_other()
    _refuse_what_is_not_theirs(user, switched_by)
    if user.pk == switched_by.pk:
        raise AccountRefused("You cannot switch your own account off. Another administrator can.")
    refuse_without_somebody(user, {group.name for group in user.groups.all()})
    _set_active(user, switched_by, is_active=False)
    ended = end_sessions(user)
    action_log.record(
        act="user.signed_out", actor=switched_by, payload={"user": user.username, "user_id": user.pk, "sessions": ended}
    )
    return ended


@transaction.atomic
def switch_on(*, user: User, switched_by: User) -> None:
    """Switch an account on again; nobody is signed in by it."""
    _refuse_what_is_not_theirs(user, switched_by)
    _set_active(user, switched_by, is_active=True)


def _set_active(user: User, actor: User, *, is_active: bool) -> None:
    before = user_log.as_stored(user.pk)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    user_log.log_saved(user, before=before, actor=actor)


def end_sessions(user: User) -> int:
    """Delete every session of the account, so that none comes back to life with it. Returns how many."""
    store = SessionStore()
    ended = [
        row.pk
        for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=500)
        if store.decode(row.session_data).get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)


def _refuse_what_is_not_theirs(user: User, actor: User) -> None:
    if user.is_superuser and not actor.is_superuser:
        raise AccountRefused("This account was made on the server, and is changed there alone.")


def _one_after_the_other() -> None:
    """Wait for whoever else changes accounts: of two administrators who remove each other, the second is refused."""
    list(Group.objects.select_for_update().filter(name__in=NEVER_WITHOUT).order_by("pk"))


def refuse_without_somebody(user: User, roles: Iterable[str]) -> None:
    """Raise AccountRefused where the account is the last active one with a role that is never left without anybody."""
    lost = set(roles)
    for role in NEVER_WITHOUT:
        others = User.objects.filter(groups__name=role, is_active=True).exclude(pk=user.pk)
        if role in lost and user.is_active and not others.exists():
            raise AccountRefused(f"This is the last active {role}. Make somebody else {role} first.", field="roles")
