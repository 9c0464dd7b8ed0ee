"""What no endpoint offers: instructors' pages (contract 14.4 and 3.3), students at work, people's settings."""

from datetime import timedelta

import pytest

from canvas_bridge.sandbox.control.acts import ACTS


def act(caller, name, **params):
    return caller.post("/_sandbox/act", {"act": name, **params})


def test_every_act_tells_what_it_does_and_needs(admin):
    told = {one["act"]: one for one in admin.get("/_sandbox/act").json()["acts"]}
    assert set(told) == set(ACTS)
    assert told["change_time_limit"]["needs"] == {"quiz_id": "the classic quiz"}
    assert "time_limit" in told["change_time_limit"]["takes"]
    assert all(one["about"] for one in told.values())


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 400, "act must be one of"),
        ({"act": "nonsense"}, 400, "act must be one of"),
        ({"act": "start_attempt"}, 400, "start_attempt needs quiz_id, user_id"),
        ({"act": "start_attempt", "quiz_id": 1, "user_id": 1}, 404, "does not exist"),
        ({"act": "start_attempt", "quiz_id": 1, "user_id": 1, "why": 1}, 400, "does not take why"),
        ({"act": "save_assignment_page"}, 404, "does not exist"),
        ({"act": "set_time_zone", "user_id": 1, "time_zone": "Mars/Olympus"}, 400, "no such time zone"),
        ({"act": "set_time_zone", "user_id": 1, "time_zone": "../etc"}, 400, "no such time zone"),
    ],
)
def test_an_act_that_cannot_be_done_says_why(admin, body, status, words):
    answer = admin.post("/_sandbox/act", body)
    assert (answer.status_code, words in answer.text) == (status, True)


def save(admin, campus, name="save_assignment_page", **more):
    return act(admin, name, assignment_id=campus.essay.id, **more).json()["overrides"]


def test_contract_14_4_saving_the_page_fills_dates_with_none_and_counts_titles(state, admin, campus):
    ours = state.add_override(campus.essay, students=[campus.ana], title="Plan A7", due_at=campus.due)
    saved = save(admin, campus, due_at="2026-12-02T17:00:00Z")
    assert saved[0]["id"] == ours.id
    assert (saved[0]["lock_at"], saved[0]["unlock_at"], saved[0]["title"]) == (None, None, "1 student")
    assert campus.essay.due_at.day == 2


def test_contract_14_4_saving_the_page_fills_section_overrides_too_and_keeps_their_titles(state, admin, campus):
    state.add_override(campus.essay, section=campus.morning, due_at=campus.due)
    saved = save(admin, campus)[0]
    assert (saved["title"], saved["lock_at"]) == ("Morning", None)


def test_contract_14_4_saving_the_page_may_renew_ids_merge_equal_dates_and_drop_the_unknown(state, admin, campus):
    first, second, third = (
        state.add_override(campus.essay, students=[one], due_at=campus.due)
        for one in (campus.ana, campus.bao, campus.chidi)
    )
    saved = save(admin, campus, renew_ids=True, merge_equal_dates=True, known_override_ids=[first.id, second.id])
    assert [(one["student_ids"], one["title"]) for one in saved] == [([campus.ana.id, campus.bao.id], "2 students")]
    assert saved[0]["id"] not in (first.id, second.id)
    assert third.workflow_state == "deleted"


def test_contract_14_4_the_tray_keeps_what_is_not_overridden_and_counts_titles(state, admin, campus):
    ours = state.add_override(campus.essay, students=[campus.ana], title="Plan A7", due_at=campus.due)
    other = state.add_override(campus.essay, students=[campus.bao], due_at=campus.due)
    saved = save(admin, campus, "save_assign_to_tray", known_override_ids=[ours.id], renew_ids=True)
    assert ("lock_at" in saved[0], saved[0]["title"], saved[0]["id"] != ours.id) == (False, "1 student", True)
    assert other.workflow_state == "deleted"


def test_contract_14_4_an_ungraded_quiz_has_a_page_too(state, admin, campus):
    practice = state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz")
    state.add_override(practice, students=[campus.ana], lock_at=campus.due)
    saved = act(admin, "save_assignment_page", quiz_id=practice.id, lock_at="2026-12-02T17:00:00Z").json()["overrides"]
    assert saved[0]["due_at"] is None
    assert practice.lock_at.day == 2


def test_contract_14_4_a_page_saved_without_a_change_moves_no_override(state, admin, campus):
    state.add_override(campus.essay, students=[campus.ana], due_at=campus.due)
    save(admin, campus)
    before = state.active_overrides(campus.essay)[0].updated_at
    state.freeze(state.now() + timedelta(days=1))
    save(admin, campus)
    assert state.active_overrides(campus.essay)[0].updated_at == before


def test_contract_3_3_the_web_form_lengthens_running_attempts_without_extra_time(state, admin, campus):
    campus.quiz_assignment.lock_at = None
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=30)
    extended, plain = (state.start_attempt(campus.quiz, one) for one in (campus.ana, campus.bao))
    act(admin, "change_time_limit", quiz_id=campus.quiz.id, time_limit=75)
    assert plain.end_at - plain.started_at == timedelta(minutes=75)
    assert extended.end_at - extended.started_at == timedelta(minutes=90)
    assert act(admin, "change_time_limit", quiz_id=campus.quiz.id, time_limit=None).json()["time_limit"] is None
    assert act(admin, "change_time_limit", quiz_id=campus.quiz.id, time_limit="long").status_code == 400


def test_the_moderate_page_is_emptied_for_one_or_all(state, admin, campus):
    for user in (campus.ana, campus.bao):
        state.set_quiz_extension(campus.quiz, user, extra_time=30, extra_attempts=1)
    one = act(admin, "empty_moderate_page", quiz_id=campus.quiz.id, user_id=campus.ana.id).json()
    rest = act(admin, "empty_moderate_page", quiz_id=campus.quiz.id).json()
    assert (one["user_ids"], rest["user_ids"]) == ([campus.ana.id], [campus.bao.id])
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/submissions"
    rows = admin.get(path).json()["quiz_submissions"]
    assert {(row["extra_time"], row["extra_attempts"]) for row in rows} == {(0, 0)}


def test_a_new_quiz_is_moderated_by_hand_and_emptied(state, admin, campus):
    person = {"assignment_id": campus.new_quiz.id, "user_id": campus.ana.id}
    assert act(admin, "moderate_new_quiz", **person, extra_time=20, extra_attempts=1).json()["extra_time"] == 20
    assert act(admin, "moderate_new_quiz", **person, extra_time=-1).status_code == 400
    emptied = act(admin, "empty_new_quiz_moderate_page", assignment_id=campus.new_quiz.id).json()
    assert emptied["user_ids"] == [campus.ana.id]
    assert state.new_quiz_minutes(campus.new_quiz, campus.ana.id) == 0


def test_students_work_by_acts(state, admin, campus):
    person = {"quiz_id": campus.quiz.id, "user_id": campus.ana.id}
    assert act(admin, "start_attempt", **person).json()["end_at"] == "2026-11-22T16:00:00Z"
    assert act(admin, "complete_attempt", **person).json()["workflow_state"] == "complete"
    assert act(admin, "complete_attempt", **person).status_code == 400
    sitting = {"assignment_id": campus.new_quiz.id, "user_id": campus.ana.id}
    assert act(admin, "start_new_quiz_session", **sitting).json()["end_at"] == "2026-11-22T15:30:00Z"
    assert act(admin, "finish_new_quiz_session", **sitting).json() == {"finished": 1}


def test_contract_1_2_tokens_are_revoked_by_an_act(admin, ana, campus):
    assert act(admin, "revoke_tokens", user_id=campus.ana.id).json() == {"revoked": 1}
    assert ana.get("/users/self").json()["errors"][0]["message"] == "Revoked access token."


def test_contract_1_7_a_person_changes_their_zone_in_their_settings(admin, campus):
    zone = {"user_id": campus.teacher.id, "time_zone": "Europe/Oslo"}
    assert act(admin, "set_time_zone", **zone).json()["time_zone"] == "Europe/Oslo"
    assert admin.get(f"/users/{campus.teacher.id}/profile").json()["time_zone"] == "Europe/Oslo"
    assert act(admin, "set_time_zone", user_id=campus.teacher.id).json()["time_zone"] == "America/New_York"


def test_contract_10_7_11_a_blueprint_locks_an_assignment(admin, campus):
    essay = {"assignment_id": campus.essay.id}
    answer = act(admin, "restrict_by_blueprint", **essay, restrictions=["due_dates"])
    assert answer.json()["restrictions"] == ["due_dates"]
    assert act(admin, "restrict_by_blueprint", **essay, restrictions=["moods"]).status_code == 400
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}"
    assert admin.get(path).json()["restricted_by_master_course"] is True
