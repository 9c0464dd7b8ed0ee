"""Courses. All are reads: safe to repeat; errors as in `CanvasSession.read`."""

from canvas_bridge.client.paging import read_first_page, read_pages
from canvas_bridge.client.session import CanvasSession, Params

_ACCOUNT_COURSES = "/api/v1/accounts/self/courses"
_EVERY_LIVE_STATE: Params = (
    ("state[]", "created"),
    ("state[]", "claimed"),
    ("state[]", "available"),
    ("state[]", "completed"),
)


def list_account_courses(session: CanvasSession) -> list[object]:
    """GET /accounts/self/courses with terms: every course that is not deleted, all pages (contract 10.5)."""
    return read_pages(session, _ACCOUNT_COURSES, [("include[]", "term"), *_EVERY_LIVE_STATE])


def list_available_courses(session: CanvasSession) -> list[object]:
    """GET /accounts/self/courses: the first 100 published courses (contract 10.5)."""
    return read_first_page(session, _ACCOUNT_COURSES, [("include[]", "term"), ("state[]", "available")])


def read_course(session: CanvasSession, canvas_course_id: int) -> object:
    """GET /courses/:id with its term (contract 10.7.1). Raises CanvasNotFound for a deleted one."""
    return session.read(f"/api/v1/courses/{canvas_course_id}", [("include[]", "term")]).body
