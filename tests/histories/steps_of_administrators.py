"""What administrators do to Leeway's own way into Canvas, and the registrar to terms and people."""

from datetime import timedelta

from canvas_bridge.sandbox.records.people import User
from tests.histories.campus import DAY, LONG_ENOUGH, Campus
from tests.histories.steps import POSITION, between, one_of, picked, step

DENIED = (
    ("GET", r"/quizzes/\d+/submissions"),
    ("GET", r"/assignments/\d+/submissions|/students/submissions"),
    ("POST", r"/quizzes/\d+/extensions"),
    ("POST", r"/assignments/\d+/extensions"),
    ("POST", r"/overrides"),
    ("PUT", r"/overrides"),
)
"""Requests that a role of Canvas's may lack the permission for."""


@step(weight=1)
def administrator_revokes_the_token(campus: Campus) -> None:
    """Leeway's token is revoked in Canvas (F15); a new one is entered when somebody looks."""
    campus.state.revoke_token(campus.token)


@step(weight=1)
def administrator_enters_a_new_token(campus: Campus) -> None:
    """Somebody has seen that Canvas refuses the token, and enters a new one."""
    faults, campus.state.control.faults = campus.state.control.faults, []
    campus.renew_token()
    campus.state.control.faults = faults


@step(weight=1, denied=one_of(*DENIED))
def administrator_takes_a_permission(campus: Campus, denied: tuple[str, str]) -> None:
    """The token's user may no longer do one thing."""
    if not campus.denied:
        campus.deny(*denied)


@step(weight=2)
def administrator_gives_permission(campus: Campus) -> None:
    """The token's user may do everything again."""
    campus.permit_everything()


@step(weight=1, position=POSITION, days=one_of(-1, 2, 30))
def registrar_moves_the_close(campus: Campus, position: int, days: int) -> None:
    """A grading period closes earlier, or is opened again; the list of periods is read every hour."""
    period = picked(list(campus.state.grading_periods), position)
    period.close_date = max(period.end_date, campus.now + days * DAY)
    campus.pass_time(LONG_ENOUGH)


@step(weight=1, position=between(0, 9))
def registrar_merges_two_people(campus: Campus, position: int) -> None:
    """Somebody was in Canvas twice: one id goes, and what it had stands under another one (F26)."""
    if position > 1:
        return
    old = picked([campus.people["ben"], campus.people["dee"]], position)
    if old.workflow_state == "deleted":
        return
    enrollments = [one for one in campus.state.enrollments.where("user", old.id) if one.workflow_state == "active"]
    courses = {one.course_id: one.section_id for one in enrollments}
    path = f"/api/v1/accounts/1/users/{old.id}"
    campus.ask("DELETE", path, token=campus.registrars_token)
    kept = _other_one(campus, old)
    for course_id, section_id in courses.items():
        campus.state.enroll(kept, campus.state.courses[course_id], section=campus.state.sections[section_id])


def _other_one(campus: Campus, old: User) -> User:
    """Return the person who stays, with the login and SIS id of the one who goes."""
    login, sis_user_id = old.login_id, old.sis_user_id
    old.login_id, old.sis_user_id = f"{login}-merged", None
    campus.state.users.reindex(old)
    return campus.state.add_user(old.name, login_id=login, sis_user_id=sis_user_id)


@step(weight=1, position=POSITION, by=one_of(-3, 9, 40))
def registrar_moves_the_end_of_a_course(campus: Campus, position: int, by: int) -> None:
    """The dates of the course that restricts its students to them move."""
    dance = campus.courses[2]
    dance.end_at = campus.now + by * DAY + timedelta(minutes=position)
    campus.pass_time(LONG_ENOUGH)
