"""Whatever interrupts a sync, the next one reaches the grants: nothing twice, nothing half done."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone

from accommodations.errors import WORDS_FOR_SET_ASIDE
from accommodations.models import (
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
from accommodations.services import apply, set_asides, sync_runner, sync_runs, waking
from accommodations.services.sync_runner import SyncResult, run_course_sync
from canvas_bridge.gateway import CanvasGateway
from tests.accommodations.services.conftest import (
    University,
    carry_out,
    record,
    statuses,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.accommodations.services.interrupting import (
    Killed,
    bury,
    die,
    every_write_has_one_intent_and_one_outcome,
    first_course_sync,
    is_all_granted,
    wake,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("is_read_first", [False, True])
def test_f01_i1_a_run_whose_worker_died_after_its_last_course_is_ended_by_the_sweep(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch, is_read_first: bool
) -> None:
    """Left open, a nightly run would keep every later one from starting; a plan that waits to be read is let wait."""
    record(ada)
    SyncRun.objects.all().delete()
    run = sync_runs.request_sync_run(trigger=SyncRun.Trigger.NIGHTLY, reads_before_applying=is_read_first)
    [course_sync_id] = sync_runs.prepare_run(run.pk)
    with monkeypatch.context() as dying:
        dying.setattr(sync_runner, "settle_run", lambda run: run)
        run_course_sync(course_sync_id)
    if is_read_first:
        course_sync = CourseSync.objects.get()
        assert course_sync.status == "planned"
        waking.take_due()
        run.refresh_from_db()
        assert run.status == "reading"
        CourseSync.objects.update(status=CourseSync.Status.DONE)
    assert waking.request_nightly() is None, "the open one stands in the way"
    waking.take_due()
    run.refresh_from_db()
    assert run.status == "done"
    assert run.ended_at is not None
    assert waking.request_nightly() is not None


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
