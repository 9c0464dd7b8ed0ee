"""What a course has, and who is in it, changes while a sync is at work: the grants follow, nobody else is touched."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from accommodations.models import CanvasConnection, PairStatus
from canvas_bridge.sandbox.state import SandboxState
from tests.faults.checker import FaultFree, check_at_rest, check_nothing_leaked, picture_of
from tests.faults.lab import Lab
from tests.faults.steering import once_at, somebody
from tests.invariants import items_of, key_of

COURSE = 2001
LOGIN, OF_ALL_THREE = "ann07", "ann06"
"""Who leaves the one course they are in is not believed to have left it at once (F18)."""
TOLD = {"in_place", "not_needed", "held"}


def of_course(rows: Any, **fields: Any) -> Any:
    """Return the one row of the course that has these values."""
    [found] = [one for one in rows if one.course_id == COURSE and all(getattr(one, k) == v for k, v in fields.items())]
    return found


def user_of(state: SandboxState, login: str) -> Any:
    return next(one for one in state.users if one.login_id == login)


def while_it_runs(lab: Lab, act: Any) -> None:
    """Run a sync of all courses in which somebody acts at the course's first write, and one sync after it."""
    acts = once_at(lab, act, path=rf"/courses/{COURSE}/")
    lab.request_courses()
    lab.wait_until_settled()
    assert acts.done.is_set()
    check_at_rest(lab)
    lab.request()
    lab.wait_until_settled()


def check_others(lab: Lab, expected: FaultFree, *, but: set[tuple[int, str]]) -> None:
    """Everybody else has what the reference run gives, nothing is left to do, and nothing leaked."""
    check_at_rest(lab)
    given = picture_of(lab)
    others = [key for key in expected.after if key not in but]
    assert [key for key in others if given[key].all_given != expected.after[key].all_given] == []
    lab.forget_requests()
    assert lab.sync().status == "done", lab.told()
    assert lab.writes() == []
    check_nothing_leaked(lab)


def test_f25_what_is_unpublished_meanwhile_keeps_its_grants(lab: Lab, expected: FaultFree) -> None:
    """It may be published again an hour before it opens, and nobody would look before."""
    essay = of_course(lab.state().assignments, name="Essay")
    address = f"courses/{COURSE}/assignments/{essay.id}"
    while_it_runs(lab, lambda: somebody(lab, "PUT", address, {"assignment": {"published": False}}))
    rows = PairStatus.objects.filter(assessment__canvas_assignment_id=essay.id)
    assert set(rows.values_list("status", flat=True)) <= TOLD
    check_others(lab, expected, but=set())


def test_f25_what_is_deleted_meanwhile_is_given_up_and_costs_nothing_else(lab: Lab, expected: FaultFree) -> None:
    """Its pairs go from the lists, and no request is sent to it any more."""
    essay = of_course(lab.state().assignments, name="Essay")
    while_it_runs(lab, lambda: somebody(lab, "DELETE", f"courses/{COURSE}/assignments/{essay.id}"))
    assert not PairStatus.objects.filter(
        assessment__canvas_assignment_id=essay.id, assessment__is_deleted=False
    ).exists()
    lab.forget_requests()
    lab.sync()
    assert [one for one in lab.writes() if f"/assignments/{essay.id}" in one["path"]] == []
    check_others(lab, expected, but={key for key in expected.after if key[1] == f"assignment:{essay.id}"})


def test_f25_what_is_made_meanwhile_is_covered_by_the_next_sync(lab: Lab, expected: FaultFree) -> None:
    """A copy of the essay, made in the moment in which the original gets its overrides."""
    essay = of_course(lab.state().assignments, name="Essay")
    dates = {name: getattr(essay, name).isoformat() for name in ("unlock_at", "due_at", "lock_at")}
    copy = {"name": "Essay Copy", "submission_types": ["online_upload"], "published": True, **dates}
    while_it_runs(lab, lambda: somebody(lab, "POST", f"courses/{COURSE}/assignments", {"assignment": copy}))
    state = lab.state()
    made = of_course(state.assignments, name="Essay Copy")
    [ours] = [
        one for one in state.overrides if one.assignment_id == made.id and user_of(state, LOGIN).id in one.student_ids
    ]
    assert ours.due_at == datetime.fromisoformat(dates["due_at"]) + timedelta(days=2)
    check_others(lab, expected, but=set())


@pytest.mark.parametrize(("login", "becomes"), [(LOGIN, "a student of another section"), (OF_ALL_THREE, "a teacher")])
def test_f26_who_changes_section_or_side_meanwhile(login: str, becomes: str, lab: Lab, expected: FaultFree) -> None:
    """In another section the grants stay as they are; a teacher needs none, and nobody else notices either."""
    state = lab.state()
    user = user_of(state, login)
    enrollment = of_course(state.enrollments, user_id=user.id)
    section = somebody(lab, "POST", f"courses/{COURSE}/sections", {"course_section": {"name": "Evening"}})
    is_teacher = becomes == "a teacher"
    wanted = {
        "user_id": user.id,
        "type": "TeacherEnrollment" if is_teacher else "StudentEnrollment",
        "enrollment_state": "active",
    }

    def move() -> None:
        somebody(lab, "POST", f"sections/{section['id']}/enrollments", {"enrollment": wanted})
        somebody(lab, "DELETE", f"courses/{COURSE}/enrollments/{enrollment.id}?task=delete")

    while_it_runs(lab, move)
    here = PairStatus.objects.filter(student__login_id=login, assessment__course__canvas_course_id=COURSE)
    if is_teacher:
        assert not here.exclude(status__in=("past", "not_needed")).exists()
    else:
        assert set(here.values_list("status", flat=True)) <= TOLD
        assert here.exists()
    of_here = {key_of(one) for one in items_of(state) if one.course_id == COURSE} if is_teacher else set()
    check_others(lab, expected, but={(user.id, key) for key in of_here})


def in_days(days: int) -> str:
    """Return the instant so many days from now, as Canvas takes it."""
    return (timezone.now() + timedelta(days=days)).isoformat()


def sync_at_night(lab: Lab) -> None:
    """Carry out the night's first sync, in which the courses themselves are read anew."""
    CanvasConnection.objects.update(courses_read_at=None)
    lab.forget_requests()
    lab.request()
    lab.wait_until_settled()


def told(where: Q) -> set[tuple[str, str]]:
    """Return the statuses and reasons of these pairs, but for those that need nothing."""
    return set(PairStatus.objects.filter(where).exclude(status="not_needed").values_list("status", "reason"))


def dates_of(given: Any) -> Any:
    """Return when something opens, is due and closes."""
    return given.unlock_at, given.due_at, given.lock_at


def test_f28_r11_in_a_course_whose_term_is_over_no_dates_are_set_and_everybody_is_told(
    lab: Lab, expected: FaultFree
) -> None:
    """The registrar puts the course into a term that has ended: *short* until staff confirm; the others go on."""
    over = {"name": "A short term", "start_at": in_days(-40), "end_at": in_days(-1)}
    term = somebody(lab, "POST", "accounts/1/terms", {"enrollment_term": over})
    somebody(lab, "PUT", f"courses/{COURSE}", {"course": {"term_id": term["id"]}})
    sync_at_night(lab)
    here = Q(assessment__course__canvas_course_id=COURSE)
    assert told(here) == {("short", "course_end"), ("in_place", "accepted")}
    assert {status for status, _ in told(~here)} <= TOLD
    keys = {key_of(one) for one in items_of(lab.state()) if one.course_id == COURSE}
    given = picture_of(lab)
    moved = [key for key in given if key[1] in keys and dates_of(given[key]) != dates_of(expected.before[key])]
    assert moved == []
    check_others(lab, expected, but={key for key in expected.after if key[1] in keys})


def test_f28_what_was_due_in_a_closed_grading_period_is_blocked_and_the_rest_goes_on(
    lab: Lab, expected: FaultFree
) -> None:
    """The essay can still be handed in; who shares an instructor's later date for it is *held*, extra attempts come."""
    essay = of_course(lab.state().assignments, name="Essay")
    early = {"unlock_at": in_days(-9), "due_at": in_days(-2), "lock_at": essay.lock_at.isoformat()}
    somebody(lab, "PUT", f"courses/{COURSE}/assignments/{essay.id}", {"assignment": early})
    [term] = [one for one in lab.state().terms if one.name == "This term"]
    named = {"grading_period_set": {"title": "Halves"}, "enrollment_term_ids": [term.id]}
    group = somebody(lab, "POST", "accounts/1/grading_period_sets", named)["grading_period_set"]
    halves = [
        {"title": title, "start_date": in_days(begins), "end_date": in_days(ends), "close_date": in_days(ends)}
        for title, begins, ends in (("First half", -40, -1), ("Second half", -1, 60))
    ]
    address = f"grading_period_sets/{group['id']}/grading_periods/batch_update"
    somebody(lab, "PATCH", address, {"grading_periods": halves})
    before = picture_of(lab)
    sync_at_night(lab)
    here = Q(assessment__canvas_assignment_id=essay.id)
    assert told(here) == {("blocked", "grading_period_closed"), ("held", "shared_override"), ("in_place", "accepted")}
    assert {status for status, _ in told(~here)} <= TOLD
    given, of_essay = picture_of(lab), {key for key in expected.after if key[1] == f"assignment:{essay.id}"}
    assert [key for key in of_essay if dates_of(given[key]) != dates_of(before[key])] == []
    check_others(lab, expected, but=of_essay)
