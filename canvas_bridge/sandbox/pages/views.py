"""The pages: all courses, one course, one assessment with each student against everyone else."""

from html import escape

from canvas_bridge.sandbox.http.answers import Answer, Refusal
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.pages.assessment import (
    address_of,
    assessment_page,
    count_with_something_of_their_own,
    kind_of,
    name_of,
)
from canvas_bridge.sandbox.pages.html import counted, link, moment, page, table
from canvas_bridge.sandbox.pages.student import student_page
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.override_data import number_in
from canvas_bridge.sandbox.state import SandboxState


def page_answer(state: SandboxState, request: Request) -> Answer:
    """Answer a request for a page."""
    parts = [part for part in request.path.split("/") if part]
    if request.verb != "GET":
        return page("Not possible", "<h1>Not possible</h1><p>These pages can only be read.</p>", status=405)
    if not parts:
        return home_page(state)
    try:
        return _course_pages(state, parts)
    except (Refusal, KeyError):
        return page("Not found", "<h1>Not found</h1><p>There is no such page.</p>", status=404)


def _course_pages(state: SandboxState, parts: list[str]) -> Answer:
    course = state.courses[_number(parts, 1)]
    if parts[0] != "courses" or course.workflow_state == "deleted":
        raise KeyError(parts[0])
    if len(parts) == 2:
        return course_page(state, course)
    if len(parts) != 4:
        raise KeyError(parts[-1])
    if parts[2] == "users":
        return student_page(state, course, _assessments(state, course), state.users[_number(parts, 3)])
    return assessment_page(state, course, _item(state, course, parts[2], _number(parts, 3)))


def _item(state: SandboxState, course: Course, kind: str, item_id: int) -> Assignment | Quiz:
    """Return an assignment, or for a graded quiz its assignment: one assessment has one page."""
    names = {"assignments": "assignments", "quizzes": "quizzes", "discussion_topics": "assignments"}
    item: Assignment | Quiz = state.tables[names[kind]][item_id]
    if item.course_id != course.id or item.workflow_state == "deleted":
        raise KeyError(item_id)
    if isinstance(item, Quiz) and item.assignment_id is not None:
        return state.assignments[item.assignment_id]
    return item


def _number(parts: list[str], position: int) -> int:
    number = number_in(parts[position]) if position < len(parts) else None
    if number is None:
        raise KeyError(position)
    return number


def home_page(state: SandboxState) -> Answer:
    """Return the list of courses."""
    courses = [one for one in state.courses if one.workflow_state != "deleted"]
    courses.sort(key=lambda one: (state.terms[one.term_id].start_at is None, -_start(state, one), one.name))
    rows = [_course_row(state, course) for course in courses]
    intro = f'<h1>{escape(state.account.name)}</h1><p class="quiet">What "Canvas" holds now.</p>'
    heads = ("Course", "Code", "Term", "State", "Students", "Assessments")
    return page(state.account.name, intro + table(counted(len(courses), "course", "courses"), heads, rows))


def _start(state: SandboxState, course: Course) -> float:
    start_at = state.terms[course.term_id].start_at
    return start_at.timestamp() if start_at else 0.0


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
        str(len(_assessments(state, course))),
    ]


def _assessments(state: SandboxState, course: Course) -> list[Assignment | Quiz]:
    """Return a course's assessments once each, by due date: assignments, and quizzes that have none."""
    items: list[Assignment | Quiz] = [
        one for one in state.assignments.where("course", course.id) if one.workflow_state != "deleted"
    ]
    quizzes = state.quizzes.where("course", course.id)
    items += [one for one in quizzes if one.assignment_id is None and one.workflow_state != "deleted"]
    return sorted(items, key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0.0, one.id))


def course_page(state: SandboxState, course: Course) -> Answer:
    """Return one course with its assessments."""
    items = _assessments(state, course)
    rows = [_assessment_row(state, course, item) for item in items]
    term = state.terms[course.term_id]
    intro = (
        f"<p>{link('/', 'All courses')}</p><h1>{escape(course.name)}</h1>"
        f'<p class="quiet">{escape(course.course_code)}, {escape(term.name)}, {escape(course.workflow_state)}. '
        f"Times are in {escape(course.time_zone)}.</p>"
    )
    heads = ("Assessment", "Kind", "Published", "Opens", "Due", "Closes", "Own dates or extras")
    return page(course.name, intro + table(counted(len(items), "assessment", "assessments"), heads, rows))


def _assessment_row(state: SandboxState, course: Course, item: Assignment | Quiz) -> list[str]:
    count = count_with_something_of_their_own(state, item)
    return [
        link(address_of(item), name_of(item)),
        escape(kind_of(state, item)),
        "yes" if item.published else "no",
        escape(moment(item.unlock_at, course.time_zone)),
        escape(moment(item.due_at, course.time_zone)),
        escape(moment(item.lock_at, course.time_zone)),
        escape(counted(count, "student", "students") if count else "nobody"),
    ]
