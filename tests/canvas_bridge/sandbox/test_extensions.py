"""Extensions of classic quizzes, of courses and of assignments: sections 3, 4 and 5 of the contract."""

from datetime import timedelta

import pytest

ALREADY_EXTENDED = {"extra_time": 10, "extra_attempts": 2, "manually_unlocked": True}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"extra_time": 30}, {"extra_time": 30, "extra_attempts": 2, "manually_unlocked": True}),
        ({"extra_time": None}, {"extra_time": 10}),
        ({"extra_time": 0}, {"extra_time": 0}),
        ({"extra_time": ""}, {"extra_time": 0}),
        ({"extra_time": -5}, {"extra_time": 5}),
        ({"extra_time": "12abc"}, {"extra_time": 12}),
        ({"extra_time": 12.7}, {"extra_time": 12}),
        ({"extra_time": "ten"}, {"extra_time": 0}),
        ({"extra_time": 20000}, {"extra_time": 10080}),
        ({"extra_attempts": 1001}, {"extra_attempts": 1000}),
        ({"extra_attempts": -3}, {"extra_attempts": 3}),
        ({"manually_unlocked": "true"}, {"manually_unlocked": True}),
        ({"manually_unlocked": 1}, {"manually_unlocked": True}),
        ({"manually_unlocked": "True"}, {"manually_unlocked": False}),
        ({"manually_unlocked": "on"}, {"manually_unlocked": False}),
        ({"manually_unlocked": ""}, {"manually_unlocked": False}),
        ({"manually_unlocked": None}, {"manually_unlocked": True}),
    ],
)
def test_c3_2_keys_replace_omitted_ones_stay_and_values_are_clamped(state, admin, campus, sent, kept):
    state.set_quiz_extension(campus.quiz, campus.ana, **ALREADY_EXTENDED)
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, **sent})
    row = answer.json()["quiz_extensions"][0]
    assert answer.status_code == 200
    assert {name: row[name] for name in kept} == kept


def test_c3_1_rows_come_in_request_order_with_null_for_what_was_never_set(admin, campus):
    answer = admin.extend(campus.quiz, {"user_id": campus.chidi.id, "extra_time": 5}, {"user_id": campus.ana.id})
    never = {"extra_attempts": None, "manually_unlocked": None, "end_at": None}
    assert answer.json() == {
        "quiz_extensions": [
            {"user_id": campus.chidi.id, "quiz_id": campus.quiz.id, "extra_time": 5, **never},
            {"user_id": campus.ana.id, "quiz_id": campus.quiz.id, "extra_time": None, **never},
        ]
    }


@pytest.mark.parametrize("body", [{}, {"quiz_extensions": {"0": {"user_id": 1}}}, {"quiz_extensions": "x"}])
def test_c3_1_anything_but_a_list_is_refused(admin, campus, body):
    answer = admin.post(f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/extensions", body)
    assert answer.status_code == 400
    assert answer.json() == {"status": "bad_request", "message": "missing required key :quiz_extensions"}


def test_c3_1_form_bodies_are_lists_of_objects_too(admin, campus):
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/extensions"
    pairs = [("quiz_extensions[][user_id]", str(campus.ana.id)), ("quiz_extensions[][extra_time]", "7")]
    assert admin("POST", path, data=pairs).json()["quiz_extensions"][0]["extra_time"] == 7


def test_c3_1_an_unknown_student_stops_all_and_only_empty_rows_stay(state, admin, campus):
    answer = admin.extend(
        campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}, {"user_id": campus.teacher.id, "extra_time": 5}
    )
    assert answer.status_code == 404
    rows = state.quiz_submissions.where("quiz", campus.quiz.id)
    assert [(row.user_id, row.workflow_state, row.extra_time) for row in rows] == [
        (campus.ana.id, "settings_only", None)
    ]


@pytest.mark.parametrize("enrollment_state", ["completed", "inactive", "rejected", "deleted"])
def test_c3_1_only_current_students_can_be_extended(state, admin, campus, enrollment_state):
    enrollment = state.enrollments.first("course_user", (campus.course.id, campus.ana.id))
    enrollment.workflow_state = enrollment_state
    assert admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}).status_code == 404


def test_c3_1_sis_forms_and_assignment_ids_are_not_understood(admin, campus):
    assert admin.extend(campus.quiz, {"user_id": "sis_user_id:S-100", "extra_time": 5}).status_code == 404
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.assignment_id}/extensions"
    assert admin.post(path, {"quiz_extensions": []}).status_code == 404


def test_c3_1_a_caller_without_the_right_changes_nothing_but_an_empty_list_passes(state, ana, campus):
    refused = ana.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5})
    assert refused.status_code == 403
    assert refused.json() == {
        "status": "forbidden",
        "message": "you are not allowed to change extension settings for this submission",
    }
    assert ana.extend(campus.quiz).json() == {"quiz_extensions": []}


def test_c3_1_a_deleted_quiz_is_still_found_and_a_student_twice_is_applied_in_order(admin, campus):
    campus.quiz.workflow_state = "deleted"
    twice = [{"user_id": campus.ana.id, "extra_time": 5}, {"user_id": campus.ana.id, "extra_time": 9}]
    rows = admin.extend(campus.quiz, *twice).json()["quiz_extensions"]
    assert [row["extra_time"] for row in rows] == [9, 9]


def test_c3_3_extra_time_counts_for_the_next_attempt_not_the_running_one(state, admin, campus):
    row = state.start_attempt(campus.quiz, campus.ana)
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 30})
    assert row.end_at - row.started_at == timedelta(minutes=60)
    state.complete_attempt(row)
    assert state.start_attempt(campus.quiz, campus.ana).end_at - row.started_at == timedelta(minutes=90)


@pytest.mark.parametrize(
    ("keys", "minutes_after_now"),
    [
        ({"extend_from_now": 20}, 20),
        ({"extend_from_now": 5000}, 1440),
        ({"extend_from_end_at": 15}, 60 + 15),
        ({"extend_from_now": 20, "extend_from_end_at": 15}, 20),
        ({"extend_from_now": 0, "extend_from_end_at": 15}, 75),
        ({"extend_from_now": -5}, 60),
        ({"extend_from_now": "x"}, 60),
    ],
)
def test_c3_3_the_end_of_a_running_attempt_moves_by_the_extending_keys(state, admin, campus, keys, minutes_after_now):
    state.start_attempt(campus.quiz, campus.ana)
    answer = admin.extend(campus.quiz, {"user_id": campus.ana.id, **keys})
    expected = (state.now() + timedelta(minutes=minutes_after_now)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert answer.json()["quiz_extensions"][0]["end_at"] == expected


@pytest.mark.parametrize("hours_later", [1.9, 2.1])
def test_c3_3_an_attempt_is_extendable_until_an_hour_after_its_end(state, admin, campus, hours_later):
    row = state.start_attempt(campus.quiz, campus.ana)
    end_at = row.end_at
    state.freeze(state.now() + timedelta(hours=hours_later))
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extend_from_now": 20})
    assert (row.end_at != end_at) is (hours_later < 2)


def test_c3_3_an_untimed_or_finished_attempt_ignores_the_extending_keys(state, admin, campus):
    untimed = state.add_quiz(campus.course, "Reading")
    state.start_attempt(untimed, campus.ana)
    row = state.complete_attempt(state.start_attempt(campus.quiz, campus.ana))
    end_at = row.end_at
    for quiz in (untimed, campus.quiz):
        assert admin.extend(quiz, {"user_id": campus.ana.id, "extend_from_now": 9}).status_code == 200
    assert row.end_at == end_at


def test_c3_3_an_attempt_never_runs_past_the_lock_unless_unlocked_by_hand(state, campus):
    term = state.default_term
    term.end_at = state.now() + timedelta(days=30)
    campus.quiz_assignment.lock_at = state.now() + timedelta(minutes=40)
    assert state.start_attempt(campus.quiz, campus.ana).end_at == campus.quiz_assignment.lock_at
    state.set_quiz_extension(campus.quiz, campus.bao, manually_unlocked=True)
    assert state.start_attempt(campus.quiz, campus.bao).end_at == state.now() + timedelta(minutes=60)
    untimed = state.add_quiz(campus.course, "Reading")
    assert state.start_attempt(untimed, campus.ana).end_at == term.end_at


def test_c3_6_staff_read_rows_without_attempts_and_only_of_students_they_see(state, admin, campus, caller_for):
    for student in (campus.ana, campus.chidi):
        state.set_quiz_extension(campus.quiz, student, extra_time=5)
    limited = state.add_user("Yusuf Demir")
    state.enroll(
        limited,
        campus.course,
        section=campus.evening,
        type="TeacherEnrollment",
        limit_privileges_to_course_section=True,
    )
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/submissions"
    rows = admin.get(path).json()["quiz_submissions"]
    assert [(row["user_id"], row["workflow_state"], row["extra_time"]) for row in rows] == [
        (campus.ana.id, "settings_only", 5),
        (campus.chidi.id, "settings_only", 5),
    ]
    assert "excused?" in rows[0]
    seen = caller_for(state, limited).get(path).json()["quiz_submissions"]
    assert [row["user_id"] for row in seen] == [campus.chidi.id]


def test_c3_7_extensions_are_readable_by_switch_only(state, admin, campus):
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/extensions"
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_time": 5}, {"user_id": campus.bao.id})
    assert admin.get(path).status_code == 404
    state.switches.extension_reads = True
    assert [row["user_id"] for row in admin.get(path).json()["quiz_extensions"]] == [campus.ana.id]


def test_c4_1_a_course_extension_reaches_every_classic_quiz_that_exists_now(state, admin, ana, campus):
    early = state.add_quiz(campus.course, "Pop quiz", lock_at=state.now() + timedelta(days=1))
    practice = state.add_quiz(campus.course, "Practice", quiz_type="practice_quiz", published=False)
    gone = state.add_quiz(campus.course, "Gone")
    gone.workflow_state = "deleted"
    path = f"/courses/{campus.course.id}/quiz_extensions"
    element = {"user_id": campus.ana.id, "extra_time": 15, "quiz_ids": [1]}
    rows = admin.post(path, {"quiz_extensions": [element]}).json()["quiz_extensions"]
    assert [row["quiz_id"] for row in rows] == [early.id, campus.quiz.id, gone.id, practice.id]
    refused = ana.post(path, {"quiz_extensions": [element]})
    assert refused.json()["message"] == "you are not allowed to change extension settings for these submissions"
    later = state.add_quiz(campus.course, "Later")
    assert state.quiz_submissions.first("quiz_user", (later.id, campus.ana.id)) is None


def test_c4_1_a_course_without_quizzes_answers_with_an_empty_list(state, admin):
    empty = state.add_course("Empty")
    answer = admin.post(f"/courses/{empty.id}/quiz_extensions", {"quiz_extensions": [{"user_id": 1}]})
    assert (answer.status_code, answer.json()) == (200, {"quiz_extensions": []})


def extend_essay(caller, campus, elements):
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}/extensions"
    return caller.post(path, elements if isinstance(elements, dict) else {"assignment_extensions": elements})


def test_c5_1_extra_attempts_are_set_and_unknown_students_are_left_out(admin, campus):
    wanted = [
        {"user_id": campus.ana.id, "extra_attempts": 1},
        {"user_id": campus.teacher.id, "extra_attempts": 1},
        {"user_id": "sis_user_id:S-101", "extra_attempts": 1},
        {"user_id": campus.ana.id, "extra_attempts": 4},
    ]
    answer = extend_essay(admin, campus, wanted)
    assert answer.status_code == 200
    assert answer.json() == {"assignment_extensions": [{"user_id": campus.ana.id, "extra_attempts": 4}]}


def test_c5_2_null_clears_and_zero_stays(state, admin, campus):
    row = state.set_assignment_extension(campus.essay, campus.ana, 3)
    extend_essay(admin, campus, [{"user_id": campus.ana.id, "extra_attempts": 0}])
    assert row.extra_attempts == 0
    extend_essay(admin, campus, [{"user_id": campus.ana.id, "extra_attempts": None}])
    assert row.extra_attempts is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "missing required key :assignment_extensions"),
        ({"assignment_extensions": {"0": {}}}, "missing required key :assignment_extensions"),
        (
            {"assignment_extensions": [{"user_id": 1}]},
            ":assignment_extensions must be in this format: { user_id: 1, extra_attempts: 2 }",
        ),
    ],
)
def test_c5_1_a_wrong_structure_is_refused(admin, campus, body, message):
    answer = extend_essay(admin, campus, body)
    assert (answer.status_code, answer.json()) == (400, {"status": "bad_request", "message": message})


@pytest.mark.parametrize(
    ("value", "text"),
    [(-1, "Extra attempts must be greater than or equal to 0"), ("x", "Extra attempts is not a number")],
)
def test_c5_1_one_bad_value_saves_nothing_for_anybody(state, admin, campus, value, text):
    wanted = [{"user_id": campus.ana.id, "extra_attempts": 2}, {"user_id": campus.bao.id, "extra_attempts": value}]
    answer = extend_essay(admin, campus, wanted)
    assert answer.status_code == 400
    assert answer.json() == {"errors": [{"user_id": campus.bao.id, "errors": [text]}]}
    assert state.submissions.first("assignment_user", (campus.essay.id, campus.ana.id)) is None


@pytest.mark.parametrize("name", ["quiz_assignment", "new_quiz"])
def test_c5_2_only_online_submissions_can_have_extra_attempts(admin, campus, name):
    assignment = getattr(campus, name)
    path = f"/courses/{campus.course.id}/assignments/{assignment.id}/extensions"
    body = {"assignment_extensions": [{"user_id": campus.ana.id, "extra_attempts": 1}]}
    answer = admin.post(path, body)
    assert answer.json()["errors"][0]["errors"][0].endswith("online_upload, online_url, or online_text_entry")
    unchanged = {"assignment_extensions": [{"user_id": campus.ana.id, "extra_attempts": None}]}
    assert admin.post(path, unchanged).status_code == 200


def test_c5_1_without_the_right_the_standard_answer_comes(ana, campus):
    answer = extend_essay(ana, campus, [{"user_id": campus.ana.id, "extra_attempts": 1}])
    assert (answer.status_code, answer.json()["status"]) == (403, "unauthorized")


def test_c5_3_extra_attempts_are_read_back_from_submissions(admin, campus):
    extend_essay(admin, campus, [{"user_id": campus.ana.id, "extra_attempts": 2}])
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}/submissions/{campus.ana.id}"
    assert admin.get(path).json()["extra_attempts"] == 2
