"""The safety guard over the sandbox (R16): what is stopped is held; a director approves or dismisses exactly that."""

from datetime import timedelta

import pytest

from accommodations.errors import PlanChanged, ValuesRefused
from accommodations.models import (
    Accommodation,
    ActionLogEntry,
    CourseSync,
    GuardStop,
    InstitutionSettings,
    PairHold,
    PairStatus,
    Student,
    SyncAction,
    SyncRun,
)
from accommodations.services import accommodations, guard
from tests.accommodations.services.conftest import (
    University,
    carry_out,
    in_days,
    statuses,
    sync_now,
    time_and_a_half,
)
from tests.days import TODAY
from tests.factories import make_user

pytestmark = pytest.mark.django_db
QUIZZES = 6


@pytest.fixture
def given(ada: Student, university: University) -> Student:
    """Return Ada with time and a half on seven quizzes, all in Canvas."""
    for number in range(QUIZZES):
        dates = {"unlock_at": in_days(20), "created_at": in_days(-20)}
        university.state.add_quiz(university.course, f"Quiz {number}", time_limit=60, allowed_attempts=1, **dates)
    accommodations.record_accommodations(
        student=ada, recorded_by=make_user(), values=[time_and_a_half()], reads_before_applying=False
    )
    carry_out(SyncRun.objects.get())
    assert set(PairStatus.objects.exclude(assessment__name="Essay").values_list("status", flat=True)) == {"in_place"}
    university.forget_requests()
    return ada


def lose_the_rules() -> None:
    """Let the accommodation vanish as no person would end it: a faulty import, a restored backup."""
    Accommodation.objects.update(status="ended", end_reason="revoked")


def test_r16_what_would_be_taken_back_unusually_much_is_held_and_the_rest_goes_on(
    given: Student, ben: Student, university: University
) -> None:
    lose_the_rules()
    accommodations.record_accommodations(student=ben, recorded_by=make_user(), values=[time_and_a_half()])
    run = sync_now()
    assert run.status == SyncRun.Status.DONE
    assert university.extra_time_of(university.ben) == (30, 0)
    assert university.extra_time_of(university.ada) == (30, 0)
    stop = GuardStop.objects.get()
    assert stop.status == GuardStop.Status.WAITING
    assert "The limits are 20 % and 5 in a course, 50 in a run." in stop.message
    assert len(stop.actions) == SyncAction.objects.filter(status="held").count() == 8
    assert set(PairStatus.objects.filter(student=given).values_list("reason", flat=True)) == {"guard"}
    assert ActionLogEntry.objects.filter(act="guard.stopped").count() == 1
    part = CourseSync.objects.get(run=run)
    assert "safety guard" in part.message


def test_r16_a_stop_stands_until_somebody_decides_and_is_not_told_twice(given: Student) -> None:
    lose_the_rules()
    sync_now()
    first = GuardStop.objects.get()
    sync_now()
    assert GuardStop.objects.get().pk == first.pk
    assert ActionLogEntry.objects.filter(act="guard.stopped").count() == 1


def test_r16_what_a_director_approves_is_carried_out_and_logged(given: Student, university: University) -> None:
    lose_the_rules()
    sync_now()
    stop, director = GuardStop.objects.get(), make_user("director")
    run = guard.approve_stop(stop=stop, approved_by=director, digest=stop.digest)
    assert carry_out(run).status == SyncRun.Status.DONE
    assert university.extra_time_of(university.ada) == (0, 0)
    assert not PairStatus.objects.exists()
    entries = ActionLogEntry.objects.filter(act="guard.approved")
    assert {entry.actor_id for entry in entries} == {director.pk}
    assert {entry.student_id_logged for entry in entries} == {None, given.pk}


def test_r16_a_new_quiz_does_not_void_the_digest_and_a_changed_stop_does(
    given: Student, ben: Student, university: University
) -> None:
    lose_the_rules()
    sync_now()
    stop, director = GuardStop.objects.get(), make_user("director")
    accommodations.record_accommodations(student=ben, recorded_by=make_user(), values=[time_and_a_half()])
    university.state.add_quiz(university.course, "New", time_limit=30, unlock_at=in_days(30), created_at=in_days(0))
    sync_now()
    stop.refresh_from_db()
    assert stop.status == GuardStop.Status.WAITING
    with pytest.raises(PlanChanged):
        guard.approve_stop(stop=stop, approved_by=director, digest="another")
    carry_out(guard.approve_stop(stop=stop, approved_by=director, digest=stop.digest))
    with pytest.raises(PlanChanged):
        guard.approve_stop(stop=stop, approved_by=director, digest=stop.digest)


def test_r16_what_is_dismissed_stays_and_is_held_by_name_with_the_reason(
    given: Student, university: University
) -> None:
    lose_the_rules()
    sync_now()
    stop = GuardStop.objects.get()
    director = make_user("director", first_name="Rosa", last_name="Almeida")
    with pytest.raises(ValuesRefused):
        guard.dismiss_stop(stop=stop, dismissed_by=director, digest=stop.digest, reason=" ")
    run = guard.dismiss_stop(stop=stop, dismissed_by=director, digest=stop.digest, reason="The import was wrong")
    carry_out(run)
    assert university.writes == []
    assert set(PairStatus.objects.values_list("status", "reason")) == {("held", "dismissed")}
    sentence = PairStatus.objects.first().sentence
    assert "Rosa Almeida" in sentence
    assert "The import was wrong." in sentence
    assert PairHold.objects.filter(kind="dismissed").count() == 7
    assert not GuardStop.objects.filter(status="waiting").exists()


def test_r16_what_is_no_longer_planned_is_overtaken(given: Student) -> None:
    lose_the_rules()
    sync_now()
    Accommodation.objects.update(status="active", end_reason="")
    sync_now()
    assert GuardStop.objects.get().status == GuardStop.Status.OVERTAKEN
    assert set(PairStatus.objects.exclude(assessment__name="Essay").values_list("reason", flat=True)) == {"read_back"}


def test_r16_ends_recorded_in_advance_are_not_counted(given: Student, university: University) -> None:
    Accommodation.objects.update(effective_until=TODAY - timedelta(days=1))
    accommodations.expire_accommodations(today=TODAY)
    carry_out(SyncRun.objects.get(status="queued"))
    assert not GuardStop.objects.exists()
    assert university.extra_time_of(university.ada) == (0, 0)


def test_r16_a_revoke_whose_number_a_person_confirmed_is_not_counted(given: Student, university: University) -> None:
    director, accommodation = make_user("director"), Accommodation.objects.get()
    run = accommodations.end_accommodation(
        accommodation=accommodation,
        ended_by=director,
        version=accommodation.version,
        confirmed_number=7,
        reads_before_applying=False,
    )
    assert run is not None
    carry_out(run)
    assert not GuardStop.objects.exists()
    assert university.extra_time_of(university.ada) == (0, 0)


def test_r16_a_revoke_that_would_take_back_more_than_the_page_said_is_stopped(given: Student) -> None:
    accommodation = Accommodation.objects.get()
    run = accommodations.end_accommodation(
        accommodation=accommodation,
        ended_by=make_user(),
        version=accommodation.version,
        confirmed_number=2,
        reads_before_applying=False,
    )
    assert run is not None
    carry_out(run)
    assert GuardStop.objects.get().status == GuardStop.Status.WAITING


def test_r16_the_limits_are_settings(given: Student, university: University) -> None:
    InstitutionSettings.current()
    InstitutionSettings.objects.update(guard_course_actions=100)
    lose_the_rules()
    sync_now()
    assert not GuardStop.objects.exists()
    assert university.extra_time_of(university.ada) == (0, 0)
    assert statuses() == {}
