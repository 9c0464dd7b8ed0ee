"""Instructors work in Canvas while a sync is at work: theirs survives, and the grants follow what they did."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accommodations.models import CanvasConnection, PairStatus
from canvas_bridge.sandbox.records.assessments import Override
from canvas_bridge.sandbox.state import SandboxState
from tests.faults.checker import FaultFree, check_at_rest, check_nothing_leaked, picture_of, statuses
from tests.faults.lab import Lab
from tests.faults.steering import once_at, somebody

COURSE = 2001
GUEST = "ann26"
"""A student of that course who has no accommodation."""
DAY = timedelta(days=1)


def essay_of(state: SandboxState) -> Any:
    """Return the course's essay."""
    return next(one for one in state.assignments if one.name == "Essay" and one.course_id == COURSE)


def of_everybody_on(lab: Lab, state: SandboxState, login: str) -> list[Override]:
    """Return the essay's ad-hoc overrides that name the student."""
    student = next(user for user in state.users if user.login_id == login)
    here = [one for one in lab.state().overrides if one.assignment_id == essay_of(state).id]
    return [one for one in here if one.workflow_state == "active" and student.id in one.student_ids]


def check_quiet(lab: Lab) -> None:
    """What holds at rest, nothing is left to do, and nothing has leaked."""
    check_at_rest(lab)
    lab.forget_requests()
    assert lab.sync().status == "done", lab.told()
    assert lab.writes() == []
    check_nothing_leaked(lab)


def test_f20_a_batch_that_is_refused_takes_nobody_out_of_an_override(lab: Lab, expected: FaultFree) -> None:
    """R2: an instructor adds a student to an override of ours and deletes another, in the moment in which both change.

    Canvas refuses all of it, but keeps removals (contract 6.9): the batch must name no students, title or not.
    """
    lab.sync()
    state = lab.state()
    essay, spare = essay_of(state), next(user for user in state.users if user.login_id == "ann26")
    lab.canvas_control("POST", "act", {"act": "save_assign_to_tray", "assignment_id": essay.id})
    later = {name: (getattr(essay, name) + DAY).isoformat() for name in ("due_at", "lock_at")}
    somebody(lab, "PUT", f"courses/{COURSE}/assignments/{essay.id}", {"assignment": later})
    [joined], [deleted] = of_everybody_on(lab, state, "ann07"), of_everybody_on(lab, state, "ann13")
    address = f"courses/{COURSE}/assignments/{essay.id}/overrides"

    def act() -> None:
        both = {name: getattr(joined, name).isoformat() for name in ("unlock_at", "due_at", "lock_at")}
        both |= {"student_ids": [*joined.student_ids, spare.id], "title": "Two of mine"}
        somebody(lab, "PUT", f"{address}/{joined.id}", {"assignment_override": both})
        somebody(lab, "DELETE", f"{address}/{deleted.id}")

    acts = once_at(lab, act, method="PUT", path=rf"/courses/{COURSE}/assignments/overrides")
    lab.forget_requests()
    lab.request_courses()
    lab.wait_until_settled()
    assert acts.done.is_set()
    batches = [one for one in lab.writes() if one["method"] == "PUT" and one["path"].endswith("/assignments/overrides")]
    assert batches[0]["status"] == 400, "the batch was refused as a whole"
    lab.sync()
    [stays] = [one for one in lab.state().overrides if one.id == joined.id and one.workflow_state == "active"]
    assert spare.id in stays.student_ids
    for login in ("ann07", "ann11", "ann13"):
        [one] = of_everybody_on(lab, state, login)
        assert one.due_at is not None
        assert one.due_at >= essay.due_at + 3 * DAY, login
    check_quiet(lab)


def test_f23_an_override_that_an_instructor_makes_in_the_last_moment_is_kept_and_never_doubled(
    lab: Lab, expected: FaultFree
) -> None:
    """R3: Canvas answers "taken"; theirs is read, and holds the grant as well; the others get theirs at once."""
    state = lab.state()
    student, essay = next(user for user in state.users if user.login_id == "ann07"), essay_of(state)
    body = {
        "assignment_override": {
            "student_ids": [student.id],
            "title": "Talked to me",
            "due_at": (essay.due_at + DAY).isoformat(),
            "lock_at": essay.lock_at.isoformat(),
        }
    }
    makes = once_at(
        lab,
        lambda: somebody(lab, "POST", f"courses/{COURSE}/assignments/{essay.id}/overrides", body),
        method="POST",
        path=rf"/courses/{COURSE}/assignments/overrides",
    )
    lab.request_courses()
    lab.wait_until_settled()
    assert makes.done.is_set()
    lab.sync()
    [only] = of_everybody_on(lab, state, "ann07")
    assert only.due_at is not None
    assert only.due_at >= essay.due_at + 2 * DAY
    given = picture_of(lab)
    others = [key for key in expected.after if key[0] != student.id]
    assert [key for key in others if given[key].all_given != expected.after[key].all_given] == []
    check_quiet(lab)


@pytest.mark.parametrize("does", ["renames", "lengthens", "deletes"])
def test_f24_what_an_instructor_does_to_an_own_override_meanwhile_survives(
    does: str, lab: Lab, expected: FaultFree
) -> None:
    """R3, R2: the title and the later date stay theirs; without theirs ours stands."""
    state = lab.state()
    essay = essay_of(state)
    [theirs] = [one for one in state.overrides if one.assignment_id == essay.id and one.title == "Late start"]
    address = f"courses/{COURSE}/assignments/{essay.id}/overrides/{theirs.id}"
    changed: dict[str, Any] = {
        "student_ids": theirs.student_ids,
        "title": "A title of mine" if does == "renames" else theirs.title,
        "due_at": (theirs.due_at + (4 * DAY if does == "lengthens" else 0 * DAY)).isoformat(),
    }
    acts = once_at(
        lab,
        lambda: (
            somebody(lab, "DELETE", address)
            if does == "deletes"
            else somebody(lab, "PUT", address, {"assignment_override": changed})
        ),
        path=rf"/courses/{COURSE}/",
    )
    lab.request_courses()
    lab.wait_until_settled()
    assert acts.done.is_set()
    lab.sync()
    held = [one for one in lab.state().overrides if one.id == theirs.id and one.workflow_state == "active"]
    if does == "deletes":
        assert held == []
    else:
        assert held[0].title == changed["title"]
        assert held[0].due_at is not None
        assert held[0].due_at >= datetime.fromisoformat(changed["due_at"])
    mine = [key for key in expected.after if key[0] not in theirs.student_ids]
    given = picture_of(lab)
    assert [key for key in mine if given[key].all_given != expected.after[key].all_given] == []
    check_quiet(lab)


def test_f24_who_is_put_into_our_override_in_the_last_moment_stays_in_it(lab: Lab, expected: FaultFree) -> None:
    """R2: an instructor shares one of ours with somebody else, right before the write that would change it."""
    lab.sync()
    state = lab.state()
    essay = essay_of(state)
    guest = next(user for user in state.users if user.login_id == GUEST)
    ours = next(
        one
        for one in state.overrides
        if one.assignment_id == essay.id and len(one.student_ids) == 1 and one.title.startswith("Dates for")
    )
    address = f"courses/{COURSE}/assignments/{essay.id}"
    shared = {"student_ids": [*ours.student_ids, guest.id], "title": ours.title, "due_at": ours.due_at.isoformat()}
    somebody(lab, "PUT", address, {"assignment": {"due_at": (essay.due_at + DAY).isoformat()}})
    acts = once_at(
        lab,
        lambda: somebody(lab, "PUT", f"{address}/overrides/{ours.id}", {"assignment_override": shared}),
        path=rf"/courses/{COURSE}/assignments/(overrides|{essay.id}/overrides)",
    )
    lab.sync()
    assert acts.done.is_set()
    lab.sync()
    held = [one for one in lab.state().overrides if one.assignment_id == essay.id and guest.id in one.student_ids]
    assert [one.workflow_state for one in held] == ["active"]
    assert held[0].due_at is not None
    assert held[0].due_at >= ours.due_at
    check_at_rest(lab)
    check_nothing_leaked(lab)


def test_f25_a_class_that_is_given_other_dates_and_minutes_meanwhile_takes_the_grants_along(
    lab: Lab, expected: FaultFree
) -> None:
    """Computed anew by the next sync: half as much again of the new limit, two days after the new date."""
    state = lab.state()
    essay = essay_of(state)
    midterm = next(one for one in state.quizzes if one.title == "Midterm" and one.course_id == COURSE)
    new_due = essay.due_at + 3 * DAY

    def edit() -> None:
        dates = {"due_at": new_due.isoformat(), "lock_at": (new_due + DAY).isoformat()}
        somebody(lab, "PUT", f"courses/{COURSE}/assignments/{essay.id}", {"assignment": dates})
        later = (midterm.lock_at + timedelta(hours=1)).isoformat()
        longer = {"time_limit": 90, "due_at": later, "lock_at": later}
        somebody(lab, "PUT", f"courses/{COURSE}/quizzes/{midterm.id}", {"quiz": longer})

    edits = once_at(lab, edit, path=rf"/courses/{COURSE}/")
    lab.request_courses()
    lab.wait_until_settled()
    assert edits.done.is_set()
    lab.sync()
    [ours] = of_everybody_on(lab, state, "ann07")
    assert (ours.due_at, ours.lock_at) == (new_due + 2 * DAY, new_due + 3 * DAY)
    row = lab.state().quiz_submissions.first(
        "quiz_user", (midterm.id, next(user.id for user in state.users if user.login_id == "ann07"))
    )
    assert row is not None
    assert row.extra_time == 45
    assert set(statuses().values()) <= {"in_place", "not_needed", "held"}
    check_quiet(lab)


def test_f28_a_course_that_is_concluded_is_blocked_and_the_others_go_on(lab: Lab, expected: FaultFree) -> None:
    """Told with its reason, and nothing is sent to it."""
    somebody(lab, "PUT", f"courses/{COURSE}", {"course": {"event": "conclude"}})
    CanvasConnection.objects.update(courses_read_at=None)  # the night's first look at the list of courses
    lab.forget_requests()
    lab.request()
    lab.wait_until_settled()
    there = PairStatus.objects.filter(assessment__course__canvas_course_id=COURSE)
    found = set(there.values_list("status", "reason")) - {("not_needed", "no_time_limit")}
    assert found == {("blocked", "course_concluded")}
    elsewhere = PairStatus.objects.exclude(assessment__course__canvas_course_id=COURSE)
    assert set(elsewhere.values_list("status", flat=True)) <= {"in_place", "not_needed", "held"}
    assert [one for one in lab.writes() if f"/courses/{COURSE}/" in one["path"]] == []
    check_quiet(lab)


def test_f28_what_a_blueprint_locks_is_blocked_and_the_rest_of_the_course_goes_on(
    lab: Lab, expected: FaultFree
) -> None:
    """Dates alone are locked: extra attempts on the same essay still arrive."""
    essay = essay_of(lab.state())
    locked = {"assignment_id": essay.id, "restrictions": ["due_dates", "availability_dates"]}
    lab.canvas_control("POST", "act", {"act": "restrict_by_blueprint", **locked})
    before = picture_of(lab)
    lab.sync()
    there = PairStatus.objects.filter(assessment__canvas_assignment_id=essay.id)
    assert "blueprint_lock" in there.values_list("reason", flat=True)
    given, key_of_essay = picture_of(lab), f"assignment:{essay.id}"
    for key, wanted in expected.after.items():
        if key[1] != key_of_essay:
            assert given[key].all_given == wanted.all_given, key
        else:
            assert given[key].attempts == wanted.attempts, key
            assert given[key].due_at == before[key].due_at, key
    check_quiet(lab)


@pytest.mark.parametrize("renews_ids", [False, True])
def test_f35_a_page_that_an_instructor_saves_after_us_costs_nobody_anything(
    renews_ids: bool, lab: Lab, expected: FaultFree
) -> None:
    """Ours is known again by student and assessment under its new title, and under a new id."""
    lab.sync()
    state = lab.state()
    essay = essay_of(state)
    own = {"Field trip", "Late start"}
    # Canvas makes "as for the class" in an instructor's own override into "no date": theirs change by that, not ours.
    named = {user for one in state.overrides if one.title in own for user in one.student_ids}
    lab.canvas_control(
        "POST", "act", {"act": "save_assignment_page", "assignment_id": essay.id, "renew_ids": renews_ids}
    )
    lab.sync()
    given = picture_of(lab)
    others = [key for key in expected.after if key[0] not in named]
    assert [key for key in others if given[key].all_given != expected.after[key].all_given] == []
    check_quiet(lab)
