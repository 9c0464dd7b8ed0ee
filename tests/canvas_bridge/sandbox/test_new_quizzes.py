"""New Quizzes: section 8 of the contract."""

import pytest


def quiz_path(campus, more=""):
    return f"/api/quiz/v1/courses/{campus.course.id}/quizzes/{campus.new_quiz.id}{more}"


def set_for_quiz(caller, campus, *elements):
    return caller.post(quiz_path(campus, "/accommodations"), list(elements))


def stored(state, campus, student, assignment_id):
    return state.new_quiz_accommodations.first("target", (campus.course.id, assignment_id, student.id))


def test_c8_1_a_new_quiz_is_read_by_its_assignment_id_with_its_settings(admin, campus):
    shown = admin.get(quiz_path(campus)).json()
    assert (shown["id"], shown["title"]) == (str(campus.new_quiz.id), "Weekly check")
    assert shown["quiz_settings"]["session_time_limit_in_seconds"] == 1800
    assert shown["quiz_settings"]["multiple_attempts"]["max_attempts"] == 1
    listed = admin.get(f"/api/quiz/v1/courses/{campus.course.id}/quizzes").json()
    assert [one["id"] for one in listed] == [str(campus.new_quiz.id)]
    not_one = quiz_path(campus).replace(str(campus.new_quiz.id), str(campus.essay.id))
    assert admin.get(not_one).status_code == 404


def test_c8_3_values_are_set_and_omitted_ones_stay(state, admin, campus):
    set_for_quiz(admin, campus, {"user_id": campus.ana.id, "extra_time": 15, "extra_attempts": 1})
    answer = set_for_quiz(admin, campus, {"user_id": campus.ana.id, "extra_time": 20})
    assert answer.json() == {
        "message": "Accommodations processed",
        "successful": [{"user_id": campus.ana.id}],
        "failed": [],
    }
    row = stored(state, campus, campus.ana, campus.new_quiz.id)
    assert (row.extra_time, row.extra_attempts) == (20, 1)


def test_c8_3_partial_failures_are_still_200(state, admin, campus):
    answer = set_for_quiz(
        admin,
        campus,
        {"user_id": campus.ana.id, "extra_time": 15},
        {"user_id": campus.teacher.id, "extra_time": 15},
        {"user_id": campus.bao.id, "extra_time": 10081},
        {"user_id": campus.chidi.id, "extra_time": "15"},
    )
    assert answer.status_code == 200
    assert answer.json()["successful"] == [{"user_id": campus.ana.id}]
    assert [one["user_id"] for one in answer.json()["failed"]] == [campus.teacher.id, campus.bao.id, campus.chidi.id]
    assert stored(state, campus, campus.bao, campus.new_quiz.id) is None


@pytest.mark.parametrize("body", [{"user_id": 1}, [{"extra_time": 5}], ["x"]])
def test_c8_3_a_wrong_body_is_refused(admin, campus, body):
    assert admin.post(quiz_path(campus, "/accommodations"), body).status_code == 400


def test_c8_3_callers_without_the_right_get_401(ana, campus):
    assert set_for_quiz(ana, campus, {"user_id": campus.ana.id, "extra_time": 5}).status_code == 401


def test_c8_3_course_accommodations_reach_running_sessions_only_where_there_are_any(state, admin, campus):
    session = state.start_new_quiz_session(campus.new_quiz, campus.ana)
    path = f"/api/quiz/v1/courses/{campus.course.id}/accommodations"
    elements = [
        {"user_id": one.id, "extra_time": 10, "apply_to_in_progress_quiz_sessions": True}
        for one in (campus.ana, campus.bao)
    ]
    answer = admin.post(path, elements).json()
    assert answer["failed"] == [
        {
            "user_id": campus.bao.id,
            "error": f"User is not in any in-progress quiz sessions for course {campus.course.id}",
        }
    ]
    assert (session.end_at - session.started_at).total_seconds() == 1800 + 600


@pytest.mark.parametrize(
    ("mode", "minutes", "expected"),
    [("set", 20, (20, 2)), ("add", 20, (35, 2)), ("omitted_resets", 20, (20, 0)), ("clamp", 20_000, (10_080, 2))],
)
def test_c13_5_the_guesses_about_values_are_switches(state, admin, campus, mode, minutes, expected):
    element = {"user_id": campus.ana.id, "extra_time": 15, "extra_attempts": 2}
    set_for_quiz(admin, campus, element)
    state.switches.new_quiz_mode = mode
    set_for_quiz(admin, campus, {"user_id": campus.ana.id, "extra_time": minutes})
    row = stored(state, campus, campus.ana, campus.new_quiz.id)
    assert (row.extra_time, row.extra_attempts) == expected


def test_c8_4_accommodations_can_be_read_by_switch_only(state, admin, campus):
    path = f"/courses/{campus.course.id}/new_quizzes/{campus.new_quiz.id}/accommodations"
    set_for_quiz(admin, campus, {"user_id": campus.ana.id, "extra_time": 15})
    assert admin.get(path).status_code == 404
    state.switches.new_quiz_accommodation_reads = True
    assert admin.get(path).json()["accommodations"][0]["extra_time"] == 15


def test_c10_7_10_a_new_quiz_is_made_changed_and_published_through_its_assignment(state, teacher, ana, campus):
    path = f"/api/quiz/v1/courses/{campus.course.id}/quizzes"
    made = teacher.post(path, {"quiz": {"title": "Unit test", "due_at": "2026-12-01T17:00:00Z"}}).json()
    assert (made["published"], made["due_at"]) == (False, "2026-12-01T17:00:00Z")
    settings = {"has_time_limit": True, "session_time_limit_in_seconds": 2700}
    changed = teacher("PATCH", f"{path}/{made['id']}", json={"quiz": {"quiz_settings": settings}}).json()
    assert changed["quiz_settings"]["session_time_limit_in_seconds"] == 2700
    assert changed["quiz_settings"]["multiple_attempts"] == made["quiz_settings"]["multiple_attempts"]
    assert changed["due_at"] == made["due_at"]
    published = {"assignment": {"published": True}}
    assert teacher.put(f"/courses/{campus.course.id}/assignments/{made['id']}", published).json()["published"] is True
    assert teacher.delete(f"{path}/{made['id']}").status_code == 200
    assert teacher.get(f"{path}/{made['id']}").status_code == 404
    assert teacher.post(path, {"quiz": {}}).status_code == 400
    assert ana.post(path, {"quiz": {"title": "Mine"}}).status_code == 403
