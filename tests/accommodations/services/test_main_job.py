"""The main job: record, read the plan, apply, see it in Canvas, end it, and Canvas is as it was."""

import pytest

from accommodations.models import Accommodation, ActionLogEntry, LedgerEntry, PairStatus, Student, SyncAction, SyncRun
from accommodations.services import accommodations, action_log
from accommodations.services.action_log import Verified
from tests.accommodations.services.conftest import (
    University,
    approve,
    carry_out,
    in_days,
    one_attempt_more,
    record,
    statuses,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
EVERYTHING = [time_and_a_half(), one_attempt_more(), two_days_later()]


def test_the_plan_waits_to_be_read_and_nothing_is_sent_before(ada: Student, university: University) -> None:
    run = carry_out(record(ada, is_read_first=True))
    assert run.status == SyncRun.Status.READING
    assert university.writes == []
    sentences = list(SyncAction.objects.values_list("sentence", flat=True))
    assert any("60 min becomes 90 min" in sentence for sentence in sentences), sentences
    assert set(PairStatus.objects.values_list("status", flat=True)) == {"waiting"}


def test_what_was_read_is_applied_and_read_back(ada: Student, university: University) -> None:
    run = approve(carry_out(record(ada, is_read_first=True)), make_user())
    assert (run.status, run.message) == (SyncRun.Status.DONE, "")
    assert university.extra_time_of(university.ada) == (30, 1)
    assert set(SyncAction.objects.values_list("status", flat=True)) == {"applied"}
    assert statuses() == {("ada", "Midterm"): "read_back", ("ada", "Essay"): "read_back"}
    assert university.extra_time_of(university.ben) == (0, 0)
    assert university.overrides_of(university.ben) == []


def test_r4_a_sync_right_after_a_sync_plans_nothing(ada: Student, university: University) -> None:
    approve(carry_out(record(ada, is_read_first=True)), make_user())
    university.forget_requests()
    run = sync_now()
    assert run.status == SyncRun.Status.DONE
    assert not SyncAction.objects.filter(course_sync__run=run).exists()
    assert university.writes == []


def test_r3_after_the_end_canvas_is_as_it_was(ada: Student, university: University) -> None:
    before = university.picture()
    director = make_user("director")
    approve(carry_out(record(ada, is_read_first=True)), director)
    for accommodation in Accommodation.objects.all():
        accommodations.end_accommodation(
            accommodation=accommodation, ended_by=director, version=accommodation.version, reason="revoked"
        )
    run = SyncRun.objects.get(status=SyncRun.Status.QUEUED)
    approve(carry_out(run), director)
    run.refresh_from_db()
    assert (run.status, run.message) == (SyncRun.Status.DONE, "")
    assert university.picture() == before
    assert not PairStatus.objects.exists()
    assert not LedgerEntry.objects.filter(taken_back_at=None).exists()


def test_r18_what_is_open_stays_and_is_seen_to_wait(ada: Student, university: University) -> None:
    university.paper.unlock_at = in_days(-1)
    director = make_user("director")
    approve(carry_out(record(ada, is_read_first=True)), director)
    given = university.picture()
    for accommodation in Accommodation.objects.all():
        accommodations.end_accommodation(
            accommodation=accommodation, ended_by=director, version=accommodation.version, reason="revoked"
        )
    approve(carry_out(SyncRun.objects.get(status=SyncRun.Status.QUEUED)), director)
    assert university.picture()["papers"] == given["papers"]
    assert statuses() == {("ada", "Essay"): "until_over"}


def test_r14_each_planned_action_is_logged_before_and_after_its_request(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(carry_out(record(ada, is_read_first=True)), make_user())
    for action in SyncAction.objects.all():
        acts = ActionLogEntry.objects.filter(action_id_logged=action.pk).order_by("sequence")
        assert [entry.act for entry in acts] == ["canvas.write.started", "canvas.write.applied"]
        assert {entry.request_id for entry in acts} == {action.request_id}
        assert {entry.student_id_logged for entry in acts} == {ada.pk}
    assert isinstance(action_log.verify(), Verified)


def test_r15_nothing_in_canvas_names_the_reason(ada: Student, university: University) -> None:
    approve(carry_out(record(ada, is_read_first=True)), make_user())
    sent = " ".join(one.body + one.path for one in university.writes).lower()
    assert "accommodation" not in sent.replace("/accommodations", "")
    assert "disab" not in sent
    assert "leeway" not in sent
