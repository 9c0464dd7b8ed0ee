"""Sections 6.8, 10.7.10, 12 and 14.3 of the contract, row by row: enrolling people and ending enrollments."""

import pytest

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}


@pytest.fixture
def aylin(state, campus):
    """Add a person who is in no course yet."""
    return state.add_user("Aylin Kaya", login_id="akaya", sis_user_id="S-200")


def row_of(state, campus, name):
    return state.enrollments.first("course_user", (campus.course.id, getattr(campus, name).id))


# (what is sent beside the user, key, what the answer says)
SENT = [
    ({}, "type", "StudentEnrollment"),
    ({}, "enrollment_state", "invited"),
    ({}, "limit_privileges_to_course_section", False),
    ({"enrollment_state": "active"}, "enrollment_state", "active"),
    ({"enrollment_state": "inactive"}, "enrollment_state", "inactive"),
    ({"type": "TaEnrollment"}, "type", "TaEnrollment"),
    ({"type": "TeacherEnrollment"}, "role", "TeacherEnrollment"),
    ({"role_id": 6}, "type", "DesignerEnrollment"),
    ({"limit_privileges_to_course_section": True}, "limit_privileges_to_course_section", True),
    ({"limit_privileges_to_course_section": "true"}, "limit_privileges_to_course_section", True),
    ({"start_at": "2026-11-01T12:00:00Z"}, "start_at", "2026-11-01T12:00:00Z"),
    ({"end_at": "2026-12-01T12:00:00Z"}, "end_at", "2026-12-01T12:00:00Z"),
    ({"type": "ObserverEnrollment", "associated_user_id": "sis_user_id:S-100"}, "associated_user_id", "ana"),
    ({"type": "ObserverEnrollment"}, "associated_user_id", None),
    ({"course_section_id": "sis_section_id:BIO-E"}, "course_section_id", "evening"),
    ({"notify": True}, "enrollment_state", "invited"),
]


@pytest.mark.parametrize(("sent", "key", "expected"), SENT)
def test_contract_10_7_10_what_a_new_enrollment_is_like(admin, campus, aylin, sent, key, expected):
    body = {"enrollment": {"user_id": aylin.id, **sent}}
    answer = admin.post(f"/courses/{campus.course.id}/enrollments", body)
    assert answer.status_code == 200
    assert answer.json()["user_id"] == aylin.id
    named = getattr(campus, expected).id if expected in ("ana", "evening") else expected
    assert answer.json()[key] == named


@pytest.mark.parametrize("text", ["{id}", "sis_user_id:S-200", "sis_login_id:AKAYA"])
def test_contract_10_7_10_the_section_path_takes_its_section_and_any_form_of_the_user(admin, campus, aylin, text):
    body = {"enrollment": {"user_id": text.format(id=aylin.id), "enrollment_state": "active"}}
    answer = admin.post(f"/sections/{campus.evening.id}/enrollments", body)
    assert (answer.status_code, answer.json()["course_section_id"]) == (200, campus.evening.id)
    assert answer.json()["course_id"] == campus.course.id


# (what is sent, status by switch 15 or fixed)
REFUSED = [
    ({}, "switch"),
    ({"enrollment": {}}, "switch"),
    ({"enrollment": {"type": "StudentEnrollment"}}, "switch"),
    ({"enrollment": {"user_id": "{id}", "type": "WizardEnrollment"}}, "switch"),
    ({"enrollment": {"user_id": "{id}", "role_id": 99}}, "switch"),
    ({"enrollment": {"user_id": "{id}", "enrollment_state": "asleep"}}, "switch"),
    ({"enrollment": {"user_id": 999999}}, 404),
    ({"enrollment": {"user_id": "sis_user_id:NONE"}}, 404),
    ({"enrollment": {"user_id": "{id}", "course_section_id": 999999}}, 404),
]


@pytest.mark.parametrize("status", [403, 400])
@pytest.mark.parametrize(("body", "expected"), REFUSED)
def test_contract_13_15_input_errors_by_the_switch(state, admin, campus, aylin, body, expected, status):
    assert admin.post("/_sandbox/switches", {"enrollment_error_status": status}).status_code == 200
    values = {name: str(one).format(id=aylin.id) for name, one in body.get("enrollment", {}).items()}
    answer = admin.post(f"/courses/{campus.course.id}/enrollments", {"enrollment": values} if body else {})
    if expected == 404:
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    else:
        assert (answer.status_code, list(answer.json())) == (status, ["message"])
    assert state.enrollments.where("user", aylin.id) == []


def test_contract_10_7_10_who_may_enroll(teacher, ana, campus, aylin):
    path = f"/courses/{campus.course.id}/enrollments"
    body = {"enrollment": {"user_id": aylin.id}}
    refused = ana.post(path, body)
    assert (refused.status_code, refused.json()) == (403, NOT_ALLOWED)
    assert ana.post(f"/sections/{campus.evening.id}/enrollments", body).json() == NOT_ALLOWED
    assert teacher.post(path, body).status_code == 200


def test_contract_10_7_10_nobody_joins_a_concluded_course(admin, campus, aylin):
    campus.course.workflow_state = "completed"
    answer = admin.post(f"/courses/{campus.course.id}/enrollments", {"enrollment": {"user_id": aylin.id}})
    assert answer.json() == {"message": "Can't add an enrollment to a concluded course."}


def test_contract_12_a_repeat_gives_the_existing_enrollment(state, admin, campus, aylin):
    path = f"/sections/{campus.evening.id}/enrollments"
    body = {"enrollment": {"user_id": aylin.id, "enrollment_state": "active"}}
    first = admin.post(path, body).json()
    repeated = admin.post(path, body)
    assert (repeated.status_code, repeated.json()) == (200, first)
    assert len(state.enrollments.where("user", aylin.id)) == 1
    other_type = {"enrollment": {"user_id": aylin.id, "type": "TaEnrollment"}}
    assert admin.post(path, other_type).json()["id"] != first["id"]
    other_section = admin.post(f"/sections/{campus.morning.id}/enrollments", body).json()
    assert other_section["id"] not in (first["id"], None)


def test_contract_12_an_invitation_repeated_as_active_becomes_active_and_not_the_other_way(admin, campus, aylin):
    path = f"/sections/{campus.evening.id}/enrollments"
    first = admin.post(path, {"enrollment": {"user_id": aylin.id}}).json()
    active = admin.post(path, {"enrollment": {"user_id": aylin.id, "enrollment_state": "active"}}).json()
    assert (active["id"], active["enrollment_state"]) == (first["id"], "active")
    assert admin.post(path, {"enrollment": {"user_id": aylin.id}}).json()["enrollment_state"] == "active"


@pytest.mark.parametrize(
    ("task", "state_after"),
    [
        ("?task=conclude", "completed"),
        ("", "completed"),
        ("?task=anything", "completed"),
        ("?task=delete", "deleted"),
        ("?task=deactivate", "inactive"),
        ("?task=inactivate", "inactive"),
    ],
)
def test_contract_10_7_10_ending_an_enrollment(state, admin, campus, task, state_after):
    row = row_of(state, campus, "ana")
    answer = admin.delete(f"/courses/{campus.course.id}/enrollments/{row.id}{task}")
    assert (answer.status_code, answer.json()["enrollment_state"]) == (200, state_after)
    assert answer.json()["id"] == row.id


def test_contract_12_concluding_again_is_answered_alike(state, admin, campus):
    path = f"/courses/{campus.course.id}/enrollments/{row_of(state, campus, 'ana').id}"
    assert [admin.delete(f"{path}?task=conclude").status_code for _ in range(2)] == [200, 200]
    admin.delete(f"{path}?task=delete")
    assert admin.delete(f"{path}?task=delete").json() == NOT_FOUND


def test_contract_10_7_10_who_may_end_an_enrollment(state, admin, teacher, ana, campus):
    path = f"/courses/{campus.course.id}/enrollments/{row_of(state, campus, 'bao').id}"
    assert ana.delete(path).json() == NOT_ALLOWED
    assert teacher.delete(path).status_code == 200
    other = state.add_course("Genetics")
    assert admin.delete(path.replace(str(campus.course.id), str(other.id))).json() == NOT_FOUND


def test_contract_10_7_10_only_inactive_enrollments_come_back(state, admin, campus):
    row = row_of(state, campus, "ana")
    path = f"/courses/{campus.course.id}/enrollments/{row.id}"
    refused = admin.put(f"{path}/reactivate")
    assert (refused.status_code, refused.json()) == (400, {"error": "enrollment not inactive"})
    row.workflow_state = "completed"
    assert admin.put(f"{path}/reactivate").status_code == 400
    row.workflow_state = "inactive"
    back = admin.put(f"{path}/reactivate")
    assert (back.status_code, back.json()["enrollment_state"]) == (200, "active")


@pytest.mark.parametrize(("word", "state_after"), [("accept", "active"), ("reject", "rejected")])
def test_contract_10_7_10_an_invitation_is_answered_by_the_person(
    state, teacher, campus, aylin, caller_for, word, state_after
):
    row = state.enroll(aylin, campus.course, section=campus.morning, state="invited")
    path = f"/courses/{campus.course.id}/enrollments/{row.id}/{word}"
    assert teacher.post(path).json() == NOT_ALLOWED
    answer = caller_for(state, aylin).post(path)
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert row.workflow_state == state_after


def personal(admin, campus, *names):
    ids = [getattr(campus, name).id for name in names]
    body = {"assignment_override": {"student_ids": ids, "due_at": "2026-12-02T12:00:00Z"}}
    answer = admin.post(campus.overrides, body)
    assert answer.status_code == 201
    return answer.json()["id"]


def students_of_overrides(admin, campus):
    return [one["student_ids"] for one in admin.get(campus.overrides).json()]


def test_contract_6_8_the_last_deleted_enrollment_takes_the_student_out(state, admin, campus):
    personal(admin, campus, "ana", "bao")
    path = f"/courses/{campus.course.id}/enrollments"
    admin.delete(f"{path}/{row_of(state, campus, 'ana').id}?task=delete")
    assert students_of_overrides(admin, campus) == [[campus.bao.id]]
    admin.delete(f"{path}/{row_of(state, campus, 'bao').id}?task=delete")
    assert students_of_overrides(admin, campus) == []


@pytest.mark.parametrize("task", ["conclude", "inactivate"])
def test_contract_6_8_who_is_concluded_or_inactive_stays(state, admin, campus, task):
    personal(admin, campus, "ana")
    admin.delete(f"/courses/{campus.course.id}/enrollments/{row_of(state, campus, 'ana').id}?task={task}")
    assert students_of_overrides(admin, campus) == [[campus.ana.id]]


def test_contract_6_8_who_is_left_in_another_section_stays(state, admin, campus):
    second = state.enroll(campus.ana, campus.course, section=campus.evening)
    personal(admin, campus, "ana")
    path = f"/courses/{campus.course.id}/enrollments"
    admin.delete(f"{path}/{row_of(state, campus, 'ana').id}?task=delete")
    assert students_of_overrides(admin, campus) == [[campus.ana.id]]
    admin.delete(f"{path}/{second.id}?task=delete")
    assert students_of_overrides(admin, campus) == []


def test_contract_6_8_the_override_does_not_come_back_with_the_student(state, admin, campus):
    personal(admin, campus, "ana")
    row = row_of(state, campus, "ana")
    admin.delete(f"/courses/{campus.course.id}/enrollments/{row.id}?task=delete")
    body = {"enrollment": {"user_id": campus.ana.id, "enrollment_state": "active"}}
    again = admin.post(f"/sections/{campus.morning.id}/enrollments", body).json()
    assert again["enrollment_state"] == "active"
    assert students_of_overrides(admin, campus) == []


def test_contract_7_1_a_group_is_left_with_the_last_enrollment_and_not_joined_again_with_the_next(state, admin, campus):
    projects = state.add_group_category(campus.course, "Projects")
    group = state.add_group(projects, "Project 1", campus.ana, campus.bao)
    second = state.enroll(campus.ana, campus.course, section=campus.evening)
    path = f"/courses/{campus.course.id}/enrollments"
    admin.delete(f"{path}/{row_of(state, campus, 'ana').id}?task=delete")
    assert len(admin.get(f"/groups/{group.id}/memberships").json()) == 2
    admin.delete(f"{path}/{second.id}?task=delete")
    body = {"enrollment": {"user_id": campus.ana.id, "enrollment_state": "active"}}
    assert admin.post(f"/sections/{campus.morning.id}/enrollments", body).status_code == 200
    assert [one["user_id"] for one in admin.get(f"/groups/{group.id}/memberships").json()] == [campus.bao.id]


# (how the enrollment ends, whether the submission rows remain)
ENDS = [("conclude", True), ("delete", False)]


@pytest.mark.parametrize(("task", "remains"), ENDS)
def test_contract_14_3_the_submission_rows_of_who_leaves(state, admin, campus, task, remains):
    state.submit(campus.essay, campus.ana)
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}/submissions"
    assert campus.ana.id in [one["user_id"] for one in admin.get(f"{path}?per_page=100").json()]
    admin.delete(f"/courses/{campus.course.id}/enrollments/{row_of(state, campus, 'ana').id}?task={task}")
    single = admin.get(f"{path}/{campus.ana.id}")
    assert (single.status_code == 200) is remains


def test_contract_11_bulk_enrollment_of_at_most_five_hundred(state, admin, teacher, campus, aylin):
    other = state.add_course("Genetics")
    path = "/accounts/1/bulk_enrollment"
    body = {"user_ids": [aylin.id, campus.ana.id], "course_ids": [campus.course.id, other.id]}
    assert teacher.post(path, body).json() == NOT_ALLOWED
    answer = admin.post(path, body)
    assert (answer.status_code, answer.json()["workflow_state"]) == (200, "completed")
    rows = [*state.enrollments.where("user", aylin.id), *state.enrollments.where("user", campus.ana.id)]
    assert sorted(one.course_id for one in rows) == sorted([campus.course.id, other.id] * 2)
    too_many = {"user_ids": list(range(251)), "course_ids": [campus.course.id, other.id]}
    assert admin.post(path, too_many).status_code == 400
