"""Recording, editing, previewing, ending and approving, page by page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import Accommodation, ActionLogEntry, InstitutionSettings, Student, SyncRun
from accommodations.planning.plan import PairOutcome, Values
from accommodations.planning.statuses import Reason, Status
from accommodations.services import preview
from accommodations.services.preview import PreviewRow
from accommodations.tasks import wake as wake_module
from canvas_bridge.facts import Dates
from tests import factories
from tests.accommodations.services.conftest import University
from tests.accommodations.views_b.conftest import HTMX, THREE_PROVISIONS, SignIn

pytestmark = pytest.mark.django_db


def new(student: Student) -> str:
    return reverse("accommodation_new", args=[student.pk])


def test_three_provisions_are_saved_at_once_and_lead_to_one_plan(coordinator: Client, student: Student) -> None:
    response = coordinator.post(new(student), THREE_PROVISIONS)

    run = SyncRun.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("sync_run_detail", args=[run.pk])
    assert {row.provision for row in student.accommodations.all()} == set(Accommodation.Provision.values)
    assert run.reads_before_applying


def test_a_refused_form_says_so_in_title_summary_and_field_and_loses_nothing(
    coordinator: Client, student: Student
) -> None:
    typed = {
        **THREE_PROVISIONS,
        "time_how": "other",
        "multiplier": "0.5",
        "attempts": "1500",
        "effective_until": "30 Nov 2025",
        "note": "Letter of 1 December",
    }

    page = coordinator.post(new(student), typed).content.decode()

    assert "<title>Error: " in page
    for words in (
        "Enter a multiplier from 1.01 to 10. For time and a half, enter 1.5.",
        "Enter a whole number from 1 to 1000. Canvas refuses more.",
        "Enter a day on or after 1 Dec 2025.",
    ):
        assert page.count(words) == 2, "once in the summary, once at the field"
    assert 'href="#id_multiplier"' in page
    assert 'value="0.5"' in page
    assert 'value="1500"' in page
    assert "Letter of 1 December" in page
    assert not student.accommodations.exists()


def test_b08_fields_that_are_not_in_the_form_are_ignored(coordinator: Client, student: Student) -> None:
    other = factories.make_student()

    coordinator.post(new(student), {**THREE_PROVISIONS, "student": other.pk, "status": "ended", "approved_by": "1"})

    assert not other.accommodations.exists()
    assert set(student.accommodations.values_list("status", "approved_by")) == {("active", None)}


def test_b09_a_double_click_records_once(coordinator: Client, student: Student) -> None:
    first = coordinator.post(new(student), THREE_PROVISIONS)
    second = coordinator.post(new(student), THREE_PROVISIONS)

    assert student.accommodations.count() == 3
    assert first.headers["Location"] == second.headers["Location"]


def test_the_same_values_from_somebody_else_are_a_record_of_their_own(sign_in: SignIn, student: Student) -> None:
    sign_in("coordinator").post(new(student), THREE_PROVISIONS)
    sign_in("director").post(new(student), THREE_PROVISIONS)

    assert student.accommodations.count() == 6


def test_opening_the_form_of_a_student_is_logged(coordinator: Client, student: Student) -> None:
    coordinator.get(new(student))

    entry = ActionLogEntry.objects.get(act="student.viewed")
    assert entry.student_id_logged == student.pk


def test_with_two_person_approval_saving_waits_for_somebody_else(sign_in: SignIn, student: Student) -> None:
    InstitutionSettings.objects.update_or_create(pk=1, defaults={"two_person_approval": True})
    director = sign_in("director")

    response = director.post(new(student), THREE_PROVISIONS, follow=True)

    assert response.redirect_chain[-1][0] == reverse("student_detail", args=[student.pk])
    assert "Nothing goes to Canvas before somebody else has approved it." in response.content.decode()
    assert not SyncRun.objects.exists()

    own = student.accommodations.first()
    assert own is not None
    refused = director.post(reverse("accommodation_approve", args=[own.pk]), follow=True).content.decode()
    assert "Somebody else than the person who recorded it approves." in refused
    approved = sign_in("director").post(reverse("accommodation_approve", args=[own.pk]))
    assert approved.headers["Location"] == reverse("sync_run_detail", args=[SyncRun.objects.get().pk])


def test_saving_succeeds_while_the_queue_is_away(
    coordinator: Client, student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unreachable:
        name = "prepare_sync_run"

        def delay_on_commit(self, *ids: int) -> None:
            raise wake_module.OperationalError("no queue")

    monkeypatch.setattr("accommodations.views.accommodations.prepare_sync_run", Unreachable())

    page = coordinator.post(new(student), THREE_PROVISIONS, follow=True).content.decode()

    assert "Saved. It will be applied as soon as the queue answers." in page
    assert SyncRun.objects.get().status == SyncRun.Status.QUEUED


# Editing


def edit(row: Accommodation) -> str:
    return reverse("accommodation_edit", args=[row.pk])


def as_posted(row: Accommodation, **fields: Any) -> dict[str, Any]:
    return {
        "time_how": "2",
        "scope": "every_course",
        "effective_from": "1 Dec 2025",
        "version": str(row.version),
        **fields,
    }


def test_an_edit_is_a_new_version(coordinator: Client, student: Student) -> None:
    row = factories.make_accommodation(student)

    response = coordinator.post(edit(row), as_posted(row))

    row.refresh_from_db()
    assert response.status_code == 302
    assert (str(row.multiplier), row.version) == ("2.00", 2)


def test_b39_the_second_of_two_who_save_sees_both_and_loses_nothing(coordinator: Client, student: Student) -> None:
    row = factories.make_accommodation(student)
    opened = as_posted(row, note="what the second one typed")
    coordinator.post(edit(row), as_posted(row, time_how="3"))

    page = coordinator.post(edit(row), opened).content.decode()

    row.refresh_from_db()
    assert str(row.multiplier) == "3.00"
    assert "saved this while you were typing" in page
    assert "<title>Error: " in page
    assert "Multiplier: saved is <strong>3×</strong>, you have <strong>2×</strong>." in page
    assert "what the second one typed" in page

    coordinator.post(edit(row), {**opened, "version": str(row.version)})
    row.refresh_from_db()
    assert (str(row.multiplier), row.note) == ("2.00", "what the second one typed")


def test_b39_an_edit_without_its_version_counts_as_an_old_one(coordinator: Client, student: Student) -> None:
    row = factories.make_accommodation(student)

    coordinator.post(edit(row), as_posted(row, version=""))

    row.refresh_from_db()
    assert str(row.multiplier) == "1.50"


def test_what_has_ended_is_not_edited(coordinator: Client, student: Student) -> None:
    row = factories.make_accommodation(student, status="ended")

    page = coordinator.get(edit(row), follow=True).content.decode()

    assert "It has ended. Record a new one instead." in page


# Preview


def test_the_preview_is_a_part_for_htmx_and_says_its_count(coordinator: Client, student: Student) -> None:
    response = coordinator.post(reverse("accommodation_preview", args=[student.pk]), THREE_PROVISIONS, headers=HTMX)

    page = response.content.decode()
    assert "<html" not in page
    assert "Preview: " in response.headers["HX-Trigger"]
    assert "BIO 101" in page, "its course is named although it was never read from Canvas"
    assert not Accommodation.objects.exists()


def test_a36_the_preview_without_script_is_the_whole_page_with_everything_typed(
    coordinator: Client, student: Student
) -> None:
    response = coordinator.post(
        reverse("accommodation_preview", args=[student.pk]), {**THREE_PROVISIONS, "attempts": "7"}
    )

    page = response.content.decode()
    assert "<html" in page
    assert 'value="7"' in page
    assert "Nothing changes in Canvas" in page
    assert f'formaction="{reverse("accommodation_preview", args=[student.pk])}#preview-h"' in page, "it lands there"
    assert 'id="preview-h"' in page


def test_the_preview_of_half_a_form_says_that_it_waits_and_shows_no_error(
    coordinator: Client, student: Student
) -> None:
    typed = {**THREE_PROVISIONS, "time_how": "other", "multiplier": "1."}

    page = coordinator.post(reverse("accommodation_preview", args=[student.pk]), typed, headers=HTMX).content.decode()

    assert "It appears when one entry is filled in or corrected." in page
    assert "Enter a multiplier" not in page


def test_b14_the_preview_warns_of_another_one_of_the_same_kind(coordinator: Client, student: Student) -> None:
    factories.make_accommodation(student, multiplier="2.00")

    page = coordinator.post(
        reverse("accommodation_preview", args=[student.pk]), THREE_PROVISIONS, headers=HTMX
    ).content.decode()

    assert "already has one of this kind" in page
    assert "Extra time 2×" in page


def test_b03_the_preview_of_an_edit_takes_only_the_students_own_accommodation(
    coordinator: Client, student: Student
) -> None:
    foreign = factories.make_accommodation(factories.make_student())

    response = coordinator.post(
        reverse("accommodation_preview", args=[student.pk]), {**THREE_PROVISIONS, "accommodation": foreign.pk}
    )

    assert response.status_code == 404


# Ending


def test_r18_ending_shows_what_it_does_first_and_ends_only_when_posted(coordinator: Client, student: Student) -> None:
    row = factories.make_accommodation(student)
    address = reverse("accommodation_end", args=[row.pk])

    page = coordinator.get(address).content.decode()
    row.refresh_from_db()
    assert "What ending it does in Canvas" in page
    assert row.status == Accommodation.Status.ACTIVE

    response = coordinator.post(address, {"version": row.version})
    row.refresh_from_db()
    assert (row.status, row.end_reason) == ("ended", "revoked")
    assert response.headers["Location"] == reverse("sync_run_detail", args=[SyncRun.objects.get().pk])


def test_ending_counts_only_what_there_is(coordinator: Client, student: Student) -> None:
    page = coordinator.get(reverse("accommodation_end", args=[factories.make_accommodation(student).pk]))

    assert "Nothing changes in Canvas." in page.content.decode()
    assert "0 assessments" not in page.content.decode()


def test_ending_says_once_what_waits_until_it_is_over_and_names_it_by_course(
    coordinator: Client, student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = student.enrollments.get().course
    waiting = tuple(
        PreviewRow(
            assessment=factories.make_assessment(course, name=name),
            status=Status.WAITING,
            reason=Reason.UNTIL_OVER,
            sentence=f"{name}: extra time stays until it is over, since it is open now.",
            before=Values(),
            after=None,
            outcome=PairOutcome(
                canvas_user_id=student.canvas_user_id,
                assessment_key=name,
                reason=Reason.UNTIL_OVER,
                sentence=name,
                grant=Values(),
                observed=Values(),
                class_dates=Dates(),
                without_us=Values(),
            ),
        )
        for name in ("Quiz 9", "Quiz 10")
    )
    monkeypatch.setattr(preview, "preview_ending", lambda **_: preview.Preview(courses=((course, waiting),)))

    page = coordinator.get(reverse("accommodation_end", args=[factories.make_accommodation(student).pk]))

    shown = page.content.decode()
    assert "<dd>2 assessments</dd>" in shown
    assert shown.count("Open or begun now") == 1, "said once, of all that waits"
    assert "stays until it is over" not in shown
    assert "<li>Quiz 9</li><li>Quiz 10</li>" in shown


def test_b39_what_somebody_changed_meanwhile_is_not_ended_unread(coordinator: Client, student: Student) -> None:
    row = factories.make_accommodation(student)
    Accommodation.objects.filter(pk=row.pk).update(version=5)

    page = coordinator.post(reverse("accommodation_end", args=[row.pk]), {"version": "1"}).content.decode()

    row.refresh_from_db()
    assert row.status == Accommodation.Status.ACTIVE
    assert "Somebody changed it while you were reading" in page
    assert 'name="version" value="5"' in page


# Finding a student


def find(client: Client, query: str) -> Any:
    return client.post(reverse("student_find"), {"query": query})


def test_a_student_of_canvas_is_found_and_mirrored(
    coordinator: Client, connection: object, university: University
) -> None:
    response = find(coordinator, "S-ada")

    student = Student.objects.get(login_id="ada")
    assert response.headers["Location"] == new(student)
    assert student.enrollments.count() == 1


@pytest.mark.parametrize(("query", "words"), [("S-nobody", "Canvas knows nobody"), ("", "Enter a name, an SIS id")])
def test_an_unknown_student_is_answered_at_the_field(
    coordinator: Client, connection: object, query: str, words: str
) -> None:
    page = find(coordinator, query).content.decode()

    assert words in page
    assert "<title>Error: " in page


def test_canvas_being_down_is_answered_at_the_field_and_loses_nothing(
    coordinator: Client, connection: object, university: University
) -> None:
    university.fault("drop_before", count=None)

    page = find(coordinator, "S-ada").content.decode()

    assert "Canvas did not answer" in page
    assert 'value="S-ada"' in page


def test_without_a_connection_the_field_says_who_enters_it(coordinator: Client) -> None:
    assert "No Canvas is connected yet" in find(coordinator, "S-ada").content.decode()
