"""Plans that are read before they are applied, and previews that say the same."""

import pytest
from django.utils import timezone

from accommodations.errors import PlanChanged
from accommodations.models import CourseSync, PairStatus, Student, SyncAction, SyncRun
from accommodations.services import accommodations, sync_runs
from accommodations.services.accommodations import AccommodationValues
from accommodations.services.preview import preview_accommodation, preview_ending
from accommodations.services.sync_runner import SyncResult, run_course_sync
from tests.accommodations.services.conftest import (
    University,
    approve,
    carry_out,
    in_days,
    one_attempt_more,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def waiting_plan(student: Student, values: AccommodationValues) -> CourseSync:
    _, run = accommodations.record_accommodation(student=student, recorded_by=make_user(), values=values)
    assert run is not None
    carry_out(run)
    return run.course_syncs.get(status=CourseSync.Status.PLANNED)


def test_b09_a_plan_is_approved_by_the_digest_that_was_read(ada: Student, university: University) -> None:
    course_sync = waiting_plan(ada, two_days_later())
    with pytest.raises(PlanChanged):
        sync_runs.approve_course_sync(course_sync=course_sync, approved_by=make_user(), digest="of another plan")
    assert run_course_sync(course_sync.pk) is SyncResult.NOTHING, "it waits"
    assert university.writes == []


def test_b09_a_double_click_has_one_effect(ada: Student, university: University) -> None:
    course_sync = waiting_plan(ada, two_days_later())
    for _ in range(2):
        sync_runs.approve_course_sync(course_sync=course_sync, approved_by=make_user(), digest=course_sync.plan_digest)
    results = [run_course_sync(course_sync.pk) for _ in range(2)]
    assert results == [SyncResult.ENDED, SyncResult.NOTHING]
    assert len(university.writes) == 1
    with pytest.raises(PlanChanged):
        sync_runs.approve_course_sync(course_sync=course_sync, approved_by=make_user(), digest="of another plan")


def test_b09_a_plan_of_another_run_is_not_approved(ada: Student, university: University) -> None:
    course_sync = waiting_plan(ada, two_days_later())
    other = sync_runs.request_sync_run(trigger=SyncRun.Trigger.PERSON, courses=[])
    with pytest.raises(PlanChanged):
        sync_runs.approve_run(run=other, approved_by=make_user(), digests={course_sync.pk: course_sync.plan_digest})


def test_f25_what_changed_since_it_was_read_is_shown_again(ada: Student, university: University) -> None:
    course_sync = waiting_plan(ada, two_days_later())
    university.paper.due_at = in_days(10)
    university.paper.lock_at = in_days(11)
    sync_runs.approve_course_sync(course_sync=course_sync, approved_by=make_user(), digest=course_sync.plan_digest)
    assert run_course_sync(course_sync.pk) is SyncResult.WAITING
    old_digest = course_sync.plan_digest
    course_sync.refresh_from_db()
    assert course_sync.status == CourseSync.Status.PLANNED
    assert not course_sync.is_approved
    assert course_sync.plan_digest != old_digest
    assert "again" in course_sync.message
    assert university.writes == []
    assert course_sync.run.status == SyncRun.Status.READING
    approve(course_sync.run, make_user())
    [override] = university.overrides_of(university.ada, university.paper)
    assert override.due_at == in_days(12)


def test_a_plan_that_a_background_sync_has_carried_out_is_closed(ada: Student, university: University) -> None:
    course_sync = waiting_plan(ada, two_days_later())
    sync_now()
    course_sync.refresh_from_db()
    assert course_sync.status == CourseSync.Status.DONE
    assert "meanwhile" in course_sync.message
    assert course_sync.run.status == SyncRun.Status.DONE
    assert set(course_sync.actions.values_list("status", flat=True)) == {"dropped"}
    with pytest.raises(PlanChanged):
        sync_runs.approve_course_sync(course_sync=course_sync, approved_by=make_user(), digest=course_sync.plan_digest)


def test_a_plan_only_run_shows_and_sends_nothing(ada: Student, university: University) -> None:
    waiting_plan(ada, two_days_later())
    run = sync_now(plan_only=True)
    assert run.status == SyncRun.Status.DONE
    assert SyncAction.objects.filter(course_sync__run=run, status="planned").count() == 2
    assert university.writes == []


@pytest.mark.parametrize("values", [time_and_a_half(), one_attempt_more(), two_days_later()], ids=lambda v: v.provision)
def test_the_preview_is_the_plan(values: AccommodationValues, ada: Student, university: University) -> None:
    sync_once_for_someone_else(university)
    preview = preview_accommodation(student=ada, values=values, replacing=None, now=timezone.now())
    requests_before = len(university.requests)
    course_sync = waiting_plan(ada, values)
    planned = sorted(course_sync.actions.values_list("assessment__name", "sentence"))
    previewed = sorted((row.assessment.name, sentence) for row in preview.rows for sentence in row.actions)
    assert planned
    assert previewed == planned
    assert requests_before < len(university.requests)


def sync_once_for_someone_else(university: University) -> None:
    """Give Leeway a snapshot of the course with everything read, as the rounds do."""
    from accommodations.services import people

    ben = people.find_or_read_student(query="ben")
    for values in (time_and_a_half(), one_attempt_more(), two_days_later()):
        accommodations.record_accommodation(
            student=ben, recorded_by=make_user(), values=values, reads_before_applying=False
        )
    for run in SyncRun.objects.filter(status=SyncRun.Status.QUEUED):
        carry_out(run)


def test_a_preview_asks_canvas_nothing_and_stores_nothing(ada: Student, university: University) -> None:
    sync_once_for_someone_else(university)
    university.forget_requests()
    before = SyncRun.objects.count(), PairStatus.objects.count()
    preview = preview_accommodation(student=ada, values=time_and_a_half(), replacing=None, now=timezone.now())
    assert preview.changed_count == 1
    assert university.requests == []
    assert (SyncRun.objects.count(), PairStatus.objects.count()) == before


def test_a_course_that_was_never_read_is_named_in_the_preview(ada: Student, university: University) -> None:
    preview = preview_accommodation(student=ada, values=time_and_a_half(), replacing=None, now=timezone.now())
    assert [course.name for course in preview.not_read_yet] == ["Botany"]
    assert preview.rows == ()


def test_the_preview_of_an_edit_replaces_the_old_values(ada: Student, university: University) -> None:
    recorded, run = accommodations.record_accommodation(
        student=ada, recorded_by=make_user(), values=time_and_a_half(), reads_before_applying=False
    )
    assert run is not None
    carry_out(run)
    same = preview_accommodation(student=ada, values=time_and_a_half(), replacing=recorded, now=timezone.now())
    assert same.changed_count == 0
    gone = preview_ending(accommodation=recorded, now=timezone.now())
    assert gone.changed_count >= 1


def test_i1_a_new_grant_waits_visibly_from_the_moment_it_is_recorded(ada: Student, university: University) -> None:
    sync_once_for_someone_else(university)
    accommodations.record_accommodation(student=ada, recorded_by=make_user(), values=time_and_a_half())
    pair = PairStatus.objects.get(student=ada, assessment__name="Midterm")
    assert (pair.status, pair.reason) == ("waiting", "planned")


def test_two_person_approval_holds_the_plan_until_the_second_person(ada: Student, university: University) -> None:
    from accommodations.models import InstitutionSettings

    settings = InstitutionSettings.current()
    settings.two_person_approval = True
    settings.save()
    draft, run = accommodations.record_accommodation(student=ada, recorded_by=make_user(), values=time_and_a_half())
    assert run is None
    sync_now()
    assert university.writes == []
    approved = accommodations.approve_accommodation(accommodation=draft, approved_by=make_user("director"))
    assert approved is not None
    approve(carry_out(approved), make_user())
    assert university.extra_time_of(university.ada) == (30, 0)
