"""What Canvas shows only in part is not believed (F17, F18): nothing is planned from it, and nothing is forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accommodations.models import Assessment, CourseSync, Enrollment, InstitutionSettings, LedgerEntry, Student, SyncRun
from accommodations.services import people
from canvas_bridge.gateway.course_reading import CourseReader
from tests.accommodations.services.conftest import University, give, sync_now, two_days_later

pytestmark = pytest.mark.django_db


def test_f17_an_assessment_that_the_list_lacked_and_canvas_has_is_not_given_up(
    ada: Student, university: University, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(ada, two_days_later())
    standing = LedgerEntry.objects.filter(taken_back_at=None).count()
    university.forget_requests()
    whole = CourseReader._assessments
    monkeypatch.setattr(
        CourseReader, "_assessments", lambda reader: tuple(one for one in whole(reader) if one.name != "Essay")
    )
    run = sync_now()
    part = CourseSync.objects.get(run=run)
    assert (part.status, part.tries) == (CourseSync.Status.QUEUED, 1)
    assert university.writes == []
    assert LedgerEntry.objects.filter(taken_back_at=None).count() == standing
    assert not Assessment.objects.filter(is_deleted=True).exists()


def test_f17_an_assessment_that_is_really_gone_costs_one_request_once(ada: Student, university: University) -> None:
    give(ada, two_days_later())
    university.paper.workflow_state = "deleted"
    university.forget_requests()
    sync_now()
    asked = [one for one in university.requests if one.path.endswith(f"/assignments/{university.paper.id}")]
    assert len(asked) == 1
    university.forget_requests()
    assert sync_now().status == SyncRun.Status.DONE
    assert not [one for one in university.requests if one.path.endswith(f"/assignments/{university.paper.id}")]


@pytest.fixture
def in_ten_courses(ada: Student, university: University) -> Student:
    for number in range(9):
        university.state.enroll(university.ada, university.state.add_course(f"Course {number}", f"C {number}"))
    people.refresh_enrollments(ada)
    assert ada.enrollments.count() == 10
    return ada


def leave(university: University, number: int) -> None:
    mine = [one for one in university.state.enrollments if one.user_id == university.ada.id]
    for enrollment in mine[:number]:
        enrollment.workflow_state = "deleted"


@pytest.mark.parametrize(("left", "kept"), [(1, 9), (3, 7), (4, 10), (9, 10)])
def test_f18_a_list_that_lost_more_than_the_set_share_is_not_believed_at_once(
    left: int, kept: int, in_ten_courses: Student, university: University
) -> None:
    leave(university, left)
    people.refresh_enrollments(in_ten_courses)
    assert Enrollment.objects.filter(student=in_ten_courses).count() == kept


def test_f18_what_is_still_so_an_hour_later_is_true(in_ten_courses: Student, university: University) -> None:
    leave(university, 5)
    people.refresh_enrollments(in_ten_courses)
    Student.objects.update(enrollments_doubted_at=timezone.now() - timedelta(hours=1))
    people.refresh_enrollments(Student.objects.get())
    assert Enrollment.objects.filter(student=in_ten_courses).count() == 5


def test_f18_the_share_is_a_setting(in_ten_courses: Student, university: University) -> None:
    InstitutionSettings.current()
    InstitutionSettings.objects.update(doubt_percent=50)
    leave(university, 5)
    people.refresh_enrollments(in_ten_courses)
    assert Enrollment.objects.filter(student=in_ten_courses).count() == 5


def test_f18_one_dropped_course_of_two_is_a_dropped_course(ada: Student, university: University) -> None:
    university.state.enroll(university.ada, university.state.add_course("Chemistry", "CHE 1"))
    people.refresh_enrollments(ada)
    leave(university, 1)
    people.refresh_enrollments(ada)
    assert ada.enrollments.count() == 1
