"""Who calls, and the words of each refusal: section 1.2 of the contract, row by row."""

from datetime import timedelta

import pytest

REALM = 'Bearer realm="canvas-lms"'
NO_CREDENTIALS = {"status": "unauthenticated", "errors": [{"message": "user authorization required"}]}
INVALID = {"errors": [{"message": "Invalid access token."}]}
REVOKED = {"errors": [{"message": "Revoked access token."}]}
EXPIRED = {"errors": [{"message": "Expired access token.", "expired_at": "2026-11-21T15:00:00Z"}]}
TOO_NARROW = {"errors": [{"message": "Insufficient scopes on access token."}]}
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}
NO_SUCH_USER = {"errors": "Invalid as_user_id"}

# Authorization header, query, status, body, WWW-Authenticate
ROWS = {
    "no credentials": (None, "", 401, NO_CREDENTIALS, REALM),
    "another scheme": ("Basic YTpi", "", 401, NO_CREDENTIALS, REALM),
    "an empty token": ("Bearer ", "", 401, NO_CREDENTIALS, REALM),
    "an empty parameter": (None, "access_token=", 401, NO_CREDENTIALS, REALM),
    "an unknown token": ("Bearer nobody", "", 401, INVALID, REALM),
    "a malformed token": ("Bearer a b c", "", 401, INVALID, REALM),
    "an unknown parameter": (None, "access_token=nobody", 401, INVALID, REALM),
    "a token in a map": (None, "access_token[a]=good", 401, INVALID, REALM),
    "the token of a deleted person": ("Bearer ghost", "", 401, INVALID, REALM),
    "a revoked token": ("Bearer revoked", "", 401, REVOKED, REALM),
    "an expired token": ("Bearer expired", "", 401, EXPIRED, REALM),
    "a token without the scope": ("Bearer narrow", "", 401, TOO_NARROW, None),
    "acting for nobody": ("Bearer good", "as_user_id=999999", 401, NO_SUCH_USER, None),
    "acting for an unreadable id": ("Bearer good", "as_user_id=x", 401, NO_SUCH_USER, None),
    "acting without the right": ("Bearer teacher", "as_user_id=1", 401, NO_SUCH_USER, None),
    "the header wins": ("Bearer good", "access_token=nobody", 200, None, None),
    "a bad header wins too": ("Bearer nobody", "access_token=good", 401, INVALID, REALM),
    "the parameter alone": (None, "access_token=good", 200, None, None),
    "the scheme in lower case": ("bearer good", "", 200, None, None),
}


@pytest.fixture
def tokens(state, campus):
    state.add_token(state.admin, "good")
    state.add_token(campus.teacher, "teacher")
    state.add_token(state.admin, "revoked", is_revoked=True)
    state.add_token(state.admin, "expired", expires_at=state.now() - timedelta(days=1))
    state.add_token(state.admin, "narrow", scopes=["url:GET|/api/v1/courses/:course_id"])
    ghost = state.add_user("Wren Halloway")
    ghost.workflow_state = "deleted"
    state.add_token(ghost, "ghost")


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.usefixtures("tokens")
def test_contract_1_2_each_kind_of_credentials_has_its_answer(state, caller_for, row):
    header, query, status, body, realm = ROWS[row]
    headers = {"Authorization": header} if header else {}
    answer = caller_for(state).get(f"/users/self?{query}", headers=headers)
    assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (status, realm)
    assert body is None or answer.json() == body


def test_contract_1_2_a_scope_may_name_the_parts_of_the_address_as_canvas_does(state, campus, caller_for):
    state.add_token(state.admin, "narrow", scopes=["url:GET|/api/v1/courses/:id"])
    narrow = caller_for(state, token="narrow")
    assert narrow.get(f"/courses/{campus.course.id}").status_code == 200
    assert narrow.get(f"/courses/{campus.course.id}/users").json() == TOO_NARROW
    assert narrow.put(f"/courses/{campus.course.id}", {"course": {"name": "Mine"}}).json() == TOO_NARROW


@pytest.mark.usefixtures("tokens")
def test_contract_1_2_a_token_may_come_in_the_body_and_has_the_scopes_named_on_it(state, campus, caller_for):
    path = f"/courses/{campus.course.id}"
    assert caller_for(state, token="narrow").get(path).status_code == 200
    body = {"access_token": "good", "quiz_extensions": [{"user_id": campus.ana.id, "extra_time": 5}]}
    assert caller_for(state).post(f"{path}/quiz_extensions", body).status_code == 200


@pytest.mark.parametrize("status", [403, 401])
def test_contract_1_2_and_13_1_a_known_caller_without_the_right(state, ana, campus, status):
    state.switches.not_allowed_status = status
    answer = ana.post(campus.overrides, {"assignment_override": {}})
    assert (answer.status_code, answer.json()) == (status, NOT_ALLOWED)
    assert "WWW-Authenticate" not in answer.headers


def test_contract_1_2_a_refusal_of_a_controller_has_its_message_at_the_top(ana, campus):
    answer = ana.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5})
    assert answer.status_code == 403
    assert (answer.json()["status"], "errors" in answer.json()) == ("forbidden", False)
    assert answer.json()["message"]


def test_contract_1_2_a_course_that_may_not_be_seen_is_not_allowed_and_an_unknown_one_not_found(
    state, campus, caller_for
):
    stranger = caller_for(state, state.add_user("Sefa Tuiasosopo"))
    assert stranger.get(f"/courses/{campus.course.id}").json() == NOT_ALLOWED
    campus.course.workflow_state = "deleted"
    for path in (f"/courses/{campus.course.id}", "/courses/999999"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert answer.json() == {"errors": [{"message": "The specified resource does not exist."}]}


@pytest.mark.parametrize("form", ["{id}", "sis_user_id:S-100", "sis_login_id:ANA.OLIVEIRA"])
def test_contract_1_2_an_administrator_may_act_for_someone(admin, campus, form):
    answer = admin.get(f"/users/self?as_user_id={form.format(id=campus.ana.id)}")
    assert answer.json()["name"] == "Ana Oliveira"


def test_contract_1_2_who_is_acted_for_has_the_rights_of_that_person(admin, campus):
    path = f"{campus.overrides}?as_user_id={campus.ana.id}"
    assert admin.post(path, {"assignment_override": {}}).status_code == 403
