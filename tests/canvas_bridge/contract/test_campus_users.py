"""Sections 1.6, 10.4, 10.7.7 and 10.7.10 of the contract, row by row: people."""

import pytest

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
TOO_SHORT = {"errors": [{"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}]}
USER_KEYS = {
    *("id", "name", "sortable_name", "short_name", "created_at", "avatar_url", "locale", "effective_locale", "email"),
    *("permissions", "login_id", "sis_user_id", "integration_id"),
}
PROFILE_KEYS = {
    *("id", "name", "short_name", "sortable_name", "login_id", "integration_id", "sis_user_id", "avatar_url"),
    *("title", "bio", "primary_email", "time_zone", "locale", "pronouns"),
}
OWN_PROFILE_KEYS = PROFILE_KEYS | {"effective_locale", "calendar", "lti_user_id"}


@pytest.mark.parametrize(
    "text",
    [
        "{id}",
        "sis_user_id:S-100",
        "sis_login_id:Ana.Oliveira",
        "sis_login_id:ANA.OLIVEIRA",
        "sis_integration_id:INT-A",
        "hex:sis_user_id:532d313030",
    ],
)
def test_contract_1_6_a_user_by_every_form(state, admin, campus, text):
    campus.ana.integration_id = "INT-A"
    state.users.reindex(campus.ana)
    assert admin.get(f"/users/{text.format(id=campus.ana.id)}").json()["id"] == campus.ana.id


def test_contract_1_6_a_user_by_lti_id_and_by_uuid(admin, ana, campus):
    lti_user_id = ana.get("/users/self/profile").json()["lti_user_id"]
    assert admin.get(f"/users/lti_user_id:{lti_user_id}").json()["id"] == campus.ana.id
    uuid = admin.get(f"/users/{campus.ana.id}?include[]=uuid").json()["uuid"]
    assert admin.get(f"/users/uuid:{uuid}").json()["id"] == campus.ana.id


@pytest.mark.parametrize(
    "text", ["99999", "nobody", "sis_user_id:NONE", "hex:sis_user_id:zz", "sis_shoe_size:42", "-1"]
)
def test_contract_1_6_unknown_and_unparsable_ids_are_not_found(admin, text):
    answer = admin.get(f"/users/{text}")
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_contract_10_7_7_oneself_and_others(admin, teacher, ana, campus):
    assert set(ana.get("/users/self").json()) >= USER_KEYS
    assert ana.get("/users/self").json()["id"] == campus.ana.id
    assert ana.get(f"/users/{campus.ana.id}").json()["login_id"] == "Ana.Oliveira"
    assert admin.get(f"/users/{campus.bao.id}").json()["sis_user_id"] == "S-101"
    for caller in (ana, teacher):
        for path in (f"/users/{campus.bao.id}", f"/users/{campus.bao.id}/profile"):
            answer = caller.get(path)
            assert (answer.status_code, answer.json()) == (403, NOT_ALLOWED)


def test_contract_10_7_7_the_profile(state, admin, ana, campus):
    own = ana.get("/users/self/profile").json()
    assert set(own) == OWN_PROFILE_KEYS
    assert own["time_zone"] == state.account.time_zone == "America/New_York"
    assert set(admin.get(f"/users/{campus.ana.id}/profile").json()) == PROFILE_KEYS
    admin.put("/accounts/1", {"account": {"default_time_zone": "America/Denver"}})
    assert ana.get("/users/self/profile").json()["time_zone"] == "America/Denver"
    campus.ana.time_zone = "Asia/Kolkata"
    assert ana.get("/users/self/profile").json()["time_zone"] == "Asia/Kolkata"


@pytest.mark.parametrize("term", ["oliveira", "ANA", "s-100", "ana.oliveira@example"])
def test_contract_10_4_a_search_by_name_login_sis_id_and_part_of_the_address(admin, campus, term):
    answer = admin.get("/accounts/1/users", params={"search_term": term})
    assert [one["id"] for one in answer.json()] == [campus.ana.id]


def test_contract_10_4_a_search_by_the_full_id(admin, campus):
    found = admin.get(f"/accounts/self/users?search_term={campus.bao.id}").json()
    assert [one["id"] for one in found] == [campus.bao.id]
    assert set(found[0]) >= {"id", "name", "sortable_name", "short_name", "login_id", "sis_user_id", "email"}


def test_contract_10_4_refusals_order_and_type(admin, teacher, campus):
    answer = admin.get("/accounts/1/users?search_term=a")
    assert (answer.status_code, answer.json()) == (400, TOO_SHORT)
    assert teacher.get("/accounts/1/users?search_term=ana").json() == NOT_ALLOWED
    students = admin.get("/accounts/1/users?enrollment_type=student&sort=sis_id&order=desc").json()
    assert [one["id"] for one in students] == [campus.chidi.id, campus.bao.id, campus.ana.id]
    teachers = admin.get("/accounts/1/users?enrollment_type=teacher").json()
    assert [one["id"] for one in teachers] == [campus.teacher.id]


def test_contract_10_7_10_a_person_is_made(admin, teacher):
    body = {
        "user": {"name": "Aylin Kaya", "time_zone": "Europe/Istanbul", "skip_registration": True},
        "pseudonym": {"unique_id": "akaya", "password": "not kept", "sis_user_id": "S-200"},
        "communication_channel": {"type": "email", "address": "aylin@example.edu", "skip_confirmation": True},
    }
    assert teacher.post("/accounts/1/users", body).json() == NOT_ALLOWED
    made = admin.post("/accounts/1/users", body)
    assert made.status_code == 200
    user = made.json()
    assert (user["name"], user["sortable_name"], user["short_name"]) == ("Aylin Kaya", "Kaya, Aylin", "Aylin Kaya")
    assert (user["login_id"], user["sis_user_id"], user["email"]) == ("akaya", "S-200", "aylin@example.edu")
    assert admin.get("/users/sis_user_id:S-200/profile").json()["time_zone"] == "Europe/Istanbul"
    assert admin.get("/users/sis_login_id:AKAYA").json()["id"] == user["id"]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Mountain Time (US & Canada)", "America/Denver"),
        ("Newfoundland", "America/St_Johns"),
        ("Mumbai", "Asia/Kolkata"),
    ],
)
@pytest.mark.usefixtures("campus")
def test_contract_1_7_a_zone_may_be_sent_by_its_friendlier_name_and_is_read_as_iana(admin, sent, read):
    body = {"user": {"name": "Aylin Kaya", "time_zone": sent}, "pseudonym": {"unique_id": "akaya"}}
    made = admin.post("/accounts/1/users", body).json()
    assert admin.get(f"/users/{made['id']}/profile").json()["time_zone"] == read


def test_contract_10_7_10_only_the_login_is_required(state, admin):
    made = admin.post("/accounts/self/users", {"pseudonym": {"unique_id": "plain"}})
    assert made.status_code == 200
    assert made.json()["name"] == "plain"
    assert state.users[made.json()["id"]].workflow_state == "pre_registered"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user": {"name": "Nobody"}},
        {"pseudonym": {"unique_id": ""}},
        {"pseudonym": {"unique_id": "BNGUYEN"}},
        {"pseudonym": {"unique_id": "new", "sis_user_id": "S-100"}},
        {"pseudonym": {"unique_id": "new"}, "user": {"time_zone": "Mars/Olympus"}},
    ],
)
@pytest.mark.usefixtures("campus")
def test_contract_10_7_10_people_who_cannot_be_made(state, admin, body):
    before = len(state.users)
    answer = admin.post("/accounts/1/users", body)
    assert answer.status_code == 400
    assert "errors" in answer.json()
    assert len(state.users) == before


def test_contract_1_7_a_person_changes_the_zone_and_dates_are_read_in_it(admin, ana, campus):
    path = f"/users/{campus.ana.id}"
    assert ana.put("/users/self", {"user": {"time_zone": "Pacific/Honolulu"}}).status_code == 200
    assert ana.get("/users/self/profile").json()["time_zone"] == "Pacific/Honolulu"
    assert admin.put(path, {"user": {"time_zone": "Mountain Time (US & Canada)"}}).status_code == 200
    assert ana.get("/users/self/profile").json()["time_zone"] == "America/Denver"
    assert ana.put(f"/users/{campus.bao.id}", {"user": {"name": "Mine"}}).json() == NOT_ALLOWED
    admin.put("/users/self", {"user": {"time_zone": "Asia/Kolkata"}})
    section = {"course_section": {"start_at": "2026-12-01T00:00:00"}}
    made = admin.post(f"/courses/{campus.course.id}/sections", section)
    assert made.json()["start_at"] == "2026-11-30T18:30:00Z"


def test_contract_6_8_a_deleted_person_leaves_every_course(state, admin, campus):
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": "2026-12-02T12:00:00Z"}}
    admin.post(campus.overrides, body)
    assert admin.delete(f"/accounts/1/users/{campus.ana.id}").status_code == 200
    assert admin.get(f"/users/{campus.ana.id}").json() == NOT_FOUND
    assert admin.get(campus.overrides).json() == []
