"""Campus data through `canvasapi`: filling an empty Canvas, and reading it back."""

import pytest
from canvasapi.exceptions import BadRequest, Forbidden, InvalidAccessToken, ResourceDoesNotExist

from tests.canvas_bridge.canvasapi_driven.driven import Driven, Scenarios

campus = Scenarios()


@campus
def accounts_terms_and_courses(driven: Driven) -> None:
    term = driven.account.create_enrollment_term(
        enrollment_term={"name": "Autumn", "start_at": "2026-09-01T00:00:00Z", "sis_term_id": "F26"}
    )
    term.edit(enrollment_term={"name": "Autumn 2026"})
    assert driven.account.get_enrollment_term(term.id).name == "Autumn 2026"
    assert [one.id for one in driven.account.get_enrollment_terms()].count(term.id) == 1

    dropped = driven.account.create_course(course={"name": "Botany", "start_at": "2026-09-01T00:00:00Z"})
    assert dropped.start_at is None
    assert dropped.workflow_state == "unpublished"
    course = driven.account.create_course(
        course={
            "name": "Cell Biology",
            "start_at": "2026-09-01T00:00:00Z",
            "restrict_enrollments_to_course_dates": True,
            "term_id": term.id,
            "sis_course_id": "BIO-201",
        },
        offer=True,
    )
    assert course.start_at == "2026-09-01T00:00:00Z"
    assert course.workflow_state == "available"
    assert driven.admin.get_course("BIO-201", use_sis_id=True).id == course.id
    assert {one.id for one in driven.account.get_courses()} == {dropped.id, course.id}
    assert [one.id for one in driven.account.get_courses(enrollment_term_id=term.id)] == [course.id]

    course.update(course={"name": "Cell Biology I"})
    assert driven.admin.get_course(course.id, include=["term"]).term["id"] == term.id
    dropped.update(course={"event": "offer"})
    assert driven.admin.get_course(dropped.id).workflow_state == "available"
    dropped.conclude()
    assert driven.admin.get_course(dropped.id).workflow_state == "completed"
    dropped.delete()
    with pytest.raises(ResourceDoesNotExist):
        driven.admin.get_course(dropped.id)
    term_to_go = driven.account.create_enrollment_term(enrollment_term={"name": "A mistake"})
    term_to_go.delete()
    assert term_to_go.id not in [one.id for one in driven.account.get_enrollment_terms()]
    assert [one.id for one in driven.admin.get_accounts()] == [1]


@campus
def people_and_their_zone(driven: Driven) -> None:
    ana = driven.account.create_user(
        {"unique_id": "ana.o", "sis_user_id": "S-100"},
        user={"name": "Ana Oliveira", "time_zone": "Europe/Lisbon", "skip_registration": True},
    )
    assert driven.admin.get_user("S-100", "sis_user_id").id == ana.id
    assert driven.admin.get_user("ANA.O", "sis_login_id").id == ana.id
    assert ana.get_profile()["time_zone"] == "Europe/Lisbon"
    ana.edit(user={"time_zone": "Asia/Kolkata"})
    assert driven.as_user(ana).get_current_user().get_profile()["time_zone"] == "Asia/Kolkata"
    assert [one.id for one in driven.account.get_users(search_term="oliveira")] == [ana.id]
    with pytest.raises(BadRequest):
        list(driven.account.get_users(search_term="o"))
    with pytest.raises(InvalidAccessToken):
        driven.client("not-a-token").get_current_user()


@campus
def sections_and_cross_listing(driven: Driven) -> None:
    room = driven.classroom()
    other = driven.course("Genetics")
    essay = room.course.create_assignment({"name": "Essay"})
    override = essay.create_override(assignment_override={"course_section_id": room.evening.id, "due_at": None})
    assert [one.name for one in room.course.get_sections()] == ["Cell Biology", "Evening"]

    moved = room.evening.cross_list_section(other.id)
    assert (moved.course_id, moved.nonxlist_course_id) == (other.id, room.course.id)
    assert [one.user_id for one in other.get_enrollments()] == [room.chidi.id]
    assert override.id not in [one.id for one in essay.get_overrides()]
    back = driven.admin.get_section(room.evening.id).decross_list_section()
    assert (back.course_id, back.nonxlist_course_id) == (room.course.id, None)
    with pytest.raises(BadRequest, match="section is not cross-listed"):
        back.decross_list_section()

    back.edit(course_section={"name": "Late", "end_at": "2026-12-01T00:00:00Z"})
    assert room.course.get_section(back.id).end_at == "2026-12-01T00:00:00Z"
    empty = room.course.create_course_section(course_section={"name": "Empty"})
    empty.delete()
    with pytest.raises(ResourceDoesNotExist):
        room.course.get_section(empty.id)


@campus
def enrollments_from_invitation_to_deletion(driven: Driven) -> None:
    course = driven.course()
    ana = driven.person("Ana Oliveira", "ana.o")
    invited = course.enroll_user(ana)
    assert (invited.type, invited.enrollment_state) == ("StudentEnrollment", "invited")
    own = driven.as_user(ana)
    assert own.get_current_user().get_enrollments()[0].accept() is True
    assert [one.enrollment_state for one in course.get_enrollments(user_id=ana.id)] == ["active"]

    assert invited.deactivate("inactivate").enrollment_state == "inactive"
    assert invited.reactivate().enrollment_state == "active"
    with pytest.raises(BadRequest, match="enrollment not inactive"):
        invited.reactivate()
    assert invited.deactivate("conclude").enrollment_state == "completed"
    assert [one.id for one in ana.get_enrollments(state=["completed"])] == [invited.id]
    assert invited.deactivate("delete").enrollment_state == "deleted"
    assert list(course.get_enrollments()) == []

    section = course.create_course_section(course_section={"name": "Evening"})
    again = section.enroll_user(ana, enrollment={"enrollment_state": "active"})
    assert [one.id for one in section.get_enrollments()] == [again.id]
    assert driven.account.get_enrollment(again.id).user_id == ana.id
    bao = driven.person("Bao Nguyen", "bao.n")
    invited = course.enroll_user(bao)
    assert driven.as_user(bao).get_current_user().get_enrollments()[0].reject() is True
    with pytest.raises(ResourceDoesNotExist):
        course.enroll_user(999_999)


@campus
def enrollment_lists_are_followed_over_all_bookmarked_pages(driven: Driven) -> None:
    course = driven.course()
    people = [driven.enrolled(course, f"Student Number{number:02}") for number in range(25)]
    assert [one.user_id for one in course.get_enrollments(per_page=7)] == [one.id for one in people]
    assert len({one.id for one in course.get_users(per_page=7, enrollment_type=["student"])}) == 25


@campus
def group_sets_groups_and_memberships(driven: Driven) -> None:
    room = driven.classroom()
    projects = room.course.create_group_category("Projects", self_signup="enabled")
    first, second = (projects.create_group(name=name) for name in ("First", "Second"))
    membership = first.create_membership(room.ana)
    assert first.create_membership(room.ana.id).id == membership.id
    second.create_membership(room.bao)
    assert [one.id for one in driven.admin.get_group(first.id).get_users()] == [room.ana.id]
    assert [one.user_id for one in second.get_memberships()] == [room.bao.id]
    assert {one.id for one in projects.get_users(unassigned=True)} >= {room.chidi.id}
    second.edit(members=[room.bao.id, room.chidi.id])
    assert {one.id for one in second.get_users()} == {room.bao.id, room.chidi.id}
    second.remove_user(room.chidi)
    own = driven.as_user(room.ana).get_group(first.id)
    assert own.get_membership("self", "users").id == membership.id
    own.remove_user("self")
    assert list(first.get_users()) == []
    assert [one.id for one in room.course.get_group_categories()] == [projects.id]
    assert driven.admin.get_group_category(projects.id).name == "Projects"
    assert {one.id for one in room.course.get_groups()} == {one.id for one in projects.get_groups()}
    projects.update(name="Field work")
    first.delete()
    assert [one.id for one in projects.get_groups()] == [second.id]
    projects.delete()
    assert list(room.course.get_group_categories()) == []


@campus
def a_student_may_not_do_what_staff_may(driven: Driven) -> None:
    room = driven.classroom()
    course = driven.as_user(room.ana).get_course(room.course.id)
    with pytest.raises(Forbidden):
        course.create_assignment({"name": "Own homework"})
    with pytest.raises(Forbidden):
        course.enroll_user(room.bao, enrollment={"type": "TeacherEnrollment"})
    driven.control("switches", {"not_allowed_status": 401})
    with pytest.raises(Exception, match="user not authorized"):
        course.create_assignment({"name": "Own homework"})
