"""Users and profiles in JSON (contract 10.3, 10.7.7)."""

from typing import Any

from canvas_bridge.sandbox.records.people import User, opaque_id
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.store import Store

Json = dict[str, Any]

AVATAR = "https://canvas.example/images/avatar-50.png"


def user_json(user: User, *, with_sis: bool, with_contact: bool) -> Json:
    """Return a user; SIS keys, and login and address, only where the caller may read them."""
    shape: Json = {
        "id": user.id,
        "name": user.name,
        "created_at": shown(user.created_at),
        "sortable_name": user.sortable_name,
        "short_name": user.short_name,
    }
    if with_sis:
        shape |= {"sis_user_id": user.sis_user_id, "integration_id": user.integration_id}
    if with_contact:
        shape |= {"login_id": user.login_id, "email": user.email or None}
    return shape


def own_user_json(user: User) -> Json:
    """Return a user as `GET /users/:id` shows them."""
    more = {
        "avatar_url": AVATAR,
        "locale": user.locale,
        "effective_locale": user.locale or "en",
        "permissions": {"can_update_name": True, "can_update_avatar": False, "limit_parent_app_web_access": False},
    }
    return user_json(user, with_sis=True, with_contact=True) | more


def profile_json(store: Store, user: User, base_url: str, *, is_own: bool) -> Json:
    """Return a profile; `time_zone` is always there: the user's own or the account's."""
    shape: Json = {
        "id": user.id,
        "name": user.name,
        "short_name": user.short_name,
        "sortable_name": user.sortable_name,
        "login_id": user.login_id,
        "integration_id": user.integration_id,
        "sis_user_id": user.sis_user_id,
        "avatar_url": AVATAR,
        "title": user.title,
        "bio": user.bio,
        "primary_email": user.email or None,
        "time_zone": store.zone_of(user),
        "locale": user.locale,
        "pronouns": user.pronouns,
    }
    if is_own:
        calendar = {"ics": f"{base_url}/feeds/calendars/user_{opaque_id('calendar', user.id)}.ics"}
        lti_user_id = opaque_id("lti", user.id)
        shape |= {"effective_locale": user.locale or "en", "calendar": calendar, "lti_user_id": lti_user_id}
    return shape
