"""How many requests a sync costs: gates are counts, never times."""

import pytest

from accommodations.models import ActionLogEntry, CanvasConnection, Student, SyncRun
from accommodations.services import connections, people, sync_runs
from tests.accommodations.services.conftest import (
    University,
    approve,
    carry_out,
    in_days,
    record,
    sync_now,
    time_and_a_half,
    two_days_later,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
COURSES, QUIZZES = 5, 3


@pytest.fixture
def five_courses(university: University, connection: CanvasConnection) -> Student:
    """Give Ada five courses with three timed quizzes each, all known to the mirror."""
    state = university.state
    for enrollment in state.enrollments.where("user", university.ada.id):
        enrollment.workflow_state = "deleted"
    for number in range(COURSES):
        course = state.add_course(f"Course {number}", term=state.terms[university.course.term_id])
        state.enroll(university.ada, course)
        for title in "ABC":
            state.add_quiz(course, title, time_limit=60, unlock_at=in_days(5), due_at=in_days(6), lock_at=in_days(6))
    student = people.find_or_read_student(query="ada")
    connections.token_time_zone(connection, connections.gateway_for(connection))
    university.forget_requests()
    return student


def test_q03_one_accommodation_in_five_courses_of_three_timed_quizzes(
    five_courses: Student, university: University
) -> None:
    run = record(five_courses, time_and_a_half())
    SyncRun.objects.filter(pk=run.pk).update(requested_by=None)
    carry_out(run)
    reads_and_writes = [one for one in university.requests if not one.path.endswith("/submissions")]
    looks = [one for one in university.requests if one.path.endswith("/submissions")]
    assert len(reads_and_writes) == 1 + COURSES * (2 + QUIZZES)
    assert len(looks) == COURSES * QUIZZES, "what others have set is read once before the first write"


def test_q03_dates_cost_one_batch_and_one_read_back_for_each_course(
    five_courses: Student, university: University
) -> None:
    run = record(five_courses, two_days_later())
    SyncRun.objects.filter(pk=run.pk).update(requested_by=None)
    carry_out(run)
    assert len(university.writes) == COURSES
    assert len(university.requests) == 1 + COURSES * (2 + 1 + 1)


def test_q03_time_and_dates_together_cost_what_both_cost(five_courses: Student, university: University) -> None:
    run = record(five_courses, time_and_a_half(), two_days_later())
    SyncRun.objects.filter(pk=run.pk).update(requested_by=None)
    carry_out(run)
    counted = [one for one in university.requests if not one.path.endswith("/submissions")]
    assert len(counted) == 36


def test_q02_a_nightly_round_with_nothing_to_do_reads_and_writes_nothing(
    five_courses: Student, university: University
) -> None:
    approve(carry_out(record(five_courses, time_and_a_half(), two_days_later())), make_user())
    sync_now()
    university.forget_requests()
    entries = ActionLogEntry.objects.count()
    carry_out(sync_runs.request_sync_run(trigger=SyncRun.Trigger.NIGHTLY))
    assert university.writes == []
    assert len(university.requests) == 1 + COURSES * 2
    assert ActionLogEntry.objects.count() - entries <= 5


def test_q04_a_moved_due_date_costs_one_write(five_courses: Student, university: University) -> None:
    carry_out(record(five_courses, two_days_later()))
    sync_now()
    quiz = next(iter(university.state.quizzes.where("course", max(one.id for one in university.state.courses))))
    assignment = university.state.assignments[quiz.assignment_id or 0]
    for item in (quiz, assignment):
        item.due_at, item.lock_at = in_days(7), in_days(7)
    university.forget_requests()
    sync_now()
    assert len(university.writes) == 1
