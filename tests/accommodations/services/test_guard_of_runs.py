"""The safety guard over a whole run (R16): what passes the run's limit is stopped, in whichever course and worker."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection as database

from accommodations.models import (
    Accommodation,
    Course,
    CourseSync,
    GuardStop,
    InstitutionSettings,
    PairStatus,
    Student,
    SyncAction,
    SyncRun,
)
from accommodations.services import accommodations, course_work, guard, people, sync_runs
from accommodations.services.stored_plans import store_plan
from accommodations.services.sync_runner import run_course_sync
from tests.accommodations.services.conftest import (
    University,
    approve,
    carry_out,
    in_days,
    sync_now,
    time_and_a_half,
)
from tests.factories import make_user

CODES = ("CHEM 1", "LAW 7")


def give_in_three_courses(university: University) -> Student:
    """Return Ada with extra time on a quiz in each of three courses, and a limit of one in a run."""
    state = university.state
    for code in CODES:
        state.enroll(university.ada, state.add_course(code, code, term=state.terms[university.course.term_id]))
    for course in list(state.courses):
        state.add_quiz(course, "Quiz", time_limit=60, unlock_at=in_days(20), created_at=in_days(-20))
    university.quiz.workflow_state = state.assignments[university.quiz.assignment_id].workflow_state = "deleted"
    ada = people.find_or_read_student(query="ada")
    accommodations.record_accommodations(
        student=ada, recorded_by=make_user(), values=[time_and_a_half()], reads_before_applying=False
    )
    carry_out(SyncRun.objects.get())
    assert Course.objects.count() == 3
    assert minutes(university) == [30] * 3
    InstitutionSettings.current()
    InstitutionSettings.objects.update(guard_run_actions=1)
    Accommodation.objects.update(status="ended", end_reason="revoked")
    university.forget_requests()
    return ada


def minutes(university: University) -> list[int]:
    """Return Ada's extra minutes on every quiz that still has a row."""
    return [one.extra_time or 0 for one in university.state.quiz_submissions]


@pytest.fixture
def given(connection: object, university: University) -> Student:
    return give_in_three_courses(university)


@pytest.mark.django_db
def test_r16_course_by_course_what_passes_the_runs_limit_and_all_after_it_is_stopped(
    given: Student, university: University
) -> None:
    run = sync_now()
    assert sorted(minutes(university)) == [0, 30, 30]
    stops = list(GuardStop.objects.order_by("pk"))
    assert [len(stop.actions) for stop in stops] == [1, 1]
    sent = SyncAction.objects.get(course_sync__run=run, status="applied", position=0).course_sync.course.course_code
    for stop in stops:
        assert f"Sent before it was stopped: {sent} (1)." in stop.message
        assert "1 in a run" in stop.message
    held = PairStatus.objects.filter(reason="guard")
    assert held.count() == 2
    assert not [pair for pair in held if sent in pair.sentence], "no pair's page tells of another course"


@pytest.mark.django_db
def test_r16_a_run_that_is_read_first_sends_none_of_what_passes_its_limit(
    given: Student, university: University
) -> None:
    office = make_user()
    run = sync_now(trigger=SyncRun.Trigger.PERSON, requested_by=office, reads_before_applying=True)
    assert run.status == SyncRun.Status.READING
    approve(run, office)
    assert minutes(university) == [30] * 3
    assert university.writes == []
    assert sorted(len(stop.actions) for stop in GuardStop.objects.filter(status="waiting")) == [1, 1, 1]
    assert any("Nothing of it was sent before." in stop.message for stop in GuardStop.objects.all())


@pytest.mark.django_db
def test_r16_a_director_lets_them_go_one_course_after_the_other(given: Student, university: University) -> None:
    sync_now()
    for stop in GuardStop.objects.filter(status="waiting"):
        carry_out(guard.approve_stop(stop=stop, approved_by=make_user(), digest=stop.digest))
    assert minutes(university) == [0] * 3
    assert not GuardStop.objects.filter(status="waiting").exists()


@pytest.mark.django_db
def test_r16_a_course_that_is_stopped_by_its_own_limit_holds_up_no_other(
    given: Student, university: University
) -> None:
    InstitutionSettings.objects.update(guard_course_actions=0, guard_percent=50)
    ben = people.find_or_read_student(query="ben")
    accommodations.record_accommodations(student=ben, recorded_by=make_user(), values=[time_and_a_half()])
    run = sync_runs.request_sync_run(trigger=SyncRun.Trigger.HOURLY, courses=Course.objects.all())
    for course_sync_id in reversed(sync_runs.prepare_run(run.pk)):  # the course of both students comes last
        run_course_sync(course_sync_id)
    assert [len(stop.actions) for stop in GuardStop.objects.all()] == [1, 1]
    assert sorted(minutes(university)) == [0, 30, 30, 30]


@pytest.mark.django_db
def test_r16_what_a_course_has_sent_itself_counts_when_it_is_planned_again_in_the_same_run(
    connection: object, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_of = [people.find_or_read_student(query=login) for login in ("ada", "ben")]
    for student in people_of:
        accommodations.record_accommodations(
            student=student, recorded_by=make_user(), values=[time_and_a_half()], reads_before_applying=False
        )
    for given_run in SyncRun.objects.order_by("pk"):
        carry_out(given_run)
    InstitutionSettings.current()
    InstitutionSettings.objects.update(guard_run_actions=2)  # the window's dates and the minutes of one student
    endings = [Accommodation.objects.filter(student=student) for student in people_of]
    endings.pop(0).update(status="ended", end_reason="revoked")
    real, sent = course_work.send_request, list[object]()

    def and_then_another_ends(*arguments: Any, **named: Any) -> object:
        outcomes = real(*arguments, **named)
        sent.append(outcomes)
        if len(sent) == 2:
            endings.pop().update(status="ended", end_reason="revoked")
        return outcomes

    monkeypatch.setattr(course_work, "send_request", and_then_another_ends)
    run = sync_now()
    assert sorted(minutes(university)) == [0, 30]
    (stop,) = GuardStop.objects.filter(status="waiting", run=run)
    assert "4 in the whole run" in stop.message


@pytest.mark.django_db(transaction=True)
def test_r16_workers_that_plan_at_once_send_no_more_than_the_limit_and_everything_that_gives(
    connection: object, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_in_three_courses(university)
    for canvas_course in list(university.state.courses)[1:]:
        university.state.enroll(university.ben, canvas_course)
    accommodations.record_accommodations(
        student=people.find_or_read_student(query="ben"), recorded_by=make_user(), values=[time_and_a_half()]
    )
    SyncRun.objects.filter(ended_at=None).delete()
    run = sync_runs.request_sync_run(trigger=SyncRun.Trigger.HOURLY, courses=Course.objects.all())
    ids = sync_runs.prepare_run(run.pk)
    together, real, seen = Barrier(len(ids)), store_plan, set[int]()

    def side_by_side(course_sync: CourseSync, *arguments: Any, **named: Any) -> object:
        """Let every worker have planned and stored its plan before any of them sends."""
        stored = real(course_sync, *arguments, **named)
        if course_sync.pk not in seen:
            seen.add(course_sync.pk)
            together.wait(timeout=60)
        return stored

    def work(course_sync_id: int) -> None:
        try:
            run_course_sync(course_sync_id)
        finally:
            database.close()

    with monkeypatch.context() as patched:
        patched.setattr(course_work, "store_plan", side_by_side)
        with ThreadPoolExecutor(len(ids)) as pool:
            list(pool.map(work, ids))
    assert SyncAction.objects.filter(course_sync__run=run, status="applied", is_shrinking=True).count() == 1
    state = university.state
    of_ada = [one.extra_time for one in state.quiz_submissions if one.user_id == university.ada.id]
    of_ben = [one.extra_time for one in state.quiz_submissions if one.user_id == university.ben.id]
    assert sorted(of_ada) == [0, 30, 30]
    assert of_ben == [30] * 3
    assert [len(stop.actions) for stop in GuardStop.objects.filter(status="waiting")] == [1, 1]
