"""Section 8 of the contract, row by row: New Quizzes, their accommodations, and reading these back."""

from datetime import timedelta

import pytest

KEYS = {
    "id", "title", "instructions", "assignment_group_id", "points_possible", "due_at", "lock_at", "unlock_at",
    "published", "grading_type", "quiz_settings",
}  # fmt: skip
SETTINGS = {
    "calculator_type", "filter_ip_address", "filters", "one_at_a_time_type", "allow_backtracking", "shuffle_answers",
    "shuffle_questions", "require_student_access_code", "student_access_code", "has_time_limit",
    "session_time_limit_in_seconds", "multiple_attempts", "result_view_settings",
}  # fmt: skip
ATTEMPTS = {
    "multiple_attempts_enabled", "attempt_limit", "max_attempts", "score_to_keep", "cooling_period",
    "cooling_period_seconds",
}  # fmt: skip
NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}


@pytest.fixture
def course_path(campus):
    return f"/api/quiz/v1/courses/{campus.course.id}"


@pytest.fixture
def one(campus, course_path):
    return f"{course_path}/quizzes/{campus.new_quiz.id}"


@pytest.fixture
def reads(campus):
    return f"/courses/{campus.course.id}/new_quizzes/{campus.new_quiz.id}/accommodations"


def processed(successful=(), failed=()):
    return {"message": "Accommodations processed", "successful": list(successful), "failed": list(failed)}


def stored(state, campus, student, assignment=None):
    row = state.new_quiz_accommodations.first(
        "target", (campus.course.id, assignment.id if assignment else None, student.id)
    )
    return row and (row.extra_time, row.extra_attempts, row.reduce_choices_enabled)


def test_contract_8_2_a_new_quiz_has_exactly_its_keys(teacher, campus, course_path, one):
    shown = teacher.get(one).json()
    assert set(shown) == KEYS
    assert set(shown["quiz_settings"]) == SETTINGS
    assert set(shown["quiz_settings"]["multiple_attempts"]) == ATTEMPTS
    assert (shown["id"], shown["quiz_settings"]["session_time_limit_in_seconds"]) == (str(campus.new_quiz.id), 1800)
    assert teacher.get(f"{course_path}/quizzes").json() == [shown]


def test_contract_8_2_settings_may_be_null_and_no_attempt_limit_means_unlimited(state, teacher, campus, course_path):
    campus.new_quiz.quiz_settings = None
    unlimited = state.add_new_quiz(campus.course, "Drill", max_attempts=None)
    assert teacher.get(f"{course_path}/quizzes/{campus.new_quiz.id}").json()["quiz_settings"] is None
    settings = teacher.get(f"{course_path}/quizzes/{unlimited.id}").json()["quiz_settings"]
    assert settings["multiple_attempts"]["attempt_limit"] is False


@pytest.mark.parametrize("name", ["essay", "quiz_assignment", "unknown", "deleted", "unknown course"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE", "POST"])
def test_contract_8_1_and_8_3_what_is_no_new_quiz_is_not_found(admin, campus, course_path, name, method):
    campus.new_quiz.workflow_state = "deleted" if name == "deleted" else "published"
    chosen = getattr(campus, name, campus.new_quiz).id if name != "unknown" else 1
    root = "/api/quiz/v1/courses/1" if name == "unknown course" else course_path
    path = f"{root}/quizzes/{chosen}" + ("/accommodations" if method == "POST" else "")
    body = [] if method == "POST" else {"quiz": {}}
    answer = admin(method, path, json=body)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_contract_8_1_students_read_what_is_published_and_assigned(state, ana, campus, course_path, one):
    hidden = state.add_new_quiz(campus.course, "Hidden", published=False)
    assert [quiz["title"] for quiz in ana.get(f"{course_path}/quizzes").json()] == ["Weekly check"]
    assert ana.get(f"{course_path}/quizzes/{hidden.id}").status_code == 403
    state.add_override(campus.new_quiz, students=[campus.ana], unassign_item=True)
    assert ana.get(f"{course_path}/quizzes").json() == []


def test_contract_10_7_10_a_new_quiz_is_made_unpublished_with_every_documented_key(state, teacher, campus, course_path):
    group = state.add_assignment_group(campus.course, "Exams")
    settings = {
        "shuffle_answers": True,
        "has_time_limit": True,
        "session_time_limit_in_seconds": 2700,
        "multiple_attempts": {"multiple_attempts_enabled": True, "attempt_limit": True, "max_attempts": 3},
        "result_view_settings": {"result_view_restricted": True, "display_items": False},
    }
    values = {
        "title": "Unit test",
        "assignment_group_id": group.id,
        "points_possible": 12.5,
        "due_at": "2026-12-01T17:00:00Z",
        "unlock_at": "2026-11-30T17:00:00Z",
        "lock_at": "2026-12-02T17:00:00Z",
        "grading_type": "percent",
        "instructions": "Breathe.",
    }
    answer = teacher.post(f"{course_path}/quizzes", {"quiz": {**values, "published": True, "quiz_settings": settings}})
    shown = answer.json()
    assert answer.status_code == 200
    assert {name: shown[name] for name in values} == {**values, "assignment_group_id": str(group.id)}
    assert shown["published"] is False
    kept = shown["quiz_settings"]
    assert (kept["shuffle_answers"], kept["session_time_limit_in_seconds"]) == (True, 2700)
    assert kept["multiple_attempts"]["max_attempts"] == 3
    assert set(kept["multiple_attempts"]) == ATTEMPTS
    assert kept["result_view_settings"] == settings["result_view_settings"]
    path = f"/courses/{campus.course.id}/assignments/{shown['id']}"
    published = teacher.put(path, {"assignment": {"published": True}}).json()
    assert (published["published"], published["is_quiz_lti_assignment"], published["submission_types"]) == (
        True,
        True,
        ["external_tool"],
    )


def test_contract_1_1_settings_sent_as_a_form_are_read_in_their_types(teacher, course_path, one):
    pairs = {
        "quiz[quiz_settings][has_time_limit]": "false",
        "quiz[quiz_settings][session_time_limit_in_seconds]": "2700",
        "quiz[quiz_settings][multiple_attempts][attempt_limit]": "true",
        "quiz[quiz_settings][multiple_attempts][max_attempts]": "3",
        "quiz[points_possible]": "4",
    }
    shown = teacher("PATCH", one, data=pairs).json()
    settings = shown["quiz_settings"]
    assert (settings["has_time_limit"], settings["session_time_limit_in_seconds"]) == (False, 2700)
    attempts = settings["multiple_attempts"]
    assert (attempts["attempt_limit"], attempts["max_attempts"], shown["points_possible"]) == (True, 3, 4)


@pytest.mark.parametrize(
    ("values", "changed"),
    [
        ({"title": "Renamed"}, {"title": "Renamed"}),
        ({"points_possible": "7.5"}, {"points_possible": 7.5}),
        ({"due_at": None}, {"due_at": None}),
        ({"instructions": None}, {"instructions": ""}),
        ({"lock_at": "2026-12-20T17:00:00Z"}, {"lock_at": "2026-12-20T17:00:00Z"}),
        ({}, {}),
    ],
)
def test_contract_8_1_patch_changes_what_is_sent_alone(teacher, one, values, changed):
    before = teacher.get(one).json()
    answer = teacher("PATCH", one, json={"quiz": values})
    assert (answer.status_code, answer.json()) == (200, {**before, **changed})
    assert teacher.get(one).json() == {**before, **changed}


def test_contract_8_1_delete_answers_with_the_quiz_and_takes_its_assignment_away(teacher, campus, course_path, one):
    answer = teacher.delete(one)
    assert (answer.status_code, answer.json()["id"]) == (200, str(campus.new_quiz.id))
    assert teacher.get(f"{course_path}/quizzes").json() == []
    assert teacher.get(f"/courses/{campus.course.id}/assignments/{campus.new_quiz.id}").status_code == 404


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, None),
        ({"quiz": {}}, "title"),
        ({"quiz": {"title": "A", "due_at": "2026-12-05T10:00:00Z", "lock_at": "2026-12-04T10:00:00Z"}}, "due_at"),
    ],
)
def test_contract_8_1_creating_is_refused_with_errors(state, teacher, course_path, body, error):
    before = len(state.assignments)
    answer = teacher.post(f"{course_path}/quizzes", body)
    assert answer.status_code == 400
    expected = [{"message": "quiz is missing"}] if error is None else [error]
    assert list(answer.json()["errors"]) == expected
    assert len(state.assignments) == before


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_contract_2_students_write_no_new_quizzes(ana, course_path, one, method):
    path = f"{course_path}/quizzes" if method == "POST" else one
    assert ana(method, path, json={"quiz": {"title": "Mine"}}).status_code == 403


# (level, element sent, stored afterwards as minutes, attempts, fewer choices) over 10 minutes and 2 attempts
SET = [
    ("quiz", {"extra_time": 20}, (20, 2, False)),
    ("quiz", {"extra_attempts": 1}, (10, 1, False)),
    ("quiz", {"extra_time": 0, "extra_attempts": 0}, (0, 0, False)),
    ("quiz", {"extra_time": 10080}, (10080, 2, False)),
    ("quiz", {"reduce_choices_enabled": True}, (10, 2, True)),
    ("quiz", {"extra_time": None}, (10, 2, False)),
    ("quiz", {}, (10, 2, False)),
    ("quiz", {"apply_to_in_progress_quiz_sessions": True}, (10, 2, False)),
    ("course", {"extra_time": 20}, (20, 2, False)),
    ("course", {"extra_attempts": 5}, (10, 2, False)),
    ("course", {"reduce_choices_enabled": True}, (10, 2, True)),
]


@pytest.mark.parametrize(("level", "element", "kept"), SET)
def test_contract_8_3_values_are_set_and_omitted_ones_stay(
    state, teacher, campus, course_path, one, level, element, kept
):
    assignment = campus.new_quiz if level == "quiz" else None
    row = state.new_quiz_accommodation_of(campus.course.id, assignment and assignment.id, campus.ana.id)
    row.extra_time, row.extra_attempts = 10, 2
    path = f"{one if level == 'quiz' else course_path}/accommodations"
    answer = teacher.post(path, [{"user_id": campus.ana.id, **element}])
    assert (answer.status_code, answer.json()) == (200, processed([{"user_id": campus.ana.id}]))
    assert stored(state, campus, campus.ana, assignment) == kept


BAD = [
    {"extra_time": 10081},
    {"extra_time": -1},
    {"extra_time": "15"},
    {"extra_time": 1.5},
    {"extra_attempts": -1},
    {"extra_attempts": True},
]


@pytest.mark.parametrize("element", BAD)
def test_contract_8_3_a_bad_value_fails_its_student_alone_and_the_answer_is_200(state, teacher, campus, one, element):
    elements = [{"user_id": campus.bao.id, **element}, {"user_id": campus.ana.id, "extra_time": 15}]
    answer = teacher.post(f"{one}/accommodations", elements)
    assert answer.status_code == 200
    assert answer.json()["successful"] == [{"user_id": campus.ana.id}]
    assert [entry["user_id"] for entry in answer.json()["failed"]] == [campus.bao.id]
    assert isinstance(answer.json()["failed"][0]["error"], str)
    assert stored(state, campus, campus.bao, campus.new_quiz) is None


@pytest.mark.parametrize("who", ["teacher", "unknown", "concluded"])
def test_contract_8_3_who_is_no_student_of_the_course_fails(state, teacher, campus, one, who):
    user_id = {"teacher": campus.teacher.id, "unknown": 999_999}.get(who, campus.bao.id)
    state.enrollments.first("course_user", (campus.course.id, campus.bao.id)).workflow_state = "completed"
    answer = teacher.post(f"{one}/accommodations", [{"user_id": user_id, "extra_time": 5}])
    assert [entry["user_id"] for entry in answer.json()["failed"]] == [user_id]


@pytest.mark.parametrize("level", ["quiz", "course"])
@pytest.mark.parametrize(
    "body", [{"user_id": 1}, [{"extra_time": 5}], ["x"], [None], {"accommodations": [{"user_id": 1}]}]
)
def test_contract_8_3_a_body_that_is_no_bare_list_of_students_is_refused(teacher, course_path, one, level, body):
    path = f"{one if level == 'quiz' else course_path}/accommodations"
    assert teacher.post(path, body).status_code == 400


def test_contract_8_3_invalid_json_is_refused_and_an_empty_list_is_not(teacher, course_path):
    headers = {"Content-Type": "application/json"}
    assert teacher("POST", f"{course_path}/accommodations", data=b"[{", headers=headers).status_code == 400
    assert teacher.post(f"{course_path}/accommodations", []).json() == processed()


@pytest.mark.parametrize("level", ["quiz", "course"])
@pytest.mark.parametrize("role", ["student", "observer", "stranger"])
def test_contract_8_3_a_caller_without_the_right_gets_401_whatever_the_switch(
    state, campus, course_path, one, caller_for, level, role
):
    user = campus.ana if role == "student" else state.add_user("Mele Fonua")
    if role == "observer":
        state.enroll(user, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    path = f"{one if level == 'quiz' else course_path}/accommodations"
    answer = caller_for(state, user).post(path, [{"user_id": campus.ana.id, "extra_time": 5}])
    assert answer.status_code == 401
    assert len(state.new_quiz_accommodations) == 0


def test_contract_8_3_running_sittings_are_reached_on_demand_and_the_others_fail_by_name(
    state, teacher, campus, course_path
):
    running = state.start_new_quiz_session(campus.new_quiz, campus.ana)
    over = state.start_new_quiz_session(campus.new_quiz, campus.bao)
    over.finished_at = state.now()
    end_before = running.end_at
    path, wanted = f"{course_path}/accommodations", {"extra_time": 10}
    teacher.post(path, [{"user_id": campus.ana.id, **wanted, "apply_to_in_progress_quiz_sessions": False}])
    assert running.end_at == end_before
    elements = [
        {"user_id": student.id, **wanted, "apply_to_in_progress_quiz_sessions": True}
        for student in (campus.ana, campus.bao)
    ]
    answer = teacher.post(path, elements)
    error = f"User is not in any in-progress quiz sessions for course {campus.course.id}"
    assert answer.json() == processed([{"user_id": campus.ana.id}], [{"user_id": campus.bao.id, "error": error}])
    assert running.end_at == end_before + timedelta(minutes=10)


def test_contract_8_3_course_and_quiz_minutes_add_up_and_the_until_date_still_cuts_off(
    state, teacher, campus, course_path, one
):
    teacher.post(f"{course_path}/accommodations", [{"user_id": campus.ana.id, "extra_time": 10}])
    teacher.post(f"{one}/accommodations", [{"user_id": campus.ana.id, "extra_time": 5}])
    session = state.start_new_quiz_session(campus.new_quiz, campus.ana)
    assert session.end_at == state.now() + timedelta(minutes=45)
    campus.new_quiz.lock_at = state.now() + timedelta(minutes=40)
    assert state.start_new_quiz_session(campus.new_quiz, campus.ana).end_at == campus.new_quiz.lock_at


# (mode, element, stored afterwards over 10 minutes and 2 attempts, whether it fails)
MODES = [
    ("set", {"extra_time": 20}, (20, 2, False), False),
    ("add", {"extra_time": 20}, (30, 2, False), False),
    ("add", {"extra_attempts": 1}, (10, 3, False), False),
    ("omitted_resets", {"extra_time": 20}, (20, 0, False), False),
    ("clamp", {"extra_time": 20000}, (10080, 2, False), False),
    ("clamp", {"extra_time": -5}, (0, 2, False), False),
    ("set", {"extra_time": 20000}, (10, 2, False), True),
    ("add", {"extra_time": 20000}, (10, 2, False), True),
]


@pytest.mark.parametrize(("mode", "element", "kept", "fails"), MODES)
def test_contract_13_5_each_guess_is_a_mode(state, teacher, campus, one, mode, element, kept, fails):
    state.set_new_quiz_accommodation(campus.new_quiz, campus.ana, extra_time=10, extra_attempts=2)
    state.switches.new_quiz_mode = mode
    answer = teacher.post(f"{one}/accommodations", [{"user_id": campus.ana.id, **element}])
    assert bool(answer.json()["failed"]) is fails
    assert stored(state, campus, campus.ana, campus.new_quiz) == kept


def test_contract_8_4_there_is_nothing_to_read_by_default(state, admin, campus, reads):
    state.set_new_quiz_accommodation(campus.new_quiz, campus.ana, extra_time=10)
    for path in (reads, f"{reads}/{campus.ana.id}"):
        answer = admin.get(path)
        assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


def test_contract_8_4_accommodations_are_read_by_switch_of_those_alone_who_have_some(state, teacher, campus, reads):
    state.switches.new_quiz_accommodation_reads = True
    state.set_new_quiz_accommodation(campus.new_quiz, campus.ana, extra_time=10)
    state.set_new_quiz_accommodation(campus.new_quiz, campus.bao)
    state.set_new_quiz_accommodation(campus.new_quiz, campus.chidi, reduce_choices_enabled=True)
    of_ana = {"user_id": campus.ana.id, "extra_time": 10, "extra_attempts": 0, "reduce_choices_enabled": False}
    of_chidi = {"user_id": campus.chidi.id, "extra_time": 0, "extra_attempts": 0, "reduce_choices_enabled": True}
    assert teacher.get(reads).json() == {"accommodations": [of_ana, of_chidi]}
    assert teacher.get(f"{reads}?user_id={campus.chidi.id}").json() == {"accommodations": [of_chidi]}
    assert teacher.get(f"{reads}/{campus.ana.id}").json() == {"accommodation": of_ana}
    missing = teacher.get(f"{reads}/{campus.teacher.id}")
    assert (missing.status_code, missing.json()) == (404, {"errors": [{"message": "No accommodation found for user"}]})


@pytest.mark.parametrize(
    ("service", "name", "status"),
    [
        ("available", "essay", 422),
        ("available", "quiz_assignment", 422),
        ("not_configured", "new_quiz", 503),
        ("not_answering", "new_quiz", 502),
    ],
)
@pytest.mark.parametrize("student", [False, True])
def test_contract_8_4_the_refusals_of_reading(state, teacher, campus, service, name, status, student):
    state.switches.new_quiz_accommodation_reads = True
    state.switches.new_quiz_service = service
    path = f"/courses/{campus.course.id}/new_quizzes/{getattr(campus, name).id}/accommodations"
    answer = teacher.get(f"{path}/{campus.ana.id}" if student else path)
    assert answer.status_code == status
    assert [list(error) for error in answer.json()["errors"]] == [["message"]]


def test_contract_8_4_students_may_not_read_accommodations(state, ana, reads):
    state.switches.new_quiz_accommodation_reads = True
    assert ana.get(reads).status_code == 403
