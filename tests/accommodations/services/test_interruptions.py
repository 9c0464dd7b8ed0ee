"""Whatever interrupts a sync, the next one reaches the grants: nothing twice, nothing half done."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone

from accommodations.errors import WORDS_FOR_SET_ASIDE
from accommodations.models import (
    ActionLogEntry,
    CanvasConnection,
    Course,
    CourseLease,
    CourseSync,
    LedgerEntry,
    PairStatus,
    SetAside,
    Student,
    SyncAction,
    SyncRun,
)
from accommodations.selectors.sync import due_course_syncs, unprepared_runs
from accommodations.services import accommodations, action_log, apply, connections, set_asides, sync_runs, waking
from accommodations.services.action_log import Verified
from accommodations.services.sync_runner import SyncResult, run_course_sync
from canvas_bridge.gateway import CanvasGateway
from tests.accommodations.services.conftest import (
    TOKEN,
    University,
    approve,
    carry_out,
    record,
    statuses,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAIRS = {("ada", "Midterm"), ("ada", "Essay")}


def is_all_granted() -> bool:
    """Whether every grant is in Canvas, read back or accepted."""
    found = statuses()
    return set(found) >= PAIRS and {found[pair] for pair in PAIRS} <= {"read_back", "accepted"}


class Killed(BaseException):
    """Stands for SIGKILL: no handler of the application sees it."""


def die(course_sync: CourseSync) -> None:
    """Work on the row until the planted death, and leave what a killed worker leaves: its lease and its row."""
    lease_seen = CourseSync.objects.get(pk=course_sync.pk)
    with pytest.raises(Killed):
        run_course_sync(course_sync.pk)
    # A killed process frees nothing: put back what the context manager let go in this process.
    CourseLease.objects.filter(course=lease_seen.course).update(
        holder="the dead", expires_at=timezone.now() + timedelta(seconds=50)
    )


def bury(course_sync: CourseSync) -> None:
    CourseLease.objects.filter(course=course_sync.course).update(expires_at=timezone.now() - timedelta(seconds=1))
    CourseSync.objects.filter(pk=course_sync.pk).update(woken_at=timezone.now() - timedelta(minutes=3))


def wake() -> None:
    """Do what the sweep and the workers do now."""
    for course_sync_id in waking.take_due().course_sync_ids:
        run_course_sync(course_sync_id)


def first_course_sync(run: SyncRun) -> CourseSync:
    [course_sync_id] = sync_runs.prepare_run(run.pk)
    return CourseSync.objects.get(pk=course_sync_id)


@pytest.mark.parametrize("place", ["before the request", "after the request"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_f01_r5_a_worker_killed_between_intent_and_outcome(
    place: str, number: int, ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_sync = first_course_sync(record(ada))
    owner, name = (CanvasGateway, "apply") if place == "before the request" else (apply, "_log_outcomes")
    real, count = getattr(owner, name), 0

    def planted(*arguments: object, **named: object) -> object:
        nonlocal count
        count += 1
        if count == number:
            raise Killed
        return real(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, planted)
        die(course_sync)
    assert SyncAction.objects.filter(status="started").exists()
    wake()
    assert SyncAction.objects.filter(status="started").exists(), "nobody may take over before the lease runs out"
    bury(course_sync)
    wake()
    course_sync.refresh_from_db()
    assert (course_sync.status, course_sync.message) == (CourseSync.Status.DONE, "")
    assert is_all_granted(), statuses()
    assert university.extra_time_of(university.ada) == (30, 1)
    assert len(university.overrides_of(university.ada)) == 2
    assert LedgerEntry.objects.filter(taken_back_at=None).count() == 4
    every_write_has_one_intent_and_one_outcome()
    university.forget_requests()
    assert sync_now().status == SyncRun.Status.DONE
    assert university.writes == []


def every_write_has_one_intent_and_one_outcome() -> None:
    for action in SyncAction.objects.exclude(status__in=("planned", "dropped")):
        acts = list(
            ActionLogEntry.objects.filter(action_id_logged=action.pk).order_by("sequence").values_list("act", flat=True)
        )
        assert acts[0] == "canvas.write.started"
        assert acts[1:] in (
            ["canvas.write.applied"],
            ["canvas.write.refused"],
            ["canvas.write.unknown", "canvas.write.settled"],
            ["canvas.write.unreachable"],
        )
    assert isinstance(action_log.verify(), Verified)


def test_f03_a_course_that_kills_its_worker_each_time_is_quarantined_after_three(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_sync = first_course_sync(record(ada))

    def deadly(*arguments: object, **named: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("accommodations.services.observe.read_course", deadly)
        for _ in range(3):
            die(course_sync)
            bury(course_sync)
        wake()
    course_sync.refresh_from_db()
    assert (course_sync.status, course_sync.message) == (CourseSync.Status.FAILED, WORDS_FOR_SET_ASIDE)
    assert course_sync.run.status == SyncRun.Status.FAILED
    assert not due_course_syncs(now=timezone.now() + timedelta(hours=1)).exists()
    assert sync_now().status == SyncRun.Status.FAILED, "nobody takes it up before a director releases it"
    assert university.writes == []
    row, director = SetAside.objects.get(), make_user("director")
    run = set_asides.release(row=row, released_by=director)
    assert run is not None
    assert set_asides.release(row=row, released_by=director) is None, "once"
    assert carry_out(run).status == SyncRun.Status.DONE
    assert is_all_granted(), statuses()


def test_f03_r13_what_a_course_set_aside_still_has_to_be_sent_shows_as_failed(
    ada: Student, university: University
) -> None:
    carry_out(record(ada, time_and_a_half()))
    course_sync = CourseSync.objects.get()
    record(ada, two_days_later())
    assert statuses()[("ada", "Essay")] == "planned"
    set_asides.set_aside(course_sync)
    pair = PairStatus.objects.get(assessment__name="Essay")
    assert (pair.status, pair.failure_message) == ("failed", WORDS_FOR_SET_ASIDE)
    set_asides.release(row=SetAside.objects.get(), released_by=make_user("director"))
    pair.refresh_from_db()
    assert (pair.reason, pair.failure_message) == ("planned", "")


def test_f03_a_run_whose_preparation_kills_its_worker_each_time_is_given_up_after_three(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = record(ada)
    attempts = []

    def deadly(*arguments: object, **named: object) -> None:
        attempts.append(1)
        raise Killed

    monkeypatch.setattr(sync_runs, "courses_to_sync", deadly)
    for _ in range(6):
        SyncRun.objects.update(woken_at=timezone.now() - timedelta(minutes=3))
        for run_id in waking.take_due().run_ids:
            with pytest.raises(Killed):
                sync_runs.prepare_run(run_id)
            assert sync_runs.prepare_run(run_id) == [], "the same message again, right after the death, does nothing"
    run.refresh_from_db()
    assert (run.status, len(attempts)) == (SyncRun.Status.FAILED, 3)
    assert "3 workers ended" in run.message


def test_f07_a_database_that_ends_a_transaction_puts_the_course_off_and_nothing_more(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_sync = first_course_sync(record(ada))
    real, deadlocks = apply._log_outcomes, [OperationalError("deadlock detected")]

    def deadlocked_once(*arguments: object, **named: object) -> None:
        if deadlocks:
            raise deadlocks.pop()
        real(*arguments, **named)

    monkeypatch.setattr(apply, "_log_outcomes", deadlocked_once)
    assert run_course_sync(course_sync.pk) is SyncResult.WAITING
    course_sync.refresh_from_db()
    assert (course_sync.status, course_sync.deaths, course_sync.next_try_at) == (CourseSync.Status.QUEUED, 1, None)
    wake()
    assert is_all_granted(), statuses()
    every_write_has_one_intent_and_one_outcome()


def test_f08_r14_a_holder_that_slept_past_its_lease_writes_no_second_outcome(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_sync = first_course_sync(record(ada))
    real, sleeps = apply._log_outcomes, [True]

    def slept(*arguments: object, **named: object) -> None:
        if sleeps:
            sleeps.clear()
            bury(course_sync)
            wake()  # the new holder, while the old one sleeps between Canvas's answer and its note of it
        real(*arguments, **named)

    monkeypatch.setattr(apply, "_log_outcomes", slept)
    assert run_course_sync(course_sync.pk) is SyncResult.NOTHING
    course_sync.refresh_from_db()
    assert course_sync.status == CourseSync.Status.DONE
    assert is_all_granted(), statuses()
    every_write_has_one_intent_and_one_outcome()


def test_f02_a_soft_time_limit_leaves_the_course_to_the_sweep(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_sync = first_course_sync(record(ada))

    def too_late(*arguments: object, **named: object) -> None:
        raise SoftTimeLimitExceeded

    with monkeypatch.context() as patched:
        patched.setattr(apply, "_log_outcomes", too_late)
        assert run_course_sync(course_sync.pk) is SyncResult.WAITING
    course_sync.refresh_from_db()
    assert (course_sync.status, course_sync.deaths) == (CourseSync.Status.QUEUED, 1)
    assert CourseLease.objects.get().expires_at is None
    assert not SyncAction.objects.filter(status="started").exists()
    wake()
    assert is_all_granted(), statuses()
    every_write_has_one_intent_and_one_outcome()


def test_an_error_of_our_own_is_marked_and_names_nobody(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    course_sync = first_course_sync(record(ada))

    def broken(*arguments: object, **named: object) -> None:
        raise ValueError("Ada Nwosu")

    monkeypatch.setattr("accommodations.services.course_work.store_plan", broken)
    assert run_course_sync(course_sync.pk) is SyncResult.ENDED
    course_sync.refresh_from_db()
    assert course_sync.status == CourseSync.Status.FAILED
    assert "Ada" not in course_sync.message
    assert "ValueError at broken" in caplog.text
    assert "Ada" not in caplog.text
    assert CourseLease.objects.get().expires_at is None


def test_f04_a_run_that_nobody_was_told_of_is_found_by_the_sweep(ada: Student, university: University) -> None:
    run = record(ada)
    SyncRun.objects.filter(pk=run.pk).update(requested_at=timezone.now() - timedelta(minutes=1))
    assert list(unprepared_runs(now=timezone.now())) == [run]
    found = waking.take_due()
    assert found.run_ids == [run.pk]
    assert waking.take_due().run_ids == []
    carry_out(run)
    assert is_all_granted(), statuses()


def test_f06_the_same_message_many_times_gives_the_writes_of_one(ada: Student, university: University) -> None:
    run = record(ada)
    course_sync_ids = sync_runs.prepare_run(run.pk)
    assert sync_runs.prepare_run(run.pk) == []
    results = [run_course_sync(course_sync_id) for course_sync_id in course_sync_ids * 5]
    assert results == [SyncResult.ENDED] + [SyncResult.NOTHING] * 4
    assert len(university.writes) == 3


def test_f08_a_second_run_waits_for_the_first_one_on_a_course(ada: Student, university: University) -> None:
    first = first_course_sync(record(ada))
    CourseLease.objects.create(course=first.course, holder="alive", expires_at=timezone.now() + timedelta(seconds=30))
    assert run_course_sync(first.pk) is SyncResult.BUSY
    assert run_course_sync(first.pk) is SyncResult.NOTHING, "a second message is one too many"
    first.refresh_from_db()
    assert first.status == CourseSync.Status.QUEUED
    CourseLease.objects.update(holder="", expires_at=None)
    CourseSync.objects.update(next_try_at=None)
    assert run_course_sync(first.pk) is SyncResult.ENDED
    assert is_all_granted(), statuses()


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
