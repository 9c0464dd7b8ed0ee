"""Invitations by one-time link: made, revoked, used once. The secret is shown once, and only its digest is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accommodations.errors import AccountRefused, InvitationUnusable
from accommodations.models import Invitation
from accommodations.roles import PERMISSIONS_OF_ROLE
from accommodations.services import action_log, user_log, users

LASTS = timedelta(days=7)
_LONGEST_TOKEN = 100


@transaction.atomic
def invite(
    *, invited_by: User, username: str, role: str, first_name: str, last_name: str, email: str, login_id: str
) -> tuple[Invitation, str]:
    """Invite somebody who has no account yet. Returns the invitation and its secret, which nobody sees again."""
    username = username.strip()
    _check_name(username)
    if role not in PERMISSIONS_OF_ROLE:
        raise AccountRefused("Choose a role.", field="role")
    users.check_tie(roles=[role], login_id=login_id)
    return _made(
        Invitation(
            username=username,
            first_name=first_name,
            last_name=last_name,
            email=users.checked_email(email),
            role=role,
            login_id=login_id,
            invited_by=invited_by,
        )
    )


@transaction.atomic
def invite_to_new_password(*, user: User, invited_by: User) -> tuple[Invitation, str]:
    """Make a link with which somebody who has an account sets a new password. Earlier links of theirs are revoked."""
    if user.is_superuser and not invited_by.is_superuser:
        raise AccountRefused("This account was made on the server, and is changed there alone.")
    if not user.is_active:
        raise AccountRefused("This account is switched off. Switch it on first.")
    for earlier in open_invitations().filter(user=user):
        revoke(invitation=earlier, revoked_by=invited_by)
    return _made(Invitation(user=user, username=user.get_username(), invited_by=invited_by))


def _made(invitation: Invitation) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    invitation.token_digest = _digest(token)
    invitation.expires_at = timezone.now() + LASTS
    invitation.save()
    _record("user.invited", invitation, actor=invitation.invited_by)
    return invitation, token


def _check_name(username: str) -> None:
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise AccountRefused("Use letters, digits and @ . + - _ alone.", field="username") from error
    if User.objects.filter(username__iexact=username).exists():
        raise AccountRefused("Somebody signs in with this name already. Choose another one.", field="username")
    if open_invitations().filter(username__iexact=username).exists():
        raise AccountRefused(
            "An invitation with this name is open. Revoke it first, or choose another name.", field="username"
        )


def open_invitations(now: datetime | None = None) -> QuerySet[Invitation]:
    """Return the invitations that can still be used."""
    return Invitation.objects.filter(is_open(now or timezone.now()))


def is_open(now: datetime) -> Q:
    """Return the filter on invitations that can still be used."""
    return Q(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


@transaction.atomic
def revoke(*, invitation: Invitation, revoked_by: User) -> None:
    """Take an invitation back; one that was used or taken back stays as it is."""
    current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if current.used_at is not None or current.revoked_at is not None:
        return
    current.revoked_at = timezone.now()
    current.save(update_fields=["revoked_at"])
    _record("user.invitation_revoked", current, actor=revoked_by)


def usable(token: str) -> Invitation:
    """Return the open invitation of this secret. Raises InvitationUnusable, which does not tell why."""
    found = open_invitations().filter(token_digest=_digest(token)).select_related("user").first() if token else None
    if found is None or (found.user is not None and not found.user.is_active):
        raise InvitationUnusable("The link was used, has expired or was taken back. Ask whoever sent it for a new one.")
    return found


@transaction.atomic
def use(*, token: str, password: str) -> User:
    """Set the password, once: of two who use the same link at once, the second is refused.

    Raises InvitationUnusable, AccountRefused, or ValidationError with what is wrong with the password.
    """
    pk = usable(token).pk
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(is_open(timezone.now()), pk=pk).first()
    if invitation is None:
        raise InvitationUnusable("The link was used just now. Sign in with the password that was set.")
    user = invitation.user or _new_account(invitation)
    validate_password(password, user)
    user.set_password(password)
    if invitation.user is None:
        _store_account(user, invitation)
    else:
        user.save(update_fields=["password"])
        user_log.log_password_set(user, actor=user)
    users.end_sessions(user)
    invitation.user, invitation.used_at = user, timezone.now()
    invitation.save(update_fields=["user", "used_at"])
    _record("user.invitation_used", invitation, actor=user)
    return user


def _new_account(invitation: Invitation) -> User:
    _check_still_free(invitation)
    return User(
        username=invitation.username,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        email=invitation.email,
    )


def _check_still_free(invitation: Invitation) -> None:
    """Refuse what somebody has taken since the invitation was written."""
    if User.objects.filter(username__iexact=invitation.username).exists():
        raise AccountRefused("Somebody signs in with this name by now. Ask for a new invitation.")
    try:
        users.check_tie(roles=[invitation.role], login_id=invitation.login_id)
    except AccountRefused as refused:
        raise AccountRefused(f"{refused.message} Ask for a new invitation.") from refused


def _store_account(user: User, invitation: Invitation) -> None:
    user.save()
    users.store_roles(user, [invitation.role])
    user.save(update_fields=["is_staff"])
    users.store_tie(user, invitation.login_id)
    user_log.log_saved(user, before=user_log.NOBODY, actor=invitation.invited_by)


def _digest(token: str) -> str:
    return hashlib.sha256(token[:_LONGEST_TOKEN].encode()).hexdigest()


def _record(act: str, invitation: Invitation, *, actor: User) -> None:
    payload = {
        "invitation": invitation.pk,
        "user": invitation.username,
        "role": invitation.role,
        "login_id": invitation.login_id,
        "expires_at": invitation.expires_at,
    }
    action_log.record(act=act, actor=actor, payload={name: value for name, value in payload.items() if value})
