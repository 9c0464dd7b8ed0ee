"""The main job from click to Canvas and back, with the work of the tasks done in between, in process."""

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import Course, PairStatus, Student, SyncRun
from accommodations.services import sync_runs
from accommodations.services.sync_runner import run_course_sync
from tests.accommodations.services.conftest import University
from tests.accommodations.views_b.conftest import THREE_PROVISIONS

pytestmark = pytest.mark.django_db


def work(run: SyncRun) -> None:
    """Do what the tasks do, as far as it goes without a person."""
    sync_runs.prepare_run(run.pk)
    for course_sync in run.course_syncs.all():
        run_course_sync(course_sync.pk)


def read_and_apply(client: Client, run: SyncRun) -> str:
    """Read the plan, press the button, let it be applied, and return the page at the end."""
    work(run)
    address = reverse("sync_run_detail", args=[run.pk])
    assert "not yet in Canvas" in client.get(address).content.decode()
    digests = {f"digest-{part.pk}": part.plan_digest for part in run.course_syncs.filter(status="planned")}
    client.post(reverse("sync_run_apply", args=[run.pk]), digests)
    work(run)
    return client.get(address).content.decode()


def test_record_preview_read_apply_see_and_end_leave_canvas_as_it_was(
    coordinator: Client, ada: Student, university: University
) -> None:
    before = university.picture()
    work(sync_runs.request_sync_run(trigger="first", courses=Course.objects.all()))

    preview = coordinator.post(reverse("accommodation_preview", args=[ada.pk]), THREE_PROVISIONS).content.decode()
    assert "2 assessments change in 1 course" in preview
    assert '<span class="change__to">90 min</span>' in preview
    assert university.picture() == before

    coordinator.post(reverse("accommodation_new", args=[ada.pk]), THREE_PROVISIONS)
    page = read_and_apply(coordinator, SyncRun.objects.get(student=ada))
    assert "is done: " in page
    assert university.extra_time_of(university.ada) == (30, 1)
    assert set(PairStatus.objects.values_list("status", flat=True)) == {"in_place"}

    for row in ada.accommodations.all():
        end = reverse("accommodation_end", args=[row.pk])
        assert "What ending it does in Canvas" in coordinator.get(end).content.decode()
        coordinator.post(end, {"version": row.version})
    read_and_apply(coordinator, SyncRun.objects.filter(student=ada).latest("pk"))
    assert university.picture() == before
