"""The one button that helps: for every reason and every role, where it leads, and that it can be pressed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.models import CourseSync, GuardStop, PairHold, PairStatus, SyncRun
from accommodations.planning.statuses import STATUS_OF, Reason, Status
from accommodations.roles import PERMISSIONS_OF_ROLE
from accommodations.selectors.next_steps import STEPS, NextStep, next_step, with_step_targets
from accommodations.templatetags.steps import step_url
from tests.accommodations.views_a.conftest import ROLES, Campus, add_pair
from tests.factories import make_assessment, make_course_sync, make_run

OFFICE = ("coordinator", "director")
NEEDS_SOMEBODY = [reason for reason in Reason if STATUS_OF[reason] in {
    Status.SHORT, Status.FAILED, Status.HELD, Status.BLOCKED, Status.MISSED,
}]  # fmt: skip
LABELS = {
    Reason.CLOSED: "Write what was done…",
    Reason.BEGUN: "Write what was done…",
    Reason.REFUSED: "Sync again",
    Reason.UNREACHABLE: "Sync again",
    Reason.PERMISSION_MISSING: "Sync again",
    Reason.RUNNING_ATTEMPT_SHORT: "Extend the running attempt…",
    Reason.UNDONE: "Release",
    Reason.DISMISSED: "Release",
    Reason.OUTSIDE_CANVAS: "Mark done by hand…",
    Reason.UNGRADED_QUIZ: "Set the dates…",
    Reason.SHARED_OVERRIDE: "Compare both",
}


def pair_with_everything(campus: Campus, reason: Reason) -> PairStatus:
    """Return a pair of Amara whose course has a waiting plan and a stop, and that somebody holds."""
    quiz = make_assessment(campus.own, name=f"On {reason}")
    pair = add_pair(campus.amara, quiz, reason)
    run = make_run(status=SyncRun.Status.READING)
    make_course_sync(run, campus.own, status=CourseSync.Status.PLANNED)
    GuardStop.objects.create(course=campus.own, digest="d" * 64, message="Too many.", stopped_at=timezone.now())
    PairHold.objects.create(
        student=campus.amara, assessment=quiz, kind="undone", held_by=campus.users["director"], held_at=timezone.now()
    )
    return pair


def step_for(campus: Campus, role: str, pair: PairStatus) -> NextStep | None:
    """Return the button of the pair for somebody of the role."""
    user = campus.users[role]
    return next_step(user, with_step_targets(PairStatus.objects.filter(pk=pair.pk), user).get())


def test_every_reason_is_in_the_table() -> None:
    assert set(STEPS) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_every_right_in_the_table_is_one_that_a_role_has(reason: Reason) -> None:
    known = set().union(*PERMISSIONS_OF_ROLE.values())
    assert all(set(step.rights) <= known for step in STEPS[reason])


@pytest.mark.parametrize("reason", Reason)
def test_each_role_has_one_button_that_it_may_press_for_each_reason(
    reason: Reason, campus: Campus, as_role: Callable[[str], Client]
) -> None:
    pair = pair_with_everything(campus, reason)
    for role in ROLES:
        found = step_for(campus, role, pair)
        if role == "administrator":
            assert found is None or found.step.about == "plan", "they know of no student"
            continue
        if reason not in NEEDS_SOMEBODY:
            assert found is None or reason is Reason.PLANNED
            continue
        assert found is not None, f"{role} has no button for {reason}"
        if role in OFFICE and reason in LABELS:
            assert found.step.label == LABELS[reason]
        if not found.step.is_post:
            assert as_role(role).get(step_url(found)).status_code == 200, f"{role}: {found.step.address}"


def test_a_stop_is_decided_by_a_director_and_read_by_others(campus: Campus) -> None:
    pair = pair_with_everything(campus, Reason.GUARD)
    labels = {role: getattr(step_for(campus, role, pair), "step", None) for role in ("director", "coordinator")}
    assert [labels["director"].label, labels["coordinator"].label] == ["Approve or dismiss…", "See what was stopped"]


def test_auditors_only_look(campus: Campus) -> None:
    for reason in NEEDS_SOMEBODY:
        pair = add_pair(campus.amara, make_assessment(campus.own), reason)
        found = step_for(campus, "auditor", pair)
        assert found is not None
        assert not found.step.is_post
        assert found.step.address in {"pair_detail", "pair_explain", "guard_stop"}


def test_dates_that_meet_an_end_lead_to_the_accommodation_that_may_pass_it(campus: Campus) -> None:
    pair = add_pair(campus.amara, make_assessment(campus.own), Reason.COURSE_END)
    own = campus.amara.accommodations.get()
    pair.outcome["sources"] = [{"field": "dates", "accommodation_id": own.pk, "sentence": "Two days later."}]
    pair.save()
    found = step_for(campus, "coordinator", pair)
    assert found is not None
    assert step_url(found) == reverse("accommodation_edit", args=[own.pk])


def test_what_is_settled_has_no_button(campus: Campus) -> None:
    pair = add_pair(campus.amara, make_assessment(campus.own), Reason.CLOSED, settled_at=timezone.now())
    assert step_for(campus, "coordinator", pair) is None


def test_a_held_pair_is_released_by_its_button_in_the_list(campus: Campus, as_role: Callable[[str], Client]) -> None:
    pair_with_everything(campus, Reason.UNDONE)
    page = as_role("coordinator").get(reverse("pair_list"), {"reason": "undone"}).content.decode()
    hold = PairHold.objects.get()
    assert f'<input type="hidden" name="hold" value="{hold.pk}">' in page
    assert f'action="{reverse("hold_release")}"' in page


@pytest.mark.parametrize("role", ["coordinator", "instructor"])
def test_list_student_course_and_pair_pages_show_the_same_button(
    role: str, campus: Campus, as_role: Callable[[str], Client]
) -> None:
    """One table for all pages: what home offers, the other pages offer too."""
    for reason in (Reason.REFUSED, Reason.UNDONE, Reason.OUTSIDE_CANVAS, Reason.CLOSED):
        pair = add_pair(campus.amara, make_assessment(campus.own, name=f"On {reason}"), reason)
        found = step_for(campus, role, pair)
        assert found is not None
        for address in _pages_with_the_pair(role, pair):
            page = as_role(role).get(address).content.decode()
            where = page[page.index(f"On {reason}") :]
            assert f"{found.step.label}<span" in where, f"{role}: {reason} on {address}"


def _pages_with_the_pair(role: str, pair: PairStatus) -> list[str]:
    of_course = reverse("course_detail", args=[pair.course_id])
    if role == "instructor":
        return [of_course]
    return [
        of_course,
        reverse("student_detail", args=[pair.student_id]),
        f"{reverse('pair_list')}?reason={pair.reason}",
    ]
