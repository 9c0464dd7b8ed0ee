"""An instructor records what a letter says: for their course and their students alone, seen by the office."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.errors import StudentUnknown
from accommodations.models import Accommodation, ActionLogEntry, CourseRelease, LetterRecord, Student, SyncRun
from accommodations.selectors.notices import unconfirmed_letters
from accommodations.services import letters
from tests.accommodations.notices.conftest import SignIn, institution
from tests.accommodations.views_a.conftest import Campus
from tests.factories import make_enrollment, make_student

TYPED = {"student": "aokonkwo", "provisions": ["extra_time"], "time_how": "1.5", "is_from_letter": "on"}


@pytest.fixture
def instructor(campus: Campus, as_role: SignIn, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return the instructor's client where letters are on; Canvas knows nobody else."""

    def nobody(*, query: str) -> Student:
        raise StudentUnknown(f"Canvas knows nobody with “{query}”.")

    institution(instructors_record_letters=True)
    campus.amara.accommodations.all().delete()
    monkeypatch.setattr(letters, "find_or_read_student", nobody)
    monkeypatch.setattr(letters, "read_enrollments_now", lambda student: None)
    return as_role("instructor")


def send(client: Client, campus: Campus, **fields: Any) -> str:
    url = reverse("letter_new", args=[campus.own.pk])
    return client.post(url, TYPED | fields, follow=True).content.decode()


def test_it_counts_for_the_course_alone_and_waits_for_the_offices_word(instructor: Client, campus: Campus) -> None:
    assert "Recorded. It goes to Canvas now" in send(instructor, campus)
    row = Accommodation.objects.get(student=campus.amara)
    assert (row.scope, row.course, row.status, row.recorded_by) == (
        "course",
        campus.own,
        "active",
        campus.users["instructor"],
    )
    assert [one.accommodation for one in unconfirmed_letters(campus.users["coordinator"])] == [row]
    assert SyncRun.objects.filter(student=campus.amara).exists()
    assert ActionLogEntry.objects.filter(act="letter.recorded", student_id_logged=campus.amara.pk).exists()


def test_the_same_letter_sent_twice_is_recorded_once(instructor: Client, campus: Campus) -> None:
    for _ in range(2):
        send(instructor, campus)
    assert LetterRecord.objects.count() == Accommodation.objects.filter(student=campus.amara).count() == 1


def test_the_office_confirms_it(instructor: Client, campus: Campus, as_role: SignIn) -> None:
    send(instructor, campus)
    office, record = as_role("coordinator"), LetterRecord.objects.get()
    assert "Amara Okonkwo" in office.get(reverse("letter_list")).content.decode()
    office.post(reverse("letter_confirm", args=[record.pk]))
    record.refresh_from_db()
    assert record.confirmed_by == campus.users["coordinator"]
    assert "Amara Okonkwo" not in office.get(reverse("letter_list")).content.decode()


def test_b03_somebody_else_is_refused_in_the_words_for_nobody(instructor: Client, campus: Campus) -> None:
    elsewhere = make_student(name="Farid Rahimi", login_id="frahimi")
    make_enrollment(elsewhere, campus.foreign)
    for login in ("frahimi", "nobody-at-all"):
        page = send(instructor, campus, student=login)
        assert "Nobody of your students in this course has this login or id." in page
        assert "Farid" not in page
    assert not LetterRecord.objects.exists()


def test_nobodys_record_begins_because_somebody_typed_a_name(
    instructor: Client, campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "find_or_read_student", lambda *, query: make_student(login_id=query))
    send(instructor, campus, student="from-canvas")
    assert not Student.objects.filter(login_id="from-canvas").exists()


def test_without_a_letter_only_the_office_records(instructor: Client, campus: Campus) -> None:
    page = send(instructor, campus, is_from_letter="")
    assert "What no letter says, only the office records." in page
    assert not LetterRecord.objects.exists()


def test_with_two_people_it_stays_a_draft(instructor: Client, campus: Campus) -> None:
    institution(two_person_approval=True)
    assert "The office approves it before anything goes to Canvas." in send(instructor, campus)
    assert Accommodation.objects.get(student=campus.amara).status == "draft"
    assert not SyncRun.objects.exists()


def test_who_hands_over_a_letter_asks_for_it_in_this_course(instructor: Client, campus: Campus) -> None:
    campus.amara.needs_release = True
    campus.amara.save()
    send(instructor, campus)
    assert CourseRelease.objects.get().course == campus.own


def test_where_the_setting_is_off_there_is_no_such_page(instructor: Client, campus: Campus) -> None:
    institution(instructors_record_letters=False)
    assert instructor.get(reverse("letter_new", args=[campus.own.pk])).status_code == 404
    assert "Record from a letter" not in instructor.get(reverse("course_detail", args=[campus.own.pk])).content.decode()


@pytest.mark.parametrize("fields", [{"status": "approved"}, {"scope": "every_course"}, {"approved_by": "1"}])
def test_b08_fields_that_the_form_does_not_have_are_ignored(
    fields: dict[str, str], instructor: Client, campus: Campus
) -> None:
    send(instructor, campus, **fields)
    row = Accommodation.objects.get(student=campus.amara)
    assert (row.scope, row.approved_by) == ("course", None)
