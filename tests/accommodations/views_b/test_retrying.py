"""Retry of what failed: a run of its own, of those courses alone, planned afresh, and tied to the one before."""

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import CourseSync, Student, SyncAction, SyncRun
from accommodations.planning.statuses import Reason
from tests import factories
from tests.accommodations.views_b.conftest import SignIn, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(student: Student) -> SyncRun:
    """Return a run that ended in part: one course with a refused change, one that is done, one that failed whole."""
    run, part = make_plan(student, changes=3, status=SyncRun.Status.PARTIAL)
    CourseSync.objects.filter(pk=part.pk).update(status=CourseSync.Status.PARTIAL)
    part.actions.update(status=SyncAction.Status.APPLIED)
    part.actions.filter(position=1).update(status=SyncAction.Status.REFUSED, message="Not now.", status_code=400)
    for code, status in (("DONE 1", CourseSync.Status.DONE), ("LOST 1", CourseSync.Status.FAILED)):
        factories.make_course_sync(run, factories.make_course(course_code=code), status=status)
    return run


def retry(client: Client, run: SyncRun) -> SyncRun:
    """Press the button and return the run to which it leads."""
    answer = client.post(reverse("sync_run_retry", args=[run.pk]))
    return SyncRun.objects.get(pk=answer.headers["Location"].rstrip("/").split("/")[-1])


def codes(run: SyncRun) -> set[str]:
    """Return the courses of a run."""
    return set(run.course_syncs.values_list("course__course_code", flat=True))


def test_a_retry_is_a_new_run_of_the_failed_courses_alone(coordinator: Client, failed: SyncRun) -> None:
    page = coordinator.get(reverse("sync_run_detail", args=[failed.pk])).content.decode()
    assert "Retry what failed, in 2 courses" in page

    again = retry(coordinator, failed)

    assert again.pk != failed.pk
    assert codes(again) == {"BIO 101", "LOST 1"}
    assert (again.retries, again.trigger, again.requested_by) == (failed, "person", coordinator.user)
    assert again.reads_before_applying, "what a person starts is read before it runs"
    assert again.is_limited_to_courses
    assert not SyncAction.objects.filter(course_sync__run=again).exists(), "nothing of the old plan is taken over"


def test_both_runs_name_each_other(coordinator: Client, failed: SyncRun) -> None:
    again = retry(coordinator, failed)

    old = coordinator.get(reverse("sync_run_detail", args=[failed.pk])).content.decode()
    new = coordinator.get(reverse("sync_run_detail", args=[again.pk])).content.decode()

    assert f'Tried again by <a href="{reverse("sync_run_detail", args=[again.pk])}">run {again.pk}</a>' in old
    assert f'It retries what failed in <a href="{reverse("sync_run_detail", args=[failed.pk])}">' in new


def test_b09_pressed_twice_it_is_one_run(coordinator: Client, failed: SyncRun) -> None:
    assert retry(coordinator, failed) == retry(coordinator, failed)


def test_a_run_in_which_nothing_failed_is_not_retried(coordinator: Client) -> None:
    done = factories.make_run(status=SyncRun.Status.DONE)
    factories.make_course_sync(done, factories.make_course(), status=CourseSync.Status.DONE)

    answer = coordinator.post(reverse("sync_run_retry", args=[done.pk]), follow=True).content.decode()

    assert "Nothing of this run failed" in answer
    assert SyncRun.objects.count() == 1
    assert "Retry what failed" not in answer


def test_a_run_that_has_not_ended_is_not_retried(coordinator: Client, failed: SyncRun) -> None:
    SyncRun.objects.filter(pk=failed.pk).update(status=SyncRun.Status.RUNNING)

    answer = coordinator.post(reverse("sync_run_retry", args=[failed.pk]), follow=True).content.decode()

    assert "The run has not ended yet" in answer
    assert SyncRun.objects.count() == 1


def test_b02_an_instructor_retries_their_own_courses_of_their_own_run(sign_in: SignIn, failed: SyncRun) -> None:
    client = sign_in("instructor")
    assert client.post(reverse("sync_run_retry", args=[failed.pk])).status_code == 404
    course = failed.course_syncs.get(course__course_code="BIO 101").course
    factories.make_teaching(factories.make_linked_person(client.user), course)
    SyncRun.objects.filter(pk=failed.pk).update(requested_by=client.user)

    again = retry(client, failed)

    assert codes(again) == {"BIO 101"}
    assert not again.reads_before_applying, "an instructor's sync runs as the hourly one would"


def test_every_course_that_failed_for_one_reason_is_synced_at_once(coordinator: Client, student: Student) -> None:
    for code in ("ONE 1", "TWO 2"):
        course = factories.make_course(course_code=code)
        for reason in (Reason.UNREACHABLE, Reason.READ_BACK):
            factories.make_pair(student, factories.make_assessment(course), reason=reason)
    other = factories.make_pair(student, factories.make_assessment(factories.make_course()), reason=Reason.REFUSED)
    page = coordinator.get(reverse("home")).content.decode()
    assert "Sync 2 courses again" in page

    coordinator.post(reverse("start_reason_sync"), {"reason": "unreachable"})

    run = SyncRun.objects.get()
    assert codes(run) == {"ONE 1", "TWO 2"}
    assert other.course.course_code not in codes(run)
    assert run.reads_before_applying


@pytest.mark.parametrize("reason", ["", "guard", "refused", "x" * 500])
def test_a_reason_that_no_sync_helps_starts_nothing(reason: str, coordinator: Client, student: Student) -> None:
    factories.make_pair(student, factories.make_assessment(factories.make_course()), reason=Reason.GUARD)

    answer = coordinator.post(reverse("start_reason_sync"), {"reason": reason}, follow=True)

    assert "there is nothing to sync again" in answer.content.decode()
    assert not SyncRun.objects.exists()
