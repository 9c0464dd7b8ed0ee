"""Disturbances on demand (faults F11 to F13): what a caller sees in process; over a socket see test_serving.py."""

import pytest
import requests

from canvas_bridge.sandbox.adapter import SandboxAdapter


def fault(admin, **values):
    answer = admin.post("/_sandbox/faults", {"count": 1, **values})
    assert answer.status_code == 200
    return answer


def extend(admin, campus, **options):
    body = {"quiz_extensions": [{"user_id": campus.ana.id, "extra_time": 5}]}
    return admin.post(f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/extensions", body, **options)


def is_extended(state, campus):
    row = state.quiz_submissions.first("quiz_user", (campus.quiz.id, campus.ana.id))
    return row is not None and row.extra_time == 5


@pytest.mark.parametrize(("kind", "was_carried_out"), [("drop_before", False), ("drop_after", True)])
def test_f11_a_connection_is_lost_before_or_after_the_write(state, admin, campus, kind, was_carried_out):
    fault(admin, kind=kind, method="POST", path="/extensions$")
    assert admin.get("/users/self").status_code == 200
    with pytest.raises(requests.ConnectionError):
        extend(admin, campus)
    assert is_extended(state, campus) is was_carried_out
    assert extend(admin, campus).status_code == 200


def test_f11_a_late_answer_is_a_time_out_though_the_write_happened(state, admin, campus):
    fault(admin, kind="latency", value=31)
    with pytest.raises(requests.ReadTimeout):
        extend(admin, campus, timeout=(5, 30))
    assert is_extended(state, campus)


def test_f11_a_late_and_lost_answer_is_first_of_all_late(admin):
    admin.post("/_sandbox/faults", [{"kind": "latency", "value": 31}, {"kind": "drop_after"}])
    with pytest.raises(requests.ReadTimeout):
        admin.get("/users/self", timeout=30)
    with pytest.raises(requests.ConnectionError):
        admin.get("/users/self", timeout=60)


def test_f11_a_body_that_is_cut_off_cannot_be_read(admin):
    fault(admin, kind="truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        admin.get("/users/self")


def test_f11_a_dripping_body_takes_its_time_for_each_byte(state, admin):
    fault(admin, kind="drip", value=0.5)
    waited = []
    session = requests.Session()
    session.mount("http://canvas.test", SandboxAdapter(state, sleep=waited.append))
    answer = session.get("http://canvas.test/api/v1/users/self", headers=admin.session.headers, timeout=30)
    assert answer.json()["id"] == 1
    assert sum(waited) == pytest.approx(0.5 * len(answer.content))


@pytest.mark.parametrize(
    ("value", "status", "body", "content_type"),
    [
        (500, 500, "", "application/json; charset=utf-8"),
        ({"code": 503, "body": {"errors": []}}, 503, '{"errors": []}', "application/json; charset=utf-8"),
        (
            {"code": 200, "body": "<p>Maintenance</p>", "content_type": "text/html"},
            200,
            "<p>Maintenance</p>",
            "text/html",
        ),
        ([504, "Time-out", "text/plain"], 504, "Time-out", "text/plain"),
        ({"status": 502, "body": ""}, 502, "", "application/json; charset=utf-8"),
    ],
)
def test_f12_any_status_and_body_can_be_answered_in_place_of_carrying_out(
    state, admin, campus, value, status, body, content_type
):
    fault(admin, kind="status", value=value)
    answer = extend(admin, campus)
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (status, body, content_type)
    assert not is_extended(state, campus)
    assert extend(admin, campus).status_code == 200


def test_f12_a_gateway_may_fail_after_canvas_has_acted(state, admin, campus):
    fault(admin, kind="status", value={"code": 502, "carried_out": True})
    assert (extend(admin, campus).status_code, is_extended(state, campus)) == (502, True)


def test_the_log_tells_who_sent_what_was_not_carried_out_and_that_it_has_no_status(admin):
    for kind in ("throttle", "drop_before", "drop_after"):
        fault(admin, kind=kind)
    assert admin.get("/users/self").status_code == 403
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            admin.get("/users/self")
    log = admin.get("/_sandbox/requests").json()["requests"]
    assert [(one["status"], one["caller"], one["fault"]) for one in log] == [
        (403, 1, "throttle"),
        (0, 1, "drop_before"),
        (200, 1, "drop_after"),
    ]


def test_f13_throttling_executes_nothing(state, admin, campus):
    fault(admin, kind="throttle")
    answer = extend(admin, campus)
    assert (answer.status_code, "Rate Limit Exceeded" in answer.text) == (403, True)
    assert float(answer.headers["X-Rate-Limit-Remaining"]) <= 0
    assert not is_extended(state, campus)
    assert extend(admin, campus).status_code == 200


def test_f13_a_level_is_set_once_unless_counted(state, admin):
    admin.post("/_sandbox/faults", {"kind": "throttle_level", "value": 500})
    first, second = (float(admin.get("/users/self").headers["X-Rate-Limit-Remaining"]) for _ in range(2))
    assert 99 < first <= 100.5
    assert state.control.faults == []
    admin.post("/_sandbox/faults", {"kind": "throttle_level", "value": 0, "count": 2})
    assert [admin.get("/users/self").status_code for _ in range(2)] == [200, 200]
    assert second < 101


@pytest.mark.parametrize(
    ("values", "method", "path", "is_met"),
    [
        ({}, "GET", "/users/self", True),
        ({"method": "get"}, "GET", "/users/self", True),
        ({"method": "POST"}, "GET", "/users/self", False),
        ({"path": "/users/\\w+$"}, "GET", "/users/self?include[]=uuid", True),
        ({"path": r"include\[\]=uuid"}, "GET", "/users/self?include[]=uuid", True),
        ({"path": "/courses"}, "GET", "/users/self", False),
        ({"path": "^/api/v1/users"}, "GET", "/users/self", True),
    ],
)
def test_a_fault_meets_the_requests_that_it_names(admin, values, method, path, is_met):
    fault(admin, kind="status", value=500, **values)
    assert (admin(method, path).status_code == 500) is is_met


def test_faults_count_down_in_order_and_can_be_cleared(admin):
    admin.post("/_sandbox/faults", [{"kind": "status", "value": 503, "count": 2}, {"kind": "status", "value": 500}])
    assert [admin.get("/users/self").status_code for _ in range(4)] == [503, 503, 500, 500]
    assert admin.get("/_sandbox/faults").json()["faults"] == [
        {"kind": "status", "method": None, "path": None, "count": None, "value": 500}
    ]
    assert admin.delete("/_sandbox/faults").json() == {"faults": []}
    assert admin.get("/users/self").status_code == 200
    assert admin.get("/_sandbox/requests").json()["requests"][0]["fault"] == "status"


def test_faults_of_other_kinds_meet_the_same_request(admin):
    admin.post("/_sandbox/faults", [{"kind": "latency", "value": 1}, {"kind": "status", "value": 500, "count": 1}])
    assert [admin.get("/users/self").status_code for _ in range(2)] == [500, 200]
    logged = admin.get("/_sandbox/requests").json()["requests"]
    assert [one["fault"] for one in logged] == ["latency, status", "latency"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "earthquake"}, "kind must be one of"),
        ("latency", "kind must be one of"),
        ({"kind": "status", "value": 500, "when": 1}, "unknown keys: when"),
        ({"kind": "status"}, "the code of status"),
        ({"kind": "status", "value": "500"}, "the code of status"),
        ({"kind": "status", "value": 99}, "the code of status"),
        ({"kind": "status", "value": {"code": 500, "why": 1}}, "unknown keys in value: why"),
        ({"kind": "status", "value": {"code": 500, "content_type": 5}}, "content_type must be a text"),
        ({"kind": "latency"}, "the value of latency"),
        ({"kind": "latency", "value": -1}, "the value of latency"),
        ({"kind": "latency", "value": {"seconds": "1"}}, "the value of latency"),
        ({"kind": "drip", "value": True}, "the value of drip"),
        ({"kind": "throttle_level", "value": "full"}, "the value of throttle_level"),
        ({"kind": "throttle", "path": "("}, "path is no regular expression"),
        ({"kind": "throttle", "path": 5}, "path is no regular expression"),
        ({"kind": "throttle", "count": 0}, "count must be"),
        ({"kind": "throttle", "count": "2"}, "count must be"),
        ({"kind": "throttle", "method": 5}, "method must be a text"),
    ],
)
def test_a_wrong_fault_is_refused_with_all_that_came_with_it(state, admin, wrong, words):
    answer = admin.post("/_sandbox/faults", [{"kind": "throttle"}, wrong])
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert state.control.faults == []


def test_faults_do_not_touch_control(admin):
    admin.post("/_sandbox/faults", {"kind": "drop_before"})
    assert admin.get("/_sandbox/faults").status_code == 200
