"""The coverage board: narrowed first, a page in both directions, each cell one link, exports that nothing executes."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accommodations.models import ActionLogEntry, Course
from accommodations.planning.statuses import Reason
from accommodations.selectors.board import BoardFilter, board_of
from accommodations.selectors.board_cells import gain_in_words
from accommodations.views import board as board_views
from tests.accommodations.views_a.conftest import Campus, add_pair, at_most_queries
from tests.factories import (
    make_accommodation,
    make_assessment,
    make_course,
    make_enrollment,
    make_pair,
    make_student,
    make_term,
)

BOARD = "coverage_board"
PART = {"HX-Request": "true"}


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def grid(client: Client, **narrowed: object) -> str:
    """Return the board's markup alone, at any time unless a week is asked for."""
    answer = client.get(reverse(BOARD), {"week": "all", **narrowed}, headers=PART)
    assert answer.status_code == 200
    return answer.content.decode()


def fill(campus: Campus, *, students: int, assessments: int) -> None:
    """Add so many students on so many assessments of the own course."""
    quizzes = [make_assessment(campus.own, name=f"Paper {number:02d}") for number in range(assessments)]
    for number in range(students):
        student = make_student(name=f"Student {number:02d}", sortable_name=f"{number:02d}, Student")
        for quiz in quizzes:
            make_pair(student, quiz)


def test_students_by_assessments_with_heads_for_rows_and_columns(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    add_pair(campus.bo, campus.quiz, Reason.REFUSED)
    page = grid(as_role("coordinator"))
    assert page.count('<th scope="row">') == 2
    assert page.count('<th scope="col"') == 3, "students, and two assessments"
    assert "quiz, 60 min" in page
    assert "1 of 2" in page
    assert "BIO 101" in page, "with several courses each column says to which it belongs"
    assert '<caption id="grid-cap">' in page
    assert 'role="region" aria-labelledby="grid-h" tabindex="0"' in page, "A21: it scrolls, so it takes the focus"


def test_each_cell_is_one_link_to_the_derivation_with_icon_word_and_minutes(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    page = grid(as_role("coordinator"), code="BIO 101")
    cell = page.split("<td>")[1].split("</td>")[0]
    assert cell.count("<a ") == 1
    assert f'href="{reverse("pair_detail", args=[campus.own_pair.pk])}"' in cell
    assert "#i-in-place" in cell
    assert "+30 min" in cell
    assert '<span class="sr-only">, In place</span>' in cell


def test_a_pair_without_a_need_is_quiet_and_a_missing_one_is_empty(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    essay = make_assessment(campus.own, name="Essay")
    add_pair(campus.bo, essay, Reason.NO_TIME_LIMIT)
    page = grid(as_role("coordinator"), code="BIO 101")
    assert "<td></td>" in page
    quiet = page.split('data-status="not-needed"')[1].split("</a>")[0]
    assert "min" not in quiet
    assert "Not needed" in quiet


def test_instructors_see_their_own_courses_only(campus: Campus, as_role: Callable[[str], Client]) -> None:
    page = as_role("instructor").get(reverse(BOARD)).content.decode()
    assert "Quiz 8" in page
    assert "Critique 4" not in page
    assert "ART 150" not in page
    assert reverse("student_detail", args=[campus.amara.pk]) not in page, "the record is the office's"
    assert "Critique 4" not in grid(as_role("instructor"), course=campus.foreign.pk)


def test_the_board_is_narrowed_by_course_department_term_week_kind_and_student(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    Course.objects.filter(pk=campus.foreign.pk).update(canvas_account_id=7, department="Arts")
    later = now() + timedelta(days=20)
    exam = make_assessment(campus.own, name="Final", unlock_at=later, lock_at=later)
    add_pair(campus.amara, exam, is_exam=True)
    essay = make_assessment(campus.own, name="Essay", kind="assignment")
    add_pair(campus.amara, essay)
    client = as_role("coordinator")
    named = {"Quiz 8", "Critique 4", "Final", "Essay"}

    def shown(**narrowed: object) -> set[str]:
        page = grid(client, **narrowed)
        return {name for name in named if f'board__name">{name}<' in page}

    assert shown() == named
    assert shown(code="art") == {"Critique 4"}
    assert shown(course=campus.own.pk) == named - {"Critique 4"}
    assert shown(department=7) == {"Critique 4"}
    assert shown(term=campus.foreign.term_id) == {"Critique 4"}
    assert shown(kind="exams") == {"Final"}
    assert shown(kind="assignments") == {"Essay"}
    assert shown(week=f"{later:%Y-%m-%d}") == {"Final"}
    assert shown(assessment=essay.pk) == {"Essay"}
    client.post(reverse(BOARD), {"q": "Lindqvist"})
    assert shown(find="1") == {"Critique 4"}


def test_b38_a_name_that_is_searched_for_is_in_no_address(campus: Campus, as_role: Callable[[str], Client]) -> None:
    answer = as_role("coordinator").post(reverse(BOARD), {"q": "Okonkwo"})
    assert answer.status_code == 302
    assert "Okonkwo" not in answer.headers["Location"]


def test_a_status_narrows_rows_and_columns_and_leaves_their_cells_whole(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    add_pair(campus.bo, campus.quiz, Reason.REFUSED)
    add_pair(campus.bo, make_assessment(campus.own, name="Other"), Reason.READ_BACK)
    page = grid(as_role("coordinator"), status="failed")
    assert 'board__name">Quiz 8<' in page
    assert 'board__name">Other<' not in page
    assert "Bo Lindqvist" in page
    assert "Amara Okonkwo" not in page
    assert "1 of 2" in page, "the head counts everybody on it"


def test_without_a_choice_the_office_begins_with_a_week_and_an_instructor_with_everything(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    far = make_assessment(campus.own, name="Far away", unlock_at=now() + timedelta(days=60), lock_at=None)
    add_pair(campus.amara, far)
    assert "Far away" not in as_role("coordinator").get(reverse(BOARD)).content.decode()
    assert "Far away" in as_role("instructor").get(reverse(BOARD)).content.decode()


def test_pages_go_both_ways_and_are_at_most_fifty_by_twenty_five(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    fill(campus, students=52, assessments=27)
    client = as_role("coordinator")
    usual, most = grid(client, code="BIO 101"), grid(client, code="BIO 101", per="50x25")
    assert (usual.count('<th scope="row">'), usual.count('<th scope="col"') - 1) == (25, 9)
    assert (most.count('<th scope="row">'), most.count('<th scope="col"') - 1) == (50, 25)
    last = grid(client, code="BIO 101", per="50x25", page="2", columns="2")
    assert (last.count('<th scope="row">'), last.count('<th scope="col"') - 1) == (3, 3)
    assert 'aria-label="Pages of assessments"' in last
    assert 'aria-label="Pages of students"' in last
    beyond = grid(client, code="BIO 101", page="99", columns="99")
    assert beyond.count('<th scope="row">') == 3, "past the end is the last page"
    assert "Students 51 to 53 of 53" in beyond


def test_next_first_and_what_is_over_last(campus: Campus) -> None:
    for name, days in (("Over", -5), ("Later", 9), ("Sooner", 1)):
        opens = now() + timedelta(days=days)
        quiz = make_assessment(campus.own, name=name, unlock_at=opens, lock_at=opens + timedelta(hours=1))
        add_pair(campus.amara, quiz)
    board = board_of(campus.users["auditor"], BoardFilter(), now=now(), size=(25, 9), student_page=1, assessment_page=1)
    assert (board.columns[0].name, board.columns[-1].name) == ("Sooner", "Over")
    assert board.next_pk == board.columns[0].pk


@pytest.mark.parametrize("role", ["coordinator", "instructor"])
def test_q06_the_number_of_queries_is_constant_in_the_data(
    role: str, campus: Campus, as_role: Callable[[str], Client]
) -> None:
    fill(campus, students=3, assessments=3)
    client = as_role(role)
    with at_most_queries():
        client.get(reverse(BOARD), {"week": "all", "status": "in_place"})
    fill(campus, students=30, assessments=12)
    with at_most_queries():
        client.get(reverse(BOARD), {"week": "all", "status": "in_place", "per": "50x25"})


@pytest.mark.parametrize(
    "query",
    [
        {"page": "-1"},
        {"page": "x", "columns": "10000000000000"},
        {"course": "99999999999999999999"},
        {"department": "-3"},
        {"week": "9999-12-31"},
        {"week": "0001-01-01"},
        {"code": "%_'\\" * 40},
        {"code": "\x00"},
        {"per": "1000x1000"},
        {"status": "password", "kind": "__class__"},
    ],
)
def test_b18_nonsense_in_the_address_is_answered_with_a_board(
    query: dict[str, str], as_role: Callable[[str], Client]
) -> None:
    assert as_role("coordinator").get(reverse(BOARD), query).status_code == 200


def test_b22_exports_hold_every_page_and_no_formula(campus: Campus, as_role: Callable[[str], Client]) -> None:
    fill(campus, students=30, assessments=12)
    evil = make_student(name="=HYPERLINK(1)", sortable_name="=HYPERLINK(1)")
    make_accommodation(evil)
    make_enrollment(evil, campus.own)
    add_pair(evil, make_assessment(campus.own, name="=1+1"), Reason.REFUSED)
    client = as_role("auditor")
    query = {"code": "BIO 101", "week": "all"}

    text = b"".join(client.get(reverse("coverage_board_csv"), query).streaming_content).decode("utf-8-sig")
    book = load_workbook(io.BytesIO(client.get(reverse("coverage_board_xlsx"), query).content))

    lines = text.splitlines()
    assert len(lines) == 1 + 32
    assert any(line.startswith("'=HYPERLINK(1)") for line in lines)
    assert "In place: +30 min" in text
    sheet = book.active
    assert (sheet.max_row, sheet.max_column) == (33, 15)
    values = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in values)
    assert "'=HYPERLINK(1)" in {cell.value for cell in values}
    assert ActionLogEntry.objects.filter(act="board.exported").count() == 2


def test_a_board_too_wide_for_a_table_says_so(
    campus: Campus, as_role: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_views, "MOST_COLUMNS_EXPORTED", 1)
    answer = as_role("auditor").get(reverse("coverage_board_xlsx"), {"week": "all"}, follow=True)
    assert "A table holds at most 1 assessments." in answer.content.decode()


def test_a_course_of_one_code_in_two_terms_is_told_apart_by_its_term(
    campus: Campus, as_role: Callable[[str], Client]
) -> None:
    again = make_course(course_code="BIO 101", term=make_term())
    add_pair(campus.bo, make_assessment(again, name="Quiz of the other term"))
    client = as_role("coordinator")
    assert "Quiz of the other term" in grid(client, code="bio 101")
    assert "Quiz of the other term" not in grid(client, code="bio 101", term=campus.own.term_id)


def test_what_a_cell_says() -> None:
    due = {"unlock_at": None, "due_at": "2026-03-01T12:00:00Z", "lock_at": "2026-03-02T12:00:00Z"}

    def moved(**dates: str) -> str:
        return gain_in_words({"dates": {**due, **dates}}, due)

    assert gain_in_words({"extra_minutes": 30}, {}) == "+30 min"
    assert gain_in_words({"extra_minutes": 10_080}, {}) == "no time limit"
    assert gain_in_words({"extra_minutes": 15, "extra_attempts": 1}, {}) == "+15 min, +1 attempt"
    assert gain_in_words({"extra_attempts": 2}, {}) == "+2 attempts"
    assert moved(due_at="2026-03-03T12:00:00Z") == "+2 days"
    assert moved(due_at="2026-03-02T12:00:00Z") == "+1 day"
    assert moved(lock_at="2026-03-02T13:30:00Z") == "+90 min"
    assert moved(lock_at="2026-03-02T21:00:00Z") == "+9 h"
    assert gain_in_words({"extra_minutes": 30, "dates": {**due, "lock_at": "2026-03-02T12:30:00Z"}}, due) == "+30 min"
    assert gain_in_words({}, due) == ""
