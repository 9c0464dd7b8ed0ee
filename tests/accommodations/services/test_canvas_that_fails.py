"""Canvas refuses, is silent or talks nonsense, or staff decide meanwhile: nothing is lost, nothing is sent twice."""

import pytest

from accommodations.models import (
    ActionLogEntry,
    CanvasConnection,
    Course,
    CourseSync,
    LedgerEntry,
    PairStatus,
    Student,
    SyncAction,
    SyncRun,
)
from accommodations.services import accommodations, apply, connections, sync_runs
from accommodations.services.sync_runner import SyncResult, run_course_sync
from tests.accommodations.services.conftest import (
    TOKEN,
    University,
    approve,
    carry_out,
    record,
    statuses,
    sync_now,
)
from tests.accommodations.services.interrupting import (
    every_write_has_one_intent_and_one_outcome,
    first_course_sync,
    is_all_granted,
    wake,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_f15_a_revoked_token_stops_the_run_and_a_new_one_resumes_it(
    ada: Student, university: University, connection: CanvasConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = record(ada)
    university.fault(
        "status",
        method="POST",
        value={"code": 401, "body": {"errors": [{"message": "Revoked access token."}]}},
    )
    carry_out(run)
    assert run.status == SyncRun.Status.FAILED
    assert run.course_syncs.get().message == connections.STOPPED_AT_401
    assert university.picture() == {"overrides": [], "quizzes": [], "papers": []}
    assert not SyncAction.objects.filter(status="applied").exists()
    assert not LedgerEntry.objects.exists()
    assert ActionLogEntry.objects.filter(act="connection.token_refused").count() == 1
    told = set(PairStatus.objects.values_list("status", "reason", "failure_message", "next_try_at"))
    assert told == {("failed", "unreachable", connections.STOPPED_AT_401, None)}
    writes = len(university.writes)
    sync_now()
    assert len(university.writes) == writes, "nothing is sent with a refused token"

    university.state.control.faults.clear()
    connections.save_connection(base_url=connection.base_url, token=TOKEN, saved_by=make_user("administrator"))
    assert set(PairStatus.objects.values_list("status", "failure_message")) == {("waiting", "")}
    wake()
    run.refresh_from_db()
    assert run.status == SyncRun.Status.DONE
    assert is_all_granted(), statuses()
    every_write_has_one_intent_and_one_outcome()


def test_f11_a_write_whose_answer_is_lost_is_settled_by_reading(ada: Student, university: University) -> None:
    university.fault("drop_after", method="POST", count=1)
    university.fault("drop_after", method="POST", count=1)
    run = carry_out(record(ada))
    assert run.status == SyncRun.Status.DONE
    assert is_all_granted(), statuses()
    every_write_has_one_intent_and_one_outcome()
    assert len(university.overrides_of(university.ada)) == 2


def test_f11_r3_what_was_read_before_a_write_says_nothing_of_it_once_its_answer_is_lost(
    ada: Student, university: University
) -> None:
    # Both tries arrive and neither answer does. Were it settled by what was read before them, it would stand there as
    # somebody else's, and nobody would take it back.
    university.fault("drop_after", method="POST", path="extensions$", count=2)
    carry_out(record(ada))
    assert is_all_granted(), statuses()
    assert len([one for one in university.writes if one.path.endswith("/extensions")]) == 2, "one a quiz, one a paper"
    assert LedgerEntry.objects.filter(part="extension", taken_back_at=None).count() == 2
    every_write_has_one_intent_and_one_outcome()


def test_f12_canvas_that_is_down_is_tried_again_later_and_then_has_failed(ada: Student, university: University) -> None:
    run = record(ada)
    course_sync = first_course_sync(run)
    university.fault("status", value=503)
    assert run_course_sync(course_sync.pk) is SyncResult.WAITING
    course_sync.refresh_from_db()
    assert course_sync.status == CourseSync.Status.QUEUED
    assert course_sync.next_try_at is not None
    assert "did not answer" in course_sync.message
    assert run_course_sync(course_sync.pk) is SyncResult.NOTHING, "not before its time"
    for _ in range(3):
        CourseSync.objects.update(next_try_at=None)
        run_course_sync(course_sync.pk)
    course_sync.refresh_from_db()
    assert course_sync.status == CourseSync.Status.FAILED
    university.state.control.faults.clear()
    assert sync_now().status == SyncRun.Status.DONE
    assert is_all_granted(), statuses()


def test_f14_what_canvas_refuses_is_shown_and_the_rest_goes_on(ada: Student, university: University) -> None:
    university.fault(
        "status", method="POST", path="extensions$", value={"code": 403, "body": {"message": "you are not allowed"}}
    )
    run = carry_out(record(ada))
    assert run.status == SyncRun.Status.PARTIAL
    found = statuses()
    assert found[("ada", "Midterm")] in ("refused", "permission_missing")
    pair = PairStatus.objects.get(assessment__name="Midterm")
    assert "not allowed" in pair.failure_message
    assert pair.next_try_at is not None
    assert len(university.overrides_of(university.ada)) == 2
    since = pair.since
    sync_now()
    pair.refresh_from_db()
    assert pair.since == since, "still failed, since then"
    university.state.control.faults.clear()
    assert sync_now().status == SyncRun.Status.DONE
    assert is_all_granted(), statuses()
    pair.refresh_from_db()
    assert (pair.failure_message, pair.next_try_at) == ("", None)


def test_f16_nonsense_from_canvas_fails_that_course_and_deletes_nothing(ada: Student, university: University) -> None:
    approve(carry_out(record(ada)), make_user())
    given = university.picture()
    university.fault("status", method="GET", path="assignments$", value={"code": 200, "body": '{"id": [null]}'})
    run = sync_now()
    assert run.status == SyncRun.Status.FAILED
    assert university.picture() == given
    assert is_all_granted(), statuses()


def test_a_cancelled_run_sends_nothing_more(ada: Student, university: University) -> None:
    run = record(ada)
    course_sync_ids = sync_runs.prepare_run(run.pk)
    sync_runs.cancel_run(run=run, cancelled_by=make_user())
    assert [run_course_sync(course_sync_id) for course_sync_id in course_sync_ids] == [SyncResult.NOTHING]
    run.refresh_from_db()
    assert run.status == SyncRun.Status.CANCELLED
    assert university.writes == []


def test_f27_a_decision_made_during_the_run_wins(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = record(ada)
    [course_sync_id] = sync_runs.prepare_run(run.pk)
    real = apply.send_request
    ended = []

    def end_after_the_first(*arguments: object, **named: object) -> object:
        outcome = real(*arguments, **named)
        if not ended:
            for accommodation in ada.accommodations.filter(provision="extra_time"):
                ended.append(
                    accommodations.end_accommodation(
                        accommodation=accommodation, ended_by=make_user(), version=1, reason="revoked"
                    )
                )
        return outcome

    monkeypatch.setattr("accommodations.services.course_work.send_request", end_after_the_first)
    run_course_sync(course_sync_id)
    minutes, attempts = university.extra_time_of(university.ada)
    assert (minutes, attempts) == (0, 1)


def test_two_courses_do_not_wait_for_each_other(ada: Student, university: University) -> None:
    second = university.state.add_course("Geology", "GEO 1")
    university.state.enroll(university.ada, second)
    university.fault("status", method="GET", path=f"courses/{second.id}/assignments", value={"code": 200, "body": "{}"})
    run = carry_out(record(ada))
    assert run.status == SyncRun.Status.PARTIAL
    assert Course.objects.count() == 2
    assert is_all_granted(), statuses()
