"""Sections 1.6, 10.7.2 and 10.7.10 of the contract, row by row: accounts and terms."""

from datetime import timedelta

import pytest

from canvas_bridge.sandbox.records.courses import TermDates

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
TERM_KEYS = {"id", "name", "start_at", "end_at", "created_at", "workflow_state", "grading_period_group_id"}


@pytest.mark.parametrize("text", ["1", "self", "default", "site_admin", "sis_account_id:MAIN"])
def test_contract_1_6_the_root_account_by_every_form(state, admin, text):
    state.account.sis_account_id = "MAIN"
    assert admin.get(f"/accounts/{text}").json()["id"] == 1
    assert admin.get(f"/accounts/{text}/courses").status_code == 200
    assert admin.get(f"/accounts/{text}/terms").status_code == 200


@pytest.mark.parametrize("text", ["999", "nobody", "sis_account_id:NONE"])
def test_contract_1_6_an_unknown_account_is_not_found(admin, text):
    answer = admin.get(f"/accounts/{text}/courses")
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_contract_1_6_accounts_below_the_root_account(admin, ana):
    added = admin.post("/accounts/self/sub_accounts", {"account": {"name": "Sciences", "sis_account_id": "SCI"}}).json()
    assert (added["parent_account_id"], added["root_account_id"], added["sis_account_id"]) == (1, 1, "SCI")
    assert admin.get("/accounts/sis_account_id:SCI").json()["id"] == added["id"]
    assert added["id"] in [one["id"] for one in admin.get("/accounts/1/sub_accounts").json()]
    assert [one["id"] for one in admin.get("/accounts").json()] == [1]
    assert ana.get("/accounts").json() == []
    assert ana.get("/accounts/1").status_code == 403


def test_contract_10_7_2_a_list_in_its_envelope_newest_first_and_without_deleted_ones(state, admin):
    now = state.now()
    spring = state.add_term("Spring", start_at=now - timedelta(days=200), end_at=now - timedelta(days=90))
    long_autumn = state.add_term("Long", start_at=now - timedelta(days=60), end_at=now + timedelta(days=60))
    autumn = state.add_term("Short", start_at=now - timedelta(days=60), end_at=now + timedelta(days=30))
    gone = state.add_term("Gone", start_at=now)
    gone.workflow_state = "deleted"
    answer = admin.get("/accounts/1/terms?per_page=2")
    assert list(answer.json()) == ["enrollment_terms"]
    assert [one["name"] for one in answer.json()["enrollment_terms"]] == ["Default Term", "Long"]
    assert 'rel="next"' in answer.headers["Link"]
    names = [one["name"] for one in admin.get("/accounts/1/terms").json()["enrollment_terms"]]
    assert names == ["Default Term", long_autumn.name, autumn.name, spring.name]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Default Term"}),
        ("?workflow_state[]=active", {"Default Term"}),
        ("?workflow_state[]=deleted", {"Gone"}),
        ("?workflow_state[]=all", {"Default Term", "Gone"}),
        ("?workflow_state[]=active&workflow_state[]=deleted", {"Default Term", "Gone"}),
    ],
)
def test_contract_10_7_2_workflow_state(state, admin, query, names):
    state.add_term("Gone").workflow_state = "deleted"
    assert {one["name"] for one in admin.get(f"/accounts/1/terms{query}").json()["enrollment_terms"]} == names


def test_contract_10_7_2_keys_and_overrides(state, admin, teacher):
    dates = {"StudentEnrollment": TermDates(end_at=state.now()), "TeacherEnrollment": TermDates()}
    term = state.add_term("Autumn", sis_term_id="F26", overrides=dates)
    single = admin.get(f"/accounts/1/terms/{term.id}").json()
    assert single["overrides"] == {"StudentEnrollment": {"start_at": None, "end_at": "2026-11-22T15:00:00Z"}}
    assert set(single) == TERM_KEYS | {"overrides", "sis_term_id", "sis_import_id"}
    listed = admin.get("/accounts/1/terms").json()["enrollment_terms"]
    assert all("overrides" not in one for one in listed)
    with_overrides = admin.get("/accounts/1/terms?include[]=overrides").json()["enrollment_terms"]
    assert all("overrides" in one for one in with_overrides)
    assert set(teacher.get(f"/accounts/1/terms/{term.id}").json()) == TERM_KEYS | {"overrides"}


def test_contract_10_7_2_terms_only_belong_to_root_accounts(admin):
    below = admin.post("/accounts/1/sub_accounts", {"account": {"name": "Sciences"}}).json()["id"]
    for method, path in (("GET", "terms"), ("POST", "terms"), ("GET", "terms/21"), ("PUT", "terms/21")):
        answer = admin(method, f"/accounts/{below}/{path}")
        assert (answer.status_code, answer.json()) == (400, {"message": "Terms only belong to root_accounts."})


def test_contract_10_7_2_terms_are_read_by_administrators_and_instructors(state, admin, teacher, ana, campus):
    assert admin.get("/accounts/1/terms").status_code == 200
    assert teacher.get("/accounts/1/terms").status_code == 200
    refused = ana.get("/accounts/1/terms")
    assert (refused.status_code, refused.json()) == (403, NOT_ALLOWED)
    state.enrollments.first("course_user", (campus.course.id, campus.teacher.id)).workflow_state = "completed"
    assert teacher.get("/accounts/1/terms").status_code == 403


@pytest.mark.parametrize("text", ["{id}", "sis_term_id:F26", "hex:sis_term_id:463236", "current"])
def test_contract_1_6_a_term_by_every_form(state, admin, text):
    now = state.now()
    day = timedelta(days=1)
    term = state.add_term("Autumn", sis_term_id="F26", start_at=now - day, end_at=now + day)
    assert admin.get(f"/accounts/1/terms/{text.format(id=term.id)}").json()["id"] == term.id


def test_contract_1_6_the_default_term(state, admin):
    assert admin.get("/accounts/1/terms/default").json()["id"] == state.default_term.id
    assert admin.get("/accounts/1/terms/current").status_code == 404
    assert admin.get("/accounts/1/terms/9999").json() == NOT_FOUND


def test_contract_10_7_10_a_term_is_made_changed_and_deleted(admin, teacher):
    body = {
        "enrollment_term": {
            "name": "Autumn",
            "start_at": "2026-09-01T00:00:00Z",
            "end_at": "2026-12-20T00:00:00Z",
            "sis_term_id": "F26",
            "overrides": {"StudentEnrollment": {"end_at": "2026-12-10T00:00:00Z"}},
        }
    }
    assert teacher.post("/accounts/1/terms", body).status_code == 403
    made = admin.post("/accounts/1/terms", body)
    assert made.status_code == 200
    term = made.json()
    assert (term["start_at"], term["end_at"]) == ("2026-09-01T00:00:00Z", "2026-12-20T00:00:00Z")
    assert term["overrides"] == {"StudentEnrollment": {"start_at": None, "end_at": "2026-12-10T00:00:00Z"}}
    path = f"/accounts/1/terms/{term['id']}"
    assert admin.post("/accounts/1/terms", body).status_code == 400
    changed = admin.put(path, {"enrollment_term": {"end_at": "2026-12-21T00:00:00Z"}}).json()
    assert (changed["name"], changed["end_at"]) == ("Autumn", "2026-12-21T00:00:00Z")
    assert changed["overrides"] == term["overrides"]
    assert admin.put(path, {"enrollment_term": {"end_at": None}}).json()["end_at"] is None
    assert admin.delete(path).json()["workflow_state"] == "deleted"
    assert admin.get(path).status_code == 404


def test_contract_10_7_10_a_term_with_courses_is_not_deleted(state, admin):
    term = state.add_term("Autumn")
    state.add_course("Botany", term=term)
    assert admin.delete(f"/accounts/1/terms/{term.id}").status_code == 400
    assert admin.delete(f"/accounts/1/terms/{state.default_term.id}").status_code == 400
