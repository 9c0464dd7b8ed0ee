"""A letter for somebody whom Leeway knows, and who came into the course since enrollments were last read."""

import pytest
from django.contrib.auth.models import User

from accommodations.errors import CanvasUnreachable, ValuesRefused
from accommodations.models import Course, InstitutionSettings, LetterRecord, Student
from accommodations.services import letters, people
from tests.accommodations.services.conftest import University, time_and_a_half
from tests.factories import make_linked_person, make_user


@pytest.fixture
def instructor(ada: Student, university: University) -> tuple[Course, User]:
    """Return a course that Ada is not in, and its instructor; letters are on."""
    InstitutionSettings.objects.update_or_create(pk=1, defaults={"instructors_record_letters": True})
    teacher = university.state.add_user("Dr Roth", login_id="roth")
    zoology = university.state.add_course("Zoology", "ZOO 101")
    university.state.enroll(teacher, zoology, type="TeacherEnrollment")
    user = make_user("instructor")
    people.refresh_teachings(make_linked_person(user, login_id="roth"))
    return Course.objects.get(course_code="ZOO 101"), user


def hand_over(course: Course, user: User) -> list[LetterRecord]:
    """Record the letter that Ada hands over."""
    rows, _ = letters.record_letter(course=course, recorded_by=user, query="ada", values=[time_and_a_half()])
    return rows


def test_who_has_just_been_enrolled_is_found_in_canvas(
    instructor: tuple[Course, User], ada: Student, university: University
) -> None:
    course, user = instructor
    with pytest.raises(ValuesRefused, match="Nobody of your students"):
        hand_over(course, user)
    university.state.enroll(university.ada, next(one for one in university.state.courses if one.name == "Zoology"))
    [record] = hand_over(course, user)
    assert (record.accommodation.student, record.accommodation.course) == (ada, course)


def test_b03_where_canvas_does_not_answer_nothing_is_told_of_the_student(
    instructor: tuple[Course, User], university: University
) -> None:
    university.fault("drop_before", count=50)
    with pytest.raises(CanvasUnreachable, match="Canvas did not answer"):
        hand_over(*instructor)
    assert not LetterRecord.objects.exists()
