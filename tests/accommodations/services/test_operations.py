"""The figures for operators: what the schedule needs is what its rounds really ask of Canvas."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accommodations.models import Course, Student
from accommodations.selectors.request_need import Round, requests_of, requests_of_course
from accommodations.services.operations import interval_of, operations
from tests.accommodations.services.conftest import University, give, sync_now

pytestmark = pytest.mark.django_db


def test_the_schedule_is_read_from_beat_itself() -> None:
    assert interval_of("exams") == timedelta(minutes=15)
    assert interval_of("hourly") == timedelta(hours=1)
    assert interval_of("nightly") == timedelta(days=1)
    assert interval_of("sweep") == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("numbers", "requests"),
    [
        ((0, 0, 0), 2),
        ((25, 4, 0), 2),
        ((100, 4, 1), 3),
        ((101, 100, 0), 3),
        ((201, 101, 101), 7),
    ],
)
def test_q02_r_is_counted_by_its_formula(numbers: tuple[int, int, int], requests: int) -> None:
    assert requests_of_course(*numbers) == requests


def test_q02_the_need_is_what_an_idle_round_asks(ada: Student, university: University) -> None:
    university.state.add_new_quiz(university.course, "Lab quiz")
    give(ada)
    sync_now()
    university.forget_requests()
    sync_now()
    asked = [one for one in university.requests if f"/courses/{university.course.id}" in one.path]
    [requests] = requests_of(Course.objects.all())
    assert sum(requests) == len(asked) > 0


def test_q10_shares_are_of_what_canvas_lets_through() -> None:
    xl = Round("hourly", timedelta(hours=1), 12_745, 28_421)
    assert round(xl.a_second, 1) == 7.9
    assert xl.share(1.2) < 1 < xl.share(1.3)


def test_the_page_counts_what_waits(ada: Student, university: University) -> None:
    give(ada)
    found = operations(now=timezone.now())
    hourly = next(one for one in found.need.rounds if one.name == "hourly")
    assert (hourly.courses, found.runs) == (1, {"done": 1})
    assert {part.name for part in found.parts} == {"database", "redis", "budget", "worker", "beat", "canvas"}
    nightly = next(one for one in found.need.rounds if one.name == "nightly")
    assert nightly.requests == hourly.requests + 2, "the list of courses, and one student's enrollments"
