"""Courses: the list, and who gets what in one of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from accommodations.planning.statuses import Reason
from tests.accommodations.views_a.conftest import Campus, add_pair, at_most_queries
from tests.accommodations.views_a.test_students import PART, text_of
from tests.factories import make_assessment, make_course_sync, make_run, make_term


def test_the_office_lists_every_course_with_its_gaps(campus: Campus, as_role: Callable[[str], Client]) -> None:
    add_pair(campus.bo, make_assessment(campus.own, name="Quiz 9"), Reason.REFUSED)
    client = as_role("coordinator")
    with at_most_queries():
        page = text_of(client.get(reverse("course_list") + "?sort=-gaps"))
    assert "2 courses" in page
    assert page.index("BIO 101") < page.index("ART 150")
    assert "<strong>1</strong>" in page


def test_an_instructor_lists_their_own_courses(campus: Campus, as_role: Callable[[str], Client]) -> None:
    page = text_of(as_role("instructor").get(reverse("course_list")))
    assert "1 course" in page
    assert "ART 150" not in page


def test_courses_are_found_by_code_name_or_term(campus: Campus, as_role: Callable[[str], Client]) -> None:
    campus.foreign.term = make_term(name="Spring of Arts")
    campus.foreign.save()
    response = as_role("coordinator").post(reverse("course_list"), {"q": "spring"}, headers=PART)
    page = text_of(response)
    assert "1 course" in page
    assert "ART 150" in page
    assert "<html" not in page


def test_a_course_says_who_gets_what(campus: Campus, as_role: Callable[[str], Client]) -> None:
    add_pair(campus.bo, campus.quiz, Reason.SHARED_OVERRIDE)
    make_course_sync(make_run(), campus.own)
    client = as_role("coordinator")
    with at_most_queries():
        page = text_of(client.get(reverse("course_detail", args=[campus.own.pk])))
    assert "1 arrangement ahead is not covered. 1 in place, 2 students." in page
    assert page.index("Bo Lindqvist") < page.index("Amara Okonkwo"), "by sortable name"
    assert "Held: shared override" in page
    assert "Run " in page


def test_queries_do_not_grow_with_the_course(campus: Campus, as_role: Callable[[str], Client]) -> None:
    for number in range(8):
        quiz = make_assessment(campus.own, name=f"Quiz {number}")
        add_pair(campus.amara, quiz)
        add_pair(campus.bo, quiz)
    for role in ("coordinator", "instructor"):
        client = as_role(role)
        with at_most_queries():
            client.get(reverse("course_detail", args=[campus.own.pk]))


def test_what_needs_nothing_is_one_line(campus: Campus, as_role: Callable[[str], Client]) -> None:
    essay = make_assessment(campus.own, name="Essay", time_limit_minutes=None)
    for student in (campus.amara, campus.bo):
        add_pair(student, essay, Reason.NO_TIME_LIMIT)
    page = text_of(as_role("coordinator").get(reverse("course_detail", args=[campus.own.pk])))
    assert page.count("is-quiet") == 1
    assert page.count("(no time limit)") == 2


def test_what_is_over_is_folded_away(campus: Campus, as_role: Callable[[str], Client]) -> None:
    ago = datetime.now(UTC) - timedelta(days=9)
    old = make_assessment(campus.own, name="Long gone", unlock_at=ago, due_at=ago, lock_at=ago)
    add_pair(campus.amara, old, Reason.OVER)
    page = text_of(as_role("coordinator").get(reverse("course_detail", args=[campus.own.pk])))
    assert "Over: 1 assessment" in page
    assert page.index("Over: 1 assessment") < page.index("Long gone")


def test_a_sync_is_started_by_those_who_may(campus: Campus, as_role: Callable[[str], Client]) -> None:
    url, start = reverse("course_detail", args=[campus.own.pk]), reverse("start_course_sync", args=[campus.own.pk])
    assert start in text_of(as_role("coordinator").get(url))
    assert start in text_of(as_role("instructor").get(url))
    assert start not in text_of(as_role("auditor").get(url))


def test_the_courses_own_zone_is_told_where_it_differs(campus: Campus, as_role: Callable[[str], Client]) -> None:
    campus.own.time_zone = "America/Los_Angeles"
    campus.own.save()
    page = text_of(as_role("instructor").get(reverse("course_detail", args=[campus.own.pk])))
    assert "PST)" in page or "PDT)" in page


def test_an_instructor_reads_their_words_and_no_links_to_records(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    add_pair(campus.bo, campus.quiz, Reason.COURSE_END)
    page = text_of(as_role("instructor").get(reverse("course_detail", args=[campus.own.pk])))
    assert "In place, but less" in page
    assert "The office decides about the rest." in page
    assert reverse("student_detail", args=[campus.bo.pk]) not in page
