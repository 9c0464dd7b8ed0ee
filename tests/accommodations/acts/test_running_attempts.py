"""Extending the attempt that is running: towards the grant, once, logged, read back, and never blindly repeated."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accommodations.errors import ActAtWork, ChangedSinceShown, ConfirmedBefore, NotPossible, ValuesRefused
from accommodations.locks import course_lease
from accommodations.models import ActionLogEntry, CanvasAct
from accommodations.services import action_log, running_attempts
from accommodations.services.action_log import Verified
from tests.accommodations.acts.conftest import Running, in_minutes, log_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SENT_AND_APPLIED = ["canvas.write.started", "canvas.write.applied"]


def extend(running: Running, minutes: int = 30, **fields: object) -> CanvasAct:
    values = {"shown_end_at": running.end_at, "key": uuid4(), "asked_by": make_user(), **fields}
    act, _ = running_attempts.extend(running.pair, minutes=minutes, **values)
    return act


def test_the_page_shows_the_end_that_the_approved_time_comes_to(running: Running) -> None:
    assert running.pair.reason == "running_attempt_short"
    seen = running_attempts.look(running.pair)
    assert seen.problem == ""
    assert seen.ends_at == running.end_at
    assert (seen.limit_minutes, seen.granted_minutes, seen.minutes_missing) == (60, 30, 30)
    assert seen.due_end_at == running.end_at + timedelta(minutes=30)
    assert not seen.locks_before(30)


def test_r14_confirmed_it_ends_later_and_the_log_says_so_before_and_after(running: Running) -> None:
    before = running.end_at
    act = extend(running)
    assert running.end_at == before + timedelta(minutes=30)
    assert act.status == CanvasAct.Status.APPLIED
    assert log_of(running.pair)[-2:] == SENT_AND_APPLIED
    started = ActionLogEntry.objects.filter(act="canvas.write.started", request_id=act.key).get()
    assert started.actor == act.asked_by
    assert started.payload.data["before"] == {"end_at": before.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert isinstance(action_log.verify(), Verified)


def test_the_status_follows_at_once(running: Running) -> None:
    extend(running)
    running.pair.refresh_from_db()
    assert running.pair.reason == "read_back"


def test_b09_the_same_page_confirmed_twice_is_sent_once(running: Running) -> None:
    key, shown = uuid4(), running.end_at
    extend(running, key=key, shown_end_at=shown)
    after = running.end_at
    with pytest.raises((ConfirmedBefore, ChangedSinceShown)):
        extend(running, key=key, shown_end_at=after)
    assert running.end_at == after


def test_two_people_with_the_same_page_extend_it_once(running: Running) -> None:
    shown = running.end_at
    extend(running, shown_end_at=shown)
    after = running.end_at
    with pytest.raises(ChangedSinceShown):
        extend(running, shown_end_at=shown)
    assert running.end_at == after


def test_while_one_is_being_sent_nobody_sends_another(running: Running) -> None:
    act = extend(running)
    CanvasAct.objects.filter(pk=act.pk).update(status=CanvasAct.Status.STARTED, key=uuid4())
    with pytest.raises(ActAtWork):
        extend(running)


def test_an_attempt_that_was_handed_in_is_refused(running: Running) -> None:
    shown = running.end_at
    running.university.state.complete_attempt(running.row)
    with pytest.raises(NotPossible, match="handed in"):
        extend(running, shown_end_at=shown)
    assert not CanvasAct.objects.exists()


@pytest.mark.parametrize(("ended", "words"), [(-61, "more than an hour ago"), (-59, "")])
def test_contract_3_3_an_attempt_can_be_extended_until_an_hour_after_its_end(
    running: Running, ended: int, words: str
) -> None:
    running.row.end_at = in_minutes(ended)
    problem = running_attempts.look(running.pair).problem
    assert (words in problem) if words else not problem


def test_b11_minutes_that_canvas_would_cut_are_refused(running: Running) -> None:
    for minutes in (0, -1, 1441):
        with pytest.raises(ValuesRefused):
            extend(running, minutes=minutes)
    assert not CanvasAct.objects.exists()


def test_contract_3_3_it_warns_where_the_quiz_locks_before_the_new_end(running: Running) -> None:
    running.university.state.assignments[running.quiz.assignment_id].lock_at = in_minutes(45)
    running.quiz.lock_at = in_minutes(45)
    seen = running_attempts.look(running.pair)
    assert seen.locks_before(30)
    assert not seen.locks_before(1)


def test_f11_an_answer_that_is_lost_after_canvas_acted_is_settled_by_reading(running: Running) -> None:
    before = running.end_at
    running.university.fault("drop_after", method="POST", path=r"/extensions$", count=1)
    act = extend(running)
    assert running.end_at == before + timedelta(minutes=30), "sent once, although the answer was lost"
    assert act.status == CanvasAct.Status.APPLIED
    assert log_of(running.pair)[-3:] == ["canvas.write.started", "canvas.write.unknown", "canvas.write.settled"]


def test_f11_a_request_that_was_lost_on_the_way_is_not_sent_again(running: Running) -> None:
    before = running.end_at
    running.university.fault("drop_before", method="POST", path=r"/extensions$", count=1)
    act = extend(running)
    assert running.end_at == before
    assert act.status in (CanvasAct.Status.NOT_ARRIVED, CanvasAct.Status.UNREACHABLE)


def test_where_not_even_reading_works_it_stays_unknown_and_says_so(running: Running) -> None:
    running.university.fault("drop_after", method="POST", path=r"/extensions$", count=1)
    shown = running.end_at
    reads_before_the_write = running_attempts.look(running.pair)
    assert reads_before_the_write.problem == ""
    original = running_attempts.settle

    def cannot_read(*arguments: object) -> CanvasAct:
        raise NotPossible("Canvas did not answer.")

    running_attempts.settle = cannot_read
    try:
        act = extend(running, shown_end_at=shown)
    finally:
        running_attempts.settle = original
    assert act.status == CanvasAct.Status.UNKNOWN


def test_a_sync_at_work_on_the_course_does_not_keep_a_running_attempt_waiting(running: Running) -> None:
    before = running.end_at
    with course_lease(running.pair.course):
        act, follows = running_attempts.extend(
            running.pair, minutes=30, shown_end_at=before, key=uuid4(), asked_by=make_user()
        )
    assert act.status == CanvasAct.Status.APPLIED
    assert not follows, "the statuses are the sync's to write"
    assert running.end_at == before + timedelta(minutes=30)
