"""People, courses, terms, sections, enrollments and groups: section 10 of the contract."""

from datetime import timedelta

import pytest

from canvas_bridge.sandbox.records.courses import TermDates


def test_c10_7_7_the_profile_always_tells_the_zone_of_the_caller(state, admin, caller_for):
    assert admin.get("/users/self/profile").json()["time_zone"] == "America/New_York"
    traveller = state.add_user("Leilani Kahale", time_zone="Pacific/Honolulu")
    assert caller_for(state, traveller).get("/users/self/profile").json()["time_zone"] == "Pacific/Honolulu"


def test_c10_7_7_others_may_be_read_by_administrators_only(admin, ana, campus):
    assert admin.get(f"/users/{campus.bao.id}").json()["login_id"] == "bnguyen"
    assert ana.get(f"/users/{campus.bao.id}").status_code == 403
    assert ana.get(f"/users/{campus.bao.id}/profile").status_code == 403
    assert ana.get("/users/self").json()["id"] == campus.ana.id


@pytest.mark.parametrize("term", ["oliv", "ANA.OL", "S-100", "ana.oliveira@"])
def test_c10_4_people_are_searched_by_name_login_sis_id_and_address(admin, campus, term):
    assert [one["id"] for one in admin.get("/accounts/self/users", params={"search_term": term}).json()] == [
        campus.ana.id
    ]


def test_c10_4_searches_need_two_characters_and_the_right(admin, ana):
    assert admin.get("/accounts/self/users?search_term=a").status_code == 400
    assert ana.get("/accounts/self/users?search_term=an").status_code == 403


def test_c10_5_the_accounts_courses_leave_deleted_ones_out(state, admin, ana, campus):
    for word in ("unpublished", "completed", "deleted"):
        state.add_course(word, workflow_state=word)
    names = [one["name"] for one in admin.get("/accounts/self/courses").json()]
    assert names == ["Cell Biology", "completed", "unpublished"]
    only = admin.get("/accounts/1/courses?state[]=available&state[]=deleted").json()
    assert [one["name"] for one in only] == ["Cell Biology", "deleted"]
    assert [one["name"] for one in admin.get("/accounts/self/courses?with_enrollments=true").json()] == ["Cell Biology"]
    assert ana.get("/accounts/self/courses").status_code == 403
    assert admin.get("/accounts/9/courses").status_code == 404


def test_c10_7_1_a_course_with_its_term(state, admin, ana, campus):
    term = state.add_term("Autumn", end_at=state.now() + timedelta(days=9), sis_term_id="2026F")
    campus.course.term_id = term.id
    shown = admin.get(f"/courses/{campus.course.id}?include[]=term&include[]=concluded").json()
    assert shown["term"]["name"] == "Autumn"
    assert (shown["concluded"], shown["sis_course_id"]) == (False, "BIO-201-F26")
    own = ana.get(f"/courses/{campus.course.id}").json()
    assert "sis_course_id" not in own
    assert own["enrollments"][0]["role"] == "StudentEnrollment"
    campus.course.workflow_state = "deleted"
    assert admin.get(f"/courses/{campus.course.id}").status_code == 404


def test_c10_7_2_terms_come_newest_first_in_their_envelope(state, admin, ana):
    now = state.now()
    overrides = {"StudentEnrollment": TermDates(end_at=now), "TeacherEnrollment": TermDates()}
    state.add_term("Spring", start_at=now - timedelta(days=200))
    autumn = state.add_term("Autumn", start_at=now - timedelta(days=60), overrides=overrides)
    answer = admin.get("/accounts/self/terms").json()["enrollment_terms"]
    assert [one["name"] for one in answer] == ["Default Term", "Autumn", "Spring"]
    assert "overrides" not in answer[0]
    single = admin.get(f"/accounts/1/terms/{autumn.id}").json()
    assert list(single["overrides"]) == ["StudentEnrollment"]
    refused = admin.get("/accounts/2/terms")
    assert refused.json() == {"message": "Terms only belong to root_accounts."}
    assert ana.get("/accounts/self/terms").status_code == 403


def test_c10_7_2_participation_follows_enrollment_section_course_and_term(state, campus):
    from canvas_bridge.sandbox.rules.enrollment import validity_end

    now = state.now()
    end = {name: now + timedelta(days=number) for number, name in enumerate(("term", "course", "section", "own"), 1)}
    state.terms[campus.course.term_id].end_at = end["term"]
    enrollment = state.enrollments.first("course_user", (campus.course.id, campus.ana.id))

    def ends():
        return validity_end(state, campus.course.id, campus.ana.id)

    assert ends() == end["term"]
    campus.course.restrict_enrollments_to_course_dates, campus.course.end_at = True, end["course"]
    assert ends() == end["course"]
    campus.morning.restrict_enrollments_to_section_dates, campus.morning.end_at = True, end["section"]
    assert ends() == end["section"]
    enrollment.start_at, enrollment.end_at = now, end["own"]
    assert ends() == end["own"]


def test_c10_7_4_sections_are_listed_by_name(admin, ana, campus):
    shown = admin.get(f"/courses/{campus.course.id}/sections").json()
    assert [(one["name"], one["sis_section_id"]) for one in shown] == [("Evening", "BIO-E"), ("Morning", "BIO-M")]
    assert "sis_section_id" not in ana.get(f"/sections/{campus.morning.id}").json()


def test_c10_2_course_enrollments_filter_by_type_and_state(state, admin, campus):
    path = f"/courses/{campus.course.id}/enrollments"
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = "completed"
    state.enrollments.first("course_user", (campus.course.id, campus.bao.id)).workflow_state = "inactive"
    students = admin.get(f"{path}?type[]=StudentEnrollment").json()
    assert {one["user_id"] for one in students} == {campus.bao.id, campus.chidi.id}
    completed = admin.get(f"{path}?state[]=completed").json()
    assert [(one["user_id"], one["enrollment_state"], one["sis_user_id"]) for one in completed] == [
        (campus.ana.id, "completed", "S-100")
    ]
    assert len(admin.get(f"{path}?user_id={campus.chidi.id}").json()) == 1
    assert len(admin.get(f"/sections/{campus.evening.id}/enrollments").json()) == 1


def test_c10_2_a_persons_enrollments_span_courses_once_for_each_section(state, admin, campus):
    other = state.add_course("Chemistry")
    state.enroll(campus.ana, other)
    state.enroll(campus.ana, campus.course, section=campus.evening)
    rows = admin.get("/users/sis_login_id:ana.oliveira/enrollments").json()
    assert sorted(one["course_id"] for one in rows) == sorted([campus.course.id, campus.course.id, other.id])
    other.workflow_state = "deleted"
    assert len(admin.get(f"/users/{campus.ana.id}/enrollments").json()) == 2


def test_c10_2_wrong_states_and_sis_filters_without_the_right(ana, campus):
    refused = ana.get("/users/self/enrollments?state[]=x")
    assert (refused.status_code, refused.json()) == (400, {"error": "Invalid state x"})
    filtered = ana.get(f"/courses/{campus.course.id}/enrollments?sis_user_id[]=S-100")
    assert filtered.json() == {"message": "Insufficient permissions to filter by SIS fields"}
    assert ana.get(f"/users/{campus.bao.id}/enrollments").status_code == 403


def test_c10_3_people_of_a_course_once_each_without_a_total(state, admin, campus):
    state.enroll(campus.ana, campus.course, section=campus.evening)
    test_student = state.add_user("Test Student", is_test_student=True)
    state.enroll(test_student, campus.course, type="StudentViewEnrollment")
    answer = admin.get(f"/courses/{campus.course.id}/users?enrollment_type[]=student")
    assert {one["id"] for one in answer.json()} == {campus.ana.id, campus.bao.id, campus.chidi.id}
    assert "last" not in answer.links
    assert len(admin.get(f"/courses/{campus.course.id}/users").json()) == 4


def test_c10_7_6_groups_and_memberships(state, admin, ana, campus):
    projects = state.add_group_category(campus.course, "Projects")
    group = state.add_group(projects, "Project 1", campus.ana)
    state.add_membership(group, campus.bao, state="invited")
    assert [one["name"] for one in admin.get(f"/courses/{campus.course.id}/group_categories").json()] == ["Projects"]
    assert admin.get(f"/group_categories/{projects.id}").json()["non_collaborative"] is False
    assert admin.get(f"/group_categories/{projects.id}/groups").json()[0]["members_count"] == 1
    assert [one["id"] for one in admin.get(f"/courses/{campus.course.id}/groups").json()] == [group.id]
    members = admin.get(f"/groups/{group.id}/memberships").json()
    assert [(one["user_id"], one["workflow_state"]) for one in members] == [
        (campus.ana.id, "accepted"),
        (campus.bao.id, "invited"),
    ]
    assert len(admin.get(f"/groups/{group.id}/memberships?filter_states[]=accepted").json()) == 1
    assert [one["id"] for one in admin.get(f"/groups/{group.id}/users").json()] == [campus.ana.id]
    assert ana.get(f"/courses/{campus.course.id}/group_categories").status_code == 403


def test_c10_7_10_enrolling_is_by_invitation_unless_said_otherwise(state, admin, teacher, ana, campus, caller_for):
    newcomer = state.add_user("Aylin Kaya", sis_user_id="S-200")
    path = f"/courses/{campus.course.id}/enrollments"
    invited = admin.post(path, {"enrollment": {"user_id": "sis_user_id:S-200"}}).json()
    assert (invited["enrollment_state"], invited["type"]) == ("invited", "StudentEnrollment")
    accepted = caller_for(state, newcomer).post(f"{path}/{invited['id']}/accept")
    assert accepted.json() == {"success": True}
    again = admin.post(
        path, {"enrollment": {"user_id": newcomer.id, "course_section_id": invited["course_section_id"]}}
    )
    assert (again.status_code, again.json()["id"]) == (200, invited["id"])
    section = teacher.post(
        f"/sections/{campus.evening.id}/enrollments",
        {"enrollment": {"user_id": newcomer.id, "enrollment_state": "active"}},
    )
    assert section.json()["course_section_id"] == campus.evening.id
    assert ana.post(path, {"enrollment": {"user_id": newcomer.id}}).status_code == 403
    assert admin.post(path, {"enrollment": {"user_id": 999999}}).status_code == 404
    assert admin.post(path, {"enrollment": {}}).status_code == 403


def test_c10_7_10_only_inactive_enrollments_are_reactivated(state, admin, campus):
    enrollment = state.enrollments.first("course_user", (campus.course.id, campus.ana.id))
    path = f"/courses/{campus.course.id}/enrollments/{enrollment.id}"
    refused = admin.put(f"{path}/reactivate")
    assert (refused.status_code, refused.json()) == (400, {"error": "enrollment not inactive"})
    admin.delete(f"{path}?task=inactivate")
    assert admin.put(f"{path}/reactivate").json()["enrollment_state"] == "active"


def test_c2_instructors_of_a_concluded_course_read_but_do_not_write(admin, teacher, campus):
    campus.course.workflow_state = "completed"
    assert teacher.get(f"/courses/{campus.course.id}/assignments").status_code == 200
    refused = teacher.post(campus.overrides, {"assignment_override": {"student_ids": [campus.ana.id]}})
    assert refused.status_code == 403
    assert teacher.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}).status_code == 403
    assert admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}).status_code == 200
