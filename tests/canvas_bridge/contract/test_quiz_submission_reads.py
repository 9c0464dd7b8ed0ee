"""Section 3.6 of the contract, row by row: reading extensions and attempts back."""

from datetime import timedelta

import pytest

ROW_KEYS = {
    "id", "user_id", "submission_id", "quiz_id", "quiz_points_possible", "quiz_version", "attempt", "extra_attempts",
    "extra_time", "manually_unlocked", "started_at", "finished_at", "end_at", "fudge_points", "kept_score", "score",
    "score_before_regrade", "has_seen_results", "validation_token", "workflow_state", "time_spent", "attempts_left",
    "overdue_and_needs_submission", "excused?", "html_url",
}  # fmt: skip


@pytest.fixture
def path(campus):
    return f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/submissions"


def rows(answer):
    return answer.json()["quiz_submissions"]


def test_contract_3_6_a_row_has_exactly_its_keys_and_a_result_once_finished(state, admin, campus, path):
    state.set_quiz_extension(campus.quiz, campus.bao, extra_time=5)
    running = state.start_attempt(campus.quiz, campus.ana)
    assert [set(row) for row in rows(admin.get(path))] == [ROW_KEYS, ROW_KEYS]
    state.complete_attempt(running)
    finished = rows(admin.get(f"{path}/{running.id}"))[0]
    assert set(finished) == ROW_KEYS | {"result_url"}


def test_contract_3_6_an_overdue_attempt_needs_grading_and_has_a_result(state, admin, campus, path):
    row = state.start_attempt(campus.quiz, campus.ana)
    state.freeze(row.end_at + timedelta(minutes=5))
    shown = rows(admin.get(f"{path}/{row.id}"))[0]
    assert (shown["workflow_state"], shown["overdue_and_needs_submission"]) == ("untaken", True)
    assert "result_url" in shown


def test_contract_3_6_staff_read_a_row_of_each_student_also_with_settings_alone(state, teacher, campus, path):
    state.set_quiz_extension(campus.quiz, campus.chidi, extra_time=5)
    state.complete_attempt(state.start_attempt(campus.quiz, campus.ana))
    assert [(row["user_id"], row["workflow_state"], row["attempt"]) for row in rows(teacher.get(path))] == [
        (campus.chidi.id, "settings_only", None),
        (campus.ana.id, "complete", 1),
    ]


def test_contract_3_6_the_list_is_paged_inside_its_envelope(state, admin, campus, path):
    for student in (campus.ana, campus.bao, campus.chidi):
        state.set_quiz_extension(campus.quiz, student, extra_time=5)
    page = admin.get(f"{path}?per_page=2&page=2")
    assert [row["user_id"] for row in rows(page)] == [campus.chidi.id]
    assert 'rel="prev"' in page.headers["Link"]
    assert 'rel="next"' not in page.headers["Link"]


def test_contract_3_6_section_limited_staff_see_their_students_alone(state, campus, path, caller_for):
    for student in (campus.ana, campus.chidi):
        state.set_quiz_extension(campus.quiz, student, extra_time=5)
    limited = state.add_user("Yusuf Demir")
    state.enroll(
        limited, campus.course, section=campus.evening, type="TaEnrollment", limit_privileges_to_course_section=True
    )
    assert [row["user_id"] for row in rows(caller_for(state, limited).get(path))] == [campus.chidi.id]


def test_contract_3_6_who_was_taken_out_of_the_course_is_not_visible(state, teacher, campus, path):
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=5)
    enrollment = state.enrollments.first("course_user", (campus.course.id, campus.ana.id))
    enrollment.workflow_state = "deleted"
    assert rows(teacher.get(path)) == []
    enrollment.workflow_state = "active"
    assert [row["extra_time"] for row in rows(teacher.get(path))] == [5]


def test_contract_3_6_students_see_their_running_attempt_else_their_finished_ones(state, ana, campus, path):
    campus.quiz.allowed_attempts = 3
    state.set_quiz_extension(campus.quiz, campus.bao, extra_time=5)
    assert rows(ana.get(path)) == []
    for score in (7, 4):
        state.complete_attempt(state.start_attempt(campus.quiz, campus.ana), score=score)
    finished = rows(ana.get(path))
    assert [(row["attempt"], row["score"], row["workflow_state"]) for row in finished] == [
        (1, 7, "complete"),
        (2, 4, "complete"),
    ]
    state.start_attempt(campus.quiz, campus.ana)
    assert [(row["user_id"], row["attempt"], row["workflow_state"]) for row in rows(ana.get(path))] == [
        (campus.ana.id, 3, "untaken")
    ]


@pytest.mark.parametrize(("policy", "kept"), [("keep_highest", 7), ("keep_latest", 4), ("keep_average", 5.5)])
def test_contract_3_6_the_kept_score_follows_the_scoring_policy(state, admin, campus, path, policy, kept):
    campus.quiz.scoring_policy = policy
    for score in (7, 4):
        state.complete_attempt(state.start_attempt(campus.quiz, campus.ana), score=score)
    assert [(row["score"], row["kept_score"]) for row in rows(admin.get(path))] == [(4, kept)]


def test_contract_3_6_settings_alone_are_no_attempt_to_a_student(state, ana, campus, path):
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=5)
    assert rows(ana.get(path)) == []


@pytest.mark.parametrize("status", [403, 401])
@pytest.mark.parametrize("role", ["stranger", "observer", "designer", "not assigned"])
def test_contract_3_6_who_may_neither_grade_nor_take_the_quiz_is_refused(state, campus, path, caller_for, role, status):
    state.switches.not_allowed_status = status
    user = state.add_user("Mele Fonua")
    if role == "observer":
        state.enroll(user, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    elif role == "designer":
        state.enroll(user, campus.course, type="DesignerEnrollment")
    elif role == "not assigned":
        state.enroll(user, campus.course)
        state.add_override(campus.quiz_assignment, students=[user], unassign_item=True)
    answer = caller_for(state, user).get(path)
    assert (answer.status_code, answer.json()["status"]) == (status, "unauthorized")


def test_contract_3_1_rows_of_a_deleted_quiz_are_still_found_by_staff_but_not_taken(state, teacher, ana, campus, path):
    row = state.set_quiz_extension(campus.quiz, campus.ana, extra_time=5)
    campus.quiz.workflow_state = campus.quiz_assignment.workflow_state = "deleted"
    assert [one["extra_time"] for one in rows(teacher.get(path))] == [5]
    assert teacher.get(f"{path}/{row.id}").status_code == 200
    assert (ana.get(path).status_code, ana.post(path).status_code) == (403, 404)


def test_contract_3_6_one_row_and_its_older_attempts(state, admin, ana, campus, path, caller_for):
    campus.quiz.allowed_attempts = 2
    for score in (3, 9):
        row = state.complete_attempt(state.start_attempt(campus.quiz, campus.ana), score=score)
    one = f"{path}/{row.id}"
    for caller in (admin, ana):
        found = [rows(caller.get(one + query))[0] for query in ("", "?attempt=2", "?attempt=1")]
        assert [(row["attempt"], row["score"]) for row in found] == [(2, 9), (2, 9), (1, 3)]
    assert admin.get(f"{one}?attempt=3").status_code == 404
    assert admin.get(f"{path}/1").status_code == 404
    assert caller_for(state, campus.bao).get(one).status_code == 403


def test_contract_3_6_the_callers_own_row(state, ana, campus):
    path = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/submission"
    assert ana.get(path).status_code == 404
    state.start_attempt(campus.quiz, campus.ana)
    state.start_attempt(campus.quiz, campus.bao)
    assert [row["user_id"] for row in rows(ana.get(path))] == [campus.ana.id]


@pytest.mark.parametrize(
    ("words", "lists"),
    [
        ([], set()),
        (["user"], {"users"}),
        (["quiz"], {"quizzes"}),
        (["submission"], {"submissions"}),
        (["submission", "quiz", "user"], {"submissions", "quizzes", "users"}),
    ],
)
def test_contract_3_6_includes_are_lists_at_the_top(state, admin, campus, path, words, lists):
    state.start_attempt(campus.quiz, campus.ana)
    answer = admin.get(path, params={"include[]": words}).json()
    assert set(answer) == {"quiz_submissions"} | lists | ({"meta"} if words else set())
    assert answer.get("meta", {"primaryCollection": "quiz_submissions"}) == {"primaryCollection": "quiz_submissions"}
    shown = [one.get("user_id", one["id"]) for name in lists for one in answer[name]]
    assert set(shown) <= {campus.ana.id, campus.quiz.id}
    assert len(shown) == len(lists)


def test_contract_3_6_excused_really_has_the_question_mark(state, teacher, campus, path):
    state.start_attempt(campus.quiz, campus.ana)
    submission = f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}/submissions/{campus.ana.id}"
    teacher.put(submission, {"submission": {"excuse": True}})
    row = rows(teacher.get(path))[0]
    assert (row["excused?"], row["submission_id"]) == (True, teacher.get(submission).json()["id"])


def test_contract_3_6_listing_grades_overdue_attempts_shortly_after(state, admin, campus, path):
    row = state.start_attempt(campus.quiz, campus.ana)
    state.freeze(row.end_at + timedelta(minutes=1))
    states = [rows(admin.get(path))[0]["workflow_state"] for _ in range(2)]
    assert states == ["untaken", "complete"]


def test_contract_1_1_ids_are_texts_in_the_jsonapi_type(state, admin, campus, path):
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=5)
    row = rows(admin.get(path, headers={"Accept": "application/vnd.api+json"}))[0]
    assert (row["user_id"], row["quiz_id"], row["extra_time"]) == (str(campus.ana.id), str(campus.quiz.id), 5)
