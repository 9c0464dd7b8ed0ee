"""Encodings, refusals, paging, rate limit, ids and times: section 1 of the contract."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from canvas_bridge.sandbox.http.parsing import UnreadableBody, list_or_numbered_map, nested, parse_body
from canvas_bridge.sandbox.rules.midnight import all_day_marks, moved_off_midnight
from canvas_bridge.sandbox.shapes.times import leading_integer, read_time, ruby_inspect, shown


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
    ],
)
def test_c1_1_bracket_names_are_read_as_rails_reads_them(pairs, expected):
    assert nested(pairs) == expected


def test_c1_1_a_bare_json_list_and_a_multipart_body_are_read():
    assert parse_body("application/json", b"[1]") == {"_json": [1]}
    body = b'--x\r\nContent-Disposition: form-data; name="a[b]"\r\n\r\nhello\r\n--x--\r\n'
    assert parse_body("multipart/form-data; boundary=x", body) == {"a": {"b": "hello"}}


def test_c1_1_json_that_cannot_be_read_is_refused(admin):
    with pytest.raises(UnreadableBody):
        parse_body("application/json", b"{")
    answer = admin("POST", "/courses/1/quiz_extensions", data="{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"0": "a", "1": "b"}, ["a", "b"]), ({"1": "a"}, {"1": "a"}), ({"a": 1}, {"a": 1}), ([1], [1])],
)
def test_c1_1_a_map_with_consecutive_numbers_counts_as_a_list(value, expected):
    assert list_or_numbered_map(value) == expected


def test_c1_1_ids_are_texts_for_callers_that_ask_for_them(state, admin, campus):
    state.add_override(campus.essay, students=[campus.ana])
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}?include[]=overrides"
    shown = admin.get(path, headers={"Accept": "application/json+canvas-string-ids"}).json()
    assert (shown["id"], shown["course_id"]) == (str(campus.essay.id), str(campus.course.id))
    assert shown["overrides"][0]["student_ids"] == [str(campus.ana.id)]
    assert shown["position"] == campus.essay.position


def test_c10_7_8_a_jsonapi_caller_gets_no_body_back_from_a_quiz_update(admin, campus):
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}"
    answer = admin.put(path, {"quiz": {"time_limit": 70}}, headers={"Accept": "application/vnd.api+json"})
    assert (answer.status_code, answer.content, campus.quiz.time_limit) == (204, b"", 70)


def test_c1_2_without_credentials_the_answer_names_the_realm(state, caller_for):
    answer = caller_for(state).get("/users/self")
    assert answer.status_code == 401
    assert answer.json() == {"status": "unauthenticated", "errors": [{"message": "user authorization required"}]}
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="canvas-lms"'


def test_c1_2_unknown_revoked_and_expired_tokens_have_words_of_their_own(state, caller_for):
    state.add_token(state.admin, "revoked", is_revoked=True)
    state.add_token(state.admin, "expired", expires_at=state.now() - timedelta(days=1))
    answers = {name: caller_for(state, token=name).get("/users/self") for name in ("unknown", "revoked", "expired")}
    assert {answer.status_code for answer in answers.values()} == {401}
    messages = {name: answer.json()["errors"][0]["message"] for name, answer in answers.items()}
    assert messages == {
        "unknown": "Invalid access token.",
        "revoked": "Revoked access token.",
        "expired": "Expired access token.",
    }
    assert "status" not in answers["unknown"].json()


def test_c1_2_the_header_wins_over_the_parameter(state, admin, caller_for):
    assert admin.get("/users/self?access_token=wrong").status_code == 200
    state.add_token(state.admin, "in-the-query")
    assert caller_for(state).get("/users/self?access_token=in-the-query").status_code == 200


def test_c1_2_a_known_caller_without_the_right_gets_403_or_by_switch_401(state, ana, campus):
    answer = ana.post(campus.overrides, {"assignment_override": {}})
    assert (answer.status_code, answer.json()["status"]) == (403, "unauthorized")
    state.switches.not_allowed_status = 401
    assert ana.post(campus.overrides, {"assignment_override": {}}).status_code == 401


def test_c1_2_a_token_without_the_scope_is_refused(state, campus, caller_for):
    state.add_token(state.admin, "narrow", scopes=["url:GET|/api/v1/courses/:course_id"])
    caller = caller_for(state, token="narrow")
    assert caller.get(f"/courses/{campus.course.id}").status_code == 200
    refused = caller.get("/users/self")
    assert refused.json() == {"errors": [{"message": "Insufficient scopes on access token."}]}


def test_c1_2_a_course_that_may_not_be_seen_is_not_allowed_and_an_unknown_one_not_found(state, campus, caller_for):
    stranger = caller_for(state, state.add_user("Sefa Tuiasosopo"))
    assert stranger.get(f"/courses/{campus.course.id}").status_code == 403
    unknown = stranger.get("/courses/999999")
    assert unknown.status_code == 404
    assert unknown.json() == {"errors": [{"message": "The specified resource does not exist."}]}


def test_c1_2_acting_for_someone_needs_an_administrator(admin, ana, campus):
    assert admin.get(f"/users/self?as_user_id={campus.ana.id}").json()["name"] == "Ana Oliveira"
    refused = ana.get(f"/users/self?as_user_id={campus.bao.id}")
    assert (refused.status_code, refused.json()) == (401, {"errors": "Invalid as_user_id"})


def test_c1_4_pages_are_followed_by_links_in_order(state, admin):
    for number in range(25):
        state.add_course(f"Course {number:02}")
    answer = admin.get("/accounts/self/courses?per_page=10&page=2&include[]=term&access_token=x")
    rels = re.findall(r'rel="(\w+)"', answer.headers["Link"])
    assert rels == ["current", "next", "prev", "first", "last"]
    assert "access_token" not in answer.headers["Link"]
    assert answer.links["next"]["url"].endswith("include%5B%5D=term&page=3&per_page=10")
    assert [len(admin.get(f"/accounts/self/courses?page={page}").json()) for page in (1, 3, 4)] == [10, 5, 0]


@pytest.mark.parametrize(("per_page", "size"), [("200", 100), ("0", 1), ("-4", 1), ("many", 1), (None, 10)])
def test_c1_4_per_page_is_clamped_silently(state, admin, per_page, size):
    for number in range(101):
        state.add_course(f"Course {number:03}")
    query = "" if per_page is None else f"?per_page={per_page}"
    assert len(admin.get(f"/accounts/self/courses{query}").json()) == size


@pytest.mark.parametrize("page", ["0", "x", "-1"])
def test_c1_4_a_nonsense_page_is_not_found(admin, page):
    assert admin.get(f"/accounts/self/courses?page={page}").status_code == 404


def test_c1_4_enrollments_are_paged_by_bookmarks_without_a_last_page(admin, campus):
    answer = admin.get(f"/courses/{campus.course.id}/enrollments?per_page=1")
    seen = [answer.json()[0]["user_id"]]
    while "next" in answer.links:
        assert {"last", "prev"}.isdisjoint(answer.links)
        assert "page=bookmark%3A" in answer.links["next"]["url"]
        answer = admin.get(answer.links["next"]["url"].removeprefix("http://canvas.test"))
        seen += [row["user_id"] for row in answer.json()]
    assert seen == [campus.bao.id, campus.chidi.id, campus.ana.id, campus.teacher.id]


def test_c1_5_every_answer_tells_its_cost_and_what_remains(admin):
    answer = admin.get("/users/self")
    assert float(answer.headers["X-Request-Cost"]) > 0
    assert 590 < float(answer.headers["X-Rate-Limit-Remaining"]) <= 600


def test_c1_5_a_full_bucket_refuses_in_plain_text_and_only_its_own_token(state, admin, ana, campus):
    admin.post("/_sandbox/faults", {"kind": "throttle_level", "value": 700, "count": 1})
    refused = admin.get("/users/self")
    assert refused.status_code == 403
    assert refused.text == "403 Forbidden (Rate Limit Exceeded)\n"
    assert refused.headers["Content-Type"].startswith("text/plain")
    assert float(refused.headers["X-Rate-Limit-Remaining"]) < 0
    assert "X-Request-Cost" not in refused.headers
    assert ana.get("/users/self").status_code == 200
    state.switches.throttle_status = 429
    assert admin.get("/users/self").status_code == 429


@pytest.mark.parametrize(
    "path",
    [
        "/users/sis_user_id:S-100",
        "/users/sis_login_id:ana.oliveira",
        f"/users/hex:sis_user_id:{b'S-100'.hex()}",
    ],
)
def test_c1_6_people_are_found_by_sis_id_and_login_in_any_case(admin, campus, path):
    assert admin.get(path).json()["id"] == campus.ana.id


def test_c1_6_courses_sections_and_terms_are_found_by_sis_id(admin, campus):
    assert admin.get("/courses/sis_course_id:BIO-201-F26").json()["id"] == campus.course.id
    assert admin.get("/sections/sis_section_id:BIO-E").json()["id"] == campus.evening.id
    assert admin.get("/accounts/self/terms/default").json()["name"] == "Default Term"


@pytest.mark.parametrize("path", ["/courses/abc", "/users/1.5", "/users/sis_user_id:none", "/sections/9x"])
def test_c1_6_an_id_that_cannot_be_read_is_not_found(admin, path):
    assert admin.get(path).status_code == 404


def test_c1_6_a_trailing_json_on_the_path_is_accepted(admin, campus):
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
def test_c1_7_midnight_in_the_callers_zone_moves_to_the_end_of_that_day(zone, sent, kept):
    assert shown(moved_off_midnight(read_time(sent, zone), zone)) == kept


@pytest.mark.parametrize(("second", "all_day"), [(0, True), (59, True)])
def test_c1_7_a_due_date_at_23_59_is_all_day(second, all_day):
    at = datetime(2026, 3, 2, 4, 59, second, tzinfo=UTC)
    marks = all_day_marks(at, "America/New_York")
    assert marks == (all_day, datetime(2026, 3, 1, tzinfo=UTC).date())
    assert all_day_marks(at, "UTC")[0] is False
    assert all_day_marks(None, "UTC") == (False, None)


def test_c1_7_unlock_is_never_moved_and_the_zone_is_the_callers_own(state, campus, caller_for):
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
def test_c0_values_are_printed_as_ruby_prints_a_literal(value, literal):
    assert ruby_inspect(value) == literal


@pytest.mark.parametrize(("value", "number"), [("12abc", 12), (12.7, 12), ("", 0), ("x", 0), ("-5", -5), (True, 1)])
def test_c3_2_numbers_are_read_as_ruby_reads_them(value, number):
    assert leading_integer(value) == number
