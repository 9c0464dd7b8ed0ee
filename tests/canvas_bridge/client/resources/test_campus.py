"""Courses, terms, sections, grading periods and groups through the typed client (contract 10.5–10.7.6, 10.7.10)."""

from datetime import timedelta

import pytest

from canvas_bridge.client import CanvasClient
from canvas_bridge.errors import CanvasContractError, CanvasNotFound, CanvasRejected
from canvas_bridge.wire.absent import ABSENT
from canvas_bridge.wire.courses import (
    CourseListing,
    CourseValues,
    GradingPeriodValues,
    SectionValues,
    Term,
    TermDates,
    TermValues,
)
from canvas_bridge.wire.ids import SELF, CanvasId
from canvas_bridge.wire.people import EnrollmentValues, UserListing
from tests.canvas_bridge.client.resources.conftest import DUE, LATER, NOW, Campus


def test_contract_10_5_courses_of_the_account(campus: Campus, admin: CanvasClient) -> None:
    campus.state.add_course("Acoustics", "PHY 220", workflow_state="completed")
    campus.state.add_course("Draft", "PHY 230", workflow_state="claimed")

    found = admin.courses.list_in_account(SELF, CourseListing(include=["term"], state=["available", "completed"]))
    (optics,) = admin.courses.list_in_account(SELF, CourseListing(search_term="Optics"), first_page_only=True)

    assert {one.name for one in found} == {"Optics", "Acoustics"}
    assert all(isinstance(one.term, Term) for one in found)
    assert (optics.id, optics.sis_course_id, optics.term) == (campus.course.id, "PHY-210", ABSENT)


def test_contract_10_7_1_one_course_by_number_or_sis_id(campus: Campus, admin: CanvasClient) -> None:
    found = admin.courses.get(CanvasId("sis_course_id", "PHY-210"), include=["term", "concluded"])

    assert (found.id, found.time_zone, found.workflow_state) == (campus.course.id, "America/Denver", "available")
    assert isinstance(found.term, Term)
    assert found.concluded is False
    assert admin.courses.get_in_account(SELF, campus.course.id).id == campus.course.id


def test_contract_10_7_10_a_course_is_made_and_published_and_deleted(campus: Campus, admin: CanvasClient) -> None:
    values = CourseValues(
        name="Fluids", course_code="PHY 310", end_at=LATER, restrict_enrollments_to_course_dates=True, start_at=None
    )
    made = admin.courses.create(SELF, values, offer=True)
    assert (made.name, made.end_at, made.workflow_state) == ("Fluids", LATER, "available")

    assert admin.courses.edit(made.id, CourseValues(name="Fluid dynamics")).name == "Fluid dynamics"
    admin.courses.edit(made.id, CourseValues(event="delete"))
    with pytest.raises(CanvasNotFound):
        admin.courses.get(made.id)


def test_contract_10_3_people_of_a_course(campus: Campus, admin: CanvasClient) -> None:
    students = admin.courses.list_users(campus.course.id, UserListing(enrollment_type=["student"]))
    (ana,) = admin.courses.list_users(campus.course.id, UserListing(search_term="Oliveira", include=["enrollments"]))

    assert {one.id for one in students} == {campus.ana.id, campus.bao.id, campus.chidi.id}
    assert (ana.id, ana.sis_user_id, ana.login_id) == (campus.ana.id, "S-100", "aoliveira")


def test_contract_10_7_2_terms_inside_their_envelope(campus: Campus, admin: CanvasClient) -> None:
    values = TermValues(
        name="Spring", start_at=NOW, end_at=LATER, overrides={"StudentEnrollment": TermDates(start_at=NOW, end_at=DUE)}
    )
    made = admin.terms.create(SELF, values)

    found = admin.terms.get(SELF, made.id)
    listed = admin.terms.list_in_account(SELF, include=["overrides"], workflow_state=["all"])

    assert (found.name, found.start_at, found.end_at) == ("Spring", NOW, LATER)
    assert found.overrides
    assert found.overrides["StudentEnrollment"].end_at == DUE
    assert made.id in {one.id for one in listed}


def test_contract_10_7_4_sections_of_a_course(campus: Campus, admin: CanvasClient) -> None:
    made = admin.sections.create(campus.course.id, SectionValues(name="Night", end_at=LATER))
    edited = admin.sections.edit(made.id, SectionValues(end_at=None, restrict_enrollments_to_section_dates=True))

    assert (edited.name, edited.end_at, edited.restrict_enrollments_to_section_dates) == ("Night", None, True)
    listed = admin.sections.list_in_course(campus.course.id, include=["total_students"])
    assert [one.name for one in listed] == ["Evening", "Morning", "Night"]
    assert admin.sections.get(CanvasId("sis_section_id", "PHY-E")).id == campus.evening.id
    assert admin.sections.get_in_course(campus.course.id, campus.evening.id).sis_section_id == "PHY-E"
    admin.sections.delete(made.id)
    with pytest.raises(CanvasNotFound):
        admin.sections.get(made.id)


def test_contract_10_7_4_a_section_moves_to_another_course_and_back(campus: Campus, admin: CanvasClient) -> None:
    campus.state.add_override(campus.essay, section=campus.evening, due_at=LATER)
    other = campus.state.add_course("Waves", "PHY 211")

    moved = admin.sections.crosslist(campus.evening.id, other.id)
    assert (moved.course_id, moved.nonxlist_course_id) == (other.id, campus.course.id)
    assert admin.overrides.list_of_assignment(campus.course.id, campus.essay.id) == ()

    back = admin.sections.uncrosslist(campus.evening.id)
    assert (back.course_id, back.nonxlist_course_id) == (campus.course.id, None)
    with pytest.raises(CanvasRejected):
        admin.sections.uncrosslist(campus.evening.id)


def test_contract_10_7_5_grading_periods_are_made_and_read(campus: Campus, admin: CanvasClient) -> None:
    periods = [
        GradingPeriodValues(title="First", start_date=NOW - timedelta(days=60), end_date=NOW - timedelta(days=30)),
        GradingPeriodValues(title="Second", start_date=NOW - timedelta(days=30), end_date=NOW + timedelta(days=60)),
    ]
    grading_set = admin.grading_periods.create_set(SELF, "Year", enrollment_term_ids=[campus.course.term_id])

    made = admin.grading_periods.edit_in_set(grading_set.id, periods)
    assert [one.title for one in made] == ["First", "Second"]
    first = GradingPeriodValues(
        id=made[0].id, title="Autumn", start_date=NOW - timedelta(days=60), end_date=NOW - timedelta(days=30)
    )
    admin.grading_periods.edit_in_account(SELF, grading_set.id, [first])

    listed = admin.grading_periods.list_in_course(campus.course.id)
    assert [(one.title, one.is_closed) for one in listed] == [("Autumn", True), ("Second", False)]
    assert admin.grading_periods.get(campus.course.id, listed[1].id).title == "Second"
    assert {one.title for one in admin.grading_periods.list_in_account(SELF)} >= {"Autumn", "Second"}


def test_contract_10_7_5_periods_that_overlap_are_refused(campus: Campus, admin: CanvasClient) -> None:
    periods = [
        GradingPeriodValues(title=title, start_date=NOW, end_date=NOW + timedelta(days=30)) for title in ("One", "Two")
    ]

    with pytest.raises(CanvasRejected) as raised:
        admin.grading_periods.edit_in_course(campus.course.id, periods)

    assert raised.value.status_code == 422


def test_f16_two_grading_periods_for_one_are_a_contract_error(admin: CanvasClient) -> None:
    admin.grading_periods._periods = lambda body: ()

    with pytest.raises((CanvasContractError, CanvasNotFound)):
        admin.grading_periods.get(1, 1)


def test_contract_10_7_6_groups_and_who_is_in_them(campus: Campus, admin: CanvasClient) -> None:
    labs = admin.groups.create_category(campus.course.id, "Labs")
    lab = admin.groups.create(labs.id, "Lab 1")
    joined = admin.groups.join(lab.id, campus.ana.id)
    assert (joined.user_id, joined.workflow_state) == (campus.ana.id, "accepted")

    assert admin.groups.get_category(labs.id).name == "Labs"
    assert [one.id for one in admin.groups.list_categories(campus.course.id)] == [labs.id]
    assert [one.id for one in admin.groups.list_in_category(labs.id)] == [lab.id]
    assert admin.groups.get(lab.id).group_category_id == labs.id
    assert [one.id for one in admin.groups.list_users(lab.id)] == [campus.ana.id]
    (membership,) = admin.groups.list_memberships(lab.id, filter_states=["accepted"])
    assert membership.id == joined.id
    unassigned = admin.groups.list_category_users(labs.id, unassigned=True)
    assert {one.id for one in unassigned} == {campus.bao.id, campus.chidi.id}
    (listed,) = admin.groups.list_in_course(campus.course.id, include=["users"])
    assert listed.users
    assert [one.id for one in listed.users] == [campus.ana.id]


def test_contract_10_7_10_members_come_and_go(campus: Campus, admin: CanvasClient) -> None:
    labs = admin.groups.create_category(campus.course.id, "Labs")
    lab = admin.groups.create(labs.id, "Lab 1")

    admin.groups.set_members(lab.id, [campus.ana.id, campus.bao.id])
    assert admin.groups.leave(lab.id, campus.ana.id).ok is True
    (left,) = admin.groups.list_memberships(lab.id)
    assert left.user_id == campus.bao.id
    assert admin.groups.end_membership(lab.id, left.id).ok is True
    assert admin.groups.list_users(lab.id) == ()


def test_contract_6_8_a_student_who_is_enrolled_again_has_no_override(campus: Campus, admin: CanvasClient) -> None:
    campus.state.add_override(campus.essay, students=[campus.chidi], due_at=LATER)
    (enrollment,) = (one for one in admin.enrollments.list_of_user(campus.chidi.id))

    admin.enrollments.end(campus.course.id, enrollment.id, task="delete")
    values = EnrollmentValues(user_id=campus.chidi.id, enrollment_state="active")
    admin.enrollments.create_in_course(campus.course.id, values)

    assert admin.overrides.list_of_assignment(campus.course.id, campus.essay.id) == ()
