"""Classic quizzes, their quiz submissions, and quiz extensions."""

from collections.abc import Sequence

from canvas_bridge.client.paging import read_first_page, read_pages
from canvas_bridge.client.session import CanvasSession


def list_quizzes(session: CanvasSession, canvas_course_id: int) -> list[object]:
    """GET /courses/:c/quizzes, all pages; `time_limit` in minutes (contract 10.1). Safe to repeat."""
    return read_pages(session, f"/api/v1/courses/{canvas_course_id}/quizzes")


def read_quiz(session: CanvasSession, canvas_course_id: int, canvas_quiz_id: int) -> object:
    """GET one classic quiz (contract 10.1). Raises CanvasNotFound for a deleted one."""
    return session.read(f"/api/v1/courses/{canvas_course_id}/quizzes/{canvas_quiz_id}").body


def list_quiz_submissions(session: CanvasSession, canvas_course_id: int, canvas_quiz_id: int) -> list[object]:
    """GET the quiz submissions, all pages: one row per student with an extension or an attempt (contract 3.6).

    `extra_time` in minutes. Listing makes Canvas grade overdue attempts in the background. Safe to repeat.
    """
    path = f"{_quiz_path(canvas_course_id, canvas_quiz_id)}/submissions"
    return read_pages(session, path, envelope="quiz_submissions")


def read_first_quiz_submissions(session: CanvasSession, canvas_course_id: int, canvas_quiz_id: int) -> object:
    """GET the first page of the quiz submissions: proves the right to read grades (contract 2)."""
    return session.read(f"{_quiz_path(canvas_course_id, canvas_quiz_id)}/submissions", [("per_page", 100)]).body


def list_first_quizzes(session: CanvasSession, canvas_course_id: int) -> list[object]:
    """GET the first 100 classic quizzes of a course."""
    return read_first_page(session, f"/api/v1/courses/{canvas_course_id}/quizzes")


def extensions_path(canvas_course_id: int, canvas_quiz_id: int) -> str:
    """Return the path of the quiz extensions of one classic quiz."""
    return f"{_quiz_path(canvas_course_id, canvas_quiz_id)}/extensions"


def set_extensions(
    session: CanvasSession, canvas_course_id: int, canvas_quiz_id: int, elements: Sequence[object]
) -> object:
    """POST quiz extensions: absolute `extra_time` (minutes) and `extra_attempts` for many students (contract 3).

    A key left out leaves its value. One student who is not a current one costs all: CanvasNotFound, and nothing is
    changed. Repeating changes nothing. Raises CanvasOutcomeUnknown where no clear answer came: some may have theirs.
    """
    path = extensions_path(canvas_course_id, canvas_quiz_id)
    return session.write("POST", path, {"quiz_extensions": list(elements)}).body


def _quiz_path(canvas_course_id: int, canvas_quiz_id: int) -> str:
    return f"/api/v1/courses/{canvas_course_id}/quizzes/{canvas_quiz_id}"
