"""Users: oneself, others, profiles, and the account's people (contract 10.4, 10.7.7)."""

from collections.abc import Callable

from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.courses import SHORT_TYPES
from canvas_bridge.sandbox.api.fields import search_term
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer
from canvas_bridge.sandbox.records.people import User, opaque_id
from canvas_bridge.sandbox.shapes.people import AVATAR, Json, own_user_json, profile_json, user_json

ORDERS: dict[str, Callable[[User], str]] = {
    "username": lambda user: user.sortable_name.lower(),
    "email": lambda user: user.email.lower(),
    "sis_id": lambda user: user.sis_user_id or "",
    "integration_id": lambda user: user.integration_id or "",
    "last_login": lambda user: user.created_at.isoformat(),
    "id": lambda user: f"{user.id:020}",
}


def show_user(call: Call) -> Answer:
    """Answer with oneself, or for an administrator with anybody."""
    user = call.user()
    call.require(user.id == call.caller.user.id or call.caller.is_admin)
    shape = own_user_json(user)
    if call.request.includes("uuid"):
        shape["uuid"] = opaque_id("user", user.id)
    return json_answer(shape)


def show_profile(call: Call) -> Answer:
    """Answer with a profile: the zone in it is the one in which the person's times are read."""
    user = call.user()
    is_own = user.id == call.caller.user.id
    call.require(is_own or call.caller.is_admin)
    return json_answer(profile_json(call.state, user, call.request.base_url, is_own=is_own))


def search_account_users(call: Call) -> Answer:
    """Answer with the account's people whose name, login, SIS id or address holds the term, or whose id it is."""
    call.account()
    call.require(call.caller.is_admin)
    users = [one for one in call.state.users if one.workflow_state != "deleted" and not one.is_test_student]
    term = search_term(call)
    if term is not None:
        users = [one for one in users if matches_term(one, term)]
    kind = call.request.text("enrollment_type")
    if kind:
        users = [one for one in users if _has_enrollment(call, one, SHORT_TYPES.get(kind, kind))]
    order = ORDERS.get(call.request.text("sort"), ORDERS["username"])
    users.sort(key=lambda one: (order(one), one.id), reverse=call.request.text("order") == "desc")
    return call.paged(users, lambda one: _shape(call, one))


def _shape(call: Call, user: User) -> Json:
    shape = user_json(user, with_sis=True, with_contact=True)
    more = {"avatar_url": AVATAR, "time_zone": call.state.zone_of(user), "uuid": opaque_id("user", user.id)}
    return shape | {name: value for name, value in more.items() if call.request.includes(name)}


def matches_term(user: User, term: str) -> bool:
    """Whether a search term in lower case names the user, wholly by the id or in part by name, login or address."""
    fields = (user.name, user.sortable_name, user.short_name, user.login_id, user.sis_user_id or "", user.email)
    return user.id == plain_id(term) or any(term in field.lower() for field in fields)


def _has_enrollment(call: Call, user: User, kind: str) -> bool:
    rows = call.state.enrollments.where("user", user.id)
    return any(one.type == kind and one.workflow_state in ("active", "invited") for one in rows)


ROUTES = [
    Route("GET", "/api/v1/users/:user_id", show_user),
    Route("GET", "/api/v1/users/:user_id/profile", show_profile),
    Route("GET", "/api/v1/accounts/:account_id/users", search_account_users),
]
