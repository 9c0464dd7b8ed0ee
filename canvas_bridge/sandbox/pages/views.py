"""Finds the page that a path asks for."""

from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.pages.assessment import assessment_page
from canvas_bridge.sandbox.pages.courses import course_page, home_page
from canvas_bridge.sandbox.pages.held import Assessment
from canvas_bridge.sandbox.pages.html import page
from canvas_bridge.sandbox.pages.student import pair_page, student_page
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.content import Discussion
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.rules.override_data import number_in
from canvas_bridge.sandbox.state import SandboxState

# Addresses in Canvas's answers (html_url) lead here too, under the names that Canvas has for them.
TABLES = {"assignments": "assignments", "quizzes": "quizzes", "discussion_topics": "discussions"}


def page_answer(state: SandboxState, request: Request) -> Answer:
    """Answer a request for a page."""
    parts = [part for part in request.path.split("/") if part]
    if request.verb != "GET":
        return page(state, "Not possible", "<h1>Not possible</h1><p>These pages can only be read.</p>", status=405)
    if not parts:
        return home_page(state, request.text("q"))
    try:
        return _course_pages(state, parts)
    except KeyError:
        return page(state, "Not found", "<h1>Not found</h1><p>There is no such page.</p>", status=404)


def _course_pages(state: SandboxState, parts: list[str]) -> Answer:
    """Return a page of a course. Raises KeyError where there is none."""
    match parts:
        case ["courses", course_id]:
            return course_page(state, _course(state, course_id))
        case ["courses", course_id, "users", user_id]:
            return student_page(state, _course(state, course_id), _user(state, user_id))
        case ["courses", course_id, kind, item_id]:
            course = _course(state, course_id)
            return assessment_page(state, course, _item(state, course, kind, item_id))
        case ["courses", course_id, "users", user_id, kind, item_id]:
            course = _course(state, course_id)
            return pair_page(state, course, _item(state, course, kind, item_id), _user(state, user_id))
    raise KeyError(parts[-1])


def _course(state: SandboxState, text: str) -> Course:
    course = state.courses[_number(text)]
    if course.workflow_state == "deleted":
        raise KeyError(text)
    return course


def _user(state: SandboxState, text: str) -> User:
    return state.users[_number(text)]


def _item(state: SandboxState, course: Course, kind: str, text: str) -> Assessment:
    """Return an assignment, also for a graded quiz or discussion: one assessment has one page."""
    item: Assessment | Discussion = state.tables[TABLES[kind]][_number(text)]
    if item.course_id != course.id or item.workflow_state == "deleted":
        raise KeyError(text)
    if not isinstance(item, Assignment) and item.assignment_id is not None:
        return state.assignments[item.assignment_id]
    if isinstance(item, Discussion):
        raise KeyError(text)
    return item


def _number(text: str) -> int:
    number = number_in(text)
    if number is None:
        raise KeyError(text)
    return number
