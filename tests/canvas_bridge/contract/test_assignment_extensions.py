"""Section 5 of the contract, row by row: extra attempts on assignments."""

import pytest

WRONG_TYPE = (
    "Extra attempts can only be set on submissions for an assignment with a type of online_upload, online_url, "
    "or online_text_entry"
)
FORMAT = ":assignment_extensions must be in this format: { user_id: 1, extra_attempts: 2 }"
NEGATIVE = "Extra attempts must be greater than or equal to 0"
NOT_A_NUMBER = "Extra attempts is not a number"


def path_of(campus, assignment=None):
    return f"/courses/{campus.course.id}/assignments/{(assignment or campus.essay).id}/extensions"


def extend(caller, campus, *elements, assignment=None):
    return caller.post(path_of(campus, assignment), {"assignment_extensions": list(elements)})


def by_user(answer):
    return {row["user_id"]: row["extra_attempts"] for row in answer.json()["assignment_extensions"]}


def test_contract_5_1_the_answer_holds_user_and_attempts_alone(admin, campus):
    answer = extend(admin, campus, {"user_id": campus.ana.id, "extra_attempts": 2})
    expected = {"assignment_extensions": [{"user_id": campus.ana.id, "extra_attempts": 2}]}
    assert (answer.status_code, answer.json()) == (200, expected)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"assignment_extensions": None},
        {"assignment_extensions": "x"},
        {"assignment_extensions": {"0": {"user_id": 1, "extra_attempts": 1}}},
    ],
)
def test_contract_5_1_what_is_absent_or_no_list_is_refused(admin, campus, body):
    answer = admin.post(path_of(campus), body)
    expected = {"status": "bad_request", "message": "missing required key :assignment_extensions"}
    assert (answer.status_code, answer.json()) == (400, expected)


@pytest.mark.parametrize("element", [{"user_id": 1}, {"extra_attempts": 1}, {}, "x"])
def test_contract_5_1_both_keys_are_required_in_every_element(state, admin, campus, element):
    answer = extend(admin, campus, {"user_id": campus.ana.id, "extra_attempts": 2}, element)
    assert (answer.status_code, answer.json()) == (400, {"status": "bad_request", "message": FORMAT})
    assert len(state.submissions) == 0


# (value sent, value stored before, value answered)
VALUES = [(0, 3, 0), (None, 3, None), (5, 3, 5), ("4", None, 4), (5000, None, 5000), (2.9, None, 2), ("", 3, None)]


@pytest.mark.parametrize(("sent", "stored", "answered"), VALUES)
def test_contract_5_2_values_are_set_without_a_cap_and_null_clears(state, admin, campus, sent, stored, answered):
    state.set_assignment_extension(campus.essay, campus.ana, stored)
    answer = extend(admin, campus, {"user_id": campus.ana.id, "extra_attempts": sent})
    assert (answer.status_code, by_user(answer)) == (200, {campus.ana.id: answered})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1, NEGATIVE),
        ("-3", NEGATIVE),
        ("many", NOT_A_NUMBER),
        ("1abc", NOT_A_NUMBER),
        ([], NOT_A_NUMBER),
        (True, NOT_A_NUMBER),
    ],
)
def test_contract_5_1_one_bad_value_saves_nothing_and_only_the_bad_are_listed(state, admin, campus, value, text):
    answer = extend(
        admin,
        campus,
        {"user_id": campus.ana.id, "extra_attempts": 2},
        {"user_id": campus.bao.id, "extra_attempts": value},
    )
    expected = {"errors": [{"user_id": campus.bao.id, "errors": [text]}]}
    assert (answer.status_code, answer.json()) == (400, expected)
    assert all(row.extra_attempts is None for row in state.submissions)


@pytest.mark.parametrize(
    ("types", "status"),
    [
        (["online_upload"], 200),
        (["online_url"], 200),
        (["online_text_entry"], 200),
        (["media_recording", "online_url"], 200),
        (["media_recording"], 400),
        (["on_paper"], 400),
        (["none"], 400),
        (["discussion_topic"], 400),
        (["external_tool"], 400),
        (["online_quiz"], 400),
    ],
)
def test_contract_5_2_only_online_work_can_have_extra_attempts(admin, campus, types, status):
    campus.essay.submission_types = types
    answer = extend(admin, campus, {"user_id": campus.ana.id, "extra_attempts": 1})
    assert answer.status_code == status
    if status == 400:
        assert answer.json() == {"errors": [{"user_id": campus.ana.id, "errors": [WRONG_TYPE]}]}


@pytest.mark.parametrize("name", ["quiz_assignment", "new_quiz"])
def test_contract_5_2_the_type_matters_only_when_the_value_would_change(admin, campus, name):
    assignment = getattr(campus, name)
    unchanged = {"user_id": campus.ana.id, "extra_attempts": None}
    answer = extend(admin, campus, unchanged, assignment=assignment)
    assert (answer.status_code, answer.json()) == (200, {"assignment_extensions": [unchanged]})
    changed = {"user_id": campus.ana.id, "extra_attempts": 1}
    assert extend(admin, campus, changed, assignment=assignment).status_code == 400


@pytest.mark.parametrize("user_id", [999_999, "sis_user_id:S-101", None, "teacher", "not assigned"])
def test_contract_5_1_who_is_unknown_or_not_assigned_is_silently_left_out(state, admin, campus, user_id):
    if user_id == "not assigned":
        state.add_override(campus.essay, students=[campus.bao], unassign_item=True)
        user_id = campus.bao.id
    user_id = campus.teacher.id if user_id == "teacher" else user_id
    known = {"user_id": campus.ana.id, "extra_attempts": 1}
    answer = extend(admin, campus, known, {"user_id": user_id, "extra_attempts": 1})
    assert (answer.status_code, answer.json()) == (200, {"assignment_extensions": [known]})
    alone = extend(admin, campus, {"user_id": user_id, "extra_attempts": -1})
    assert (alone.status_code, alone.json()) == (200, {"assignment_extensions": []})


def test_contract_5_1_of_a_user_named_twice_the_last_element_wins(admin, campus):
    elements = [{"user_id": campus.ana.id, "extra_attempts": value} for value in (4, 1)]
    assert by_user(extend(admin, campus, *elements)) == {campus.ana.id: 1}


def test_contract_5_1_an_empty_list_answers_with_one(admin, campus):
    answer = extend(admin, campus)
    assert (answer.status_code, answer.json()) == (200, {"assignment_extensions": []})


def test_contract_5_1_a_missing_or_deleted_assignment_is_not_found(admin, campus):
    campus.essay.workflow_state = "deleted"
    assert extend(admin, campus).status_code == 404
    assert admin.post(f"/courses/{campus.course.id}/assignments/1/extensions", {}).status_code == 404


@pytest.mark.parametrize("status", [403, 401])
def test_contract_5_1_without_the_right_the_standard_refusal_comes(state, ana, campus, status):
    state.switches.not_allowed_status = status
    answer = extend(ana, campus, {"user_id": campus.ana.id, "extra_attempts": 1})
    expected = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
    assert (answer.status_code, answer.json()) == (status, expected)


def test_contract_5_1_the_assignment_may_be_named_by_its_sis_id(admin, campus):
    campus.essay.sis_assignment_id = "BIO-ESSAY"
    admin.state.assignments.reindex(campus.essay)
    path = f"/courses/{campus.course.id}/assignments/sis_assignment_id:BIO-ESSAY/extensions"
    answer = admin.post(path, {"assignment_extensions": [{"user_id": campus.ana.id, "extra_attempts": 1}]})
    assert by_user(answer) == {campus.ana.id: 1}


@pytest.mark.parametrize(
    ("allowed", "extra", "accepted"), [(2, None, 2), (2, 1, 3), (2, 0, 2), (-1, None, 4), (-1, 3, 4)]
)
def test_contract_5_2_attempts_beyond_allowed_and_extra_are_refused(state, ana, campus, allowed, extra, accepted):
    campus.essay.allowed_attempts, campus.essay.submission_types = allowed, ["online_url"]
    state.set_assignment_extension(campus.essay, campus.ana, extra)
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}/submissions"
    work = {"submission": {"submission_type": "online_url", "url": "https://example.org/1"}}
    answers = [ana.post(path, work) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201] * accepted + [400] * (4 - accepted)
    if accepted < 4:
        errors = answers[-1].json()["errors"]
        message = "you have reached the maximum number of allowed attempts for this assignment"
        assert [entry["message"] for entries in errors.values() for entry in entries] == [message]


def test_contract_5_3_extra_attempts_are_read_back_wherever_submissions_are(admin, ana, campus):
    extend(admin, campus, {"user_id": campus.ana.id, "extra_attempts": 2})
    base = f"/courses/{campus.course.id}"
    one = admin.get(f"{base}/assignments/{campus.essay.id}/submissions/{campus.ana.id}").json()
    all_rows = admin.get(f"{base}/assignments/{campus.essay.id}/submissions").json()
    listed = admin.get(
        f"{base}/students/submissions?student_ids[]={campus.ana.id}&assignment_ids[]={campus.essay.id}"
    ).json()
    included = ana.get(f"{base}/assignments/{campus.essay.id}?include[]=submission").json()["submission"]
    assert [one["extra_attempts"], listed[0]["extra_attempts"], included["extra_attempts"]] == [2, 2, 2]
    never = {row["extra_attempts"] for row in all_rows if row["user_id"] != campus.ana.id}
    assert never == {None}
