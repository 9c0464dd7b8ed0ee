"""Accommodations for assignment groups over HTTP: recorded, shown, and told of where a course has no such group."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import Accommodation, AssignmentGroup, Course, Student, SyncRun, UsualSet
from tests import factories
from tests.accommodations.services.conftest import University, approve, carry_out, statuses, sync_now
from tests.accommodations.views_a.conftest import at_most_queries
from tests.accommodations.views_b.conftest import TIME, SignIn, new, text

BOTH: dict[str, Any] = {**TIME, "provisions": ["extra_time", "alternative_dates"], "dates_how": "shift"}
BOTH |= {"shift_amount": "2", "shift_unit": "days", "other_groups": " exams \nexams"}


@pytest.fixture
def exams(university: University) -> Any:
    group = university.state.add_assignment_group(university.course, "Exams")
    university.state.assignments[university.quiz.assignment_id].assignment_group_id = group.id
    return group


def record_for_exams(client: Client, student: Student) -> None:
    """Record through the form, read the plan and apply it."""
    assert client.post(new(student), BOTH).status_code == 302
    approve(carry_out(SyncRun.objects.latest("pk")), client.user)


def test_what_is_recorded_for_a_group_reaches_only_its_assessments(
    sign_in: SignIn, university: University, exams: Any, ada: Student
) -> None:
    client = sign_in("coordinator")
    page = text(client, "accommodation_new", ada.pk)
    assert "known_groups" not in page, "no names are known yet: there are only lines to write on"
    record_for_exams(client, ada)
    assert {tuple(row.assignment_groups) for row in ada.accommodations.all()} == {("exams",)}
    assert university.extra_time_of(university.ada) == (30, 0)
    assert university.overrides_of(university.ada, university.paper) == []
    assert statuses() == {("ada", "Midterm"): "read_back"}
    page = text(client, "accommodation_new", ada.pk)
    assert "Exams (BOT 101)" in page
    shown = text(client, "student_detail", ada.pk)
    assert "The assignment group “exams”, every course" in shown
    edit = text(client, "accommodation_edit", ada.accommodations.first().pk)
    assert 'value="Exams"' in edit
    assert "checked" in edit.split('value="Exams"')[1].split(">")[0]


def test_the_preview_says_which_course_has_no_such_group_without_scripts_too(
    sign_in: SignIn, university: University, exams: Any, ada: Student
) -> None:
    client = sign_in("coordinator")
    preview = reverse("accommodation_preview", args=[ada.pk])
    first = client.post(preview, BOTH).content.decode()
    record_for_exams(client, ada)
    missing = {**BOTH, "known_groups": ["Exams"], "other_groups": "Labs"}
    then = client.post(preview, missing).content.decode()
    assert "There is no assignment group “Labs” in BOT 101." in then
    assert "There is no assignment group" not in first
    refused = client.post(new(ada), {**BOTH, "other_groups": "\n".join(f"Group {one}" for one in range(25))})
    assert "Name at most 20 assignment groups" in refused.content.decode()


def test_r13_home_and_the_students_page_tell_the_office_of_a_group_that_is_missing(
    sign_in: SignIn, university: University, exams: Any, ada: Student
) -> None:
    client = sign_in("coordinator")
    record_for_exams(client, ada)
    assert "to look at" not in text(client, "home")
    university.state.assignments[
        university.quiz.assignment_id
    ].assignment_group_id = university.paper.assignment_group_id
    university.state.assignment_groups.remove(exams)
    sync_now()
    for number in range(10):
        factories.make_accommodation(factories.make_student(name=f"P {number}"), assignment_groups=["Labs"])
    words = "There is no assignment group “exams” in BOT 101."
    client.get(reverse("home"))
    for name, args in (("home", ()), ("student_detail", (ada.pk,))):
        with at_most_queries():
            assert words in text(client, name, *args)


def test_a_usual_set_keeps_its_groups_and_fills_them_into_the_form(sign_in: SignIn, ada: Student) -> None:
    client = sign_in("director")
    AssignmentGroup.objects.create(course=Course.objects.get(), canvas_assignment_group_id=9, name="Exams")
    fields = {"name": "Exams only", "provisions": ["extra_time"], "time_how": "1.5", "period": "open"}
    answer = client.post(reverse("usual_set_new"), {**fields, "known_groups": ["Exams"], "other_groups": "Midterms"})
    assert answer.status_code == 302, answer.content.decode()
    kept = UsualSet.objects.get()
    assert kept.provisions[0]["assignment_groups"] == ["Exams", "Midterms"]
    assert "the assignment groups “Exams” and “Midterms”" in text(client, "usual_set_list")
    page = text(client, "accommodation_new", ada.pk, query=f"?start={kept.pk}")
    assert ">Midterms</textarea>" in page.replace("\r", "").replace("\n", "")


def test_the_second_of_two_people_reads_the_group_and_a_version_keeps_the_old_one(
    sign_in: SignIn, ada: Student
) -> None:
    client = sign_in("coordinator")
    client.post(new(ada), {**TIME, "other_groups": "Exams", "save": "draft"})
    draft = Accommodation.objects.get()
    assert (draft.status, draft.assignment_groups) == ("draft", ["Exams"])
    edit = reverse("accommodation_edit", args=[draft.pk])
    client.post(edit, {**TIME, "other_groups": "Finals", "version": draft.version})
    draft.refresh_from_db()
    assert draft.assignment_groups == ["Finals"]
    page = text(client, "student_detail", ada.pk)
    assert "“Finals”" in page
    assert "“Exams”" in page
    conflict = client.post(edit, {**TIME, "other_groups": "Labs", "version": 1}).content.decode()
    assert "Assignment groups" in conflict
    assert "“Labs”" in conflict
