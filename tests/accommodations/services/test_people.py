"""Finding students, their enrollments, and the courses that instructors teach."""

import pytest

from accommodations.errors import CanvasUnreachable, NotConnected, StudentAmbiguous, StudentUnknown
from accommodations.models import CanvasConnection, Course, Enrollment, InstitutionSettings, Student, Teaching
from accommodations.services import courses, people
from tests.accommodations.services.conftest import University
from tests.factories import make_linked_person, make_student, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["ada", "ADA", " ada ", "S-ada", "1001"])
def test_a_student_is_found_by_each_id_and_comes_with_their_courses(
    query: str, connection: CanvasConnection, university: University
) -> None:
    student = people.find_or_read_student(query=query)
    assert (student.canvas_user_id, student.name, student.sis_user_id) == (university.ada.id, "Ada Nwosu", "S-ada")
    assert [row.course.name for row in student.enrollments.all()] == ["Botany"]


def test_a_known_student_is_found_without_asking_canvas(ada: Student, university: University) -> None:
    university.forget_requests()
    assert people.find_or_read_student(query="ada") == ada
    assert university.requests == []


@pytest.mark.parametrize("query", ["", "   ", "nobody", "999999", "x" * 300, "9" * 40, "a\x00b", "../admin", "%", "*"])
def test_an_unknown_student_is_a_message_at_the_field(
    query: str, connection: CanvasConnection, university: University
) -> None:
    with pytest.raises(StudentUnknown) as caught:
        people.find_or_read_student(query=query)
    assert caught.value.field == "student"
    assert not Student.objects.exists()


def test_an_id_that_fits_two_people_is_not_guessed(connection: CanvasConnection, university: University) -> None:
    university.state.add_user("Cleo Marsh", login_id="cleo", sis_user_id=str(university.ada.id))
    with pytest.raises(StudentAmbiguous):
        people.find_or_read_student(query=str(university.ada.id))
    make_student(login_id="twin")
    make_student(sis_user_id="twin")
    with pytest.raises(StudentAmbiguous):
        people.find_or_read_student(query="twin")


def test_canvas_down_is_told_and_nothing_is_stored(connection: CanvasConnection, university: University) -> None:
    university.fault("status", value=503)
    with pytest.raises(CanvasUnreachable):
        people.find_or_read_student(query="ada")
    assert not Student.objects.exists()


def test_a_dead_token_is_told_and_remembered(connection: CanvasConnection, university: University) -> None:
    CanvasConnection.objects.filter(pk=connection.pk).update(token="revoked")
    with pytest.raises(NotConnected):
        people.find_or_read_student(query="ada")
    connection.refresh_from_db()
    assert connection.is_token_refused


def test_a_new_student_needs_releases_where_the_institution_says_so(
    connection: CanvasConnection, university: University
) -> None:
    settings = InstitutionSettings.current()
    settings.release_per_course = True
    settings.save()
    assert people.find_or_read_student(query="ada").needs_release


def test_f26_enrollments_that_end_in_canvas_end_in_the_mirror(ada: Student, university: University) -> None:
    [enrollment] = university.state.enrollments.where("user", university.ada.id)
    enrollment.workflow_state = "deleted"
    other = university.state.add_course("Geology", "GEO 1")
    university.state.enroll(university.ada, other)
    people.refresh_enrollments(ada)
    assert [row.course.name for row in Enrollment.objects.filter(student=ada)] == ["Geology"]


def test_teachings_follow_the_active_enrollments_of_a_teacher(
    connection: CanvasConnection, university: University
) -> None:
    teacher = university.state.add_user("Dana Roth", login_id="dana")
    university.state.enroll(teacher, university.course, type="TeacherEnrollment")
    over = university.state.add_course("Geology", "GEO 1")
    university.state.enroll(teacher, over, type="TeacherEnrollment", state="completed")
    person = make_linked_person(make_user("instructor"), login_id="dana", canvas_user_id=None)
    rows = people.refresh_teachings(person)
    assert [(row.course.name, row.is_assistant) for row in rows] == [("Botany", False)]
    person.refresh_from_db()
    assert person.canvas_user_id == teacher.id
    for enrollment in university.state.enrollments.where("user", teacher.id):
        enrollment.workflow_state = "completed"
    assert people.refresh_teachings(person) == []
    assert not Teaching.objects.exists()


def test_a_person_without_an_account_in_canvas_teaches_nothing(connection: CanvasConnection) -> None:
    person = make_linked_person(make_user("instructor"), login_id="stranger", canvas_user_id=None)
    assert people.refresh_teachings(person) == []


def test_the_list_of_courses_fills_the_mirror_with_terms(connection: CanvasConnection, university: University) -> None:
    assert courses.refresh_courses() == 1
    course = Course.objects.get()
    assert (course.name, course.term.name if course.term else "") == ("Botany", "This term")
    assert course.ends_at is not None, "the term's end binds students"
    connection.refresh_from_db()
    assert connection.courses_read_at is not None
    university.forget_requests()
    courses.refresh_courses_if_old(connection, None)
    assert university.requests == []
