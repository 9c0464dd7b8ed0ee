"""One call of an endpoint: request, caller and the records that its path names (contract 1.6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from canvas_bridge.sandbox.api.caller import Caller
from canvas_bridge.sandbox.http.answers import Answer, Refusal, json_answer, not_allowed, not_found
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course, Group, GroupCategory, Section
from canvas_bridge.sandbox.records.people import User
from canvas_bridge.sandbox.state import SandboxState

T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """What a handler is given. The methods that look a record up refuse with 404 where there is none."""

    state: SandboxState
    request: Request
    caller: Caller
    path: dict[str, str]
    params: dict[str, Any]

    def refuse(self) -> Refusal:
        """Return the not-allowed answer, 403 or (old) 401 by switch 1."""
        return not_allowed(status=self.state.switches.not_allowed_status)

    def require(self, is_allowed: bool) -> None:
        """Refuse a caller without the right."""
        if not is_allowed:
            raise self.refuse()

    def course(self) -> Course:
        """Return the course of the path."""
        return found(find_course(self.state, self.path["course_id"]))

    def user(self, name: str = "user_id") -> User:
        """Return the user of the path; `self` is the caller."""
        return found(find_user(self.state, self.path[name], self.caller.user))

    def section(self) -> Section:
        """Return the section of the path."""
        return found(find_section(self.state, self.path["section_id"]))

    def group(self) -> Group:
        """Return the group of the path."""
        return found(find_group(self.state, self.path["group_id"]))

    def group_category(self) -> GroupCategory:
        """Return the group set of the path."""
        category = self.state.group_categories.get(plain_id(self.path["group_category_id"]))
        return found(category if category and category.workflow_state != "deleted" else None)

    def assignment(self, course: Course) -> Assignment:
        """Return the assignment of the path, of that course and not deleted."""
        return found(find_assignment(self.state, course, self.path["assignment_id"]))

    def quiz(self, course: Course, *, deleted_too: bool = False) -> Quiz:
        """Return the classic quiz of the path; never found by an assignment's id."""
        quiz = self.state.quizzes.get(plain_id(self.path["quiz_id"]))
        is_there = quiz is not None and quiz.course_id == course.id
        is_live = is_there and quiz is not None and (deleted_too or quiz.workflow_state != "deleted")
        return found(quiz if is_live else None)

    def paged(self, items: Sequence[T], shape: Callable[[T], Any], *, has_total: bool = True) -> Answer:
        """Return one page of a list; only the rows of the page are put into shape."""
        page = numeric_page(self.request, items, has_total=has_total)
        return json_answer([shape(item) for item in page.items], headers=page.headers)


Handler = Callable[[Call], Answer]


def found(record: T | None) -> T:
    """Return the record, or refuse with 404."""
    if record is None:
        raise not_found()
    return record


def plain_id(value: Any) -> int | None:
    """Return a plain numeric id, or None for anything else (an unparsable id counts as not found)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def sis_form(text: str) -> tuple[str, str] | None:
    """Split `sis_user_id:X` into column and value, also in its `hex:` form; None for other texts."""
    if text.startswith("hex:"):
        column, _, value = text.removeprefix("hex:").partition(":")
        try:
            return column, bytes.fromhex(value).decode()
        except ValueError:
            return None
    column, colon, value = text.partition(":")
    return (column, value) if colon else None


def find_user(state: SandboxState, text: str, caller: User | None = None) -> User | None:
    """Return a user by number, `self`, SIS id, or login (in any case)."""
    if text == "self":
        return caller
    form = sis_form(text)
    if form is None:
        user = state.users.get(plain_id(text))
    else:
        column, value = form
        indexes = {"sis_user_id": ("sis", value), "sis_login_id": ("login", value.lower())}
        user = state.users.first(*indexes[column]) if column in indexes else None
    return user if user and user.workflow_state != "deleted" else None


def find_course(state: SandboxState, text: str) -> Course | None:
    """Return a course that is not deleted, by number or SIS id."""
    form = sis_form(text)
    if form is None:
        course = state.courses.get(plain_id(text))
    else:
        course = state.courses.first("sis", form[1]) if form[0] == "sis_course_id" else None
    return course if course and course.workflow_state != "deleted" else None


def find_section(state: SandboxState, text: str) -> Section | None:
    """Return a section that is not deleted, by number or SIS id."""
    form = sis_form(text)
    if form is None:
        section = state.sections.get(plain_id(text))
    else:
        section = state.sections.first("sis", form[1]) if form[0] == "sis_section_id" else None
    return section if section and section.workflow_state != "deleted" else None


def find_group(state: SandboxState, text: str) -> Group | None:
    """Return a group that is not deleted, by number or SIS id."""
    form = sis_form(text)
    if form is None:
        group = state.groups.get(plain_id(text))
    else:
        group = state.groups.first("sis", form[1]) if form[0] == "sis_group_id" else None
    return group if group and group.workflow_state != "deleted" else None


def find_assignment(state: SandboxState, course: Course, text: str) -> Assignment | None:
    """Return an assignment of a course that is not deleted, by number or (switch 9) SIS id."""
    form = sis_form(text)
    if form is None:
        assignment = state.assignments.get(plain_id(text))
    else:
        is_known = form[0] == "sis_assignment_id" and state.switches.sis_assignment_ids_in_paths
        assignment = state.assignments.first("sis", form[1]) if is_known else None
    if assignment is None or assignment.course_id != course.id or assignment.workflow_state == "deleted":
        return None
    return assignment
