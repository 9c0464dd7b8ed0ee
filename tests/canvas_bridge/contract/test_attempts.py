"""Sections 3.3 and 10.7.10 of the contract, row by row: starting, answering and handing in attempts."""

from datetime import timedelta

import pytest

NOT_A_TAKER = "you are not allowed to participate in this quiz"
STATUS_WORDS = {400: "bad_request", 403: "forbidden", 409: "conflict", 501: "not_implemented"}


@pytest.fixture
def attempts(campus):
    return f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/submissions"


def row_of(answer):
    return answer.json()["quiz_submissions"][0]


def shown(at):
    return at and at.strftime("%Y-%m-%dT%H:%M:%SZ")


def refused(answer, status, message):
    return (answer.status_code, answer.json()) == (status, {"status": STATUS_WORDS[status], "message": message})


# (limit, extra time, lock, unlocked by hand, end of the enrollment) in minutes from the start → end in minutes
ENDS = [
    ("1: limit and extra time", 60, 30, None, False, None, 90),
    ("1: no limit, so extra time does nothing", None, 30, None, False, None, None),
    ("3: extra time never runs past the lock", 60, 30, 70, False, None, 70),
    ("3: an earlier end stays", 60, None, 70, False, None, 60),
    ("3: without a limit the lock is the end", None, None, 70, False, 50, 70),
    ("3: with a lock the enrollment does not count", 60, 30, 80, False, 50, 80),
    ("3: unlocked by hand, the lock does not count", 60, 30, 70, True, None, 90),
    ("4: the enrollment's end is the earlier", 60, 30, None, False, 50, 50),
    ("4: without a limit the enrollment's end", None, None, None, False, 50, 50),
    ("4: unlocked by hand, the enrollment counts again", 60, 30, 70, True, 80, 80),
]


@pytest.mark.parametrize(("step", "limit", "extra", "lock", "unlocked", "validity", "end"), ENDS)
def test_contract_3_3_the_end_of_a_new_attempt(
    state, ana, campus, attempts, step, limit, extra, lock, unlocked, validity, end
):
    def at(minutes):
        return None if minutes is None else state.now() + timedelta(minutes=minutes)

    campus.quiz.time_limit = limit
    campus.quiz_assignment.lock_at = at(lock)
    state.default_term.end_at = at(validity)
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=extra, manually_unlocked=unlocked)
    answer = ana.post(attempts)
    assert answer.status_code == 200, step
    assert (row_of(answer)["end_at"], row_of(answer)["started_at"]) == (shown(at(end)), shown(state.now())), step


def test_contract_3_3_the_lock_is_the_one_that_holds_for_the_student(state, ana, campus, attempts):
    campus.quiz_assignment.lock_at = state.now() + timedelta(minutes=20)
    own_lock = state.now() + timedelta(minutes=45)
    state.add_override(campus.quiz_assignment, students=[campus.ana], lock_at=own_lock)
    assert row_of(ana.post(attempts))["end_at"] == shown(own_lock)


def test_contract_3_3_a_taker_with_grading_rights_is_cut_short_by_nothing(state, teacher, campus, attempts):
    campus.quiz_assignment.lock_at = state.now() + timedelta(minutes=20)
    answer = teacher.post(attempts, {"preview": True})
    row = row_of(answer)
    assert (answer.status_code, row["workflow_state"]) == (200, "preview")
    assert row["end_at"] == shown(state.now() + timedelta(minutes=60))
    assert teacher.get(attempts).json()["quiz_submissions"] == []
    assert teacher.get(f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}").json()["unpublishable"] is True


def test_contract_10_7_10_students_have_no_preview(ana, attempts):
    assert ana.post(attempts, {"preview": True}).status_code == 403


def test_contract_3_3_a_row_with_settings_alone_never_blocks_starting(state, ana, campus, attempts):
    state.set_quiz_extension(campus.quiz, campus.ana, extra_time=0)
    assert row_of(ana.post(attempts))["attempt"] == 1


@pytest.mark.parametrize(
    ("allowed", "extra", "finished", "left"),
    [(1, None, 0, 1), (1, 2, 0, 3), (3, None, 1, 2), (1, 1, 2, 0), (1, None, 3, 0), (-1, 5, 2, -1)],
)
def test_contract_3_3_attempts_left(state, admin, campus, attempts, allowed, extra, finished, left):
    campus.quiz.allowed_attempts = allowed
    state.set_quiz_extension(campus.quiz, campus.ana, extra_attempts=extra)
    for _ in range(finished):
        state.complete_attempt(state.start_attempt(campus.quiz, campus.ana))
    assert row_of(admin.get(attempts))["attempts_left"] == left


def test_contract_3_3_extensions_are_kept_over_attempts_and_edits(state, admin, ana, campus, attempts):
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_attempts": 1, "extra_time": 15})
    for number in (1, 2):
        row = row_of(ana.post(attempts))
        assert (row["attempt"], row["extra_time"], row["extra_attempts"]) == (number, 15, 1)
        assert row["end_at"] == shown(state.now() + timedelta(minutes=75))
        keys = {"attempt": number, "validation_token": row["validation_token"]}
        assert ana.post(f"{attempts}/{row['id']}/complete", keys).status_code == 200
    admin.put(f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}", {"quiz": {"time_limit": 90}})
    assert row_of(admin.get(attempts))["extra_time"] == 15


# (what is changed on the quiz, status, message)
SHUT = [
    ({"access_code": "sesame"}, 403, "invalid access code"),
    ({"ip_filter": "10.0.0.0/8,192.168.1.5"}, 403, "IP address denied"),
    ({"cant_go_back": True}, 501, "that type of quizzes is not supported yet"),
    ({"require_lockdown_browser": True}, 403, "this quiz requires the lockdown browser"),
]


@pytest.mark.parametrize(("change", "status", "message"), SHUT)
def test_contract_10_7_10_a_shut_quiz_is_neither_started_nor_answered_nor_handed_in(
    state, ana, campus, attempts, change, status, message
):
    running = state.start_attempt(campus.quiz, campus.ana)
    keys = {"attempt": 1, "validation_token": running.validation_token}
    vars(campus.quiz).update(change)
    assert refused(ana.post(f"{attempts}/{running.id}/complete", keys), status, message)
    assert refused(ana.post(f"/quiz_submissions/{running.id}/questions", keys), status, message)
    state.quiz_submissions.remove(running)
    assert refused(ana.post(attempts), status, message)


@pytest.mark.parametrize("dates", [{"unlock_at": 5}, {"lock_at": -5}, {"due_at": -9, "lock_at": -5}])
def test_contract_10_7_10_outside_its_dates_a_quiz_is_locked_until_it_is_unlocked_by_hand(
    state, ana, campus, attempts, dates
):
    for name, minutes in dates.items():
        setattr(campus.quiz_assignment, name, state.now() + timedelta(minutes=minutes))
    assert refused(ana.post(attempts), 400, "quiz is locked")
    state.set_quiz_extension(campus.quiz, campus.ana, manually_unlocked=True)
    assert ana.post(attempts).status_code == 200


def test_contract_10_7_10_a_due_date_alone_locks_nothing(state, ana, campus, attempts):
    campus.quiz_assignment.due_at, campus.quiz_assignment.lock_at = state.now() - timedelta(days=1), None
    assert ana.post(attempts).status_code == 200


def test_contract_10_7_10_a_locked_module_refuses_with_the_words_of_participation(state, ana, campus, attempts):
    module = state.add_module(campus.course, "Week 9", campus.quiz)
    module.unlock_at = state.now() + timedelta(days=1)
    assert refused(ana.post(attempts), 400, NOT_A_TAKER)
    state.set_quiz_extension(campus.quiz, campus.ana, manually_unlocked=True)
    assert ana.post(attempts).status_code == 200


def test_contract_10_7_10_the_access_code_opens_the_quiz_and_a_filter_that_names_this_machine(ana, campus, attempts):
    campus.quiz.access_code, campus.quiz.ip_filter = "sesame", "127.0.0.0/8"
    assert ana.post(attempts, {"access_code": "sesame"}).status_code == 200


@pytest.mark.parametrize(
    "reason", ["unpublished", "not assigned", "concluded", "course over", "course not open", "stranger", "teacher"]
)
def test_contract_10_7_10_who_may_not_take_part_is_told_so_even_when_unlocked(
    state, campus, attempts, caller_for, reason
):
    user = campus.ana
    state.set_quiz_extension(campus.quiz, user, manually_unlocked=True)
    if reason == "unpublished":
        campus.quiz.published = False
    elif reason == "not assigned":
        state.add_override(campus.quiz_assignment, students=[user], unassign_item=True)
    elif reason == "concluded":
        state.enrollments.first("course_user", (campus.course.id, user.id)).workflow_state = "completed"
    elif reason == "course over":
        state.default_term.end_at = state.now() - timedelta(days=1)
    elif reason == "course not open":
        campus.course.workflow_state = "completed"
    else:
        user = campus.teacher if reason == "teacher" else state.add_user("Mele Fonua")
    assert refused(caller_for(state, user).post(attempts), 403, NOT_A_TAKER)


@pytest.mark.parametrize("case", ["running", "overdue", "no attempts left"])
def test_contract_10_7_10_an_attempt_that_runs_or_was_the_last_blocks_another(state, ana, campus, attempts, case):
    row = state.start_attempt(campus.quiz, campus.ana)
    if case == "overdue":
        state.freeze(state.now() + timedelta(hours=2))
    if case == "no attempts left":
        state.complete_attempt(row)
    assert refused(ana.post(attempts), 409, "a quiz submission already exists")


def test_contract_10_7_10_an_extra_attempt_lets_a_student_start_again(state, admin, ana, campus, attempts):
    state.complete_attempt(state.start_attempt(campus.quiz, campus.ana))
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_attempts": 1})
    assert row_of(ana.post(attempts))["attempt"] == 2


# (what is sent beside or instead of the right attempt and token, status, message)
BAD_HAND_INS = [
    ({"validation_token": "x"}, 403, "invalid token"),
    ({"validation_token": None}, 403, "invalid token"),
    ({"attempt": None}, 400, "invalid attempt"),
    ({"attempt": "abc"}, 400, "invalid attempt"),
    ({"attempt": 0}, 400, "invalid attempt"),
    ({"attempt": 2}, 400, "attempt 2 can not be modified"),
    ({"attempt": "2"}, 400, "attempt 2 can not be modified"),
]


@pytest.mark.parametrize("where", ["complete", "answer"])
@pytest.mark.parametrize(("sent", "status", "message"), BAD_HAND_INS)
def test_contract_10_7_10_attempt_and_token_must_be_right(state, ana, campus, attempts, where, sent, status, message):
    row = state.start_attempt(campus.quiz, campus.ana)
    path = f"{attempts}/{row.id}/complete" if where == "complete" else f"/quiz_submissions/{row.id}/questions"
    keys = {"attempt": 1, "validation_token": row.validation_token, **sent}
    assert refused(ana.post(path, keys), status, message)


def test_contract_10_7_10_a_finished_attempt_cannot_be_handed_in_again(state, ana, campus, attempts):
    row = state.complete_attempt(state.start_attempt(campus.quiz, campus.ana))
    keys = {"attempt": 1, "validation_token": row.validation_token}
    assert refused(ana.post(f"{attempts}/{row.id}/complete", keys), 400, "quiz submission is already complete")


@pytest.mark.parametrize("who", ["teacher", "classmate", "observer"])
def test_contract_10_7_10_nobody_else_can_hand_in(state, campus, attempts, caller_for, who):
    row = state.start_attempt(campus.quiz, campus.ana)
    user = {"teacher": campus.teacher, "classmate": campus.bao}.get(who) or state.add_user("Mele Fonua")
    if who == "observer":
        state.enroll(user, campus.course, type="ObserverEnrollment", associated_user_id=campus.ana.id)
    keys = {"attempt": 1, "validation_token": row.validation_token}
    answer = caller_for(state, user).post(f"{attempts}/{row.id}/complete", keys)
    assert refused(answer, 403, "you are not allowed to complete this quiz submission")


def test_contract_3_3_an_attempt_extended_past_the_lock_can_still_not_be_handed_in(state, admin, ana, campus, attempts):
    campus.quiz_assignment.lock_at = state.now() + timedelta(minutes=60)
    row = row_of(ana.post(attempts))
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extend_from_end_at": 30})
    state.freeze(state.now() + timedelta(minutes=61))
    keys = {"attempt": 1, "validation_token": row["validation_token"]}
    assert refused(ana.post(f"{attempts}/{row['id']}/complete", keys), 400, "quiz is locked")
    assert refused(ana.post(f"/quiz_submissions/{row['id']}/questions", keys), 400, "quiz is locked")
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "manually_unlocked": True})
    assert ana.post(f"{attempts}/{row['id']}/complete", keys).status_code == 200


def test_contract_10_7_10_a_late_answer_is_refused_and_handing_in_is_not(state, ana, campus, attempts):
    row = row_of(ana.post(attempts))
    state.freeze(state.now() + timedelta(minutes=61))
    keys = {"attempt": 1, "validation_token": row["validation_token"]}
    assert refused(ana.post(f"/quiz_submissions/{row['id']}/questions", keys), 400, "quiz submission is overdue")
    assert row_of(ana.post(f"{attempts}/{row['id']}/complete", keys))["workflow_state"] == "complete"


def test_contract_10_7_10_questions_are_made_answered_and_scored(teacher, ana, campus, attempts):
    questions = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/questions"
    choice = {
        "question_name": "Powerhouse",
        "question_text": "Which organelle?",
        "question_type": "multiple_choice_question",
        "points_possible": 3,
        "answers": [
            {"answer_text": "Nucleus", "answer_weight": 0},
            {"answer_text": "Mitochondrion", "answer_weight": 100},
        ],
    }
    made = teacher.post(questions, {"question": choice})
    assert made.status_code == 200
    short = {
        "question_type": "short_answer_question",
        "points_possible": 2,
        "answers": [{"text": "DNA", "weight": 100}],
    }
    second = teacher.post(questions, {"question": short}).json()
    quiz = teacher.get(f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}").json()
    assert (quiz["question_count"], quiz["points_possible"]) == (2, 5)
    row = row_of(ana.post(attempts))
    keys = {"attempt": 1, "validation_token": row["validation_token"]}
    right = made.json()["answers"][1]["id"]
    answers = [{"id": made.json()["id"], "answer": right}, {"id": second["id"], "answer": "rna"}]
    answered = ana.post(f"/quiz_submissions/{row['id']}/questions", {**keys, "quiz_questions": answers})
    assert answered.status_code == 200
    assert [one["answer"] for one in answered.json()["quiz_submission_questions"]] == [right, "rna"]
    assert "weight" not in answered.text
    done = row_of(ana.post(f"{attempts}/{row['id']}/complete", keys))
    assert (done["workflow_state"], done["score"], done["kept_score"]) == ("complete", 3, 3)
    assert ana.get(questions).status_code == 403


def test_contract_10_7_10_an_essay_waits_for_a_person(state, teacher, ana, campus, attempts):
    questions = f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/questions"
    teacher.post(questions, {"question": {"question_type": "essay_question", "points_possible": 5}})
    row = row_of(ana.post(attempts))
    keys = {"attempt": 1, "validation_token": row["validation_token"]}
    done = row_of(ana.post(f"{attempts}/{row['id']}/complete", keys))
    assert (done["workflow_state"], "result_url" in done) == ("pending_review", True)
    submission = teacher.get(
        f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}/submissions/{campus.ana.id}"
    ).json()
    assert submission["workflow_state"] == "pending_review"


def test_contract_10_7_10_an_administrator_takes_the_quiz_for_the_student_by_as_user_id(admin, campus, attempts):
    acting = f"as_user_id={campus.ana.id}"
    row = row_of(admin.post(f"{attempts}?{acting}"))
    assert (row["user_id"], row["workflow_state"]) == (campus.ana.id, "untaken")
    keys = {"attempt": 1, "validation_token": row["validation_token"]}
    done = row_of(admin.post(f"{attempts}/{row['id']}/complete?{acting}", keys))
    assert done["workflow_state"] == "complete"


def test_contract_10_7_10_each_attempt_has_a_token_of_its_own_and_equal_calls_give_equal_ones(state, campus):
    campus.quiz.allowed_attempts = 2
    first, other = (state.start_attempt(campus.quiz, one).validation_token for one in (campus.ana, campus.bao))
    row = state.quiz_submissions.first("quiz_user", (campus.quiz.id, campus.ana.id))
    second = state.start_attempt(campus.quiz, campus.ana).validation_token
    row.attempt = 0
    assert state.start_attempt(campus.quiz, campus.ana).validation_token == first
    assert len({first, second, other}) == 3


@pytest.mark.parametrize("minutes", [0, 20, 70])
def test_contract_10_7_10_time_left(state, ana, campus, attempts, minutes):
    row = row_of(ana.post(attempts))
    state.freeze(state.now() + timedelta(minutes=minutes))
    answer = ana.get(f"{attempts}/{row['id']}/time")
    assert (answer.status_code, answer.json()) == (
        200,
        {"end_at": row["end_at"], "time_left": (60 - minutes) * 60},
    )
