"""Previews cost the same queries however many courses a student has, and an ending's tells its own effect alone."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accommodations.models import Accommodation, CanvasConnection, Student
from accommodations.services import accommodations, people
from accommodations.services.preview import Preview, PreviewRow, preview_accommodation, preview_ending
from accommodations.templatetags.acting import change_lines
from tests.accommodations.services.conftest import (
    University,
    carry_out,
    in_days,
    one_attempt_more,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db

IS_TRANSACTION = re.compile(r"^(RELEASE )?SAVEPOINT")
MOST = 12
OF_A_PREVIEW = 5
"""Settings, courses with enrollments, accommodations, what stands in the courses, assessments."""


def queries_of(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(database) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries]


def enrolled_in(university: University, number: int) -> Student:
    """Return Ada, enrolled in so many courses with a quiz each, all of them read from Canvas."""
    state = university.state
    for position in range(1, number):
        course = state.add_course(f"Course {position}", f"CRS {position}")
        state.enroll(university.ada, course)
        state.add_quiz(
            course,
            f"Quiz {position}",
            time_limit=60,
            allowed_attempts=1,
            unlock_at=in_days(5, hour=14),
            due_at=in_days(5, hour=15),
            lock_at=in_days(5, hour=15),
            created_at=in_days(-20),
        )
    return people.find_or_read_student(query="ada")


def recorded(student: Student, values: Any) -> Accommodation:
    """Record and carry out what a person would read first."""
    rows, run = accommodations.record_accommodations(
        student=student, recorded_by=make_user(), values=[values], reads_before_applying=False
    )
    assert run is not None
    carry_out(run)
    return rows[0]


def row_of(preview: Preview, name: str) -> PreviewRow | None:
    return next((row for row in preview.rows if row.assessment.name == name), None)


@pytest.mark.parametrize("number", [2, 8])
def test_q06_a_preview_asks_as_often_for_eight_courses_as_for_two(
    number: int, connection: CanvasConnection, university: University
) -> None:
    ada = enrolled_in(university, number)
    row = recorded(ada, time_and_a_half())
    shown: list[Preview] = []
    values = one_attempt_more()
    new = queries_of(
        lambda: shown.append(preview_accommodation(student=ada, values=values, replacing=None, now=timezone.now()))
    )
    gone = queries_of(lambda: shown.append(preview_ending(accommodation=row, now=timezone.now())))
    assert [preview.course_count for preview in shown] == [number, number]
    assert [preview.changed_count for preview in shown] == [number + 1, number]
    assert (len(new), len(gone)) == (OF_A_PREVIEW, OF_A_PREVIEW), "\n".join(sql[:200] for sql in new)


@pytest.mark.parametrize(
    "page", ["accommodation_preview", "accommodation_end", "accommodation_new", "accommodation_edit", "student_detail"]
)
def test_q06_a_page_about_a_student_asks_as_often_for_eight_courses_as_for_two(
    page: str, connection: CanvasConnection, university: University
) -> None:
    client = make_client("coordinator")
    asked = []
    for number in (2, 8):
        ada = enrolled_in(university, number)
        row = Accommodation.objects.first() or recorded(ada, time_and_a_half())
        sync_now()
        opened = partial(open_page, client, page, ada, row)
        opened()
        asked.append([sql for sql in queries_of(opened) if not IS_TRANSACTION.match(sql)])
    assert len(asked[0]) == len(asked[1])
    assert len(asked[1]) <= MOST, "\n".join(sql[:200] for sql in asked[1])


def make_client(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def open_page(client: Client, page: str, student: Student, row: Accommodation) -> None:
    if page == "accommodation_preview":
        typed = {
            "provisions": ["extra_attempts"],
            "attempts": "1",
            "scope": "every_course",
            "effective_from": "1 Dec 2025",
        }
        response = client.post(reverse(page, args=[student.pk]), typed, headers={"HX-Request": "true"})
        assert re.search("assessments? changes? in", response.content.decode())
    else:
        pk = row.pk if page in ("accommodation_end", "accommodation_edit") else student.pk
        response = client.get(reverse(page, args=[pk]))
    assert response.status_code == 200


def words_of(row: PreviewRow) -> set[str]:
    """Return which values the page shows for the row."""
    return {line.word or line.kind for line in change_lines(row.assessment, row.before, row.after)}


def test_an_ending_tells_only_what_it_changes_and_not_what_else_is_on_its_way(ada: Student) -> None:
    time = recorded(ada, time_and_a_half())
    accommodations.record_accommodation(student=ada, recorded_by=make_user(), values=one_attempt_more())
    preview = preview_ending(accommodation=time, now=timezone.now())
    assert [(row.assessment.name, words_of(row)) for row in preview.rows if row.is_change] == [
        ("Midterm", {"minutes", "due", "closes"})
    ]
    assert row_of(preview, "Essay") is None
    line = change_lines(preview.rows[0].assessment, preview.rows[0].before, preview.rows[0].after)[0]
    assert (line.before, line.after) == (90, 60)


def test_an_ending_shows_the_dates_that_go_back(ada: Student, university: University) -> None:
    later = recorded(ada, two_days_later())
    essay = row_of(preview_ending(accommodation=later, now=timezone.now()), "Essay")
    assert essay is not None
    assert essay.is_change
    lines = {line.word: (line.before, line.after) for line in change_lines(essay.assessment, essay.before, essay.after)}
    assert lines["due"][1] == university.paper.due_at
    assert lines["due"][0] > lines["due"][1]
