"""One call of an endpoint: request, caller and the records that its path names (contract 1.6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from canvas_bridge.sandbox.api.caller import Caller
from canvas_bridge.sandbox.api.finding import (
    find_account,
    find_assignment,
    find_course,
    find_group,
    find_section,
    find_user,
    plain_id,
    sis_form,
)
from canvas_bridge.sandbox.http.answers import Answer, Refusal, json_answer, not_allowed, not_found
from canvas_bridge.sandbox.http.paging import numeric_page
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.records.assessments import Assignment, Quiz
from canvas_bridge.sandbox.records.courses import Course, Group, GroupCategory, Section
from canvas_bridge.sandbox.records.people import Account, User
from canvas_bridge.sandbox.state import SandboxState

__all__ = [
    "Call",
    "Handler",
    "find_assignment",
    "find_course",
    "find_group",
    "find_section",
    "find_user",
    "found",
    "plain_id",
    "sis_form",
]

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

    def account(self) -> Account:
        """Return the account of the path, the root account or one below it."""
        return found(find_account(self.state, self.path["account_id"]))

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
