"""People and enrollments through the typed client (contract 10.2, 10.4, 10.7.7, 10.7.10)."""

import pytest

from canvas_bridge.client import CanvasClient
from canvas_bridge.client.paging import PER_PAGE
from canvas_bridge.errors import CanvasForbidden, CanvasNotFound, CanvasRejected
from canvas_bridge.wire.absent import ABSENT
from canvas_bridge.wire.ids import SELF, CanvasId
from canvas_bridge.wire.people import EnrollmentListing, EnrollmentValues, UserValues
from tests.canvas_bridge.client.resources.conftest import Campus


def test_contract_10_7_7_who_am_i_and_in_which_zone(campus: Campus, admin: CanvasClient) -> None:
    campus.teacher.time_zone = "Europe/Oslo"
    teacher = campus.client(campus.teacher)

    assert teacher.users.get_self().id == campus.teacher.id
    assert teacher.users.get_profile().time_zone == "Europe/Oslo"
    assert admin.users.get_profile(campus.ana.id).time_zone == campus.state.account.time_zone


@pytest.mark.parametrize("found_by", [CanvasId("sis_user_id", "S-100"), CanvasId("sis_login_id", "AOliveira")])
def test_contract_1_6_a_person_is_found_by_sis_id_or_login(
    campus: Campus, admin: CanvasClient, found_by: CanvasId
) -> None:
    assert admin.users.get(found_by).id == campus.ana.id


def test_contract_1_6_an_odd_login_goes_as_hexadecimal_digits(campus: Campus, admin: CanvasClient) -> None:
    odd = campus.state.add_user("Zoë Brückner", login_id="zoë/../brückner")

    assert admin.users.get(CanvasId("sis_login_id", "zoë/../brückner")).id == odd.id


def test_contract_10_4_searching_people(campus: Campus, admin: CanvasClient) -> None:
    (found,) = admin.users.search(SELF, "Oliv", first_page_only=True)

    assert (found.id, found.sis_user_id, found.login_id) == (campus.ana.id, "S-100", "aoliveira")
    with pytest.raises(CanvasRejected):
        admin.users.search(SELF, "O")
    with pytest.raises(CanvasForbidden):
        campus.client(campus.ana).users.search(SELF, "Oliv")


def test_contract_10_7_10_a_person_is_made_with_a_login(campus: Campus, admin: CanvasClient) -> None:
    values = UserValues(
        unique_id="evarga",
        sis_user_id="S-200",
        name="Eszter Varga",
        time_zone="Europe/Budapest",
        skip_registration=True,
        email="evarga@example.edu",
        skip_confirmation=True,
    )

    made = admin.users.create(SELF, values)

    assert admin.users.get(CanvasId("sis_user_id", "S-200")).id == made.id
    assert admin.users.get_profile(made.id).time_zone == "Europe/Budapest"
    assert "Eszter" not in repr((values, made))


def test_contract_2_sis_ids_are_absent_for_who_may_not_read_them(campus: Campus, admin: CanvasClient) -> None:
    seen_by_admin = admin.enrollments.list_in_course(campus.course.id)
    seen_by_student = campus.client(campus.ana).courses.get(campus.course.id)

    assert {one.sis_user_id for one in seen_by_admin} == {"S-100", "S-101", "S-102", "T-1"}
    assert seen_by_student.sis_course_id is ABSENT


def test_contract_1_4_enrollments_are_paged_by_bookmark(campus: Campus, admin: CanvasClient) -> None:
    for number in range(2 * PER_PAGE):
        campus.state.enroll(campus.state.add_user(f"Student {number}"), campus.course, section=campus.morning)

    found = admin.enrollments.list_in_course(campus.course.id, EnrollmentListing(type=["StudentEnrollment"]))
    first = admin.enrollments.list_in_course(campus.course.id, first_page_only=True)

    assert len({one.user_id for one in found}) == 2 * PER_PAGE + 3
    assert len(first) == PER_PAGE
    assert campus.asked == ["GET /api/v1/courses/:course_id/enrollments"] * 4


def test_contract_10_2_of_a_section_and_of_one_person(campus: Campus, admin: CanvasClient) -> None:
    listing = EnrollmentListing(type=["StudentEnrollment"], state=["active", "completed"])

    in_section = admin.enrollments.list_in_section(CanvasId("sis_section_id", "PHY-E"), listing)
    of_ana = admin.enrollments.list_of_user(CanvasId("sis_user_id", "S-100"), listing)
    filtered = admin.enrollments.list_in_course(campus.course.id, EnrollmentListing(sis_user_id=["S-101"]))

    assert [one.user_id for one in in_section] == [campus.chidi.id]
    assert [(one.course_id, one.course_section_id) for one in of_ana] == [(campus.course.id, campus.morning.id)]
    assert [one.user_id for one in filtered] == [campus.bao.id]


def test_contract_10_7_10_enrolled_ended_and_back(campus: Campus, admin: CanvasClient) -> None:
    eszter = campus.state.add_user("Eszter Varga")
    invited = admin.enrollments.create_in_section(campus.evening.id, EnrollmentValues(user_id=eszter.id))
    assert (invited.enrollment_state, invited.type) == ("invited", "StudentEnrollment")

    assert campus.client(eszter).enrollments.accept(campus.course.id, invited.id).success is True
    ended = admin.enrollments.end(campus.course.id, invited.id, task="deactivate")
    assert ended.enrollment_state == "inactive"
    assert admin.enrollments.reactivate(campus.course.id, invited.id).enrollment_state == "active"
    with pytest.raises(CanvasRejected):
        admin.enrollments.reactivate(campus.course.id, invited.id)
    assert admin.enrollments.end(campus.course.id, invited.id).enrollment_state == "completed"
    with pytest.raises(CanvasNotFound):
        admin.enrollments.create_in_course(campus.course.id, EnrollmentValues(user_id=987_654))
