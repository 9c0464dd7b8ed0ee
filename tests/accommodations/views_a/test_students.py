"""Students: the list with its search, one student's record, the export, and the student's own page."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accommodations.models import AccommodationException, CourseRelease
from accommodations.planning.statuses import Reason
from accommodations.views.lists import guarded_cell, page_number
from tests.accommodations.views_a.conftest import Campus, add_pair, at_most_queries
from tests.days import TODAY
from tests.factories import make_accommodation, make_assessment, make_linked_person, make_student, make_user

PART = {"HX-Request": "true"}


def text_of(response: object) -> str:
    """Return the answer's text with runs of blanks as one."""
    return " ".join(response.content.decode().split())


def csv_rows(response: object) -> list[list[str]]:
    """Return the rows of a streamed CSV file."""
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body)))


def test_the_list_shows_everybody_with_numbers(campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    with at_most_queries():
        page = text_of(client.get(reverse("student_list")))
    assert "2 students" in page
    assert page.index("Lindqvist, Bo") < page.index("Okonkwo, Amara")


def test_b38_a_typed_search_leaves_no_name_in_the_address(campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    response = client.post(reverse("student_list"), {"q": "okonkwo"})
    assert response.status_code == 302
    assert "okonkwo" not in response.url.lower()
    page = text_of(client.get(response.url))
    assert "1 student" in page
    assert "Okonkwo, Amara" in page
    assert "Lindqvist, Bo" not in page


def test_a_live_search_answers_the_part_and_moves_the_address(campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    response = client.post(reverse("student_list") + "?sort=-gaps", {"q": "amara"}, headers=PART)
    part = text_of(response)
    assert "<html" not in part
    assert 'id="student-results"' in part
    assert 'data-announce="1 student"' in part
    assert response["HX-Replace-Url"] == reverse("student_list") + "?sort=-gaps&find=1"
    assert "find=1" in part, "sorting keeps the search"


def test_a_history_restore_gets_the_whole_page(campus: Campus, as_role: Callable[[str], Client]) -> None:
    headers = PART | {"HX-History-Restore-Request": "true"}
    assert "<html" in text_of(as_role("coordinator").get(reverse("student_list"), headers=headers))


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "%amara%", "a_ara"])
def test_b17_signs_of_like_and_sql_are_taken_literally(
    words: str, campus: Campus, as_role: Callable[[str], Client]
) -> None:
    page = text_of(as_role("coordinator").post(reverse("student_list"), {"q": words}, headers=PART))
    assert "0 students" in page


@pytest.mark.parametrize(
    ("asked", "number"), [(None, 1), ("", 1), ("-1", 1), ("0", 1), ("abc", 1), ("7", 7), ("1000000000", 1_000_000_000)]
)
def test_b18_a_page_below_the_first_is_the_first(asked: str | None, number: int) -> None:
    assert page_number(asked) == number


@pytest.mark.parametrize("query", ["page=-1", "page=1000000000", "page=abc", "sort=password", "find=99", "page=%00"])
def test_b18_nonsense_in_the_address_gives_a_page(query: str, campus: Campus, as_role: Callable[[str], Client]) -> None:
    assert as_role("coordinator").get(f"{reverse('student_list')}?{query}").status_code == 200


def test_b18_a_search_of_ten_thousand_characters_is_cut(campus: Campus, as_role: Callable[[str], Client]) -> None:
    response = as_role("coordinator").post(reverse("student_list"), {"q": "amara " * 2000}, headers=PART)
    assert response.status_code == 200


@pytest.mark.parametrize("words", ["élodie", "ÉLODIE", "Élo"])
def test_names_with_accents_are_found_whatever_their_case(
    words: str, campus: Campus, as_role: Callable[[str], Client]
) -> None:
    make_student(name="Élodie Marchand", sortable_name="Marchand, Élodie")
    page = text_of(as_role("coordinator").post(reverse("student_list"), {"q": words}, headers=PART))
    assert "Marchand, Élodie" in page


def test_the_list_is_paged_by_25_and_sorted(campus: Campus, as_role: Callable[[str], Client]) -> None:
    for number in range(30):
        make_student(name=f"Zed {number}", sortable_name=f"Zed {number:02}")
    client = as_role("coordinator")
    first, second = (text_of(client.get(f"{reverse('student_list')}?page={n}")) for n in (1, 2))
    assert "1 to 25 of 32" in first
    assert "26 to 32 of 32" in second
    backwards = text_of(client.get(f"{reverse('student_list')}?sort=-name"))
    assert 'aria-sort="descending"' in backwards
    assert backwards.index("Zed 29") < backwards.index("Zed 10")


def test_an_empty_list_says_so(db: None, client: Client) -> None:
    client.force_login(make_user("coordinator"))
    assert "No student is on record yet" in text_of(client.get(reverse("student_list")))


def test_b22_the_export_never_hands_a_formula_to_a_spreadsheet(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    make_student(name="x", sortable_name="=HYPERLINK(1)")
    response = as_role("auditor").get(reverse("student_export"))
    assert response["Content-Disposition"].startswith('attachment; filename="students-')
    names = [row[0] for row in csv_rows(response)]
    assert "'=HYPERLINK(1)" in names
    assert "Okonkwo, Amara" in names


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("  =1", "'  =1"), ("\u00a0=1", "'\u00a0=1"), ("a\n=1", "'a\n=1"), (-5, "-5"), (1.5, "1.5"),
        ("plain", "plain"), (None, ""), ("a-b", "a-b"),
    ],
)  # fmt: skip
def test_b22_cells_are_guarded_and_numbers_unharmed(value: object, cell: str) -> None:
    assert guarded_cell(value) == cell


def test_one_student_reads_as_words(campus: Campus, as_role: Callable[[str], Client]) -> None:
    client = as_role("coordinator")
    with at_most_queries():
        page = text_of(client.get(reverse("student_detail", args=[campus.amara.pk])))
    assert "All 1 assessments ahead that need something are in place." in page
    assert "Extra time 1.5×" in page
    assert '<span class="change__from">60</span>' in page
    assert '<span class="change__to">90 min</span>' in page
    assert "closes" in page
    assert "Read back today" in page


def test_the_record_says_what_is_not_covered_first(campus: Campus, as_role: Callable[[str], Client]) -> None:
    add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.REFUSED, failure_message="no such quiz")
    add_pair(campus.amara, make_assessment(campus.own, name="Essay", time_limit_minutes=None), Reason.NO_TIME_LIMIT)
    page = text_of(as_role("coordinator").get(reverse("student_detail", args=[campus.amara.pk])))
    assert "1 of 2 assessments ahead that need something are in place. 1 failed. 1 more need nothing." in page
    assert "Canvas said: “no such quiz”." in page
    assert "Sync again<span" in page


def test_queries_do_not_grow_with_the_record(campus: Campus, as_role: Callable[[str], Client]) -> None:
    for number in range(12):
        add_pair(campus.amara, make_assessment(campus.own, name=f"Q {number}"))
        make_accommodation(campus.amara, provision="extra_attempts", attempts=1, recorded_by=campus.users["director"])
    client = as_role("coordinator")
    with at_most_queries():
        client.get(reverse("student_detail", args=[campus.amara.pk]))


def test_old_versions_stay_readable(campus: Campus, as_role: Callable[[str], Client]) -> None:
    accommodation = campus.amara.accommodations.get()
    accommodation.multiplier, accommodation.version = "2.00", 2
    accommodation.save()
    page = text_of(as_role("auditor").get(reverse("student_detail", args=[campus.amara.pk])))
    assert "Version 2, history" in page
    assert "<strong>Extra time 2×</strong>" in page
    assert "<strong>Extra time 1.5×</strong>" in page


def test_buttons_follow_the_role(campus: Campus, as_role: Callable[[str], Client]) -> None:
    url = reverse("student_detail", args=[campus.amara.pk])
    new = reverse("accommodation_new", args=[campus.amara.pk])
    assert new in text_of(as_role("coordinator").get(url))
    auditors = text_of(as_role("auditor").get(url))
    assert new not in auditors
    assert reverse("accommodation_end", args=[campus.amara.accommodations.get().pk]) not in auditors
    assert "Sync now" not in auditors


def test_exceptions_and_releases_are_told(campus: Campus, as_role: Callable[[str], Client]) -> None:
    AccommodationException.objects.create(
        student=campus.bo, course=campus.own, reason="A fixed hour is essential.",
        effective_until=TODAY + timedelta(days=9), decided_by=campus.users["director"],
    )  # fmt: skip
    campus.bo.needs_release = True
    campus.bo.save()
    CourseRelease.objects.create(student=campus.bo, course=campus.own, released_by=campus.users["coordinator"])
    page = text_of(as_role("coordinator").get(reverse("student_detail", args=[campus.bo.pk])))
    assert "A fixed hour is essential." in page
    assert '<strong>BIO 101</strong> <span class="tag">' in page
    assert '<strong>ART 150</strong> <span class="tag">Not released</span>' in page


def test_a_draft_waits_for_approval_and_is_not_promised_to_the_student(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    make_accommodation(
        campus.amara, provision="extra_attempts", attempts=2, status="draft",
        recorded_by=campus.users["coordinator"], effective_from=date(2026, 1, 5),
    )  # fmt: skip
    record = text_of(as_role("director").get(reverse("student_detail", args=[campus.amara.pk])))
    assert "Waits for approval" in record
    assert "2 extra attempts" in record
    assert "2 extra attempts" not in text_of(as_role("student").get(reverse("own_page")))


def test_the_own_page_speaks_to_the_student(campus: Campus, as_role: Callable[[str], Client]) -> None:
    add_pair(campus.amara, make_assessment(campus.own, name="Quiz 9"), Reason.SHARED_OVERRIDE)
    client = as_role("student")
    with at_most_queries():
        page = text_of(client.get(reverse("own_page")))
    assert "1 of 2 that are ahead are in place in Canvas." in page
    assert "Being decided" in page
    assert "Held" not in page
    assert "accommodation" not in page.split("<main")[1].split("</main>")[0].lower()


def test_a_student_without_a_record_is_told_whom_to_ask(db: None, client: Client) -> None:
    user = make_user("student")
    make_linked_person(user)
    client.force_login(user)
    assert "Nothing is on record for you." in text_of(client.get(reverse("own_page")))


@pytest.mark.parametrize(
    ("words", "target"), [("Okonkwo", "student_detail"), ("BIO 101", "course_detail"), ("Quiz 8", "pair_list")]
)
def test_the_finder_goes_to_what_was_found(
    words: str, target: str, campus: Campus, as_role: Callable[[str], Client]
) -> None:
    client = as_role("coordinator")
    response = client.post(reverse("find"), {"q": words})
    expected = {
        "student_detail": reverse("student_detail", args=[campus.amara.pk]),
        "course_detail": reverse("course_detail", args=[campus.own.pk]),
        "pair_list": reverse("pair_list") + "?find=1",
    }[target]
    assert response.url == expected
    assert words.split(maxsplit=1)[0] in text_of(client.get(response.url))
