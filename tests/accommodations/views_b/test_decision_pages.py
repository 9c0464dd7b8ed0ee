"""What follows a letter, page by page: release, exceptions, renewal, the summary."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import (
    Accommodation,
    AccommodationException,
    ActionLogEntry,
    CourseRelease,
    InstitutionSettings,
    Student,
    SyncRun,
    Term,
)
from tests import factories
from tests.accommodations.services.conftest import ada, connection, sync_now, university
from tests.accommodations.views_a.conftest import at_most_queries
from tests.accommodations.views_b.conftest import HTMX, TIME, new, text
from tests.days import TODAY

__all__ = ["ada", "connection", "university"]
pytestmark = pytest.mark.django_db


# Release


def test_courses_are_released_with_the_letter(coordinator: Client, student: Student) -> None:
    Student.objects.filter(pk=student.pk).update(needs_release=True)
    course = student.enrollments.get().course

    assert "Release to" in text(coordinator, "accommodation_new", student.pk)
    coordinator.post(new(student), {**TIME, "released": [course.pk]})

    assert CourseRelease.objects.get().course == course
    assert ActionLogEntry.objects.filter(act="course.released").count() == 1


def test_b03_a_foreign_course_is_not_released(coordinator: Client, student: Student) -> None:
    Student.objects.filter(pk=student.pk).update(needs_release=True)

    page = coordinator.post(new(student), {**TIME, "released": [factories.make_course().pk]}).content.decode()

    assert "Choose courses from the list." in page
    assert not CourseRelease.objects.exists()


def test_a_release_is_read_first_saved_when_confirmed_and_taken_back_the_same_way(
    coordinator: Client, student: Student
) -> None:
    course = student.enrollments.get().course
    address = reverse("student_release", args=[student.pk])
    chosen = {"how": "per_course", "courses": [course.pk]}

    page = coordinator.post(address, {**chosen, "step": "preview"}).content.decode()
    student.refresh_from_db()
    assert "What it does in Canvas" in page
    assert not student.needs_release, "reading changes nothing"

    coordinator.post(address, {**chosen, "step": "confirm", "number": "0"})
    student.refresh_from_db()
    assert student.needs_release
    assert CourseRelease.objects.filter(student=student).count() == 1

    read = coordinator.post(address, {"how": "per_course", "step": "preview"}).content.decode()
    assert "No longer released: BIO 101" in read
    coordinator.post(address, {"how": "per_course", "step": "confirm"})
    assert not CourseRelease.objects.exists()
    acts = set(ActionLogEntry.objects.values_list("act", flat=True))
    assert {"student.release_needed", "course.released", "course.release_taken_back"} <= acts


# Exceptions


def exception(student: Student, **fields: Any) -> dict[str, Any]:
    course = student.enrollments.get().course
    until = TODAY + timedelta(days=9)
    typed = {"where": f"course-{course.pk}", "reason": "Speed is what is examined.", "effective_until": f"{until}"}
    return {**typed, "step": "preview", **fields}


def test_r18_an_exception_shows_what_it_takes_back_before_it_is_decided(coordinator: Client, student: Student) -> None:
    address = reverse("exception_new", args=[student.pk])

    read = coordinator.post(address, exception(student)).content.decode()
    assert "What it does in Canvas" in read
    assert "Speed is what is examined." in read
    assert not AccommodationException.objects.exists()

    back = coordinator.post(address, exception(student, step="change")).content.decode()
    assert "Speed is what is examined.</textarea>" in back, "nothing is typed twice"
    decided = coordinator.post(address, exception(student, step="confirm", number="0"))
    again = coordinator.post(address, exception(student, step="confirm", number="0"))

    assert decided.headers["Location"].startswith("/runs/")
    assert again.status_code == 302
    assert AccommodationException.objects.count() == 1, "B09: confirmed twice is decided once"


def test_an_exception_is_withdrawn_after_a_page_that_shows_what_comes_back(
    coordinator: Client, student: Student
) -> None:
    row = factories.make_exception(student, student.enrollments.get().course)
    address = reverse("exception_withdraw", args=[row.pk])

    assert "The accommodations then apply here again." in coordinator.get(address).content.decode()
    coordinator.post(address)
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert "It was withdrawn already." in coordinator.get(address, follow=True).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"where": ""}, "Choose a course or an assessment."),
        ({"where": "course-999999"}, "Choose a course or an assessment from the list."),
        ({"reason": " "}, "Say why: the student and the instructor are told."),
        ({"effective_until": "31 Feb 2026"}, "Enter a day such as"),
        ({"effective_until": "1 Jan 0001"}, "Enter a"),
        ({"effective_until": "1 Jan 2020"}, "Enter a day on or after"),
        ({"effective_until": ""}, "Enter a day such as"),
    ],
)
def test_b12_an_exception_is_refused_at_its_field_and_keeps_the_rest(
    coordinator: Client, student: Student, typed: dict[str, str], words: str
) -> None:
    page = coordinator.post(
        reverse("exception_new", args=[student.pk]), exception(student, **{"step": "confirm", **typed})
    ).content.decode()

    assert words in page
    assert "<title>Error: " in page
    assert not AccommodationException.objects.exists()


# Renewal


@pytest.fixture
def terms(student: Student) -> tuple[Term, Term]:
    """Return the running term of the student's course, and the next."""
    term = student.enrollments.get().course.term
    assert term is not None
    now = datetime.now(UTC)
    after = factories.make_term(starts_at=now + timedelta(days=90), ends_at=now + timedelta(days=190), name="Next")
    return term, after


def renewed(*rows: Accommodation, **fields: Any) -> dict[str, Any]:
    first = TODAY + timedelta(days=90)
    until = TODAY + timedelta(days=190)
    typed = {"effective_from": f"{first}", "effective_until": f"{until}", "chosen": [row.pk for row in rows]}
    return {**typed, "step": "read", **fields}


def test_what_ends_with_a_term_is_renewed_for_the_next_and_each_is_logged(
    coordinator: Client, student: Student, terms: tuple[Term, Term]
) -> None:
    of_term = factories.make_accommodation(student, scope="term", term=terms[0], note="Private")
    until_then = factories.make_accommodation(
        student, provision="extra_attempts", attempts=2, effective_until=TODAY + timedelta(days=30)
    )
    goes_on = factories.make_accommodation(student, multiplier="3.00")
    page = text(coordinator, "renewal")
    assert f'value="{of_term.pk}"' in page
    assert f'value="{goes_on.pk}"' not in page, "what has no last day goes on by itself"

    read = coordinator.post(reverse("renewal"), renewed(of_term, until_then)).content.decode()
    assert "Renew 2 for 1 student?" in read
    assert not Accommodation.objects.filter(renews__isnull=False).exists()

    for _ in range(2):
        coordinator.post(reverse("renewal"), renewed(of_term, until_then, step="confirm"))
    rows = Accommodation.objects.filter(renews__isnull=False).order_by("pk")
    assert [(row.renews_id, row.status) for row in rows] == [(of_term.pk, "approved"), (until_then.pk, "approved")]
    assert (rows[0].term, rows[0].note, rows[0].multiplier) == (terms[1], "Private", Decimal("1.50"))
    assert ActionLogEntry.objects.filter(act="accommodation.renewed").count() == 2
    assert SyncRun.objects.count() == 1, "one plan for all courses concerned"


def test_before_renewing_each_student_s_assessments_are_shown_as_they_will_be(
    coordinator: Client, ada: Student, student: Student
) -> None:
    sync_now()
    term = ada.enrollments.get().course.term
    assert term is not None
    factories.make_term(
        starts_at=datetime.now(UTC) + timedelta(days=90), ends_at=datetime.now(UTC) + timedelta(days=190)
    )
    over = {"status": "ended", "end_reason": "expired", "effective_from": TODAY - timedelta(days=30)}
    rows = [
        factories.make_accommodation(one, effective_until=TODAY - timedelta(days=1), **over) for one in (student, ada)
    ]
    asked = renewed(*rows, effective_from=f"{TODAY}")
    address = f"{reverse('renewal')}?ending_term={term.pk}&next_term={Term.objects.order_by('-pk')[0].pk}"
    first = coordinator.post(address, asked).content.decode()
    assert "What it comes to for" in first
    with at_most_queries(12):
        page = " ".join(coordinator.post(address, asked | {"show": ada.pk}).content.decode().split())
    shown = page.split('id="effect-h"')[1].split("</section>")[0]
    assert "What it comes to for Ada Nwosu" in shown
    assert "1 assessment changes in 1 course" in shown
    assert "Midterm" in shown
    assert "90 min" in shown
    assert f'name="show" value="{student.pk}"' in page
    assert not Accommodation.objects.filter(renews__isnull=False).exists(), "looking renews nothing"


def test_with_two_people_renewals_wait_for_approval(
    coordinator: Client, student: Student, terms: tuple[Term, Term], two_people: None
) -> None:
    row = factories.make_accommodation(student, scope="term", term=terms[0])

    response = coordinator.post(reverse("renewal"), renewed(row, step="confirm"))

    assert response.headers["Location"] == reverse("approval_list")
    assert Accommodation.objects.get(renews=row).status == "draft"
    assert not SyncRun.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"chosen": []}, "Tick at least one to renew."),
        ({"chosen": ["987654"]}, "cannot be renewed any more"),
        ({"effective_from": "soon"}, "Enter a day such as"),
        ({"effective_until": "2001-01-01"}, "Enter a day on or after"),
        ({"effective_from": "2001-01-01", "step": "confirm"}, "The first day must be later"),
    ],
)
def test_b12_a_renewal_is_refused_in_words_and_keeps_what_was_ticked(
    coordinator: Client, student: Student, terms: tuple[Term, Term], fields: dict[str, Any], words: str
) -> None:
    row = factories.make_accommodation(student, scope="term", term=terms[0])

    page = coordinator.post(reverse("renewal"), renewed(row, **fields)).content.decode()

    assert words in page
    assert "<title>Error: " in page
    if "chosen" not in fields:
        assert f'value="{row.pk}" checked' in page
    assert not Accommodation.objects.filter(renews__isnull=False).exists()


def test_without_a_next_term_the_page_says_what_is_missing(coordinator: Client, student: Student) -> None:
    assert "Choose the term that ends and the next one." in text(coordinator, "renewal")


# Summary


def test_the_summary_holds_no_note_no_draft_and_no_classmate(coordinator: Client, student: Student) -> None:
    course = student.enrollments.get().course
    classmate = factories.make_student(name="Somebody Else")
    assessment = factories.make_assessment(course, name="Midterm")
    for one in (student, classmate):
        factories.make_enrollment(one, course)
        factories.make_pair(one, assessment)
    factories.make_accommodation(student, note="Only for the office")
    factories.make_accommodation(student, provision="extra_attempts", attempts=5, status="draft")

    page = text(coordinator, "student_summary", student.pk)

    assert "Midterm" in page
    assert "Extra time 1.5×" in page
    for hidden in ("Only for the office", "5 extra attempts", "Somebody Else"):
        assert hidden not in page


# Every page


@pytest.mark.parametrize("rows", [1, 10])
def test_q06_no_page_of_a_letter_needs_more_than_twelve_queries(
    director: Client, student: Student, terms: tuple[Term, Term], rows: int
) -> None:
    InstitutionSettings.current()
    for number in range(rows):
        other = factories.make_student()
        course = factories.make_course()
        factories.make_enrollment(student, course)
        factories.make_pair(student, factories.make_assessment(course))
        factories.make_accommodation(student, status="draft", attempts=number + 1, provision="extra_attempts")
        factories.make_accommodation(other, status="draft")
        factories.make_accommodation(other, scope="term", term=terms[0])
        factories.make_usual_set()
        row = factories.make_exception(student, course)
    pages = [reverse(name) for name in ("approval_list", "renewal", "usual_set_list", "usual_set_new", "student_find")]
    names = ("accommodation_new", "student_approval", "student_summary", "student_release", "exception_new")
    pages += [reverse(name, args=[student.pk]) for name in names]
    pages += [reverse("exception_withdraw", args=[row.pk]), reverse("student_detail", args=[student.pk])]
    for address in pages:
        director.get(address)
        with at_most_queries():
            assert director.get(address).status_code == 200


def test_the_preview_with_a_release_counts_the_course_as_released(coordinator: Client, student: Student) -> None:
    Student.objects.filter(pk=student.pk).update(needs_release=True)
    typed = {**TIME, "released": [student.enrollments.get().course.pk]}

    response = coordinator.post(reverse("accommodation_preview", args=[student.pk]), typed, headers=HTMX)

    assert response.status_code == 200
