"""What a dead process left behind is settled by reading Canvas: found or not, never sent again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accommodations.models import ActionLogEntry, CanvasAct
from accommodations.services import action_log, acts, acts_settling, running_attempts
from accommodations.services.action_log import Verified
from accommodations.tasks import settle_acts
from canvas_bridge.gateway import CanvasGateway
from tests.accommodations.acts.conftest import Running, log_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for SIGKILL."""


def killed_while_extending(running: Running, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> CanvasAct:
    """Let the process die just before, or just after, Canvas extends the attempt; return the act that it leaves."""
    original = CanvasGateway.extend_running_attempt

    def die(gateway: CanvasGateway, **values: int) -> None:
        if after:
            original(gateway, **values)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(CanvasGateway, "extend_running_attempt", die)
        with pytest.raises(Killed):
            running_attempts.extend(
                running.pair, minutes=30, shown_end_at=running.end_at, key=uuid4(), asked_by=make_user()
            )
    act = CanvasAct.objects.get()
    CanvasAct.objects.update(started_at=timezone.now() - acts.LEFT_AFTER - timedelta(seconds=1))
    return act


@pytest.mark.parametrize(("after", "status"), [(True, "applied"), (False, "not_arrived")])
def test_f01_r14_a_process_that_died_is_settled_by_reading(
    running: Running, monkeypatch: pytest.MonkeyPatch, after: bool, status: str
) -> None:
    before = running.end_at
    act = killed_while_extending(running, monkeypatch, after=after)
    running.university.forget_requests()
    settle_acts()
    act.refresh_from_db()
    assert act.status == status
    assert log_of(running.pair)[-3:] == ["canvas.write.started", "canvas.write.unknown", "canvas.write.settled"]
    assert running.university.writes == [], "nothing is sent again"
    assert running.end_at == before + timedelta(minutes=30 if after else 0)
    assert isinstance(action_log.verify(), Verified)


def test_what_is_being_sent_right_now_is_left_alone(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    act = killed_while_extending(running, monkeypatch, after=False)
    CanvasAct.objects.update(started_at=timezone.now())
    assert acts_settling.settle_unknown_acts() == 0
    act.refresh_from_db()
    assert act.status == CanvasAct.Status.STARTED


def test_where_canvas_does_not_answer_it_is_asked_again_later(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = killed_while_extending(running, monkeypatch, after=True)
    running.university.fault("drop_before", count=50)
    assert acts_settling.settle_unknown_acts() == 0
    running.university.state.control.faults.clear()
    assert acts_settling.settle_unknown_acts() == 1
    act.refresh_from_db()
    assert act.status == CanvasAct.Status.APPLIED
    assert ActionLogEntry.objects.filter(request_id=act.key, act="canvas.write.unknown").count() == 1


def test_the_next_person_is_not_kept_waiting_by_a_dead_one(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_while_extending(running, monkeypatch, after=False)
    act, _ = running_attempts.extend(
        running.pair, minutes=30, shown_end_at=running.end_at, key=uuid4(), asked_by=make_user()
    )
    assert act.status == CanvasAct.Status.APPLIED
