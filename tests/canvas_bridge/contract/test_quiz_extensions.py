"""Section 3 of the contract, row by row: extensions of one classic quiz."""

from datetime import timedelta

import pytest

NOT_FOUND = {"errors": [{"message": "The specified resource does not exist."}]}
MISSING_KEY = {"status": "bad_request", "message": "missing required key :quiz_extensions"}
REFUSED = {
    "status": "forbidden",
    "message": "you are not allowed to change extension settings for this submission",
}
STORED = {"extra_attempts": 2, "extra_time": 10, "manually_unlocked": True}
NEVER_SET = {"extra_attempts": None, "extra_time": None, "manually_unlocked": None, "end_at": None}


def path_of(campus, quiz_id=None):
    return f"/courses/{campus.course.id}/quizzes/{quiz_id or campus.quiz.id}/extensions"


def after(state, campus, minutes):
    return (state.now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def rows_of(state, quiz):
    return {row.user_id: row for row in state.quiz_submissions.where("quiz", quiz.id)}


# (section, key, value sent, value answered), over a row that stores 2 attempts, 10 minutes and "unlocked"
VALUES = [
    ("3.1", "extra_attempts", 5, 5),
    ("3.1", "extra_attempts", 1001, 1000),
    ("3.1", "extra_attempts", -5, 5),
    ("3.1", "extra_attempts", "many", 0),
    ("3.1", "extra_attempts", "7", 7),
    ("3.1", "extra_time", 30, 30),
    ("3.1", "extra_time", 10080, 10080),
    ("3.1", "extra_time", 10081, 10080),
    ("3.1", "extra_time", -20000, 10080),
    ("3.1", "extra_time", "ten", 0),
    ("3.1", "manually_unlocked", 1, True),
    ("3.1", "manually_unlocked", "1", True),
    ("3.1", "manually_unlocked", True, True),
    ("3.1", "manually_unlocked", "true", True),
    ("3.1", "manually_unlocked", "True", False),
    ("3.1", "manually_unlocked", "TRUE", False),
    ("3.1", "manually_unlocked", "on", False),
    ("3.1", "manually_unlocked", "yes", False),
    ("3.1", "manually_unlocked", 2, False),
    ("3.1", "manually_unlocked", False, False),
    ("3.2", "extra_attempts", None, 2),
    ("3.2", "extra_time", None, 10),
    ("3.2", "manually_unlocked", None, True),
    ("3.2", "extra_attempts", 0, 0),
    ("3.2", "extra_time", "0", 0),
    ("3.2", "manually_unlocked", 0, False),
    ("3.2", "manually_unlocked", "0", False),
    ("3.2", "extra_attempts", "", 0),
    ("3.2", "extra_time", "", 0),
    ("3.2", "manually_unlocked", "", False),
    ("3.2", "extra_time", "-5", 5),
    ("3.2", "manually_unlocked", -5, False),
    ("3.2", "extra_time", 12.7, 12),
    ("3.2", "extra_time", "12.7", 12),
    ("3.2", "extra_attempts", "12abc", 12),
    ("3.2", "manually_unlocked", "12abc", False),
]


@pytest.mark.parametrize(("section", "key", "sent", "answered"), VALUES)
def test_contract_3_1_and_3_2_each_value_is_read_as_canvas_reads_it(state, admin, campus, section, key, sent, answered):
    state.set_quiz_extension(campus.quiz, campus.ana, **STORED)
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, key: sent})
    expected = {"user_id": campus.ana.id, "quiz_id": campus.quiz.id, **STORED, "end_at": None, key: answered}
    assert (answer.status_code, answer.json()) == (200, {"quiz_extensions": [expected]}), section


@pytest.mark.parametrize("encoding", ["form", "multipart", "json"])
def test_contract_1_1_every_encoding_says_the_same(admin, campus, encoding):
    pairs = [
        ("quiz_extensions[][user_id]", str(campus.ana.id)),
        ("quiz_extensions[][extra_time]", "7"),
        ("quiz_extensions[][manually_unlocked]", "true"),
        ("quiz_extensions[][user_id]", str(campus.bao.id)),
        ("quiz_extensions[][extra_time]", ""),
    ]
    elements = [
        {"user_id": campus.ana.id, "extra_time": 7, "manually_unlocked": True},
        {"user_id": campus.bao.id, "extra_time": ""},
    ]
    options = {
        "form": {"data": pairs},
        "multipart": {"files": [(name, (None, value)) for name, value in pairs]},
        "json": {"json": {"quiz_extensions": elements}},
    }
    answer = admin("POST", f"{path_of(campus)}.json", **options[encoding])
    rows = [(row["user_id"], row["extra_time"], row["manually_unlocked"]) for row in answer.json()["quiz_extensions"]]
    assert rows == [(campus.ana.id, 7, True), (campus.bao.id, 0, None)]


def test_contract_3_1_rows_come_in_request_order_and_what_was_never_set_is_null(admin, campus):
    answer = admin.extend(campus.quiz, {"user_id": campus.chidi.id}, {"user_id": campus.ana.id})
    rows = [{"user_id": one.id, "quiz_id": campus.quiz.id, **NEVER_SET} for one in (campus.chidi, campus.ana)]
    assert (answer.status_code, answer.json()) == (200, {"quiz_extensions": rows})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"quiz_extensions": None},
        {"quiz_extensions": "x"},
        {"quiz_extensions": {"user_id": 1}},
        {"quiz_extensions": {"0": {"user_id": 1}, "1": {"user_id": 2}}},
        {"user_id": 1, "extra_time": 5},
    ],
)
def test_contract_3_1_what_is_absent_or_no_list_is_refused(admin, campus, body):
    answer = admin.post(path_of(campus), body)
    assert (answer.status_code, answer.json()) == (400, MISSING_KEY)


def test_contract_1_1_the_indexed_form_is_a_map_and_refused(admin, campus):
    pairs = [("quiz_extensions[0][user_id]", str(campus.ana.id)), ("quiz_extensions[0][extra_time]", "7")]
    answer = admin("POST", path_of(campus), data=pairs)
    assert (answer.status_code, answer.json()) == (400, MISSING_KEY)


@pytest.mark.parametrize("role", ["admin", "teacher", "student", "stranger"])
def test_contract_3_1_an_empty_list_passes_even_without_rights(state, campus, caller_for, role):
    users = {"admin": state.admin, "teacher": campus.teacher, "student": campus.ana}
    caller = caller_for(state, users.get(role) or state.add_user("Mele Fonua"))
    answer = caller.extend(campus.quiz)
    assert (answer.status_code, answer.json()) == (200, {"quiz_extensions": []})


@pytest.mark.parametrize("user_id", ["missing", None, 999_999, "sis_user_id:S-100", "self", "teacher"])
def test_contract_3_1_who_is_no_current_student_by_number_is_not_found(admin, campus, user_id):
    element = {"extra_time": 5}
    if user_id != "missing":
        element["user_id"] = campus.teacher.id if user_id == "teacher" else user_id
    answer = admin.extend(campus.quiz, element)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize(
    ("enrollment_state", "status"),
    [("active", 200), ("invited", 200), ("completed", 404), ("inactive", 404), ("rejected", 404), ("deleted", 404)],
)
def test_contract_3_1_only_current_enrollments_count(state, admin, campus, enrollment_state, status):
    state.enrollments.first("course_user", (campus.course.id, campus.ana.id)).workflow_state = enrollment_state
    assert admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}).status_code == status


def test_contract_3_1_the_test_student_counts(state, admin, campus):
    test_student = state.add_user("Test Student")
    state.enroll(test_student, campus.course, section=campus.morning, type="StudentViewEnrollment")
    assert admin.extend(campus.quiz, {"user_id": test_student.id, "extra_time": 5}).status_code == 200


@pytest.mark.parametrize("role", ["student", "observer", "designer", "stranger"])
def test_contract_3_1_a_caller_without_the_right_changes_no_value(state, campus, caller_for, role):
    user = campus.ana if role == "student" else state.add_user("Mele Fonua")
    if role == "observer":
        state.enroll(user, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    if role == "designer":
        state.enroll(user, campus.course, type="DesignerEnrollment")
    answer = caller_for(state, user).extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5})
    assert (answer.status_code, answer.json()) == (403, REFUSED)
    assert [(row.workflow_state, row.extra_time) for row in rows_of(state, campus.quiz).values()] == [
        ("settings_only", None)
    ]


@pytest.mark.parametrize("course_state", ["available", "unpublished"])
@pytest.mark.parametrize("role", ["TeacherEnrollment", "TaEnrollment"])
def test_contract_2_graders_may_extend(state, campus, caller_for, role, course_state):
    grader = state.add_user("Ilse Brandt")
    state.enroll(grader, campus.course, type=role)
    campus.course.workflow_state = course_state
    assert caller_for(state, grader).extend(campus.quiz, {"user_id": campus.ana.id}).status_code == 200


def test_contract_3_1_without_a_token_nobody_is_known(state, campus, caller_for):
    answer = caller_for(state).extend(campus.quiz, {"user_id": campus.ana.id})
    assert (answer.status_code, answer.json()["status"]) == (401, "unauthenticated")


@pytest.mark.parametrize("name", ["assignment of the quiz", "quiz of another course", "New Quiz", "letters"])
def test_contract_3_1_and_3_4_the_path_takes_quizzes_of_the_course_alone(state, admin, campus, name):
    other = state.add_quiz(state.add_course("Botany"), "Elsewhere")
    ids = {
        "assignment of the quiz": campus.quiz.assignment_id,
        "quiz of another course": other.id,
        "New Quiz": campus.new_quiz.id,
        "letters": "abc",
    }
    answer = admin.post(path_of(campus, ids[name]), {"quiz_extensions": [{"user_id": campus.ana.id}]})
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@pytest.mark.parametrize("change", [{"workflow_state": "deleted"}, {"published": False}, {"time_limit": None}])
def test_contract_3_1_and_3_4_deleted_unpublished_and_untimed_quizzes_take_extensions(admin, campus, change):
    vars(campus.quiz).update(change)
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, **STORED})
    row = {"user_id": campus.ana.id, "quiz_id": campus.quiz.id, **STORED, "end_at": None}
    assert (answer.status_code, answer.json()) == (200, {"quiz_extensions": [row]})


@pytest.mark.parametrize("quiz_type", ["practice_quiz", "survey", "graded_survey"])
def test_contract_3_4_every_type_of_quiz_has_rows(state, admin, campus, quiz_type):
    quiz = state.add_quiz(campus.course, "Other", quiz_type=quiz_type, allowed_attempts=-1)
    assert admin.extend(quiz, {"user_id": campus.ana.id, **STORED}).status_code == 200
    rows = admin.get(f"/courses/{campus.course.id}/quizzes/{quiz.id}/submissions").json()["quiz_submissions"]
    assert [(row["extra_attempts"], row["attempts_left"]) for row in rows] == [(2, -1)]


def test_contract_3_1_rows_are_made_in_order_until_the_first_failure_and_no_value_is_written(state, admin, campus):
    elements = [{"user_id": one, "extra_time": 5} for one in (campus.ana.id, campus.bao.id, 999_999, campus.chidi.id)]
    assert admin.extend(campus.quiz, *elements).status_code == 404
    rows = rows_of(state, campus.quiz)
    assert {user_id: (row.workflow_state, row.extra_time) for user_id, row in rows.items()} == {
        campus.ana.id: ("settings_only", None),
        campus.bao.id: ("settings_only", None),
    }


def test_contract_3_1_the_student_is_looked_for_before_the_right_is_checked(ana):
    course = ana.state.courses[ana.state.quizzes[60_001].course_id]
    answer = ana.post(f"/courses/{course.id}/quizzes/60001/extensions", {"quiz_extensions": [{"user_id": 5}]})
    assert answer.status_code == 404


def test_contract_3_1_a_student_named_twice_is_applied_in_order_and_stands_twice(admin, campus):
    answer = admin.extend(
        campus.quiz,
        {"user_id": campus.ana.id, "extra_time": 5, "extra_attempts": 1},
        {"user_id": campus.ana.id, "extra_time": 9},
    )
    rows = answer.json()["quiz_extensions"]
    assert [(row["extra_time"], row["extra_attempts"]) for row in rows] == [(9, 1), (9, 1)]


def test_contract_12_set_values_may_be_sent_again_and_moving_keys_move_again(state, admin, campus):
    campus.quiz_assignment.lock_at = None
    state.start_attempt(campus.quiz, campus.ana)
    same = [admin.extend(campus.quiz, {"user_id": campus.ana.id, **STORED}).json() for _ in range(2)]
    assert same[0] == same[1]
    ends = [
        admin.extend(campus.quiz, {"user_id": campus.ana.id, "extend_from_end_at": 10}).json()["quiz_extensions"][0]
        for _ in range(2)
    ]
    assert [end["end_at"] for end in ends] == [after(state, campus, 70), after(state, campus, 80)]


# (keys, minutes from now at which the attempt of 60 minutes ends afterwards)
MOVES = [
    ({"extend_from_now": 20}, 20),
    ({"extend_from_now": 90}, 90),
    ({"extend_from_now": "20"}, 20),
    ({"extend_from_now": 1441}, 1440),
    ({"extend_from_end_at": 15}, 75),
    ({"extend_from_end_at": 10080}, 60 + 1440),
    ({"extend_from_now": 20, "extend_from_end_at": 15}, 20),
    ({"extend_from_now": 0, "extend_from_end_at": 15}, 75),
    ({"extend_from_now": -9, "extend_from_end_at": 15}, 75),
    ({"extend_from_now": "soon", "extend_from_end_at": 15}, 75),
    ({"extend_from_now": None, "extend_from_end_at": 15}, 75),
    ({"extend_from_now": 0}, 60),
    ({"extend_from_now": -5}, 60),
    ({"extend_from_now": "x"}, 60),
    ({"extend_from_end_at": -5}, 60),
    ({"extend_from_end_at": ""}, 60),
    ({"extra_time": 500}, 60),
]


@pytest.mark.parametrize(("keys", "minutes"), MOVES)
def test_contract_3_3_the_end_of_a_running_attempt_moves_by_two_keys_alone(state, admin, campus, keys, minutes):
    state.start_attempt(campus.quiz, campus.ana)
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, **keys})
    assert answer.json()["quiz_extensions"][0]["end_at"] == after(state, campus, minutes)


@pytest.mark.parametrize(
    ("seconds_after_the_end", "moves"), [(-60, True), (0, True), (3599, True), (3600, False), (7200, False)]
)
def test_contract_3_3_and_11_an_attempt_can_be_extended_up_to_an_hour_after_its_end(
    state, admin, campus, seconds_after_the_end, moves
):
    row = state.start_attempt(campus.quiz, campus.ana)
    end_at = row.end_at
    state.freeze(end_at + timedelta(seconds=seconds_after_the_end))
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, "extend_from_now": 30})
    expected = state.now() + timedelta(minutes=30) if moves else end_at
    assert answer.json()["quiz_extensions"][0]["end_at"] == expected.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("case", ["untimed", "handed in", "never started"])
def test_contract_3_3_what_is_not_extendable_is_ignored_in_silence(state, admin, campus, case):
    state.default_term.end_at = state.now() + timedelta(days=30)
    campus.quiz.time_limit = None if case == "untimed" else 60
    end_at = None
    if case != "never started":
        row = state.start_attempt(campus.quiz, campus.ana)
        end_at = row.end_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        if case == "handed in":
            state.complete_attempt(row)
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, "extend_from_now": 5, "extend_from_end_at": 5})
    assert (answer.status_code, answer.json()["quiz_extensions"][0]["end_at"]) == (200, end_at)


def test_contract_3_3_the_two_keys_write_past_the_lock(state, admin, campus):
    campus.quiz_assignment.lock_at = state.now() + timedelta(minutes=60)
    state.start_attempt(campus.quiz, campus.ana)
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, "extend_from_end_at": 30})
    assert answer.json()["quiz_extensions"][0]["end_at"] == after(state, campus, 90)


@pytest.mark.parametrize("switch", ["extension_reads"])
def test_contract_3_7_extensions_can_be_read_by_switch_only(state, admin, teacher, ana, campus, switch):
    admin.extend(
        campus.quiz,
        {"user_id": campus.ana.id, "extra_time": 5},
        {"user_id": campus.bao.id, "extra_time": 0, "manually_unlocked": False},
        {"user_id": campus.chidi.id, "manually_unlocked": True},
    )
    assert admin.get(path_of(campus)).json() == NOT_FOUND
    setattr(state.switches, switch, True)
    answer = teacher.get(path_of(campus))
    never = {"quiz_id": campus.quiz.id, "extra_attempts": None, "end_at": None}
    of_ana = {"user_id": campus.ana.id, **never, "extra_time": 5, "manually_unlocked": None}
    of_chidi = {"user_id": campus.chidi.id, **never, "extra_time": None, "manually_unlocked": True}
    assert (answer.status_code, answer.json()) == (200, {"quiz_extensions": [of_ana, of_chidi]})
    assert teacher.get(f"{path_of(campus)}?user_id={campus.chidi.id}").json() == {"quiz_extensions": [of_chidi]}
    assert teacher.get(f"{path_of(campus)}?user_id={campus.bao.id}").json() == {"quiz_extensions": []}
    page = teacher.get(f"{path_of(campus)}?per_page=1")
    assert page.json() == {"quiz_extensions": [of_ana]}
    assert 'rel="next"' in page.headers["Link"]
    assert ana.get(path_of(campus)).status_code == 403
