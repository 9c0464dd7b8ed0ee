"""Steering the sandbox, disturbances on demand, and instructors' pages (contract 13 and 14.4)."""

from datetime import timedelta

import pytest
import requests


def fault(admin, **values):
    return admin.post("/_sandbox/faults", {"count": 1, **values})


def test_tokens_are_made_for_any_user(admin, campus, caller_for, state):
    token = admin.post("/_sandbox/tokens", {"user_id": campus.ana.id}).json()["token"]
    assert caller_for(state, token=token).get("/users/self").json()["id"] == campus.ana.id
    assert admin.post("/_sandbox/tokens", {"user_id": 5}).status_code == 404


def test_the_clock_can_be_stopped_and_let_go(state, admin):
    answer = admin.post("/_sandbox/clock", {"now": "2027-01-05T08:00:00Z"})
    assert answer.json() == {"now": "2027-01-05T08:00:00Z", "frozen": True}
    assert state.now().year == 2027
    assert admin.post("/_sandbox/clock", {"now": None}).json()["frozen"] is False
    assert admin.post("/_sandbox/clock", {"now": "soon"}).status_code == 400


def test_every_request_is_logged_in_order_with_totals(admin, campus):
    admin.get("/users/self")
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5})
    admin.get("/courses/5")
    log = admin.get("/_sandbox/requests").json()
    shown = [(one["method"], one["status"], one["caller_id"]) for one in log["requests"]]
    assert shown == [("GET", 200, 1), ("POST", 200, 1), ("GET", 404, 1)]
    assert log["requests"][1]["endpoint"] == "POST /api/v1/courses/:course_id/quizzes/:quiz_id/extensions"
    assert str(campus.ana.id) in log["requests"][1]["body"]
    assert (log["count"], log["totals"]["GET /api/v1/users/:user_id"]) == (3, 1)
    admin.delete("/_sandbox/requests")
    assert admin.get("/_sandbox/requests").json()["count"] == 0


def test_the_state_can_be_read_without_tokens(admin, campus):
    dumped = admin.get("/_sandbox/state").json()
    assert [one["name"] for one in dumped["tables"]["courses"]] == ["Cell Biology"]
    assert "tokens" not in dumped["tables"]


def test_switches_are_turned_by_name(state, admin):
    shown = admin.post("/_sandbox/switches", {"override_list_paginated": False, "throttle_status": 429}).json()
    assert (shown["override_list_paginated"], shown["throttle_status"]) == (False, 429)
    assert (state.switches.override_list_paginated, state.switches.throttle_status) == (False, 429)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"nonsense": True}, "unknown switches: nonsense"),
        ({"adhoc_wins": "no"}, "adhoc_wins takes one of true, false"),
        ({"adhoc_wins": 0}, "adhoc_wins takes one of true, false"),
        ({"not_allowed_status": 404}, "not_allowed_status takes one of 403, 401"),
        ({"not_allowed_status": "401"}, "not_allowed_status takes one of 403, 401"),
        ({"new_quiz_mode": "double"}, "new_quiz_mode takes one of set, add, omitted_resets, clamp"),
        ([True], "unknown switches"),
    ],
)
def test_c13_a_wrong_switch_or_value_is_refused_and_nothing_is_set(state, admin, wrong, words):
    body = {"extension_reads": True, **wrong} if isinstance(wrong, dict) else wrong
    answer = admin.post("/_sandbox/switches", body)
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert state.switches == type(state.switches)()


def test_a_reset_empties_everything_but_the_administrator(state, admin, campus):
    assert admin.post("/_sandbox/reset").json() == {"reset": True}
    assert (len(state.courses), state.admin.login_id) == (0, "canvas-admin")


def test_unknown_control_paths_are_not_found(admin):
    assert admin.get("/_sandbox/nonsense").status_code == 404
    assert admin.post("/_sandbox/act", {"act": "nonsense"}).status_code == 400


@pytest.mark.parametrize(("kind", "was_carried_out"), [("drop_before", False), ("drop_after", True)])
def test_f11_a_connection_is_lost_before_or_after_the_write(state, admin, campus, kind, was_carried_out):
    fault(admin, kind=kind, method="POST", path="/extensions$")
    assert admin.get("/users/self").status_code == 200
    with pytest.raises(requests.ConnectionError):
        admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5})
    row = state.quiz_submissions.first("quiz_user", (campus.quiz.id, campus.ana.id))
    assert (row is not None) is was_carried_out
    assert admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}).status_code == 200


def test_f11_a_late_answer_is_a_time_out_though_the_write_happened(state, admin, campus):
    fault(admin, kind="latency", value=31)
    body = {"quiz_extensions": [{"user_id": campus.ana.id, "extra_time": 5}]}
    with pytest.raises(requests.ReadTimeout):
        admin.post(f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/extensions", body, timeout=(5, 30))
    assert state.quiz_submissions.first("quiz_user", (campus.quiz.id, campus.ana.id)).extra_time == 5


def test_f11_a_body_that_is_cut_off_cannot_be_read(admin):
    fault(admin, kind="truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        admin.get("/users/self")


def test_f12_any_status_and_body_can_be_answered(admin):
    value = {"code": 200, "body": "<html>maintenance</html>", "content_type": "text/html"}
    fault(admin, kind="status", value=value)
    answer = admin.get("/users/self")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")
    fault(admin, kind="status", value={"code": 503, "body": {"errors": []}})
    assert (admin.get("/users/self").status_code, admin.get("/users/self").status_code) == (503, 200)


def test_f13_throttling_executes_nothing(state, admin, campus):
    fault(admin, kind="throttle")
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5})
    assert (answer.status_code, "Rate Limit Exceeded" in answer.text) == (403, True)
    assert len(state.quiz_submissions) == 0


def test_faults_count_down_and_can_be_cleared(admin):
    answer = admin.post("/_sandbox/faults", [{"kind": "status", "value": 500}, {"kind": "throttle", "count": 2}])
    assert len(answer.json()["faults"]) == 2
    assert [admin.get("/users/self").status_code for _ in range(2)] == [500, 500]
    admin.delete("/_sandbox/faults")
    assert admin.get("/users/self").status_code == 200
    assert admin.get("/_sandbox/requests").json()["requests"][0]["fault"] == "status"
    assert admin.post("/_sandbox/faults", {"kind": "earthquake"}).status_code == 400
    assert admin.post("/_sandbox/faults", {"kind": "status", "when": 1}).status_code == 400


def save_page(admin, campus, **more):
    body = {"act": "save_assignment_page", "assignment_id": campus.essay.id, **more}
    return admin.post("/_sandbox/act", body).json()["overrides"]


def test_c14_4_saving_the_page_fills_dates_with_none_and_counts_titles(state, admin, campus):
    ours = state.add_override(campus.essay, students=[campus.ana], title="Plan A7", due_at=campus.due)
    saved = save_page(admin, campus, due_at="2026-12-02T17:00:00Z")
    assert saved[0]["id"] == ours.id
    assert (saved[0]["lock_at"], saved[0]["unlock_at"], saved[0]["title"]) == (None, None, "1 student")
    assert campus.essay.due_at.day == 2


def test_c14_4_saving_the_page_may_renew_ids_merge_equal_dates_and_drop_the_unknown(state, admin, campus):
    first, second, third = (
        state.add_override(campus.essay, students=[one], due_at=campus.due)
        for one in (campus.ana, campus.bao, campus.chidi)
    )
    saved = save_page(admin, campus, renew_ids=True, merge_equal_dates=True, known_override_ids=[first.id, second.id])
    assert [(one["student_ids"], one["title"]) for one in saved] == [([campus.ana.id, campus.bao.id], "2 students")]
    assert saved[0]["id"] not in (first.id, second.id)
    assert third.workflow_state == "deleted"


def test_c3_3_the_web_form_lengthens_running_attempts_without_extra_time(state, admin, campus):
    campus.quiz_assignment.lock_at = None
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=30)
    extended, plain = (state.start_attempt(campus.quiz, one) for one in (campus.ana, campus.bao))
    admin.post("/_sandbox/act", {"act": "change_time_limit", "quiz_id": campus.quiz.id, "time_limit": 75})
    assert plain.end_at - plain.started_at == timedelta(minutes=75)
    assert extended.end_at - extended.started_at == timedelta(minutes=90)


def test_tokens_can_be_revoked_and_attempts_started_by_acts(admin, ana, campus):
    started = admin.post("/_sandbox/act", {"act": "start_attempt", "quiz_id": campus.quiz.id, "user_id": campus.ana.id})
    assert started.json()["end_at"] is not None
    admin.post("/_sandbox/act", {"act": "revoke_tokens", "user_id": campus.ana.id})
    assert ana.get("/users/self").json()["errors"][0]["message"] == "Revoked access token."
