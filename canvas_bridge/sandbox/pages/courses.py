"""The pages on the way: all courses, what a search finds, and one course with its assessments and students."""

from collections.abc import Iterable
from html import escape

from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.pages.held import (
    DATE_NAMES,
    Assessment,
    address_of,
    assessments_of,
    kind_of,
    name_of,
    named_on,
    own_counts,
    students_of,
)
from canvas_bridge.sandbox.pages.html import Dates, counted, dates_of, link, page, table
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.enrollment import student_enrollments
from canvas_bridge.sandbox.state import SandboxState

COURSE_HEADS = ("Course", "Code", "Term", "State", "Students", "Assessments")
MOST_FOUND = 50


def home_page(state: SandboxState, query: str) -> Answer:
    """Return the list of courses, or what a search finds among courses and students."""
    if query.strip():
        return _found_page(state, query.strip())
    courses = _courses(state)
    body = (
        f"<h1>{escape(state.account.name)}</h1>"
        '<p class="lead">What “Canvas” holds now. Choose a course, then a student or an assessment.</p>'
        + _course_table(state, courses)
    )
    return page(state, state.account.name, body)


def _courses(state: SandboxState) -> list[Course]:
    courses = [one for one in state.courses if one.workflow_state != "deleted"]
    return sorted(courses, key=lambda one: (state.terms[one.term_id].start_at is None, -_start(state, one), one.name))


def _start(state: SandboxState, course: Course) -> float:
    start_at = state.terms[course.term_id].start_at
    return start_at.timestamp() if start_at else 0.0


def _course_table(state: SandboxState, courses: list[Course]) -> str:
    if not courses:
        return "<p>There are no courses. They are made through the Canvas API.</p>"
    rows = [_course_row(state, course) for course in courses]
    return table(counted(len(courses), "course", "courses"), COURSE_HEADS, rows)


def _course_row(state: SandboxState, course: Course) -> list[str]:
    students = {
        one.user_id
        for one in state.enrollments.where("course", course.id)
        if one.type == "StudentEnrollment" and one.workflow_state == "active"
    }
    return [
        link(f"/courses/{course.id}", course.name),
        escape(course.course_code),
        escape(state.terms[course.term_id].name),
        escape(course.workflow_state),
        str(len(students)),
        str(len(assessments_of(state, course))),
    ]


def _found_page(state: SandboxState, query: str) -> Answer:
    courses = [one for one in _courses(state) if _holds(query, (one.name, one.course_code, one.sis_course_id))]
    people = [one for one in state.users if one.workflow_state != "deleted" and not one.is_test_student]
    found = [one for one in people if _holds(query, (one.name, one.sortable_name, one.login_id, one.sis_user_id))]
    found.sort(key=lambda one: (one.sortable_name.lower(), one.id))
    count = f"{counted(len(courses), 'course', 'courses')} and {counted(len(found), 'person', 'people')}"
    body = (
        f'<h1>Search</h1><p class="lead">{count} found for “{escape(query)}”.</p>'
        + (f"<h2>Courses</h2>{_course_table(state, courses)}" if courses else "")
        + (f"<h2>People</h2>{_people_table(state, found)}" if found else "")
    )
    return page(state, f"Search: {query}", body, crumbs=[("/", "All courses")], query=query)


def _holds(query: str, fields: Iterable[str | None]) -> bool:
    return any(query.lower() in (field or "").lower() for field in fields)


def _people_table(state: SandboxState, people: list[User]) -> str:
    more = f"; the first {MOST_FOUND} are shown" if len(people) > MOST_FOUND else ""
    rows = [
        [escape(one.name), escape(one.login_id), escape(one.sis_user_id or ""), _courses_of(state, one)]
        for one in people[:MOST_FOUND]
    ]
    heads = ("Name", "Login", "SIS id", "Student in")
    return table(counted(len(people), "person", "people") + more, heads, rows)


def _courses_of(state: SandboxState, user: User) -> str:
    ids = dict.fromkeys(one.course_id for one in state.enrollments.where("user", user.id))
    courses = [state.courses[one] for one in ids if student_enrollments(state, one, user.id)]
    live = [one for one in courses if one.workflow_state != "deleted"]
    links = "".join(f"<li>{link(f'/courses/{one.id}/users/{user.id}', one.name)}</li>" for one in live)
    return f'<ul class="plain">{links}</ul>' if links else '<span class="quiet">no course</span>'


def course_page(state: SandboxState, course: Course) -> Answer:
    """Return one course with its assessments and its students."""
    dates, term = dates_of(state, course.time_zone), state.terms[course.term_id]
    body = (
        f"<h1>{escape(course.name)}</h1>"
        f'<p class="lead">{escape(course.course_code)}, {escape(term.name)}, {escape(course.workflow_state)}. '
        f"Times are in {escape(course.time_zone)}.</p>"
        f'<p><a href="#students">To the students</a></p>'
        f"<h2>Assessments</h2>{_assessment_table(state, course, dates)}"
        f'<h2 id="students">Students</h2>{_student_table(state, course)}'
    )
    return page(state, course.name, body, crumbs=[("/", "All courses")])


def _assessment_table(state: SandboxState, course: Course, dates: Dates) -> str:
    items = assessments_of(state, course)
    if not items:
        return "<p>None.</p>"
    heads = ("Assessment", "Kind", "Published", *DATE_NAMES.values(), "Own dates or extras")
    rows = [_assessment_row(state, item, dates) for item in items]
    return table(counted(len(items), "assessment", "assessments"), heads, rows)


def _assessment_row(state: SandboxState, item: Assessment, dates: Dates) -> list[str]:
    return [
        link(address_of(item), name_of(item)),
        escape(kind_of(state, item)),
        "yes" if item.published else "no",
        *[dates.html(getattr(item, name)) for name in DATE_NAMES],
        _count(len(named_on(state, item)), "student", "students"),
    ]


def _count(number: int, one: str, many: str) -> str:
    return f"<mark>{counted(number, one, many)}</mark>" if number else '<span class="quiet">none</span>'


def _student_table(state: SandboxState, course: Course) -> str:
    students, counts = students_of(state, course), own_counts(state, course)
    if not students:
        return "<p>None.</p>"
    rows = [_student_row(state, course, one, counts.get(one.id, 0)) for one in students]
    heads = ("Student", "Login", "Sections", "Own dates or extras")
    return table(counted(len(students), "student", "students"), heads, rows)


def _student_row(state: SandboxState, course: Course, user: User, count: int) -> list[str]:
    enrollments = student_enrollments(state, course.id, user.id)
    sections = ", ".join(state.sections[one.section_id].name for one in enrollments)
    return [
        link(f"/courses/{course.id}/users/{user.id}", user.sortable_name),
        escape(user.login_id),
        escape(sections),
        _count(count, "assessment", "assessments"),
    ]
