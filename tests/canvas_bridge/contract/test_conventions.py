"""Encodings, ids and times: sections 1.1, 1.6 and 1.7 of the contract, and Ruby's literals of section 0."""

from datetime import UTC, datetime

import pytest

from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.http.parsing import UnreadableBody, list_or_numbered_map, nested, parse_body
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.rules.midnight import all_day_marks, moved_off_midnight
from canvas_bridge.sandbox.shapes.times import leading_integer, read_time, ruby_inspect, shown

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("a", "1")], {"a": "1"}),
        ([("a[b]", "1"), ("a[c]", "2")], {"a": {"b": "1", "c": "2"}}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[]", "")], {"a": [""]}),
        ([("a[][b]", "1"), ("a[][c]", "2")], {"a": [{"b": "1", "c": "2"}]}),
        ([("a[][b]", "1"), ("a[][b]", "2")], {"a": [{"b": "1"}, {"b": "2"}]}),
        ([("a[][b][]", "1"), ("a[][b][]", "2")], {"a": [{"b": ["1", "2"]}]}),
        ([("a[0][b]", "1")], {"a": {"0": {"b": "1"}}}),
        (
            [("a[][b][c]", "1"), ("a[][b][d]", "2"), ("a[][b][c]", "3")],
            {"a": [{"b": {"c": "1", "d": "2"}}, {"b": {"c": "3"}}]},
        ),
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[b]", "")], {"a": {"b": ""}}),
        ([("", "1"), ("[]", "2")], {}),
    ],
)
def test_contract_1_1_bracket_names_are_read_as_rails_reads_them(pairs, expected):
    assert nested(pairs) == expected


def test_contract_1_1_a_bare_json_list_and_a_multipart_body_are_read():
    assert parse_body("application/json", b"[1]") == {"_json": [1]}
    body = b'--x\r\nContent-Disposition: form-data; name="a[b]"\r\n\r\nhello\r\n--x--\r\n'
    assert parse_body("multipart/form-data; boundary=x", body) == {"a": {"b": "hello"}}


def test_contract_1_1_json_that_cannot_be_read_is_refused(admin):
    with pytest.raises(UnreadableBody):
        parse_body("application/json", b"{")
    answer = admin("POST", "/courses/1/quiz_extensions", data="{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"0": "a", "1": "b"}, ["a", "b"]), ({"1": "a"}, {"1": "a"}), ({"a": 1}, {"a": 1}), ([1], [1])],
)
def test_contract_1_1_a_map_with_consecutive_numbers_counts_as_a_list(value, expected):
    assert list_or_numbered_map(value) == expected


def test_contract_1_1_ids_are_texts_for_callers_that_ask_for_them(state, admin, campus):
    state.add_override(campus.essay, students=[campus.ana])
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}?include[]=overrides"
    shown = admin.get(path, headers={"Accept": "application/json+canvas-string-ids"}).json()
    assert (shown["id"], shown["course_id"]) == (str(campus.essay.id), str(campus.course.id))
    assert shown["overrides"][0]["student_ids"] == [str(campus.ana.id)]
    assert shown["position"] == campus.essay.position


def test_contract_10_7_8_a_jsonapi_caller_gets_no_body_back_from_a_quiz_update(admin, campus):
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}"
    answer = admin.put(path, {"quiz": {"time_limit": 70}}, headers={"Accept": "application/vnd.api+json"})
    assert (answer.status_code, answer.content, campus.quiz.time_limit) == (204, b"", 70)


@pytest.mark.parametrize(
    "path",
    [
        "/users/sis_user_id:S-100",
        "/users/sis_login_id:ana.oliveira",
        f"/users/hex:sis_user_id:{b'S-100'.hex()}",
    ],
)
def test_contract_1_6_people_are_found_by_sis_id_and_login_in_any_case(admin, campus, path):
    assert admin.get(path).json()["id"] == campus.ana.id


def test_contract_1_6_courses_sections_and_terms_are_found_by_sis_id(admin, campus):
    assert admin.get("/courses/sis_course_id:BIO-201-F26").json()["id"] == campus.course.id
    assert admin.get("/sections/sis_section_id:BIO-E").json()["id"] == campus.evening.id
    assert admin.get("/accounts/self/terms/default").json()["name"] == "Default Term"


@pytest.mark.parametrize("path", ["/courses/abc", "/users/1.5", "/users/sis_user_id:none", "/sections/9x"])
def test_contract_1_6_an_id_that_cannot_be_read_is_not_found(admin, path):
    assert admin.get(path).status_code == 404


def test_contract_1_6_a_trailing_json_on_the_path_is_accepted(admin, campus):
    assert admin.get(f"/courses/{campus.course.id}.json").status_code == 200


@pytest.mark.parametrize(
    ("zone", "sent", "kept"),
    [
        ("America/New_York", "2026-03-02T05:00:00Z", "2026-03-03T04:59:59Z"),
        ("America/New_York", "2026-03-02T05:00:30Z", "2026-03-03T04:59:59Z"),
        ("America/New_York", "2026-03-02T05:01:00Z", "2026-03-02T05:01:00Z"),
        ("America/New_York", "2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"),
        ("UTC", "2026-03-02T00:00:00Z", "2026-03-02T23:59:59Z"),
        ("America/New_York", "2026-03-01", "2026-03-02T04:59:59Z"),
        ("America/New_York", "2026-03-02T23:59:00", "2026-03-03T04:59:00Z"),
    ],
)
def test_contract_1_7_midnight_in_the_callers_zone_moves_to_the_end_of_that_day(zone, sent, kept):
    assert shown(moved_off_midnight(read_time(sent, zone), zone)) == kept


@pytest.mark.parametrize(("second", "all_day"), [(0, True), (59, True)])
def test_contract_1_7_a_due_date_at_23_59_is_all_day(second, all_day):
    at = datetime(2026, 3, 2, 4, 59, second, tzinfo=UTC)
    marks = all_day_marks(at, "America/New_York")
    assert marks == (all_day, datetime(2026, 3, 1, tzinfo=UTC).date())
    assert all_day_marks(at, "UTC")[0] is False
    assert all_day_marks(None, "UTC") == (False, None)


def test_contract_1_7_unlock_is_never_moved_and_the_zone_is_the_callers_own(state, campus, caller_for):
    kolkata = state.add_user("Priya Raman", time_zone="Asia/Kolkata", is_account_admin=True)
    midnight = "2026-11-30T18:30:00Z"
    body = {"student_ids": [campus.ana.id], "due_at": midnight, "unlock_at": midnight, "lock_at": midnight}
    made = caller_for(state, kolkata).post(campus.overrides, {"assignment_override": body}).json()
    assert (made["unlock_at"], made["due_at"], made["lock_at"]) == (
        midnight,
        "2026-12-01T18:29:59Z",
        "2026-12-01T18:29:59Z",
    )
    assert (made["all_day"], made["all_day_date"]) == (True, "2026-12-01")


@pytest.mark.parametrize(
    ("value", "literal"),
    [("a", '"a"'), (5, "5"), ([], "[]"), (["9", 5], '["9", 5]'), (None, "nil"), ({"a": True}, '{"a"=>true}')],
)
def test_contract_0_values_are_printed_as_ruby_prints_a_literal(value, literal):
    assert ruby_inspect(value) == literal


@pytest.mark.parametrize(("value", "number"), [("12abc", 12), (12.7, 12), ("", 0), ("x", 0), ("-5", -5), (True, 1)])
def test_contract_3_2_numbers_are_read_as_ruby_reads_them(value, number):
    assert leading_integer(value) == number


MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="assignment_override[title]"\r\n\r\nPlan\r\n'
    b'--x\r\nContent-Disposition: form-data; name="attachment"; filename="a.txt"\r\n\r\nfile\r\n--x--\r\n'
)


def test_contract_1_1_files_of_a_multipart_body_are_passed_over():
    assert parse_body("multipart/form-data; boundary=x", MULTIPART) == {"assignment_override": {"title": "Plan"}}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (
            "application/x-www-form-urlencoded",
            "assignment_override[student_ids][]={ana}&assignment_override[due_at]={due}",
        ),
        ("application/json", '{{"assignment_override":{{"student_ids":[{ana}],"due_at":"{due}"}}}}'),
        ("application/vnd.api+json", '{{"assignment_override":{{"student_ids":[{ana}],"due_at":"{due}"}}}}'),
        (
            "multipart/form-data; boundary=x",
            '--x\r\nContent-Disposition: form-data; name="assignment_override[student_ids][]"\r\n\r\n{ana}\r\n'
            '--x\r\nContent-Disposition: form-data; name="assignment_override[due_at]"\r\n\r\n{due}\r\n--x--\r\n',
        ),
    ],
)
def test_contract_1_1_every_encoding_says_the_same(admin, campus, content_type, body):
    text = body.format(ana=campus.ana.id, due="2026-12-01T17:00:00Z")
    answer = admin("POST", campus.overrides + ".json", data=text.encode(), headers={"Content-Type": content_type})
    assert answer.status_code == 201
    assert (answer.json()["student_ids"], answer.json()["due_at"]) == ([campus.ana.id], "2026-12-01T17:00:00Z")


BROKEN = {
    "no JSON": ("application/json", b"{"),
    "NaN": ("application/json", b'{"a": NaN}'),
    "lone surrogate": ("application/json", b'{"a": "\\ud800"}'),
    "JSON that is not UTF-8": ("application/json", b'{"a": "\xff"}'),
    "endless depth": ("application/json", b"[" * 100_000),
    "form that is not UTF-8": ("application/x-www-form-urlencoded", b"a=%ff"),
    "form of two minds": ("application/x-www-form-urlencoded", b"a=1&a[b]=2"),
    "form nested too deeply": ("application/x-www-form-urlencoded", b"a" + b"[b]" * 200 + b"=1"),
    "multipart without parts": ("multipart/form-data", b"hello"),
}


@pytest.mark.parametrize("why", BROKEN)
def test_contract_1_1_a_body_that_cannot_be_read_is_a_bad_request(admin, campus, why):
    content_type, body = BROKEN[why]
    answer = admin("POST", campus.overrides, data=body, headers={"Content-Type": content_type})
    assert answer.status_code == 400
    assert answer.json() == {"errors": [{"message": "An error occurred.", "error_code": "bad_request"}]}


@pytest.mark.parametrize("query", ["a=%ff", "a=1&a[b]=2"])
def test_contract_1_1_a_query_that_cannot_be_read_is_a_bad_request(admin, query):
    assert admin.get(f"/users/self?{query}").status_code == 400
    assert admin.session.get(f"http://canvas.test/?{query}").status_code in (200, 400)


def test_contract_1_1_quiz_endpoints_answer_jsonapi_callers_with_ids_as_texts(admin, campus):
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}"
    headers = {"Accept": "application/vnd.api+json"}
    assert str(campus.quiz.id) in admin.get(path, headers=headers).text.replace(" ", "")
    assert f'"id":"{campus.quiz.id}"' in admin.get(path, headers=headers).text
    assert admin.get(f"/courses/{campus.course.id}", headers=headers).json()["id"] == campus.course.id


def test_contract_1_2_an_exception_is_answered_as_canvas_answers_one(admin, campus, state, caplog):
    del state.courses._rows[campus.course.id]
    answer = admin.get(f"/sections/{campus.morning.id}")
    assert answer.status_code == 500
    assert answer.json() == {"errors": [{"message": "An error occurred.", "error_code": "internal_server_error"}]}
    assert "failed" in caplog.text


@pytest.mark.parametrize("path", ["/nothing", "/courses/1/nothing", "/users/self/avatars/1", "/courses"])
def test_contract_1_2_an_unknown_route_is_not_found_with_and_without_a_token(state, admin, caller_for, path):
    for caller in (admin, caller_for(state)):
        answer = caller("PATCH", path)
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (
            404,
            "The specified resource does not exist.",
        )


def test_a_head_request_is_answered_as_a_read_without_its_body(admin, campus):
    answer = admin("HEAD", f"/courses/{campus.course.id}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert admin("HEAD", "/courses/999999").status_code == 404


def test_the_methods_of_a_path_can_be_asked_for(admin, campus):
    answer = admin("OPTIONS", campus.overrides)
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, POST")
    assert admin("OPTIONS", "/nothing").status_code == 404


def test_contract_1_4_addresses_are_absolute_from_the_callers_host_header(state, campus):
    headers = {"host": "learn.example.edu:8443", "authorization": f"Bearer {state.add_admin_token()}"}
    request = Request("GET", f"/api/v1/courses/{campus.course.id}/assignments", "per_page=1", headers, scheme="https")
    answer = SandboxApplication(state).handle(request)
    assert answer.headers["Link"].startswith("<https://learn.example.edu:8443/api/v1/courses/")
    assert b'"html_url":"https://learn.example.edu:8443/courses/' in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/users/hex:sis_user_id:zz",
        "/users/hex:nothing",
        "/users/sis_nothing:S-100",
        "/users/-1",
        "/users/١٢",
        "/users/99999999999999999999999999",
        "/courses/sis_user_id:S-100",
        "/courses/%20",
    ],
)
def test_contract_1_6_what_is_no_form_of_an_id_is_not_found(admin, campus, path):
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize(
    ("sent", "printed"),
    [
        ("2026-12-01T17:00:00.987Z", "2026-12-01T17:00:00Z"),
        ("2026-12-01T17:00:00+02:00", "2026-12-01T15:00:00Z"),
        ("2026-12-01T17:00:00", "2026-12-01T22:00:00Z"),
    ],
)
def test_contract_1_7_times_are_printed_in_utc_with_whole_seconds(admin, campus, sent, printed):
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": sent}}
    assert admin.post(campus.overrides, body).json()["due_at"] == printed


def test_contract_1_7_acting_for_someone_their_zone_is_the_one(state, admin, campus):
    kolkata = state.add_user("Priya Raman", time_zone="Asia/Kolkata", is_account_admin=True)
    body = {"assignment_override": {"student_ids": [campus.ana.id], "due_at": "2026-12-01T17:00:00"}}
    assert admin.post(f"{campus.overrides}?as_user_id={kolkata.id}", body).json()["due_at"] == "2026-12-01T11:30:00Z"
