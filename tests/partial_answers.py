"""Canvas carries a request out for everybody but one: it stops and refuses (F21), says so (F22), or is silent (F34)."""

from typing import Any

LIST_OF = {"f21": "quiz_extensions", "f34": "assignment_extensions"}
"""The list of a body by the fault; that of New Quizzes (f22) is the body itself."""


def kind_of(method: str, path: str) -> str | None:
    """Return which of the faults a request can meet, or None."""
    path = path.partition("?")[0]
    if method != "POST":
        return None
    if path.endswith("/extensions"):
        return "f21" if "/quizzes/" in path else "f34"
    return "f22" if path.endswith("/accommodations") else None


def without_one(kind: str, body: Any) -> tuple[Any, Any]:
    """Return the body as Canvas carries it out, and the row of the student who gets nothing."""
    name = LIST_OF.get(kind)
    rows = body[name] if name else body
    left_out = rows[-1] if kind == "f21" else rows[0]
    kept = [one for one in rows if one is not left_out]
    return ({name: kept} if name else kept), left_out


def told(kind: str, status: int, answer: Any, left_out: Any) -> tuple[int, Any]:
    """Return the status and the body with which Canvas then answers."""
    if kind == "f21":
        return 404, {"errors": [{"message": "The specified resource does not exist."}]}
    if kind == "f22" and status < 400:
        failed = [*answer["failed"], {"user_id": left_out["user_id"], "error": "could not be saved"}]
        return status, {**answer, "failed": failed}
    return status, answer
