"""What people do in their own settings, and administrators with tokens."""

from zoneinfo import ZoneInfo

from canvas_bridge.sandbox.control.describing import Act, Json, user_in
from canvas_bridge.sandbox.http.answers import refusal
from canvas_bridge.sandbox.state import SandboxState

USER = {"user_id": "the person"}


def revoke_tokens(state: SandboxState, params: Json) -> Json:
    """Revoke all access tokens of a person."""
    tokens = [token for token in state.tokens if token.user_id == user_in(state, params).id]
    for token in tokens:
        token.is_revoked = True
    return {"revoked": len(tokens)}


def set_time_zone(state: SandboxState, params: Json) -> Json:
    """Change a person's time zone in their settings; null means the account's (contract 1.7)."""
    user, name = user_in(state, params), params.get("time_zone")
    try:
        user.time_zone = None if name in (None, "") else ZoneInfo(str(name)).key
    except (ValueError, OSError, KeyError) as error:
        raise refusal(400, {"error": f"no such time zone: {name}"}) from error
    return {"user_id": user.id, "time_zone": state.zone_of(user)}


ACTS = (
    Act(revoke_tokens, USER),
    Act(set_time_zone, USER, {"time_zone": "IANA name, or null"}),
)
