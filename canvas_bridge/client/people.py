"""People and their enrollments. All are reads: safe to repeat; errors as in `CanvasSession.read`."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from canvas_bridge.client.paging import read_first_page, read_pages
from canvas_bridge.client.session import CanvasSession

_PLAIN_ID = re.compile(r"[A-Za-z0-9._@+-]+")
ENROLLMENT_STATES = ("active", "invited", "completed", "inactive")


def user_path(*, canvas_user_id: int | None = None, sis_user_id: str | None = None, login_id: str | None = None) -> str:
    """Return the path of one person, by the first id that is given (contract 1.6).

    An id with unusual characters goes as hexadecimal digits, which no server in between takes for path syntax.
    Raises ValueError if none is given.
    """
    if canvas_user_id is not None:
        return f"/api/v1/users/{canvas_user_id}"
    if sis_user_id:
        return f"/api/v1/users/{_prefixed('sis_user_id', sis_user_id)}"
    if login_id:
        return f"/api/v1/users/{_prefixed('sis_login_id', login_id)}"
    raise ValueError("a person is found by Canvas id, SIS id or login")


def read_self(session: CanvasSession) -> object:
    """GET /users/self: the token's own user (contract 10.7.7)."""
    return session.read("/api/v1/users/self").body


def read_own_profile(session: CanvasSession) -> object:
    """GET /users/self/profile: its `time_zone` is the zone in which Canvas moves 00:00 (contract 1.7, 10.7.7)."""
    return session.read("/api/v1/users/self/profile").body


def read_user(session: CanvasSession, path: str) -> object:
    """GET one person by `user_path`. Raises CanvasNotFound where Canvas knows nobody by that id."""
    return session.read(path).body


def search_users(session: CanvasSession, term: str) -> list[object]:
    """GET /accounts/self/users: the first 100 people whose name, login or SIS id holds `term` (contract 10.4).

    Raises CanvasRejected for a term below two characters.
    """
    return read_first_page(session, "/api/v1/accounts/self/users", [("search_term", term)])


def list_user_enrollments(session: CanvasSession, path: str, *, role_types: Sequence[str]) -> list[object]:
    """GET /users/:id/enrollments, all pages by bookmark: active, invited, completed and inactive ones (contract 10.2).

    A person appears once per section and role. `path` is one of `user_path`.
    """
    params = [("type[]", role) for role in role_types] + [("state[]", state) for state in ENROLLMENT_STATES]
    return read_pages(session, f"{path}/enrollments", params)


def list_course_students(session: CanvasSession, canvas_course_id: int) -> list[object]:
    """GET /courses/:id/enrollments: the first 100 student enrollments (contract 10.2)."""
    return read_first_page(
        session, f"/api/v1/courses/{canvas_course_id}/enrollments", [("type[]", "StudentEnrollment")]
    )


def _prefixed(kind: str, value: str) -> str:
    if _PLAIN_ID.fullmatch(value):
        return quote(f"{kind}:{value}", safe=":@")
    return f"hex:{kind}:{value.encode().hex()}"
