"""Who calls: the token in header or parameter, its state and scopes, and acting for someone else (contract 1.2)."""

import hashlib

from canvas_bridge.sandbox.api.call import find_user
from canvas_bridge.sandbox.api.caller import Caller
from canvas_bridge.sandbox.api.routes import Route
from canvas_bridge.sandbox.http.answers import bad_token, refusal, unauthenticated
from canvas_bridge.sandbox.http.parsing import UnreadableBody
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.records.people import Token
from canvas_bridge.sandbox.shapes.times import shown
from canvas_bridge.sandbox.state import SandboxState

ANONYMOUS = "anonymous"


def token_text(request: Request) -> str | None:
    """Return the token's text; the header wins over the parameter."""
    scheme, _, rest = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer" and rest.strip():
        return rest.strip()
    parameter = request.params.get("access_token")
    return str(parameter) if parameter else None


def client_of(request: Request) -> str:
    """Return whose rate limit a request counts against: one bucket for each token, known by its hash."""
    try:
        text = token_text(request)
    except UnreadableBody:
        text = None
    return hashlib.sha256(text.encode()).hexdigest() if text else ANONYMOUS


def owner_id(state: SandboxState, request: Request) -> int | None:
    """Return whose token a request shows, also where it was not carried out: for the request log."""
    try:
        text = token_text(request)
    except UnreadableBody:
        return None
    token = state.tokens.first("text", text) if text else None
    return token.user_id if token else None


def authenticate(state: SandboxState, request: Request, route: Route | None) -> Caller:
    """Return the caller, or refuse: no token, a bad one, or one without the endpoint's scope."""
    text = token_text(request)
    if text is None:
        raise unauthenticated()
    token = state.tokens.first("text", text)
    user = state.users.get(token.user_id) if token else None
    if token is None or user is None or user.workflow_state == "deleted":
        raise bad_token("Invalid access token.")
    if token.is_revoked:
        raise bad_token("Revoked access token.")
    if token.expires_at is not None and token.expires_at <= state.now():
        raise bad_token("Expired access token.", expired_at=shown(token.expires_at))
    _require_scope(token, route)
    return _acting_for(state, request, Caller(state, user))


def _require_scope(token: Token, route: Route | None) -> None:
    if token.scopes is None or route is None or route.is_opened_by(token.scopes):
        return
    raise refusal(401, {"errors": [{"message": "Insufficient scopes on access token."}]})


def _acting_for(state: SandboxState, request: Request, caller: Caller) -> Caller:
    wanted = request.params.get("as_user_id")
    if not wanted:
        return caller
    user = find_user(state, str(wanted), caller.user)
    if user is None or not caller.is_admin:
        raise refusal(401, {"errors": "Invalid as_user_id"})
    return Caller(state, user)
