"""Making, changing and deleting people (contract 10.7.10)."""

from typing import Any

from canvas_bridge.sandbox.api.call import Call
from canvas_bridge.sandbox.api.fields import Fields, wrapped
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.api.zones import zone_in
from canvas_bridge.sandbox.http.answers import Answer, Refusal, json_answer, model_error, refusal
from canvas_bridge.sandbox.rules.leaving import delete_enrollment
from canvas_bridge.sandbox.shapes.people import own_user_json


def create_user(call: Call) -> Answer:
    """Add a person with a login; without `user[skip_registration]` they stay unregistered."""
    call.account()
    call.require(call.caller.is_admin)
    login, person = wrapped(call, "pseudonym"), wrapped(call, "user")
    unique_id = (login.text("unique_id") or "").strip()
    _check_login(call, unique_id, login)
    zone = zone_in(person, "time_zone")
    user = call.state.add_user(
        person.text("name", unique_id) or unique_id,
        sortable_name=person.text("sortable_name"),
        short_name=person.text("short_name"),
        login_id=unique_id,
        sis_user_id=login.text("sis_user_id"),
        integration_id=login.text("integration_id"),
        email=_address(call, unique_id),
        time_zone=zone,
    )
    person.set_texts(user, "locale", "title", "bio", "pronouns")
    user.workflow_state = "registered" if person.flag("skip_registration") else "pre_registered"
    return json_answer(own_user_json(user))


def _check_login(call: Call, unique_id: str, login: Fields) -> None:
    if not unique_id:
        raise _login_refused("unique_id", "too_short")
    if any(one.workflow_state != "deleted" for one in call.state.users.where("login", unique_id.lower())):
        raise _login_refused("unique_id", "ID already in use for this account and authentication provider", "taken")
    owners = call.state.users.where("sis", login.text("sis_user_id")) if login.has("sis_user_id") else []
    if any(one.workflow_state != "deleted" for one in owners):
        raise _login_refused("sis_user_id", "taken")


def _login_refused(attribute: str, message: str, kind: str | None = None) -> Refusal:
    """Return the answer to a login that cannot be: errors are sorted by what they belong to."""
    errors: dict[str, Any] = {"user": {}, "pseudonym": {attribute: [model_error(attribute, message, kind)]}}
    return refusal(400, {"errors": errors | {"observee": {}, "pairing_code": {}, "recaptcha": None}})


def _address(call: Call, unique_id: str) -> str:
    channel = wrapped(call, "communication_channel")
    is_email = (channel.text("type") or "email") == "email"
    address = channel.text("address") if is_email else None
    return address or (unique_id if "@" in unique_id else "")


def update_user(call: Call) -> Answer:
    """Change a person: only what was sent; oneself, or anybody for an administrator."""
    user = call.user()
    call.require(user.id == call.caller.user.id or call.caller.is_admin)
    person = wrapped(call, "user")
    if "time_zone" in person:
        user.time_zone = zone_in(person, "time_zone")
    user.name = person.text("name", user.name) or user.name
    user.short_name = person.text("short_name", user.short_name) or user.short_name
    user.sortable_name = person.text("sortable_name", user.sortable_name) or user.sortable_name
    user.email = person.text("email", user.email) or user.email
    person.set_texts(user, "locale", "title", "bio", "pronouns")
    return json_answer(own_user_json(user))


def delete_user(call: Call) -> Answer:
    """Delete a person from the account, with all enrollments."""
    call.account()
    user = call.user()
    call.require(call.caller.is_admin)
    for enrollment in call.state.enrollments.where("user", user.id):
        if enrollment.workflow_state != "deleted":
            delete_enrollment(call.state, enrollment)
    user.workflow_state = "deleted"
    return json_answer(own_user_json(user))


ROUTES = [
    Route("POST", "/api/v1/accounts/:account_id/users", create_user),
    Route("PUT", "/api/v1/users/:user_id", update_user),
    Route("DELETE", "/api/v1/accounts/:account_id/users/:user_id", delete_user),
]
