"""Records by the texts that stand for them in paths and lists: numbers, words and SIS forms (contract 1.6)."""

from typing import Any, Protocol, TypeVar

from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.courses import Course, Group, Section, Term
from canvas_bridge.sandbox.records.people import Account, User, opaque_id
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.tables import Table

ROOT_ACCOUNT_WORDS = ("self", "default", "site_admin")
COURSE_COLUMNS = {"sis_course_id": "sis", "sis_integration_id": "integration", "lti_context_id": "lti"}
USER_COLUMNS = {
    "sis_user_id": "sis",
    "sis_login_id": "login",
    "sis_integration_id": "integration",
    "lti_user_id": "lti",
    "uuid": "uuid",
}
SECTION_COLUMNS = {"sis_section_id": "sis", "sis_integration_id": "integration"}
GROUP_COLUMNS = {"sis_group_id": "sis"}
TERM_COLUMNS = {"sis_term_id": "sis"}
ACCOUNT_COLUMNS = {"sis_account_id": "sis"}


class HasState(Protocol):
    """A record that can be deleted."""

    id: int
    workflow_state: str


T = TypeVar("T")
Live = TypeVar("Live", bound=HasState)


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


def _find(table: Table[Live], text: str, columns: dict[str, str], *, deleted_too: bool = False) -> Live | None:
    form = sis_form(text)
    if form is None:
        record = table.get(plain_id(text))
    else:
        column, value = form
        index = columns.get(column)
        wanted = value.lower() if index == "login" else value
        candidates = table.where(index, wanted) if index else []
        record = next((one for one in candidates if deleted_too or one.workflow_state != "deleted"), None)
    return record if record and (deleted_too or record.workflow_state != "deleted") else None


def find_account(state: SandboxState, text: str) -> Account | None:
    """Return an account by number, SIS id, or one of the words for the root account."""
    if text in ROOT_ACCOUNT_WORDS or plain_id(text) == state.account.id:
        return state.account
    form = sis_form(text)
    if form is None:
        return state.sub_accounts.get(plain_id(text))
    if form[0] not in ACCOUNT_COLUMNS:
        return None
    is_root = form[1] == state.account.sis_account_id
    return state.account if is_root else state.sub_accounts.first("sis", form[1])


def find_user(state: SandboxState, text: str, caller: User | None = None) -> User | None:
    """Return a user by number, `self`, SIS or integration id, login (in any case), LTI id or uuid."""
    return caller if text == "self" else _find(state.users, text, USER_COLUMNS)


def find_course(state: SandboxState, text: str, *, deleted_too: bool = False) -> Course | None:
    """Return a course, by default one that is not deleted, by number, SIS, integration or LTI id."""
    return _find(state.courses, text, COURSE_COLUMNS, deleted_too=deleted_too)


def find_section(state: SandboxState, text: str) -> Section | None:
    """Return a section that is not deleted, by number, SIS or integration id."""
    return _find(state.sections, text, SECTION_COLUMNS)


def find_group(state: SandboxState, text: str) -> Group | None:
    """Return a group that is not deleted, by number or SIS id."""
    return _find(state.groups, text, GROUP_COLUMNS)


def find_term(state: SandboxState, text: str) -> Term | None:
    """Return a term that is not deleted, by number, SIS id, `default`, or `current` where one term alone is."""
    if text == "default":
        return state.terms.get(min(term.id for term in state.terms))
    if text == "current":
        now = state.now()
        current = [one for one in state.terms if one.workflow_state == "active" and _is_on(one, now)]
        return current[0] if len(current) == 1 else None
    return _find(state.terms, text, TERM_COLUMNS)


def _is_on(term: Term, now: Any) -> bool:
    """Whether a term with dates is under way; one without any is never the current one."""
    return term.start_at is not None and term.end_at is not None and term.start_at <= now <= term.end_at


def find_assignment(state: SandboxState, course: Course, text: str) -> Assignment | None:
    """Return an assignment of a course that is not deleted, by number or (switch 9) SIS or LTI id."""
    form = sis_form(text)
    if form is None:
        assignment = state.assignments.get(plain_id(text))
    else:
        assignment = _assignment_by_form(state, course, *form) if state.switches.sis_assignment_ids_in_paths else None
    if assignment is None or assignment.course_id != course.id or assignment.workflow_state == "deleted":
        return None
    return assignment


def _assignment_by_form(state: SandboxState, course: Course, column: str, value: str) -> Assignment | None:
    if column == "sis_assignment_id":
        return state.assignments.first("sis", value)
    if column != "lti_context_id":
        return None
    found = state.assignments.where("course", course.id)
    return next((one for one in found if opaque_id("assignment", one.id) == value), None)
