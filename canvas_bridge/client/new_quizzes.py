"""New Quizzes: settings, and accommodations on one New Quiz (contract 8; from the documentation, closed source)."""

from collections.abc import Sequence

from canvas_bridge.client.paging import read_pages
from canvas_bridge.client.session import CanvasSession


def list_new_quizzes(session: CanvasSession, canvas_course_id: int) -> list[object]:
    """GET the New Quizzes of a course, all pages; `session_time_limit_in_seconds` in seconds. Safe to repeat."""
    return read_pages(session, _quizzes_path(canvas_course_id))


def read_new_quiz(session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int) -> object:
    """GET one New Quiz by its assignment's id. Raises CanvasNotFound."""
    return session.read(f"{_quizzes_path(canvas_course_id)}/{canvas_assignment_id}").body


def accommodations_path(canvas_course_id: int, canvas_assignment_id: int) -> str:
    """Return the path of the accommodations of one New Quiz."""
    return f"{_quizzes_path(canvas_course_id)}/{canvas_assignment_id}/accommodations"


def set_accommodations(
    session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int, elements: Sequence[object]
) -> object:
    """POST accommodations for many students: a bare list. Some may have failed although the status is 200.

    `extra_time` in minutes. Assumed: values are set, not added, and keys left out stay; so repeating changes nothing.
    """
    return session.write("POST", accommodations_path(canvas_course_id, canvas_assignment_id), list(elements)).body


def _quizzes_path(canvas_course_id: int) -> str:
    return f"/api/quiz/v1/courses/{canvas_course_id}/quizzes"
