"""Section 10.7.5 of the contract, row by row: grading periods, their sets, and switch 12."""

from datetime import timedelta

import pytest

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
ENVELOPE = {"grading_periods", "meta", "grading_periods_read_only", "can_create_grading_periods"}
KEYS = {"id", "title", "start_date", "end_date", "close_date", "weight", "is_last", "is_closed", "permissions"}
FIRST = {"title": "First", "start_date": "2026-09-01T00:00:00Z", "end_date": "2026-10-15T00:00:00Z", "weight": 40}
SECOND = {"title": "Second", "start_date": "2026-10-15T00:00:00Z", "end_date": "2026-12-20T00:00:00Z", "weight": 60}


@pytest.fixture
def grading_set(admin, campus):
    """Make a set that holds in the campus's term, with one period that has closed and one that is open."""
    body = {"grading_period_set": {"title": "Autumn"}, "enrollment_term_ids": [campus.course.term_id]}
    made = admin.post("/accounts/1/grading_period_sets", body)
    assert made.status_code in (200, 201)
    set_id = made.json()["grading_period_set"]["id"]
    sent = {"set_id": set_id, "grading_periods": [{**FIRST, "close_date": "2026-10-20T00:00:00Z"}, SECOND]}
    assert admin("PATCH", "/accounts/1/grading_periods/batch_update", json=sent).status_code == 200
    return set_id


def test_contract_10_7_5_the_periods_of_a_term_through_the_course(admin, teacher, ana, campus, grading_set):
    path = f"/courses/{campus.course.id}/grading_periods"
    for caller in (admin, teacher, ana):
        answer = caller.get(path)
        assert (answer.status_code, set(answer.json())) == (200, ENVELOPE)
        assert answer.json()["grading_periods_read_only"] is True
        assert answer.json()["can_create_grading_periods"] is (caller is admin)
    shown = admin.get(path).json()
    assert shown["meta"]["primaryCollection"] == "grading_periods"
    assert "pagination" in shown["meta"]
    first, second = shown["grading_periods"]
    assert set(first) >= KEYS
    assert (first["title"], first["start_date"], first["end_date"]) == (
        "First",
        "2026-09-01T00:00:00Z",
        "2026-10-15T00:00:00Z",
    )
    assert (first["close_date"], first["is_closed"], first["is_last"]) == ("2026-10-20T00:00:00Z", True, False)
    assert (second["close_date"], second["is_closed"], second["is_last"]) == ("2026-12-20T00:00:00Z", False, True)
    assert set(first["permissions"]) == {"read", "create", "update", "delete"}
    assert isinstance(first["id"], str)
    single = ana.get(f"{path}/{second['id']}").json()
    assert set(single) == ENVELOPE
    assert [one["title"] for one in single["grading_periods"]] == ["Second"]
    assert single["grading_periods"][0]["is_last"] is True


def test_contract_13_12_ids_are_text_or_numbers_by_the_switch(admin, campus, grading_set):
    path = f"/courses/{campus.course.id}/grading_periods"
    text = admin.get(path).json()["grading_periods"][0]["id"]
    admin.post("/_sandbox/switches", {"grading_period_ids": "number"})
    assert admin.get(path).json()["grading_periods"][0]["id"] == int(text)


def test_contract_10_7_5_no_periods_are_an_empty_list_in_the_envelope(admin, campus):
    answer = admin.get(f"/courses/{campus.course.id}/grading_periods")
    assert (answer.status_code, answer.json()["grading_periods"]) == (200, [])
    assert set(answer.json()) == ENVELOPE
    assert admin.get(f"/courses/{campus.course.id}/grading_periods/51").json() == NOT_FOUND


def test_contract_10_7_5_who_may_read(state, admin, teacher, campus, grading_set, caller_for):
    stranger = caller_for(state, state.add_user("Nadia Haddad"))
    assert stranger.get(f"/courses/{campus.course.id}/grading_periods").json() == NOT_ALLOWED
    assert teacher.get("/accounts/1/grading_periods").json() == NOT_ALLOWED
    answer = admin.get("/accounts/1/grading_periods").json()
    assert set(answer) == ENVELOPE
    assert [one["title"] for one in answer["grading_periods"]] == ["First", "Second"]


def test_contract_10_7_5_the_courses_own_periods_come_first_and_close_when_they_end(admin, campus, grading_set):
    path = f"/courses/{campus.course.id}/grading_periods"
    sent = {"grading_periods": [{**FIRST, "close_date": "2027-01-01T00:00:00Z"}]}
    answer = admin("PATCH", f"{path}/batch_update", json=sent)
    assert answer.status_code == 200
    shown = admin.get(path).json()
    assert shown["grading_periods_read_only"] is False
    (own,) = shown["grading_periods"]
    assert (own["close_date"], own["is_closed"]) == (FIRST["end_date"], True)


def test_contract_10_7_5_a_list_in_pages_by_start(admin, campus, grading_set):
    answer = admin.get(f"/courses/{campus.course.id}/grading_periods?per_page=1")
    assert [one["title"] for one in answer.json()["grading_periods"]] == ["First"]
    following = admin.get(answer.links["next"]["url"].removeprefix("http://canvas.test")).json()
    assert [one["title"] for one in following["grading_periods"]] == ["Second"]


def test_contract_10_7_5_periods_are_changed_by_id_and_others_stay(admin, campus, grading_set):
    path = f"/grading_period_sets/{grading_set}/grading_periods/batch_update"
    first, second = admin.get(f"/courses/{campus.course.id}/grading_periods").json()["grading_periods"]
    sent = {"grading_periods": [{"id": second["id"], "title": "Late autumn", "weight": 50}]}
    answer = admin("PATCH", path, json=sent)
    assert (answer.status_code, set(answer.json())) == (200, ENVELOPE)
    assert [(one["id"], one["title"], one["weight"]) for one in answer.json()["grading_periods"]] == [
        (first["id"], "First", 40),
        (second["id"], "Late autumn", 50),
    ]


# (what is wrong, periods sent)
WRONG = [
    ("overlap", [FIRST, {**SECOND, "start_date": "2026-10-14T00:00:00Z"}]),
    ("end before start", [{**FIRST, "end_date": "2026-08-01T00:00:00Z"}]),
    ("end at start", [{**FIRST, "end_date": FIRST["start_date"]}]),
    ("close before end", [{**FIRST, "close_date": "2026-10-14T00:00:00Z"}]),
    ("no title", [{**FIRST, "title": ""}]),
    ("no dates", [{"title": "First"}]),
    ("one right, one wrong", [FIRST, {**SECOND, "end_date": "2026-10-01T00:00:00Z"}]),
]


@pytest.mark.parametrize(("what", "periods"), WRONG)
def test_contract_10_7_5_what_cannot_be_is_refused_as_a_whole(admin, campus, what, periods):
    made = admin.post("/accounts/1/grading_period_sets", {"grading_period_set": {"title": "Autumn"}}).json()
    set_id = made["grading_period_set"]["id"]
    paths = {
        "/accounts/1/grading_periods/batch_update": {"set_id": set_id},
        f"/grading_period_sets/{set_id}/grading_periods/batch_update": {},
        f"/courses/{campus.course.id}/grading_periods/batch_update": {},
    }
    for path, more in paths.items():
        if what == "close before end" and "/courses/" in path:
            continue  # a course's own periods close when they end, whatever is sent
        answer = admin("PATCH", path, json={**more, "grading_periods": periods})
        assert (answer.status_code, list(answer.json())) == (422, ["errors"])
        assert isinstance(answer.json()["errors"], list)
        assert answer.json()["errors"]
    assert admin.get("/accounts/1/grading_periods").json()["grading_periods"] == []
    assert admin.get(f"/courses/{campus.course.id}/grading_periods").json()["grading_periods"] == []


def test_contract_10_7_5_who_may_write(admin, teacher, ana, campus, grading_set):
    sent = {"set_id": grading_set, "grading_periods": [FIRST]}
    for path in (
        "/accounts/1/grading_periods/batch_update",
        f"/grading_period_sets/{grading_set}/grading_periods/batch_update",
    ):
        assert teacher("PATCH", path, json=sent).json() == NOT_ALLOWED
    own = f"/courses/{campus.course.id}/grading_periods/batch_update"
    assert ana("PATCH", own, json=sent).json() == NOT_ALLOWED
    assert teacher("PATCH", own, json=sent).status_code == 200
    assert teacher.post("/accounts/1/grading_period_sets", {}).json() == NOT_ALLOWED
    unknown = admin("PATCH", "/accounts/1/grading_periods/batch_update", json={"set_id": 9, "grading_periods": []})
    assert unknown.json() == NOT_FOUND


def test_contract_10_7_5_deleting(admin, campus, grading_set):
    path = f"/courses/{campus.course.id}/grading_periods"
    first, second = admin.get(path).json()["grading_periods"]
    assert admin.delete(f"/accounts/1/grading_periods/{first['id']}").json() == {"delete": True}
    assert [one["title"] for one in admin.get(path).json()["grading_periods"]] == ["Second"]
    assert admin.delete(f"{path}/{second['id']}").json() == NOT_FOUND
    (own,) = admin("PATCH", f"{path}/batch_update", json={"grading_periods": [FIRST]}).json()["grading_periods"]
    assert admin.delete(f"{path}/{own['id']}").status_code == 204
    assert admin.delete(f"/accounts/1/grading_period_sets/{grading_set}").status_code == 204
    assert admin.get(path).json()["grading_periods"] == []


def test_contract_10_7_5_sets_hold_in_the_terms_named(state, admin, campus, grading_set):
    path = "/accounts/1/grading_period_sets"
    (listed,) = admin.get(path).json()["grading_period_sets"]
    assert (listed["id"], listed["title"]) == (grading_set, "Autumn")
    term = admin.get(f"/accounts/1/terms/{campus.course.term_id}").json()
    assert str(term["grading_period_group_id"]) == grading_set
    other = state.add_course("Botany", term=state.add_term("Spring"))
    assert admin.get(f"/courses/{other.id}/grading_periods").json()["grading_periods"] == []
    body = {"enrollment_term_ids": [other.term_id], "grading_period_set": {"title": "Both"}}
    assert admin("PATCH", f"{path}/{grading_set}", json=body).status_code == 204
    assert len(admin.get(f"/courses/{other.id}/grading_periods").json()["grading_periods"]) == 2
    assert admin.get(f"/courses/{campus.course.id}/grading_periods").json()["grading_periods"] == []


def test_contract_10_7_5_closed_is_after_the_close_date(state, admin, campus, grading_set):
    path = f"/courses/{campus.course.id}/grading_periods"
    second = state.grading_periods.where("set", int(grading_set))[1]
    state.freeze(second.close_date)
    assert admin.get(path).json()["grading_periods"][1]["is_closed"] is False
    state.freeze(second.close_date + timedelta(seconds=1))
    assert admin.get(path).json()["grading_periods"][1]["is_closed"] is True
