"""Several workers at once, as real threads with connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database

from accommodations.errors import ApprovalRefused, EditedMeanwhile
from accommodations.locks import course_lease
from accommodations.models import Accommodation, CanvasConnection, CourseSync, InstitutionSettings, Student, SyncRun
from accommodations.services import accommodations, action_log, sync_runs
from accommodations.services.action_log import Verified
from accommodations.services.sync_runner import SyncResult, run_course_sync
from tests.accommodations.services.conftest import University, one_attempt_more, record, time_and_a_half, two_days_later
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Make the calls side by side; an error is part of the result."""

    def contained(call: Callable[[], object]) -> object:
        try:
            return call()
        except Exception as error:
            return error
        finally:
            database.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(contained, calls))


def test_f06_f08_four_workers_and_two_runs_on_one_course_write_what_one_would(
    ada: Student, university: University
) -> None:
    ids = [one for _ in range(2) for one in sync_runs.prepare_run(record(ada).pk)]
    results = at_once(*[lambda one=one: run_course_sync(one) for one in ids * 2])
    assert {type(result) for result in results} == {SyncResult}, results
    assert SyncResult.ENDED in results
    CourseSync.objects.update(next_try_at=None)
    for one in ids:
        run_course_sync(one)
    assert university.extra_time_of(university.ada) == (30, 1)
    assert len(university.writes) == 3
    assert len(university.overrides_of(university.ada)) == 2
    assert isinstance(action_log.verify(), Verified)


def test_f06_a_message_too_many_does_not_put_off_the_row_that_is_about_to_begin(ada: Student) -> None:
    [course_sync_id] = sync_runs.prepare_run(record(ada).pk)
    course_sync = CourseSync.objects.get(pk=course_sync_id)
    with course_lease(course_sync.course, work=course_sync_id):
        assert run_course_sync(course_sync_id) is SyncResult.NOTHING
    course_sync.refresh_from_db()
    assert course_sync.next_try_at is None
    with course_lease(course_sync.course):
        assert run_course_sync(course_sync_id) is SyncResult.BUSY
    course_sync.refresh_from_db()
    assert course_sync.next_try_at is not None


def test_entries_logged_by_many_at_once_stay_one_chain(connection: CanvasConnection) -> None:
    at_once(*[lambda number=number: action_log.record(act=f"test.{number}") for number in range(24)])
    assert action_log.verify() == Verified(entries=24)


def test_b39_of_two_edits_at_once_exactly_one_is_stored(ada: Student) -> None:
    record(ada)
    accommodation = Accommodation.objects.get(provision="extra_attempts")
    user = make_user()
    results = at_once(
        *[
            lambda attempts=attempts: accommodations.change_accommodation(
                accommodation=accommodation, changed_by=user, version=1, values=one_attempt_more(attempts=attempts)
            )
            for attempts in (2, 3)
        ]
    )
    assert sum(isinstance(result, EditedMeanwhile) for result in results) == 1, results
    accommodation.refresh_from_db()
    assert (accommodation.version, accommodation.attempts in (2, 3)) == (2, True)


def test_b06_of_two_approvals_at_once_exactly_one_counts(ada: Student) -> None:
    InstitutionSettings.current()
    InstitutionSettings.objects.update(two_person_approval=True)
    draft, _ = accommodations.record_accommodation(student=ada, recorded_by=make_user(), values=time_and_a_half())
    directors = [make_user("director"), make_user("director")]
    results = at_once(
        *[
            lambda director=director: accommodations.approve_accommodation(accommodation=draft, approved_by=director)
            for director in directors
        ]
    )
    assert sum(isinstance(result, ApprovalRefused) for result in results) == 1, results
    assert sum(isinstance(result, SyncRun) for result in results) == 1, results


def test_b09_two_clicks_at_once_on_apply_have_one_effect(ada: Student, university: University) -> None:
    _, run = accommodations.record_accommodation(student=ada, recorded_by=make_user(), values=two_days_later())
    assert run is not None
    [course_sync_id] = sync_runs.prepare_run(run.pk)
    run_course_sync(course_sync_id)
    course_sync = run.course_syncs.get()
    user = make_user()

    def click() -> object:
        sync_runs.approve_course_sync(course_sync=course_sync, approved_by=user, digest=course_sync.plan_digest)
        return run_course_sync(course_sync.pk)

    results = at_once(click, click)
    assert SyncResult.ENDED in results, results
    assert len(university.writes) == 1
