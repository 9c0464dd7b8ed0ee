"""SQL queries and rows of course syncs: few, and as many for many students as for one (Q02)."""

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accommodations.models import Course, CourseSync, PairStatus, Student, SyncAction, SyncRun
from accommodations.services import accommodations, observe, people, sync_runs
from accommodations.services.sync_runner import run_course_sync
from tests.accommodations.services.conftest import University, everything, give, rows, sync_now, time_and_a_half
from tests.factories import make_user

IDLE = 65
"""The most queries of a course sync that finds nothing to do, the run's own included."""
WITH_WRITES = 200
"""The most of one that sends a handful of requests for everybody and reads them back."""


def students_of(university: University, number: int) -> list[Student]:
    """Enroll so many more students, and return their rows."""
    for position in range(number):
        user = university.state.add_user(f"Person {position}", login_id=f"person{position}")
        university.state.enroll(user, university.course)
    return [people.find_or_read_student(query=f"person{position}") for position in range(number)]


def queries_of_a_sync() -> int:
    """Return how many queries one hourly sync of the course takes, from the wake-up to its end."""
    run = sync_runs.request_sync_run(trigger=SyncRun.Trigger.HOURLY, courses=Course.objects.all())
    (course_sync_id,) = sync_runs.prepare_run(run.pk)
    with CaptureQueriesContext(database) as captured:
        run_course_sync(course_sync_id)
    assert CourseSync.objects.get(pk=course_sync_id).status == CourseSync.Status.DONE
    return len(captured)


def approved_for_all(students: list[Student], office: Any) -> None:
    for student in students:
        accommodations.record_accommodations(student=student, recorded_by=office, values=list(everything()))
    SyncRun.objects.all().delete()


def test_q02_an_idle_sync_takes_few_queries_and_no_more_for_ten_times_the_pairs(
    connection: object, university: University
) -> None:
    first, *others = students_of(university, 10)
    give(first)
    sync_now()
    one = queries_of_a_sync()
    pairs = PairStatus.objects.count()
    approved_for_all(others, make_user())
    sync_now()
    sync_now()
    assert PairStatus.objects.count() == 10 * pairs
    assert queries_of_a_sync() <= one <= IDLE


def test_q02_a_sync_with_writes_takes_no_more_queries_for_ten_times_the_actions(
    connection: object, university: University
) -> None:
    first, *others = students_of(university, 10)
    approved_for_all([first], make_user())
    one = queries_of_a_sync()
    assert SyncAction.objects.filter(status="applied").count() == 4
    approved_for_all(others, make_user())
    assert queries_of_a_sync() <= one <= WITH_WRITES
    assert SyncAction.objects.filter(status="applied").count() == 36


def test_q02_a_night_without_changes_adds_at_most_five_rows_beside_one_for_each_course(
    connection: object, university: University
) -> None:
    for student in students_of(university, 3):
        give(student)
    sync_now(trigger=SyncRun.Trigger.NIGHTLY, courses=None)
    before = rows()
    sync_now(trigger=SyncRun.Trigger.NIGHTLY, courses=None)
    new = {name: number - before[name] for name, number in rows().items() if number != before[name]}
    assert new.pop("CourseSync") == 1
    assert sum(new.values()) <= 5, new


def test_q02_what_people_decided_is_gathered_once_for_a_reading_that_needs_no_more_of_canvas(
    connection: object, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(students_of(university, 1)[0])
    sync_now()
    real, times = observe.planning_inputs, list[int]()

    def counted(*arguments: Any, **named: Any) -> object:
        times.append(1)
        return real(*arguments, **named)

    monkeypatch.setattr(observe, "planning_inputs", counted)
    sync_now()
    assert len(times) == 1


def test_f27_who_is_given_something_in_the_middle_of_the_reading_is_covered_by_that_sync_and_never_out_of_sight(
    connection: object, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = students_of(university, 2)
    give(first, time_and_a_half())
    real, foreseen = observe.read_course, dict[int, str]()

    def given_after_the_reading(*arguments: Any, **named: Any) -> object:
        facts = real(*arguments, **named)
        if not foreseen:
            accommodations.record_accommodations(
                student=second, recorded_by=make_user(), values=[time_and_a_half()], reads_before_applying=False
            )
            foreseen.update(PairStatus.objects.filter(student=second).values_list("pk", "status"))
        return facts

    monkeypatch.setattr(observe, "read_course", given_after_the_reading)
    queries_of_a_sync()
    assert "waiting" in foreseen.values()
    assert set(PairStatus.objects.filter(student=second).values_list("pk", flat=True)) == set(foreseen)
    assert PairStatus.objects.get(student=second, assessment__name="Midterm").status == "in_place"
