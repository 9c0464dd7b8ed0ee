"""The demo's own data as plain values: every reason has a situation, and each refers to what the university has."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from accommodations.demo.accounts import ACCOUNTS, table_of_accounts
from accommodations.demo.approvals import APPROVALS
from accommodations.demo.campus import sis_user_id
from accommodations.demo.decisions import EXCEPTIONS, NEEDS_RELEASE
from accommodations.demo.holidays import holidays_from
from accommodations.demo.situations import SITUATIONS
from accommodations.planning.rules import ExtraTimeMethod, ShiftUnit
from accommodations.planning.statuses import Reason
from accommodations.roles import PERMISSIONS_OF_ROLE
from canvas_bridge.sandbox.seed.university import build
from canvas_bridge.sandbox.state import SandboxState

NOW = datetime(2026, 2, 11, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def university() -> SandboxState:
    state = SandboxState(now=NOW)
    build(state, seed=1)
    return state


def names_by_course(state: SandboxState) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for course in state.courses:
        quizzes = {quiz.title for quiz in state.quizzes.where("course", course.id)}
        names[course.course_code] = quizzes | {one.name for one in state.assignments.where("course", course.id)}
    return names


def courses_of_student(state: SandboxState, number: int) -> set[str]:
    user = state.users.first("sis", sis_user_id(number))
    assert user is not None
    return {state.courses[one.course_id].course_code for one in state.enrollments.where("user", user.id)}


def test_every_reason_has_a_situation() -> None:
    assert {situation.reason for situation in SITUATIONS} == set(Reason)


def test_situations_name_assessments_and_students_of_the_university(university: SandboxState) -> None:
    names = names_by_course(university)
    for situation in SITUATIONS:
        assert situation.assessment in names[situation.course], situation
        assert situation.course in courses_of_student(university, situation.student), situation


def test_approvals_and_exceptions_name_what_the_university_has(university: SandboxState) -> None:
    names = names_by_course(university)
    for one in (*APPROVALS, *EXCEPTIONS):
        if one.course:
            assert one.course in courses_of_student(university, one.student), one
            assert not one.assessment or one.assessment in names[one.course], one
    for number, kept_back in NEEDS_RELEASE.items():
        assert not kept_back or kept_back in courses_of_student(university, number)


def test_sixty_students_have_accommodations_of_every_provision_method_scope_and_status() -> None:
    assert {approval.student for approval in APPROVALS} == set(range(1, 61))
    assert {approval.method for approval in APPROVALS if approval.method} == set(ExtraTimeMethod)
    assert {approval.unit for approval in APPROVALS if approval.shift} == set(ShiftUnit)
    assert any(approval.attempts for approval in APPROVALS)
    assert any(approval.exact_hours_later for approval in APPROVALS)
    assert any(approval.assessment for approval in APPROVALS)
    assert any(approval.is_for_this_term for approval in APPROVALS)
    words = Counter(approval.word for approval in APPROVALS)
    assert set(words) == {"draft", "counting", "expired", "revoked", "replaced"}
    assert any(approval.word == "counting" and approval.from_day > 0 for approval in APPROVALS)


def test_there_is_one_account_for_each_role() -> None:
    assert [account.role for account in ACCOUNTS] == list(PERMISSIONS_OF_ROLE)
    table = table_of_accounts()
    assert all(account.username in table for account in ACCOUNTS)
    assert all(len(account.password) >= 12 for account in ACCOUNTS)


def test_the_linked_accounts_are_people_of_the_university(university: SandboxState) -> None:
    for account in ACCOUNTS:
        if account.canvas_login_id:
            person = university.users.first("login", account.canvas_login_id)
            assert person is not None
            assert person.name == f"{account.first_name} {account.last_name}"


def test_holidays_fall_on_their_known_days() -> None:
    days = holidays_from(date(2026, 5, 1))
    assert days == sorted(days)
    for known in ("2026-01-19", "2026-05-25", "2026-09-07", "2026-11-26", "2026-11-27", "2027-01-01"):
        assert known in days
