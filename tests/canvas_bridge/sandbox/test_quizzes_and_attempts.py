"""Classic quizzes, attempts and submissions: sections 3.6, 10.1, 10.7.8 to 10.7.10 of the contract."""

from datetime import timedelta

import pytest


@pytest.fixture
def quizzes(campus):
    return f"/courses/{campus.course.id}/quizzes"


@pytest.fixture
def attempts(campus):
    return f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/submissions"


def test_c10_1_classic_quizzes_of_all_types_are_listed_by_lock_title_and_id(state, admin, campus, quizzes):
    for kind in ("practice_quiz", "graded_survey", "survey"):
        state.add_quiz(campus.course, kind, quiz_type=kind)
    gone = state.add_quiz(campus.course, "gone")
    gone.workflow_state = "deleted"
    shown = admin.get(quizzes).json()
    assert [one["title"] for one in shown] == ["Midterm", "graded_survey", "practice_quiz", "survey"]
    assert [one["assignment_id"] is None for one in shown] == [False, False, True, True]
    assert (shown[0]["time_limit"], shown[0]["allowed_attempts"]) == (60, 1)
    assert admin.get(f"{quizzes}?search_term=x").status_code == 400


def test_c10_1_staff_keys_are_not_for_students(state, admin, ana, campus, quizzes):
    campus.quiz.access_code = "sesame"
    state.add_quiz(campus.course, "Hidden", published=False)
    assert admin.get(f"{quizzes}/{campus.quiz.id}").json()["access_code"] == "sesame"
    shown = ana.get(quizzes).json()
    assert [one["title"] for one in shown] == ["Midterm"]
    assert "access_code" not in shown[0]


def test_c10_7_8_create_answers_200_and_makes_the_assignment(state, admin, quizzes):
    values = {"title": "Final", "time_limit": 90, "allowed_attempts": 2, "published": True}
    made = admin.post(quizzes, {"quiz": values})
    assert made.status_code == 200
    assignment = state.assignments[made.json()["assignment_id"]]
    assert (assignment.name, assignment.published, assignment.allowed_attempts) == ("Final", True, 2)
    practice = admin.post(quizzes, {"quiz": {"title": "Warm-up", "quiz_type": "practice_quiz"}})
    assert practice.json()["assignment_id"] is None
    assert admin.post(quizzes, {"quiz": {}}).status_code == 400


@pytest.mark.parametrize(("lengthens", "minutes"), [(False, 60), (True, 80)])
def test_c13_7_the_rest_update_lengthens_running_attempts_by_switch_only(
    state, admin, campus, quizzes, lengthens, minutes
):
    state.switches.rest_edit_lengthens_running_attempts = lengthens
    campus.quiz_assignment.lock_at = None
    row = state.start_attempt(campus.quiz, campus.ana)
    state.set_quiz_extension(campus.quiz, campus.bao, extra_time=30)
    answer = admin.put(f"{quizzes}/{campus.quiz.id}", {"quiz": {"time_limit": 80}})
    assert answer.json()["time_limit"] == 80
    assert row.end_at - row.started_at == timedelta(minutes=minutes)
    assert state.quiz_submissions.first("quiz_user", (campus.quiz.id, campus.bao.id)).extra_time == 30


def test_c10_7_8_dates_of_a_graded_quiz_are_those_of_its_assignment(admin, campus, quizzes):
    values = {"due_at": "2026-12-01T17:00:00Z", "lock_at": "2026-12-01T18:00:00Z"}
    admin.put(f"{quizzes}/{campus.quiz.id}", {"quiz": values})
    path = f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}"
    shown = admin.get(path).json()
    assert {name: shown[name] for name in values} == values


def test_c10_7_8_a_quiz_with_attempts_cannot_be_unpublished(state, admin, campus, quizzes):
    state.start_attempt(campus.quiz, campus.ana)
    answer = admin.put(f"{quizzes}/{campus.quiz.id}", {"quiz": {"published": False}})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["published"])


def test_c10_7_10_a_student_starts_and_hands_in(state, admin, ana, campus, attempts):
    started = ana.post(attempts)
    row = started.json()["quiz_submissions"][0]
    assert (started.status_code, row["attempt"], row["workflow_state"]) == (200, 1, "untaken")
    assert row["attempts_left"] == 0
    left = ana.get(f"{attempts}/{row['id']}/time").json()
    assert left["time_left"] == 3600
    keys = {"attempt": 1, "validation_token": row["validation_token"]}
    done = ana.post(f"{attempts}/{row['id']}/complete", keys).json()["quiz_submissions"][0]
    assert (done["workflow_state"], "result_url" in done) == ("complete", True)
    again = ana.post(attempts)
    assert (again.status_code, again.json()["message"]) == (409, "a quiz submission already exists")
    submission = admin.get(
        f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}/submissions/{campus.ana.id}"
    ).json()
    assert (submission["workflow_state"], submission["submission_type"]) == ("submitted", "online_quiz")


def test_c10_7_10_extra_attempts_let_a_student_start_again_and_old_attempts_can_be_read(
    state, admin, ana, campus, attempts
):
    state.complete_attempt(state.start_attempt(campus.quiz, campus.ana), score=4)
    admin.extend(campus.quiz, {"user_id": campus.ana.id, "extra_attempts": 1})
    row = ana.post(attempts).json()["quiz_submissions"][0]
    assert row["attempt"] == 2
    older = admin.get(f"{attempts}/{row['id']}?attempt=1").json()["quiz_submissions"][0]
    assert (older["attempt"], older["workflow_state"], older["score"]) == (1, "complete", 4)
    own = ana.get(f"/courses/{campus.course.id}/quizzes/{campus.quiz.id}/submission").json()
    assert own["quiz_submissions"][0]["attempt"] == 2


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"published": False}, 403, "you are not allowed to participate in this quiz"),
        ({"access_code": "sesame"}, 403, "invalid access code"),
        ({"ip_filter": "10.0.0.0/8"}, 403, "IP address denied"),
        ({"cant_go_back": True}, 501, "that type of quizzes is not supported yet"),
    ],
)
def test_c10_7_10_starting_is_refused_with_canvas_words(ana, campus, attempts, change, status, message):
    vars(campus.quiz).update(change)
    answer = ana.post(attempts)
    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_c10_7_10_a_locked_quiz_can_neither_be_started_nor_handed_in(state, ana, campus, attempts):
    row = state.start_attempt(campus.quiz, campus.ana)
    state.freeze(campus.due + timedelta(minutes=1))
    keys = {"attempt": 1, "validation_token": row.validation_token}
    refused = ana.post(f"{attempts}/{row.id}/complete", keys)
    assert (refused.status_code, refused.json()["message"]) == (400, "quiz is locked")
    state.set_quiz_extension(campus.quiz, campus.ana, manually_unlocked=True)
    assert ana.post(f"{attempts}/{row.id}/complete", keys).status_code == 200


@pytest.mark.parametrize(
    ("keys", "status", "message"),
    [
        ({"attempt": 1, "validation_token": "x"}, 403, "invalid token"),
        ({"validation_token": None}, 400, "invalid attempt"),
        ({"attempt": 2, "validation_token": None}, 400, "attempt 2 can not be modified"),
    ],
)
def test_c10_7_10_handing_in_needs_attempt_and_token(state, ana, campus, attempts, keys, status, message):
    row = state.start_attempt(campus.quiz, campus.ana)
    sent = {**keys, "validation_token": keys["validation_token"] or row.validation_token}
    answer = ana.post(f"{attempts}/{row.id}/complete", sent)
    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_c3_6_listing_grades_overdue_attempts_a_moment_later(state, admin, campus, attempts):
    state.start_attempt(campus.quiz, campus.ana)
    state.freeze(state.now() + timedelta(hours=3))
    first = admin.get(f"{attempts}?include[]=user").json()
    assert first["quiz_submissions"][0]["overdue_and_needs_submission"] is True
    assert (first["users"][0]["name"], first["meta"]["primaryCollection"]) == ("Ana Oliveira", "quiz_submissions")
    assert admin.get(attempts).json()["quiz_submissions"][0]["workflow_state"] == "complete"


def test_c3_6_students_see_themselves_and_others_nothing(state, ana, campus, attempts, caller_for):
    for student in (campus.ana, campus.bao):
        state.start_attempt(campus.quiz, student)
    assert [row["user_id"] for row in ana.get(attempts).json()["quiz_submissions"]] == [campus.ana.id]
    stranger = caller_for(state, state.add_user("Mele Fonua"))
    assert stranger.get(attempts).status_code == 403


def test_c10_7_9_submissions_of_students_have_a_row_wherever_they_are_assigned(state, admin, campus):
    hidden = state.add_assignment(campus.course, "Hidden", published=False)
    special = state.add_assignment(campus.course, "Special", only_visible_to_overrides=True)
    path = f"/courses/{campus.course.id}/students/submissions"
    state.submit(campus.essay, campus.ana)
    rows = admin.get(f"{path}?student_ids[]={campus.ana.id}&student_ids[]=sis_user_id:S-101").json()
    assert {row["user_id"] for row in rows} == {campus.ana.id, campus.bao.id}
    assert {row["assignment_id"] for row in rows}.isdisjoint({hidden.id, special.id})
    state.add_override(special, students=[campus.ana])
    grouped = admin.get(f"{path}?student_ids[]=all&grouped=1&assignment_ids[]={special.id}").json()
    assert [(one["user_id"], len(one["submissions"])) for one in grouped] == [
        (campus.ana.id, 1),
        (campus.bao.id, 0),
        (campus.chidi.id, 0),
    ]


def test_c10_7_9_refusals_of_the_list(admin, ana, campus):
    path = f"/courses/{campus.course.id}/students/submissions"
    many = "&".join(f"student_ids[]={number}" for number in range(101))
    assert admin.get(f"{path}?{many}").json() == {"error": "too many students"}
    unknown = admin.get(f"{path}?student_ids[]=all&assignment_ids[]=5")
    assert (unknown.status_code, unknown.json()) == (403, {"error": "invalid assignment ids requested"})
    since = admin.get(f"{path}?student_ids[]=all&submitted_since=soon")
    assert since.json() == {"errors": {"submitted_since": "Invalid datetime for submitted_since"}}
    assert ana.get(f"{path}?student_ids[]={campus.bao.id}").status_code == 403
    assert {row["user_id"] for row in ana.get(path).json()} == {campus.ana.id}


def test_c10_7_9_handing_in_counts_attempts_and_is_refused_over_the_limit(state, admin, ana, campus):
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}/submissions"
    campus.essay.submission_types = ["online_text_entry", "online_url"]
    body = {"submission": {"submission_type": "online_text_entry", "body": "Mitosis."}}
    first = ana.post(path, body)
    assert (first.status_code, first.json()["attempt"]) == (201, 1)
    assert first.headers["Location"].endswith(f"{path}/{campus.ana.id}")
    ana.post(path, body)
    refused = ana.post(path, body)
    assert refused.status_code == 400
    assert "maximum number of allowed attempts" in refused.text
    state.set_assignment_extension(campus.essay, campus.ana, 1)
    assert ana.post(path, body).json()["attempt"] == 3
    behalf = {"submission": {**body["submission"], "user_id": campus.bao.id}}
    assert admin.post(path, behalf).json()["user_id"] == campus.bao.id
    assert ana.post(path, behalf).status_code == 403


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"submission_type": "media_recording"}, "Invalid submission[submission_type] given"),
        (
            {"submission_type": "online_url"},
            "Invalid parameters for submission_type online_url. Required: submission[url]",
        ),
        ({"submission_type": "online_upload"}, "No valid file ids given"),
    ],
)
def test_c10_7_9_handing_in_is_checked(ana, campus, values, message):
    campus.essay.submission_types = ["online_url", "online_upload"]
    path = f"/courses/{campus.course.id}/assignments/{campus.essay.id}/submissions"
    answer = ana.post(path, {"submission": values})
    assert (answer.status_code, answer.json()) == (400, {"message": message})


def test_c14_2_late_follows_the_students_due_date_with_a_minute_for_quizzes(state, admin, campus):
    path = f"/courses/{campus.course.id}/students/submissions?student_ids[]={campus.ana.id}"
    state.submit(campus.essay, campus.ana, submitted_at=campus.due + timedelta(seconds=30))
    state.submit(campus.quiz_assignment, campus.ana, submitted_at=campus.due + timedelta(seconds=30))
    late = {row["assignment_id"]: row["late"] for row in admin.get(path).json()}
    assert (late[campus.essay.id], late[campus.quiz_assignment.id]) == (True, False)
    state.add_override(campus.essay, students=[campus.ana], due_at=campus.due + timedelta(days=1))
    late = {row["assignment_id"]: row["late"] for row in admin.get(path).json()}
    assert late[campus.essay.id] is False
