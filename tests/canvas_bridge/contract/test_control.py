"""Steering the sandbox under `/_sandbox/`: tokens, clock, request log, state, switches, reset."""

from datetime import timedelta

import pytest

from canvas_bridge.sandbox.adapter import SandboxAdapter
from canvas_bridge.sandbox.state import SandboxState
from canvas_bridge.sandbox.switches import Switches


@pytest.mark.parametrize("form", ["{id}", "sis_user_id:S-100", "sis_login_id:ana.oliveira"])
def test_a_token_is_made_for_any_person(state, admin, campus, caller_for, form):
    answer = admin.post("/_sandbox/tokens", {"user_id": form.format(id=campus.ana.id)})
    assert list(answer.json()) == ["token"]
    assert caller_for(state, token=answer.json()["token"]).get("/users/self").json()["id"] == campus.ana.id


@pytest.mark.parametrize(("user_id", "status"), [(5, 404), ("x", 404), (None, 404), (1, 200)])
def test_a_token_needs_a_person(admin, user_id, status):
    assert admin.post("/_sandbox/tokens", {"user_id": user_id}).status_code == status


def test_a_token_may_be_narrow_and_short_lived(state, admin, campus, caller_for):
    def token(**more):
        return admin.post("/_sandbox/tokens", {"user_id": campus.ana.id, **more})

    narrow = token(scopes=["url:GET|/api/v1/courses/:course_id"]).json()["token"]
    ended = token(expires_at="2026-11-01T00:00:00Z").json()["token"]
    assert "Insufficient" in caller_for(state, token=narrow).get("/users/self").text
    assert "Expired" in caller_for(state, token=ended).get("/users/self").text
    assert token(scopes="everything").status_code == token(expires_at="soon").status_code == 400


def test_the_clock_is_stopped_goes_backwards_and_is_let_go(state, admin):
    def clock(now):
        return admin.post("/_sandbox/clock", {"now": now}).json()

    assert clock("2027-01-05T08:00:00Z") == {"now": "2027-01-05T08:00:00Z", "frozen": True}
    assert clock("2026-01-05T09:00:00+01:00") == {"now": "2026-01-05T08:00:00Z", "frozen": True}
    assert state.now().year == 2026
    assert clock(None)["frozen"] is False


@pytest.mark.parametrize("body", [{"now": "soon"}, {"now": 5}, {"now": ["2027"]}, {}])
def test_a_clock_that_cannot_be_read_stays_as_it_was(state, admin, body):
    before = state.now()
    assert admin.post("/_sandbox/clock", body).status_code == 400
    assert state.now() == before


def test_the_clock_rules_dates(state, admin, ana, campus):
    campus.quiz_assignment.unlock_at = campus.due - timedelta(days=1)
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/submissions"
    assert ana.post(path).status_code == 400
    admin.post("/_sandbox/clock", {"now": (campus.due - timedelta(hours=2)).isoformat()})
    assert ana.post(path).status_code == 200


def test_every_request_is_logged_in_order_with_totals(state, admin, campus, caller_for):
    admin.get("/users/self?include[]=uuid")
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5})
    admin.get("/courses/5")
    caller_for(state).get("/nothing")
    log = admin.get("/_sandbox/requests").json()
    shown = [(one["method"], one["status"], one["caller"]) for one in log["requests"]]
    assert shown == [("GET", 200, 1), ("POST", 200, 1), ("GET", 404, 1), ("GET", 404, None)]
    assert [one["number"] for one in log["requests"]] == [1, 2, 3, 4]
    assert (log["requests"][0]["path"], log["requests"][0]["query"]) == ("/api/v1/users/self", "include%5B%5D=uuid")
    assert log["requests"][1]["endpoint"] == "POST /api/v1/courses/:course_id/quizzes/:quiz_id/extensions"
    assert str(campus.ana.id) in log["requests"][1]["body"]
    assert all(one["cost"] > 0 for one in log["requests"])
    assert log["totals"] == {
        "GET /api/v1/courses/:course_id": 1,
        "GET /api/v1/users/:user_id": 1,
        "GET unknown": 1,
        "POST /api/v1/courses/:course_id/quizzes/:quiz_id/extensions": 1,
    }
    assert admin.delete("/_sandbox/requests").json() == {"count": 0}
    assert admin.get("/_sandbox/requests").json() == {"requests": [], "totals": {}, "count": 0}


def test_equal_states_are_told_in_equal_bytes(campus, caller_for):
    def told(order):
        state = SandboxState(now=campus.due)
        course = state.add_course("Botany")
        ana, bao = state.add_user("Ana Oliveira"), state.add_user("Bao Nguyen")
        quiz = state.add_quiz(course, "Ferns", time_limit=30)
        for user in (ana, bao):
            state.enroll(user, course)
        caller = caller_for(state, state.admin)
        for names in order:
            caller.extend(quiz, {"user_id": ana.id, **dict.fromkeys(names, 5)})
        caller.post(f"/courses/{course.id}/quizzes/{quiz.id}/submissions?as_user_id={bao.id}")
        return caller.get("/_sandbox/state").content

    assert told([("extra_time", "extra_attempts")]) == told([("extra_attempts",), ("extra_time",)])
    assert told([("extra_time",)]) != told([("extra_attempts",)])


def test_the_state_holds_every_table_but_tokens(state, admin, campus):
    told = admin.get("/_sandbox/state").json()
    assert set(told["tables"]) == set(state.tables) - {"tokens"}
    assert [one["name"] for one in told["tables"]["courses"]] == ["Cell Biology"]
    assert admin.session.headers["Authorization"].split()[1] not in admin.get("/_sandbox/state").text


def test_reading_changes_nothing(state, admin, campus):
    state.add_override(campus.essay, students=[campus.ana], due_at=campus.due)
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=5)
    course, before = f"/courses/{campus.course.id}", admin.get("/_sandbox/state").content
    paths = [
        "",
        "/assignments",
        "/quizzes",
        "/sections",
        "/users",
        "/enrollments",
        "/students/submissions?student_ids[]=all",
    ]
    paths += [f"/quizzes/{campus.quiz.id}/submissions", f"/assignments/{campus.essay.id}/overrides"]
    paths += [f"/assignments/{campus.essay.id}/submissions", "/assignments?include[]=all_dates&include[]=submission"]
    assert {admin.get(course + path).status_code for path in paths} == {200}
    assert admin.get("/_sandbox/state").content == before


def test_contract_13_every_point_has_a_switch_with_the_contracts_default(admin):
    assert (
        admin.get("/_sandbox/switches").json().items()
        >= {
            "not_allowed_status": 403,
            "throttle_status": 403,
            "adhoc_wins": True,
            "extension_reads": False,
            "new_quiz_accommodation_reads": False,
            "new_quiz_mode": "set",
            "override_list_paginated": True,
            "rest_edit_lengthens_running_attempts": False,
            "batch_update_keeps_removals": True,
            "sis_assignment_ids_in_paths": True,
            "date_details_present": True,
            "date_details_refusal_status": 422,
            "locked_and_closed_accept_overrides": True,
            "grading_period_ids": "text",
            "unparsable_quiz_base_date": "cleared",
            "checkpointed_override": "stored_on_parent",
            "enrollment_error_status": 403,
        }.items()
    )


def test_contract_13_switches_are_turned_by_name(state, admin):
    shown = admin.post("/_sandbox/switches", {"override_list_paginated": False, "throttle_status": 429}).json()
    assert (shown["override_list_paginated"], shown["throttle_status"]) == (False, 429)
    assert (state.switches.override_list_paginated, state.switches.throttle_status) == (False, 429)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"nonsense": True}, "unknown switches: nonsense"),
        ({"adhoc_wins": "no"}, "adhoc_wins takes one of true, false"),
        ({"adhoc_wins": 0}, "adhoc_wins takes one of true, false"),
        ({"adhoc_wins": None}, "adhoc_wins takes one of true, false"),
        ({"not_allowed_status": 404}, "not_allowed_status takes one of 403, 401"),
        ({"not_allowed_status": "401"}, "not_allowed_status takes one of 403, 401"),
        ({"new_quiz_mode": "double"}, "new_quiz_mode takes one of set, add, omitted_resets, clamp"),
        ([True], "unknown switches"),
    ],
)
def test_contract_13_a_wrong_switch_or_value_is_refused_and_nothing_is_set(state, admin, wrong, words):
    body = {"extension_reads": True, **wrong} if isinstance(wrong, dict) else wrong
    answer = admin.post("/_sandbox/switches", body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert state.switches == Switches()


def test_a_reset_brings_everything_back_but_the_administrators_token(state, admin, ana, campus):
    state.control.switches.turn({"adhoc_wins": False})
    admin.post("/_sandbox/clock", {"now": "2030-01-01T00:00:00Z"})
    admin.post("/_sandbox/faults", {"kind": "status", "value": 500, "path": "/courses"})
    admin.get("/users/self")
    assert admin.post("/_sandbox/reset").json() == {"reset": True}
    assert (len(state.courses), state.account.id, state.admin.login_id) == (0, 1, "canvas-admin")
    assert (state.now().year, state.switches, state.control.faults, state.control.buckets) == (2026, Switches(), [], {})
    assert admin.get("/_sandbox/requests").json()["count"] == 0
    assert admin.get("/courses/1").status_code == 404
    assert ana.get("/users/self").json()["errors"][0]["message"] == "Invalid access token."


def test_a_reset_gives_the_same_bytes_each_time(admin, campus):
    admin.post("/_sandbox/reset")
    first = admin.get("/_sandbox/state").content
    admin.post("/accounts/self/courses", {"course": {"name": "Botany"}})
    assert admin.get("/_sandbox/state").content != first
    admin.post("/_sandbox/reset")
    assert admin.get("/_sandbox/state").content == first


def test_two_empty_sandboxes_hold_the_same_whenever_they_were_started(caller_for):
    def dumped():
        state = SandboxState()
        admin = caller_for(state, token=state.add_admin_token("first"))
        admin.post("/_sandbox/clock", {"now": "2026-11-02T08:00:00Z"})
        return admin.get("/_sandbox/state").text

    assert dumped() == dumped()


def test_a_revoked_token_does_not_come_back_by_a_reset(state, admin, caller_for):
    other = caller_for(state, state.admin)
    state.revoke_token(admin.session.headers["Authorization"].split()[1])
    other.post("/_sandbox/reset")
    assert (other.get("/users/self").status_code, admin.get("/users/self").status_code) == (200, 401)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/_sandbox/nonsense"), ("GET", "/_sandbox"), ("PUT", "/_sandbox/clock"), ("GET", "/_sandbox/reset")],
)
def test_unknown_control_paths_are_not_found(admin, method, path):
    assert admin(method, path).status_code == 404


@pytest.mark.parametrize("path", ["tokens", "clock", "faults", "switches", "act"])
def test_control_that_cannot_be_read_is_a_bad_request(admin, path):
    answer = admin("POST", f"/_sandbox/{path}", data="{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


def test_control_costs_nothing_and_needs_no_token(state, campus, caller_for):
    nobody = caller_for(state)
    assert nobody.get("/_sandbox/requests").json()["count"] == 0
    assert state.control.buckets == {}


def test_the_adapter_starts_from_the_clock_that_it_found(campus, caller_for):
    state = SandboxState(now=campus.due)
    SandboxAdapter(state)
    caller = caller_for(state, state.admin)
    caller.post("/_sandbox/clock", {"now": None})
    caller.post("/_sandbox/reset")
    assert state.now() == campus.due
