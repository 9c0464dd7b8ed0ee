"""The department of a course: the account of Canvas that it belongs to."""

from dataclasses import replace

import pytest
from django.utils import timezone

from accommodations.services.courses import store_course, summary_of
from canvas_bridge.facts import CourseState, CourseSummary

pytestmark = pytest.mark.django_db
LISTED = CourseSummary(
    7, "Botany", "BOT 1", CourseState.AVAILABLE, "America/Denver", canvas_account_id=3, account_name="Life Sciences"
)


def test_a_course_knows_its_department() -> None:
    course = store_course(LISTED, read_at=timezone.now())

    assert (course.canvas_account_id, course.department) == (3, "Life Sciences")
    assert summary_of(course).account_name == "Life Sciences"


def test_a_course_that_is_read_by_itself_keeps_the_name_that_the_list_gave() -> None:
    store_course(LISTED, read_at=timezone.now())
    alone = replace(LISTED, canvas_course_id=8, account_name="")

    assert store_course(alone, read_at=timezone.now()).department == "Life Sciences"
    assert store_course(replace(alone, canvas_account_id=4), read_at=timezone.now()).department == ""
