"""Users: oneself, others, profiles, and the account's people (contract 10.4, 10.7.7)."""

from canvas_bridge.sandbox.api.call import Call, plain_id
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import Answer, json_answer, search_term_too_short
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.shapes.people import own_user_json, profile_json, user_json

SHORTEST_SEARCH = 2


def show_user(call: Call) -> Answer:
    """Answer with oneself, or for an administrator with anybody."""
    user = call.user()
    call.require(user.id == call.caller.user.id or call.caller.is_admin)
    return json_answer(own_user_json(user))


def show_profile(call: Call) -> Answer:
    """Answer with a profile: the zone in it is the one in which the person's times are read."""
    user = call.user()
    is_own = user.id == call.caller.user.id
    call.require(is_own or call.caller.is_admin)
    return json_answer(profile_json(call.state, user, is_own=is_own))


def search_account_users(call: Call) -> Answer:
    """Answer with the account's people whose name, login, SIS id or address holds the term, or whose id it is."""
    call.require(call.caller.is_admin)
    users = [one for one in call.state.users if one.workflow_state != "deleted" and not one.is_test_student]
    if "search_term" in call.params:
        term = call.request.text("search_term").strip().lower()
        if len(term) < SHORTEST_SEARCH:
            raise search_term_too_short()
        users = [one for one in users if _matches(one, term)]
    users.sort(key=lambda one: (one.sortable_name.lower(), one.id))
    return call.paged(users, lambda one: user_json(one, with_sis=True, with_contact=True))


def _matches(user: User, term: str) -> bool:
    fields = (user.name, user.sortable_name, user.login_id, user.sis_user_id or "", user.email)
    return user.id == plain_id(term) or any(term in field.lower() for field in fields)


ROUTES = [
    Route("GET", "/api/v1/users/:user_id", show_user),
    Route("GET", "/api/v1/users/:user_id/profile", show_profile),
    Route("GET", "/api/v1/accounts/:account_id/users", search_account_users),
]
