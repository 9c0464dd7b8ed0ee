"""Sections 6.8, 10.7.4 and 10.7.10 of the contract, row by row: sections and cross-listing."""

from datetime import timedelta

import pytest

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
TOO_SHORT = {"errors": [{"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}]}
KEYS = {"id", "name", "course_id", "nonxlist_course_id", "start_at", "end_at", "restrict_enrollments_to_section_dates"}
SIS_KEYS = {"sis_section_id", "sis_course_id", "integration_id"}
DATES = {"start_at": "2026-09-01T04:00:00Z", "end_at": "2026-12-20T05:00:00Z"}


@pytest.fixture
def genetics(state, campus):
    """Add a second course, taught by the same teacher."""
    course = state.add_course("Genetics", "BIO-301")
    state.enroll(campus.teacher, course, type="TeacherEnrollment")
    return course


def test_contract_10_7_4_a_list_by_name_with_paging_unless_all_is_sent(state, admin, campus):
    for number in range(12):
        state.add_section(campus.course, f"Lab {number:02}")
    path = f"/courses/{campus.course.id}/sections"
    names = [one["name"] for one in admin.get(path).json()]
    assert names == ["Evening", *(f"Lab {number:02}" for number in range(9))]
    assert len(admin.get(f"{path}?all=0").json()) == 14
    assert [one["name"] for one in admin.get(f"{path}?search_term=lab 1").json()] == ["Lab 10", "Lab 11"]
    assert admin.get(f"{path}?search_term=l").json() == TOO_SHORT


def test_contract_10_7_4_keys(admin, teacher, ana, campus):
    for path in (f"/sections/{campus.morning.id}", f"/courses/{campus.course.id}/sections/{campus.morning.id}"):
        assert set(admin.get(path).json()) >= KEYS | SIS_KEYS
        assert set(teacher.get(path).json()) >= KEYS | SIS_KEYS
        own = ana.get(path).json()
        assert set(own) >= KEYS
        assert not set(own) & SIS_KEYS
    assert admin.get(f"/sections/{campus.morning.id}").json()["nonxlist_course_id"] is None


@pytest.mark.parametrize("text", ["{id}", "sis_section_id:BIO-M", "sis_integration_id:INT-M"])
def test_contract_1_6_a_section_by_every_form(state, admin, campus, text):
    campus.morning.integration_id = "INT-M"
    state.sections.reindex(campus.morning)
    assert admin.get(f"/sections/{text.format(id=campus.morning.id)}").json()["id"] == campus.morning.id


def test_contract_10_7_4_deleted_foreign_and_hidden_sections(state, admin, campus, genetics, caller_for):
    assert admin.get(f"/courses/{genetics.id}/sections/{campus.morning.id}").json() == NOT_FOUND
    stranger = caller_for(state, state.add_user("Nadia Haddad"))
    assert stranger.get(f"/sections/{campus.morning.id}").json() == NOT_ALLOWED
    assert stranger.get(f"/courses/{campus.course.id}/sections").json() == NOT_ALLOWED
    campus.morning.workflow_state = "deleted"
    assert admin.get(f"/sections/{campus.morning.id}").json() == NOT_FOUND


def test_contract_10_7_4_includes_are_dropped_without_the_roster(state, admin, campus, caller_for):
    words = ("students", "enrollments", "avatar_url", "total_students", "passback_status", "permissions")
    query = "&".join(f"include[]={word}" for word in words)
    shown = admin.get(f"/sections/{campus.morning.id}?{query}").json()
    assert [one["id"] for one in shown["students"]] == [campus.bao.id, campus.ana.id]
    assert shown["students"][0]["enrollments"][0]["course_section_id"] == campus.morning.id
    assert {"avatar_url", "enrollments"} <= set(shown["students"][0])
    assert shown["total_students"] == 2
    assert {"passback_status", "permissions"} <= set(shown)
    parent = state.add_user("Rosa Oliveira")
    state.enroll(parent, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    seen = caller_for(state, parent).get(f"/sections/{campus.morning.id}?{query}")
    assert seen.status_code == 200
    assert not {"students", "total_students", "passback_status"} & set(seen.json())


def test_contract_10_7_10_a_section_is_made(admin, teacher, ana, campus):
    path = f"/courses/{campus.course.id}/sections"
    sent = {"name": "Lab", **DATES, "restrict_enrollments_to_section_dates": True, "sis_section_id": "LAB"}
    made = admin.post(path, {"course_section": sent})
    assert made.status_code == 200
    assert {name: made.json()[name] for name in sent} == sent
    by_teacher = teacher.post(path, {"course_section": {"name": "Lab 2", "sis_section_id": "LAB2"}})
    assert (by_teacher.status_code, by_teacher.json()["sis_section_id"]) == (200, None)
    assert ana.post(path, {"course_section": {"name": "Mine"}}).json() == NOT_ALLOWED
    assert admin.post(path, {"course_section": {"name": "Twin", "sis_section_id": "LAB"}}).status_code == 400


def test_contract_10_7_10_a_section_is_changed_in_what_was_sent(admin, teacher, campus):
    path = f"/sections/{campus.evening.id}"
    assert teacher.put(path, {"course_section": DATES}).json()["end_at"] == DATES["end_at"]
    changed = teacher.put(path, {"course_section": {"name": "Late", "end_at": None}}).json()
    assert (changed["name"], changed["start_at"], changed["end_at"]) == ("Late", DATES["start_at"], None)
    assert admin.put(path, {"course_section": {"sis_section_id": "LATE"}}).json()["sis_section_id"] == "LATE"
    assert admin.get("/sections/sis_section_id:LATE").json()["id"] == campus.evening.id


@pytest.mark.parametrize("name", ["sis_section_id", "integration_id"])
def test_contract_10_7_10_sis_keys_without_the_right_are_refused_on_a_change(teacher, campus, name):
    answer = teacher.put(f"/sections/{campus.evening.id}", {"course_section": {"name": "Late", name: "X"}})
    message = "You must have manage_sis permission to update sis attributes"
    assert (answer.status_code, answer.json()) == (401, {"message": message})
    assert campus.evening.name == "Evening"


def test_contract_10_7_4_a_section_with_enrollments_is_not_deleted(state, admin, teacher, campus):
    path = f"/sections/{campus.evening.id}"
    assert teacher.delete(path).status_code == 400
    row = state.enrollments.first("course_user", (campus.course.id, campus.chidi.id))
    row.workflow_state = "completed"
    assert teacher.delete(path).status_code == 400
    row.workflow_state = "rejected"
    test_student = state.add_user("Test Student", is_test_student=True)
    fake = state.enroll(test_student, campus.course, section=campus.evening, type="StudentViewEnrollment")
    override = {"course_section_id": campus.evening.id, "due_at": "2026-12-01T12:00:00Z"}
    made = admin.post(campus.overrides, {"assignment_override": override}).json()
    assert teacher.delete(path).json()["id"] == campus.evening.id
    assert admin.get(path).json() == NOT_FOUND
    assert fake.workflow_state == "deleted"
    assert admin.get(f"{campus.overrides}/{made['id']}").json() == NOT_FOUND


def section_override(admin, campus):
    body = {"assignment_override": {"course_section_id": campus.evening.id, "due_at": "2026-12-01T12:00:00Z"}}
    return admin.post(campus.overrides, body).json()["id"]


def personal_override(admin, campus):
    body = {"assignment_override": {"student_ids": [campus.chidi.id], "due_at": "2026-12-02T12:00:00Z"}}
    return admin.post(campus.overrides, body).json()["id"]


def override_ids(admin, campus):
    return [one["id"] for one in admin.get(campus.overrides).json()]


def test_contract_10_7_4_cross_listing_moves_enrollments_and_ends_section_overrides(state, admin, campus, genetics):
    row = state.enrollments.first("course_user", (campus.course.id, campus.chidi.id))
    of_section, personal = section_override(admin, campus), personal_override(admin, campus)
    assert override_ids(admin, campus) == [of_section, personal]
    moved = admin.post(f"/sections/{campus.evening.id}/crosslist/{genetics.id}")
    assert moved.status_code == 200
    assert (moved.json()["id"], moved.json()["course_id"]) == (campus.evening.id, genetics.id)
    assert moved.json()["nonxlist_course_id"] == campus.course.id
    own = admin.get(f"/users/{campus.chidi.id}/enrollments").json()
    assert [(one["id"], one["course_id"]) for one in own] == [(row.id, genetics.id)]
    there = admin.get(f"/courses/{genetics.id}/enrollments?type[]=StudentEnrollment").json()
    assert [(one["id"], one["user_id"], one["course_section_id"]) for one in there] == [
        (row.id, campus.chidi.id, campus.evening.id)
    ]
    here = admin.get(f"/courses/{campus.course.id}/enrollments?user_id={campus.chidi.id}").json()
    assert here == []
    assert override_ids(admin, campus) == [personal]

    back = admin.delete(f"/sections/{campus.evening.id}/crosslist")
    assert (back.status_code, back.json()["course_id"]) == (200, campus.course.id)
    assert back.json()["nonxlist_course_id"] is None
    assert override_ids(admin, campus) == [personal]


def test_contract_10_7_4_the_original_course_is_kept_over_further_moves(state, admin, campus, genetics):
    third = state.add_course("Botany", sis_course_id="BOT")
    admin.post(f"/sections/{campus.evening.id}/crosslist/{genetics.id}")
    moved = admin.post("/sections/sis_section_id:BIO-E/crosslist/sis_course_id:BOT").json()
    assert (moved["course_id"], moved["nonxlist_course_id"]) == (third.id, campus.course.id)
    assert admin.delete(f"/sections/{campus.evening.id}/crosslist").json()["course_id"] == campus.course.id


def test_contract_10_7_4_a_deleted_original_comes_back_unpublished(admin, campus, genetics):
    admin.post(f"/sections/{campus.evening.id}/crosslist/{genetics.id}")
    admin.delete(f"/courses/{campus.course.id}?event=delete")
    assert admin.delete(f"/sections/{campus.evening.id}/crosslist").status_code == 200
    assert admin.get(f"/courses/{campus.course.id}").json()["workflow_state"] == "unpublished"


def test_contract_10_7_4_what_is_not_cross_listed_does_not_come_back(admin, campus):
    answer = admin.delete(f"/sections/{campus.evening.id}/crosslist")
    assert (answer.status_code, answer.json()) == (400, {"message": "section is not cross-listed"})


def test_contract_10_7_4_without_stickiness_nothing_happens(admin, campus, genetics):
    of_section = section_override(admin, campus)
    path = f"/sections/{campus.evening.id}/crosslist"
    answer = admin.post(f"{path}/{genetics.id}?override_sis_stickiness=false")
    assert (answer.status_code, answer.json()["course_id"]) == (200, campus.course.id)
    assert override_ids(admin, campus) == [of_section]
    admin.post(f"{path}/{genetics.id}?override_sis_stickiness=true")
    answer = admin.delete(f"{path}?override_sis_stickiness=false")
    assert (answer.status_code, answer.json()["course_id"]) == (200, genetics.id)


def test_contract_10_7_4_both_courses_must_be_the_callers_to_manage(state, admin, teacher, ana, campus, genetics):
    foreign = state.add_course("Botany")
    path = f"/sections/{campus.evening.id}/crosslist"
    assert teacher.post(f"{path}/{foreign.id}").json() == NOT_ALLOWED
    assert ana.post(f"{path}/{genetics.id}").json() == NOT_ALLOWED
    assert admin.post(f"{path}/99999").json() == NOT_FOUND
    assert teacher.post(f"{path}/{genetics.id}").status_code == 200


def test_contract_10_7_4_dates_follow_the_new_course(state, admin, campus, genetics):
    essay = state.add_assignment(genetics, "Essay", due_at=state.now() + timedelta(days=3))
    admin.post(f"/sections/{campus.evening.id}/crosslist/{genetics.id}")
    rows = admin.get(
        f"/courses/{genetics.id}/students/submissions?student_ids[]=all&assignment_ids[]={essay.id}"
    ).json()
    assert [one["user_id"] for one in rows] == [campus.chidi.id]
