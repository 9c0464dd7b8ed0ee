"""What people do in their own settings, and administrators with tokens."""

from zoneinfo import ZoneInfo

from canvas_bridge.sandbox.control.describing import Act, Json, user_in
from canvas_bridge.sandbox.http.answers import refusal
from canvas_bridge.sandbox.rules.leaving import delete_enrollment
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


def merge_users(state: SandboxState, params: Json) -> Json:
    """Merge a person into another: enrollments, login and SIS id go over, the first one's id is gone (F26)."""
    gone = user_in(state, params)
    kept = user_in(state, {"user_id": params.get("into_user_id")})
    if gone.id == kept.id:
        raise refusal(400, {"error": "nobody is merged into themselves"})
    theirs = {one.course_id for one in state.enrollments.where("user", kept.id) if one.workflow_state != "deleted"}
    for enrollment in state.enrollments.where("user", gone.id):
        if enrollment.workflow_state == "deleted":
            continue
        if enrollment.course_id not in theirs:
            section = state.sections[enrollment.section_id]
            state.enroll(kept, state.courses[enrollment.course_id], section=section)
        delete_enrollment(state, enrollment)
    kept.login_id, kept.sis_user_id = gone.login_id, gone.sis_user_id
    gone.login_id, gone.sis_user_id, gone.workflow_state = f"merged-{gone.id}", None, "deleted"
    for user in (gone, kept):
        state.users.reindex(user)
    return {"user_id": kept.id, "merged_user_id": gone.id}


ACTS = (
    Act(merge_users, {**USER, "into_user_id": "the person who stays"}),
    Act(revoke_tokens, USER),
    Act(set_time_zone, USER, {"time_zone": "IANA name, or null"}),
)
