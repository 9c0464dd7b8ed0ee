"""Groups and who is in them. All are reads: safe to repeat; errors as in `CanvasSession.read`."""

from canvas_bridge.client.paging import read_pages
from canvas_bridge.client.session import CanvasSession


def list_course_groups(session: CanvasSession, canvas_course_id: int) -> list[object]:
    """GET /courses/:c/groups with up to 1,000 users each, all pages (contract 10.7.6). Tags may not be among them."""
    return read_pages(session, f"/api/v1/courses/{canvas_course_id}/groups", [("include[]", "users")])


def list_group_memberships(session: CanvasSession, canvas_group_id: int) -> list[object]:
    """GET the accepted memberships of one group, all pages (contract 10.7.6)."""
    return read_pages(session, f"/api/v1/groups/{canvas_group_id}/memberships", [("filter_states[]", "accepted")])
