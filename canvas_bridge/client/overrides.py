"""Assignment overrides (contract 6). Writes raise CanvasOutcomeUnknown where no clear answer came."""

from collections.abc import Sequence

from canvas_bridge.client.paging import read_pages
from canvas_bridge.client.session import CanvasSession


def batch_path(canvas_course_id: int) -> str:
    """Return the path of the batch calls, which reach every assignment of one course."""
    return f"/api/v1/courses/{canvas_course_id}/assignments/overrides"


def overrides_path(canvas_course_id: int, canvas_assignment_id: int) -> str:
    """Return the path of the overrides of one assignment."""
    return f"/api/v1/courses/{canvas_course_id}/assignments/{canvas_assignment_id}/overrides"


def list_overrides(session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int) -> list[object]:
    """GET the active overrides of one assignment, all pages (O1). Safe to repeat."""
    return read_pages(session, overrides_path(canvas_course_id, canvas_assignment_id))


def create_overrides(session: CanvasSession, canvas_course_id: int, elements: Sequence[object]) -> object:
    """POST many overrides at once (O9): all or none, answered in request order.

    Not idempotent: a second time each is refused as taken. CanvasRejected carries a list as long as the input, null
    for the good ones.
    """
    return session.write("POST", batch_path(canvas_course_id), {"assignment_overrides": list(elements)}).body


def update_overrides(session: CanvasSession, canvas_course_id: int, elements: Sequence[object]) -> object:
    """PUT many overrides at once (O10): a date left out stops being overridden. Repeating changes nothing.

    Refusals as in `create_overrides`; but students left out of a sent `student_ids` stay removed even then, so it
    must never be used to remove any (contract 6.9).
    """
    return session.write("PUT", batch_path(canvas_course_id), {"assignment_overrides": list(elements)}).body


def create_override(session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int, values: object) -> object:
    """POST one override (O3). Not idempotent: a second time it is refused as taken."""
    path = overrides_path(canvas_course_id, canvas_assignment_id)
    return session.write("POST", path, {"assignment_override": values}).body


def update_override(
    session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int, canvas_override_id: int, values: object
) -> object:
    """PUT one override (O4), in one transaction, removals of students included. Repeating changes nothing."""
    path = f"{overrides_path(canvas_course_id, canvas_assignment_id)}/{canvas_override_id}"
    return session.write("PUT", path, {"assignment_override": values}).body


def delete_override(
    session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int, canvas_override_id: int
) -> object:
    """DELETE one override (O5). A second time Canvas answers 404 (CanvasNotFound)."""
    path = f"{overrides_path(canvas_course_id, canvas_assignment_id)}/{canvas_override_id}"
    return session.write("DELETE", path).body
