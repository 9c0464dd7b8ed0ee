"""Canvas, or the network before it, answers late, in part, wrongly, or not at all: nothing is lost, nothing twice."""

import random

import pytest

from accommodations.models import Accommodation, ActionLogEntry, CanvasConnection, CourseSync, PairStatus, SyncAction
from accommodations.services import accommodations, connections
from accommodations.services.connections import STOPPED_AT_401
from tests.factories import make_user
from tests.faults import campus
from tests.faults.checker import FaultFree, check, check_at_rest, check_nothing_leaked, statuses
from tests.faults.http_proxy import NetFault
from tests.faults.lab import Lab
from tests.faults.steering import hold_at_a_write
from tests.invariants import OUR_TITLE

BROKEN_EXCHANGES = ("reset_before", "reset_after", "hole_before", "hole_after", "cut", "drip", "nonsense")
REPEATED = 2.5
"""Requests of a run in which every second one fails, against one without faults: each write is looked for first."""


def broken(kind: str, **fields: object) -> NetFault:
    """Return a fault with the numbers that suit its kind: a cut in the middle, a drip past the total deadline."""
    return NetFault(kind, number={"cut": 90, "drip": 0.2}.get(kind, 1.0), **fields)


def let_next_round_bring_what_is_told_as_failed(lab: Lab) -> None:
    """Sync once more where one change met three broken exchanges in a row: it is told, with when it is tried again."""
    failed = PairStatus.objects.filter(status="failed")
    if failed:
        assert {(row.reason, row.next_try_at is not None) for row in failed} == {("unreachable", True)}
        lab.sync()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_f11_f12_exchanges_that_break_in_every_way(
    method: str, lab: Lab, expected: FaultFree, lots: random.Random
) -> None:
    """R5, R14: a read is tried again; a write is unknown, and read before anything is sent again."""
    places = lots.sample(range(1, 12), len(BROKEN_EXCHANGES))
    lab.canvas.faults = [
        broken(kind, method=method, path="/courses/", skip=place)
        for kind, place in zip(BROKEN_EXCHANGES, places, strict=True)
    ]
    lab.request_courses()
    lab.wait_until_settled()
    let_next_round_bring_what_is_told_as_failed(lab)
    check(lab, expected, most_requests=REPEATED)
    if method == "POST":
        assert ActionLogEntry.objects.filter(act="canvas.write.settled").exists()


@pytest.mark.parametrize("carried_out", [False, True])
def test_f12_server_errors_before_and_after_canvas_has_acted(
    carried_out: bool, lab: Lab, expected: FaultFree, lots: random.Random
) -> None:
    """A 5xx says nothing of what was done."""
    for code in (500, 502, 503, 504):
        value = {"code": code, "body": "<html>down</html>", "content_type": "text/html", "carried_out": carried_out}
        for method in ("GET", "POST"):
            fault = {"kind": "status", "method": method, "path": lots.choice(("/2001/", "/2002/")), "value": value}
            lab.canvas_control("POST", "faults", [{**fault, "count": 1}])
    lab.request_courses()
    lab.wait_until_settled()
    check(lab, expected, most_requests=REPEATED)


@pytest.mark.parametrize("refuses", [True, False], ids=["refused", "silent"])
def test_f10_f11_canvas_that_is_away_for_a_while(refuses: bool, lab: Lab, expected: FaultFree) -> None:
    """I1: meanwhile the run says so; when Canvas is back the work goes on by itself."""
    hold_at_a_write(lab, skip=3)
    if refuses:
        lab.canvas.refuse()
    lab.wait_for(lambda: CourseSync.objects.exclude(next_try_at=None).exists(), "a course that waits for Canvas", 60)
    assert "did not answer" in CourseSync.objects.exclude(next_try_at=None)[0].message
    lab.canvas.clear()
    lab.wait_until_settled()
    check(lab, expected, most_requests=REPEATED)


def test_f13_a_throttled_write_is_waited_for(lab: Lab, expected: FaultFree) -> None:
    """Nothing was carried out; after the wait that Canvas's bucket needs it is sent again, once."""
    lab.canvas_control("POST", "faults", [{"kind": "throttle", "method": "POST", "path": "/2001/", "count": 1}])
    lab.request_courses()
    lab.wait_until_settled()
    assert not SyncAction.objects.exclude(status__in=("applied", "dropped")).exists()
    check(lab, expected)


def test_f15_a_token_that_is_revoked_in_mid_run(lab: Lab, expected: FaultFree, lots: random.Random) -> None:
    """The run stops with one alert, nothing is marked as applied that is not; with a new token it goes on."""
    refusal = {"code": 401, "body": {"errors": [{"message": "Revoked access token."}]}}
    hold_at_a_write(lab, skip=lots.randrange(6))
    lab.canvas_control("POST", "faults", [{"kind": "status", "value": refusal}])
    lab.canvas.go_on()
    lab.wait_until_settled()
    assert ActionLogEntry.objects.filter(act="connection.token_refused").count() == 1
    assert set(CourseSync.objects.exclude(status="done").values_list("message", flat=True)) == {STOPPED_AT_401}
    assert "failed" in statuses().values()
    check_at_rest(lab)

    lab.canvas_control("DELETE", "faults")
    address = CanvasConnection.objects.get().base_url
    connections.save_connection(base_url=address, token=campus.TOKEN, saved_by=make_user("administrator"))
    lab.wait_until_settled()
    check(lab, expected, most_requests=REPEATED)


def test_f27_what_staff_revoke_during_the_run_is_not_given(lab: Lab) -> None:
    """The newest decision wins, whatever an older plan holds, and what that had written is taken back."""
    hold_at_a_write(lab, skip=1)
    director = make_user("director")
    logins = ("ann03", "ann09")
    for accommodation in Accommodation.objects.filter(student__login_id__in=logins):
        run = accommodations.end_accommodation(
            accommodation=accommodation,
            ended_by=director,
            version=accommodation.version,
            reason="revoked",
            reads_before_applying=False,
        )
        lab.send("prepare_sync_run", run.pk)
    lab.canvas.go_on()
    lab.wait_until_settled()
    lab.sync()
    state = lab.state()
    gone = {user.id for user in state.users if user.login_id in logins}
    extensions = [one for one in state.quiz_submissions if one.user_id in gone]
    assert not [one for one in extensions if one.extra_time or one.extra_attempts]
    ours = [one for one in state.overrides if one.workflow_state == "active" and OUR_TITLE.match(one.title)]
    assert ours
    assert not [one for one in ours if gone & set(one.student_ids)]
    check_at_rest(lab)
    check_nothing_leaked(lab)
