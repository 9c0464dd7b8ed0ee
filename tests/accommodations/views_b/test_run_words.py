"""The words of a run's page and list: each thing once, and people by their names."""

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import CourseSync, Student, SyncAction, SyncRun
from accommodations.planning.wording import short_name
from tests import factories
from tests.accommodations.views_b.conftest import make_plan

pytestmark = pytest.mark.django_db


def detail(run: SyncRun) -> str:
    return reverse("sync_run_detail", args=[run.pk])


def test_what_ended_alike_for_one_assessment_is_said_once(coordinator: Client, student: Student) -> None:
    run, part = make_plan(student, changes=2, status=SyncRun.Status.DONE)
    CourseSync.objects.filter(pk=part.pk).update(status=CourseSync.Status.DONE)
    quiz = part.actions.get(position=0).assessment
    part.actions.update(status=SyncAction.Status.APPLIED, assessment=quiz)

    page = coordinator.get(detail(run)).content.decode()

    assert page.count("Accepted</span>") == 1
    assert page.count("60 min becomes 90 min (1.5×).") == 2, "each change is still said"


@pytest.mark.parametrize("name", ["Quiz 0", "A very long name " * 8])
def test_the_words_of_a_change_do_not_repeat_the_name_beside_them(
    coordinator: Client, student: Student, name: str
) -> None:
    run, part = make_plan(student, changes=1)
    action = part.actions.get()
    action.assessment.name = name
    action.assessment.save()
    part.actions.update(sentence=f"{short_name(name)}: 60 min becomes 90 min (1.5×).")

    page = coordinator.get(detail(run)).content.decode()

    assert '<span class="change-line">60 min becomes 90 min (1.5×).</span>' in page


def test_a_run_that_a_person_started_names_the_person(coordinator: Client, student: Student) -> None:
    ruth = factories.make_user("coordinator", first_name="Ruth", last_name="Adeyemi")
    run, _ = make_plan(student, trigger=SyncRun.Trigger.PERSON, requested_by=ruth)

    assert "Started by Ruth Adeyemi," in " ".join(coordinator.get(detail(run)).content.decode().split())
    page = coordinator.get(reverse("sync_run_list")).content.decode()
    assert 'data-label="Started by">Ruth Adeyemi<span class="table__sub">by hand</span>' in page
