"""The page of one student in a course: every assessment with the dates and extras that hold for them."""

from collections.abc import Sequence
from html import escape

from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.pages.assessment import address_of, cells_of, name_of, student_row
from canvas_bridge.sandbox.pages.html import counted, link, page, table
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.enrollment import student_enrollments
from canvas_bridge.sandbox.state import SandboxState

HEADS = ("Assessment", "Opens", "Due", "Closes", "Extra minutes", "Extra attempts", "Notes")


def student_page(state: SandboxState, course: Course, items: Sequence[Assignment | Quiz], user: User) -> Answer:
    """Return the page. Raises KeyError for someone who is no student of the course."""
    enrollments = student_enrollments(state, course.id, user.id)
    if not enrollments:
        raise KeyError(user.id)
    sections = ", ".join(f"{state.sections[one.section_id].name} ({one.workflow_state})" for one in enrollments)
    rows = [
        [link(address_of(item), name_of(item)), *cells_of(student_row(state, item, user), item, course.time_zone)]
        for item in items
    ]
    body = (
        f"<p>{link('/', 'All courses')} / {link(f'/courses/{course.id}', course.name)}</p>"
        f'<h1>{escape(user.name)}</h1><p class="quiet">{escape(sections)}</p>'
    )
    caption = f"{counted(len(items), 'assessment', 'assessments')}; what differs from the class is marked"
    return page(user.name, body + table(caption, HEADS, rows))
