"""Submissions of students. All are reads: safe to repeat; errors as in `CanvasSession.read`."""

from collections.abc import Sequence

from canvas_bridge.client.paging import read_first_page, read_pages
from canvas_bridge.client.session import CanvasSession, Params

MOST_STUDENTS = 100
MOST_ASSIGNMENTS = 50


def list_student_submissions(
    session: CanvasSession,
    canvas_course_id: int,
    *,
    canvas_user_ids: Sequence[int],
    canvas_assignment_ids: Sequence[int],
) -> list[object]:
    """GET /courses/:c/students/submissions for at most 100 students and 50 published assignments (contract 10.7.9).

    Raises CanvasForbidden for all where one assignment is unknown or unpublished, or one student cannot be seen.
    """
    students = [("student_ids[]", user_id) for user_id in canvas_user_ids]
    assignments = [("assignment_ids[]", assignment_id) for assignment_id in canvas_assignment_ids]
    path = f"/api/v1/courses/{canvas_course_id}/students/submissions"
    return read_pages(session, path, [*students, *assignments, *_WITHOUT_CONTENT])


def list_assignment_submissions(
    session: CanvasSession, canvas_course_id: int, canvas_assignment_id: int
) -> list[object]:
    """GET the submissions of one assignment, all students, published or not (contract 5.3)."""
    path = f"/api/v1/courses/{canvas_course_id}/assignments/{canvas_assignment_id}/submissions"
    return read_pages(session, path, _WITHOUT_CONTENT)


def list_first_submissions(session: CanvasSession, canvas_course_id: int) -> list[object]:
    """GET the first 100 submissions of all students: proves the right to read them (contract 10.7.9)."""
    path = f"/api/v1/courses/{canvas_course_id}/students/submissions"
    return read_first_page(session, path, [("student_ids[]", "all"), *_WITHOUT_CONTENT])


# What a student wrote is none of our business, and large.
_WITHOUT_CONTENT: Params = (("exclude_response_fields[]", "body"), ("exclude_response_fields[]", "attachments"))
