"""Assignments, and extra attempts on them."""

from collections.abc import Sequence

from canvas_bridge.client.paging import read_pages
from canvas_bridge.client.session import CanvasSession


def list_assignments(session: CanvasSession, canvas_course_id: int) -> list[object]:
    """GET /courses/:c/assignments, all pages, with overrides and with base dates (contract 9.1).

    Without `override_assignment_dates=false` Canvas would show the dates collapsed for the token's user, and one
    student's lock could pass for the class's (contract 7.5). `overrides` is absent where the user may not manage
    the assignments. Safe to repeat; errors as in `CanvasSession.read`.
    """
    params = [
        ("include[]", "overrides"),
        ("override_assignment_dates", "false"),
        ("exclude_response_fields[]", "description"),
        ("exclude_response_fields[]", "rubric"),
    ]
    return read_pages(session, f"/api/v1/courses/{canvas_course_id}/assignments", params)


def extensions_path(canvas_course_id: int, canvas_assignment_id: int) -> str:
    """Return the path of the extra attempts of one assignment."""
    return f"/api/v1/courses/{canvas_course_id}/assignments/{canvas_assignment_id}/extensions"


def set_extensions(
    session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int, elements: Sequence[object]
) -> object:
    """POST assignment extensions: absolute `extra_attempts` for many students (contract 5). Repeating changes nothing.

    Validation is all or nothing: CanvasRejected lists only the bad ones. A student who is not assigned is silently
    missing from the answer. Raises CanvasOutcomeUnknown where no clear answer came.
    """
    path = extensions_path(canvas_course_id, canvas_assignment_id)
    return session.write("POST", path, {"assignment_extensions": list(elements)}).body
