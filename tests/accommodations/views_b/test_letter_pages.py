"""A new letter, page by page: finding, usual sets, drafts, urgent ones, approval."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accommodations.models import (
    Accommodation,
    ActionLogEntry,
    Student,
    SyncRun,
    Term,
    UsualSet,
)
from tests import factories
from tests.accommodations.services.conftest import University, ada, connection, university
from tests.accommodations.views_b.conftest import THREE_PROVISIONS, TIME, SignIn, new, text
from tests.days import TODAY

__all__ = ["ada", "connection", "university"]
pytestmark = pytest.mark.django_db


# Finding


def test_a_part_of_a_name_finds_who_is_on_record_and_who_is_only_in_canvas(
    coordinator: Client, connection: object, university: University
) -> None:
    factories.make_student(name="Adamma Stone", sortable_name="Stone, Adamma")

    found = coordinator.post(reverse("student_find"), {"query": "ada"}, follow=True)
    sent = coordinator.post(reverse("student_find"), {"query": "ad"}, follow=True)

    assert found.redirect_chain[-1][0].startswith("/students/"), "the login is one person's: straight to the form"
    page = sent.content.decode()
    assert "?find=" in sent.redirect_chain[-1][0], "B38: no name in the address"
    assert "ad" not in sent.redirect_chain[-1][0].split("?")[1]
    assert "Adamma Stone" in page
    assert "On record" in page


def test_somebody_chosen_from_canvas_is_read_by_canvas_number_alone(
    coordinator: Client, connection: object, university: University
) -> None:
    factories.make_student(sis_user_id=str(university.ben.id), name="Somebody with Ben's number as SIS id")

    response = coordinator.post(reverse("student_find"), {"person": str(university.ben.id)})

    assert response.headers["Location"] == new(Student.objects.get(login_id="ben"))


@pytest.mark.parametrize("chosen", ["0", "-1", "9" * 30, "１２", "x"])
def test_a_made_up_choice_is_answered_and_reads_nobody(
    coordinator: Client, connection: object, university: University, chosen: str
) -> None:
    before = Student.objects.count()

    page = coordinator.post(reverse("student_find"), {"person": chosen}).content.decode()

    assert "<title>Error: " in page
    assert Student.objects.count() == before


def test_while_canvas_is_down_those_on_record_are_still_found(
    coordinator: Client, connection: object, university: University
) -> None:
    factories.make_student(name="Adamma Stone")
    university.fault("drop_before", count=None)

    page = coordinator.post(reverse("student_find"), {"query": "adam"}, follow=True).content.decode()

    assert "Canvas did not answer" in page


# Usual sets


def test_the_record_form_starts_from_a_usual_set_and_keeps_what_was_typed(
    coordinator: Client, student: Student
) -> None:
    chosen = factories.make_usual_set(name="Time and a half, one attempt")
    typed = {"note": "Letter of Monday", "effective_from": "3 Dec 2025", "attempts": "9", "start": chosen.pk}

    page = coordinator.post(reverse("accommodation_preview", args=[student.pk]), typed).content.decode()

    assert "Time and a half, one attempt" in page
    assert 'aria-pressed="true"' in page
    assert "Letter of Monday" in page
    assert 'value="3 Dec 2025"' in page
    assert 'name="attempts" value="1"' in page, "what the set grants stands in place of what was typed for it"
    assert not Accommodation.objects.exists()
    assert 'aria-pressed="true"' in text(coordinator, "accommodation_new", student.pk, query=f"?start={chosen.pk}")


def test_a_set_for_this_term_fills_in_the_term_and_its_last_day(coordinator: Client, student: Student) -> None:
    term = student.enrollments.get().course.term
    assert term is not None
    Term.objects.filter(pk=term.pk).update(ends_at=timezone.now() + timedelta(days=20))
    chosen = factories.make_usual_set(period=UsualSet.Period.THIS_TERM)

    page = text(coordinator, "accommodation_new", student.pk, query=f"?start={chosen.pk}")

    assert f'<option value="{term.pk}" selected>' in page
    assert f"{(TODAY + timedelta(days=20)):%b %Y}" in page


@pytest.mark.parametrize("start", ["0", "99999", "x", "9" * 40, "-1"])
def test_a_set_that_is_not_offered_fills_in_nothing(coordinator: Client, student: Student, start: str) -> None:
    page = text(coordinator, "accommodation_new", student.pk, query=f"?start={start}")

    assert 'aria-pressed="true"' not in page.split("<main")[1].split("</main>")[0]


def test_a_director_keeps_the_sets_and_each_change_is_logged(director: Client) -> None:
    typed = {
        "name": "Double",
        "provisions": ["extra_time"],
        "time_how": "2",
        "time_kinds": ["classic"],
        "period": "open",
    }
    director.post(reverse("usual_set_new"), typed)
    row = UsualSet.objects.get()
    director.post(reverse("usual_set_edit", args=[row.pk]), {**typed, "time_how": "3", "version": row.version})
    row.refresh_from_db()

    assert row.provisions[0]["multiplier"] == "3"
    assert row.version == 2
    director.post(reverse("usual_set_retire", args=[row.pk]))
    assert "No longer offered" in text(director, "usual_set_list")
    director.post(reverse("usual_set_retire", args=[row.pk]), {"offer": "again"})
    acts = ActionLogEntry.objects.filter(act__startswith="usual_set.").order_by("pk")
    assert [one.act.split(".")[1] for one in acts] == ["recorded", "changed", "retired", "offered_again"]


def test_b39_the_second_of_two_who_change_a_set_loses_nothing(director: Client) -> None:
    row = factories.make_usual_set(name="Double")
    UsualSet.objects.filter(pk=row.pk).update(version=4)
    typed = {"name": "Mine", "provisions": ["extra_attempts"], "attempts": "7", "period": "open", "version": "1"}

    page = director.post(reverse("usual_set_edit", args=[row.pk]), typed).content.decode()

    assert "Somebody else has changed this set" in page
    assert 'value="7"' in page
    row.refresh_from_db()
    assert row.name == "Double"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter a name."),
        ({"provisions": []}, "Tick at least one"),
        ({"time_how": "other", "multiplier": "1e309"}, "Enter a multiplier from 1.01 to 10."),
        ({"provisions": ["extra_attempts"], "attempts": "1001"}, "Enter a whole number from 1 to 1000."),
        ({"period": "for ever"}, "Choose for how long it counts."),
        ({"name": "taken"}, "Another set has this name."),
        ({"name": "x" * 81}, "Write at most 80 characters."),
    ],
)
def test_b10_a_set_is_refused_at_its_field_and_what_was_typed_is_kept(
    director: Client, typed: dict[str, Any], words: str
) -> None:
    factories.make_usual_set(name="Taken")
    base = {"name": "Mine", "provisions": ["extra_time"], "time_how": "1.5", "period": "open"}

    page = director.post(reverse("usual_set_new"), {**base, **typed}).content.decode()

    assert page.count(words) >= 2, "once in the summary, once at the field"
    assert "<title>Error: " in page
    assert UsualSet.objects.count() == 1


# Drafts, urgent ones, approval


def test_a_draft_is_saved_and_put_into_force_by_who_may_record(coordinator: Client, student: Student) -> None:
    response = coordinator.post(new(student), {**THREE_PROVISIONS, "save": "draft"}, follow=True)

    assert set(student.accommodations.values_list("status", flat=True)) == {"draft"}
    assert not SyncRun.objects.exists()
    assert "Saved as a draft." in response.content.decode()
    page = text(coordinator, "student_approval", student.pk)
    assert page.count('name="approve"') == 3

    ticked = [f"{row.pk}:{row.version}" for row in student.accommodations.all()]
    approved = coordinator.post(reverse("student_approval", args=[student.pk]), {"approve": ticked})

    assert set(student.accommodations.values_list("status", flat=True)) == {"active"}
    assert approved.headers["Location"] == reverse("sync_run_detail", args=[SyncRun.objects.get().pk])


def test_b06_with_two_people_the_recorder_may_not_approve_and_the_page_says_so(
    director: Client, sign_in: SignIn, student: Student, two_people: None
) -> None:
    director.post(new(student), THREE_PROVISIONS)
    ticked = [f"{row.pk}:{row.version}" for row in student.accommodations.all()]
    address = reverse("student_approval", args=[student.pk])

    assert 'name="approve"' not in text(director, "student_approval", student.pk)
    director.post(address, {"approve": ticked})
    assert sign_in("coordinator").post(address, {"approve": ticked}).status_code == 403
    assert set(student.accommodations.values_list("status", flat=True)) == {"draft"}

    sign_in("director").post(address, {"approve": ticked})
    assert set(student.accommodations.values_list("status", flat=True)) == {"active"}


def test_b06_who_changes_a_draft_has_recorded_it_and_somebody_else_approves(
    director: Client, sign_in: SignIn, student: Student, two_people: None
) -> None:
    sign_in("coordinator").post(new(student), TIME)
    row = student.accommodations.get()
    director.post(reverse("accommodation_edit", args=[row.pk]), {**TIME, "time_how": "3", "version": row.version})

    director.post(reverse("accommodation_approve", args=[row.pk]))

    row.refresh_from_db()
    assert (row.status, str(row.multiplier)) == ("draft", "3.00")


def test_b39_what_somebody_changed_while_it_was_read_is_not_approved(
    director: Client, student: Student, two_people: None
) -> None:
    row = factories.make_accommodation(student, status="draft")
    Accommodation.objects.filter(pk=row.pk).update(version=2)

    page = director.post(reverse("student_approval", args=[student.pk]), {"approve": f"{row.pk}:1"}).content.decode()

    assert "Somebody changed it while you were reading." in page
    row.refresh_from_db()
    assert row.status == "draft"


@pytest.mark.parametrize("ticked", [[], ["x"], ["1"], [":"], ["-1:1"], ["99999999999:1"]])
def test_nothing_that_was_not_on_the_page_is_approved(director: Client, student: Student, ticked: list[str]) -> None:
    factories.make_accommodation(student, status="draft")

    page = director.post(reverse("student_approval", args=[student.pk]), {"approve": ticked}).content.decode()

    assert "Tick at least one to approve." in page
    assert "<title>Error: " in page


def test_b03_a_row_of_another_student_is_not_approved_on_this_page(director: Client, student: Student) -> None:
    foreign = factories.make_accommodation(factories.make_student(), status="draft")

    director.post(reverse("student_approval", args=[student.pk]), {"approve": f"{foreign.pk}:{foreign.version}"})

    foreign.refresh_from_db()
    assert foreign.status == "draft"


def test_an_urgent_one_counts_at_once_with_its_reason_and_is_approved_after(
    coordinator: Client, director: Client, student: Student, two_people: None
) -> None:
    coordinator.post(new(student), {**TIME, "urgency": "urgent", "urgent_reason": "The exam is tomorrow at eight."})
    row = student.accommodations.get()

    assert (row.status, row.approved_by) == ("active", None)
    assert SyncRun.objects.count() == 1
    assert "Urgent" in text(director, "approval_list")
    home = text(director, "home")
    assert "1 provision waits for approval, 1 urgent" in home
    assert "The exam is tomorrow at eight." in home
    assert "The exam is tomorrow at eight." in text(director, "student_approval", student.pk)
    assert "Urgent, waits for approval" in text(coordinator, "student_detail", student.pk)

    director.post(reverse("student_approval", args=[student.pk]), {"approve": f"{row.pk}:{row.version}"})
    row.refresh_from_db()
    assert row.approved_by is not None
    assert SyncRun.objects.count() == 1, "it counts already: nothing more goes to Canvas"
    assert "Nothing waits for approval." in text(director, "approval_list")


def test_urgent_without_a_reason_is_refused_and_nothing_is_lost(
    coordinator: Client, student: Student, two_people: None
) -> None:
    page = coordinator.post(
        new(student), {**TIME, "urgency": "urgent", "urgent_reason": " ", "note": "Letter"}
    ).content.decode()

    assert page.count("Say why it cannot wait") == 2
    assert ">\nLetter<" in page or ">Letter<" in page
    assert not student.accommodations.exists()


def test_b08_without_two_people_urgent_means_nothing_and_a_status_cannot_be_typed(
    coordinator: Client, student: Student
) -> None:
    typed = {**TIME, "urgency": "urgent", "urgent_reason": "now", "status": "ended", "approved_by": "1", "renews": "1"}
    coordinator.post(new(student), typed)

    row = student.accommodations.get()
    assert (row.status, row.urgent_reason, row.approved_by, row.renews) == ("active", "", None, None)


def test_r6_an_urgent_change_counts_beside_the_old_one_until_it_is_approved(
    coordinator: Client, director: Client, student: Student, two_people: None
) -> None:
    old = factories.make_accommodation(student, multiplier="1.50")
    changed = {**TIME, "time_how": "2", "version": old.version, "urgency": "urgent", "urgent_reason": "Exam tonight"}
    coordinator.post(reverse("accommodation_edit", args=[old.pk]), changed)
    beside = Accommodation.objects.get(replaces=old)

    old.refresh_from_db()
    assert (old.status, beside.status) == ("active", "active"), "if it is refused, nothing of the old one is lost"
    director.post(reverse("accommodation_approve", args=[beside.pk]))
    old.refresh_from_db()
    assert (old.status, old.end_reason) == ("ended", "replaced")


def test_b09_a_double_click_on_a_draft_records_once_and_saving_for_real_after_it_does_record(
    coordinator: Client, student: Student
) -> None:
    for _ in range(2):
        coordinator.post(new(student), {**TIME, "save": "draft"})
    assert student.accommodations.count() == 1

    coordinator.post(new(student), TIME)
    assert sorted(student.accommodations.values_list("status", flat=True)) == ["active", "draft"]
