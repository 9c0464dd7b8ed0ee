"""Section 10.7.8 of the contract, with 10.7.5 and 10.7.11, row by row: writing classic quizzes."""

from datetime import UTC, datetime, timedelta

import pytest

KEYS = {
    "id", "title", "quiz_type", "assignment_id", "assignment_group_id", "time_limit", "allowed_attempts", "due_at",
    "unlock_at", "lock_at", "published", "points_possible", "question_count", "ip_filter", "locked_for_user",
    "version_number", "one_question_at_a_time", "cant_go_back", "scoring_policy", "html_url", "show_correct_answers",
    "show_correct_answers_at", "hide_correct_answers_at", "show_correct_answers_last_attempt", "hide_results",
    "one_time_results", "shuffle_answers", "description",
}  # fmt: skip
TYPES = {"practice_quiz": False, "assignment": True, "graded_survey": True, "survey": False}


@pytest.fixture
def quizzes(campus):
    return f"/courses/{campus.course.id}/quizzes"


@pytest.fixture
def one(campus, quizzes):
    return f"{quizzes}/{campus.quiz.id}"


@pytest.mark.parametrize(("quiz_type", "is_graded"), TYPES.items())
def test_contract_10_7_8_each_type_is_created_with_200_and_an_assignment_where_it_is_graded(
    state, teacher, quizzes, quiz_type, is_graded
):
    values = {"title": "Unit 3", "quiz_type": quiz_type, "time_limit": 45, "allowed_attempts": 3, "published": True}
    answer = teacher.post(quizzes, {"quiz": values})
    shown = answer.json()
    assert (answer.status_code, {name: shown[name] for name in values}) == (200, values)
    assert (shown["assignment_id"] is not None) is is_graded
    if is_graded:
        assignment = teacher.get(f"{quizzes.replace('quizzes', 'assignments')}/{shown['assignment_id']}").json()
        assert (assignment["name"], assignment["published"], assignment["submission_types"]) == (
            "Unit 3",
            True,
            ["online_quiz"],
        )
        assert assignment["quiz_id"] == shown["id"]
        assert assignment["is_quiz_assignment"] is (quiz_type == "assignment")


# (key, value sent, value read)
WRITTEN = [
    ("title", "Renamed", "Renamed"),
    ("description", "<p>Bring a pen</p>", "<p>Bring a pen</p>"),
    ("time_limit", 30, 30),
    ("time_limit", "30", 30),
    ("time_limit", None, None),
    ("time_limit", "", None),
    ("allowed_attempts", -1, -1),
    ("allowed_attempts", "4", 4),
    ("scoring_policy", "keep_latest", "keep_latest"),
    ("access_code", "sesame", "sesame"),
    ("access_code", "", None),
    ("ip_filter", "10.0.0.0/8", "10.0.0.0/8"),
    ("hide_results", "always", "always"),
    ("hide_results", "until_after_last_attempt", "until_after_last_attempt"),
    ("hide_results", None, None),
    ("show_correct_answers", False, False),
    ("show_correct_answers", "false", False),
    ("show_correct_answers_at", "2026-12-01T17:00:00Z", "2026-12-01T17:00:00Z"),
    ("hide_correct_answers_at", "2026-12-20T17:00:00Z", "2026-12-20T17:00:00Z"),
    ("show_correct_answers_last_attempt", True, True),
    ("one_time_results", True, True),
    ("shuffle_answers", True, True),
    ("one_question_at_a_time", True, True),
    ("cant_go_back", True, True),
    ("only_visible_to_overrides", True, True),
    ("due_at", "2026-12-01T17:00:00Z", "2026-12-01T17:00:00Z"),
    ("due_at", None, None),
    ("lock_at", "", None),
    ("unlock_at", "2026-11-25T05:00:00Z", "2026-11-25T05:00:00Z"),
    ("published", False, False),
]


@pytest.mark.parametrize(("key", "sent", "read"), WRITTEN)
def test_contract_10_7_8_each_key_is_written_alone_and_read_back(teacher, campus, one, key, sent, read):
    campus.quiz_assignment.lock_at = datetime(2026, 12, 15, tzinfo=UTC)
    before = teacher.get(one).json()
    answer = teacher.put(one, {"quiz": {key: sent}})
    assert (answer.status_code, answer.json()[key]) == (200, read)
    after = teacher.get(one).json()
    moved = {name for name in KEYS if before[name] != after[name]}
    assert moved <= {key, "version_number"}


def test_contract_10_7_8_dates_are_shared_with_the_assignment_and_moved_from_midnight_in_the_callers_zone(
    state, teacher, campus, one
):
    campus.teacher.time_zone = "America/Denver"
    midnight = {"due_at": "2026-12-02T00:00:30", "unlock_at": "2026-12-01T00:00:00", "lock_at": "2026-12-03T00:00:00"}
    read = {
        "due_at": "2026-12-03T06:59:59Z",
        "unlock_at": "2026-12-01T07:00:00Z",
        "lock_at": "2026-12-04T06:59:59Z",
    }
    shown = teacher.put(one, {"quiz": midnight}).json()
    assert {name: shown[name] for name in read} == read
    path = f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}?override_assignment_dates=false"
    assert {name: teacher.get(path).json()[name] for name in read} == read


# (body, status, error)
REFUSED = [
    ({}, 400, {"errors": [{"message": "quiz is missing"}]}),
    ({"quiz": {}}, 400, "title"),
    ({"quiz": {"title": ""}}, 400, "title"),
    ({"quiz": {"title": "A", "quiz_type": "exam"}}, 400, "quiz_type"),
    ({"quiz": {"title": "A", "due_at": "2026-12-05T10:00:00Z", "lock_at": "2026-12-04T10:00:00Z"}}, 400, "due_at"),
    ({"quiz": {"title": "A", "due_at": "2026-12-01T10:00:00Z", "unlock_at": "2026-12-04T10:00:00Z"}}, 400, "due_at"),
]


@pytest.mark.parametrize(("body", "status", "error"), REFUSED)
def test_contract_10_7_8_creating_is_refused_with_the_models_errors(state, teacher, quizzes, body, status, error):
    before = len(state.quizzes)
    answer = teacher.post(quizzes, body)
    assert answer.status_code == status
    if isinstance(error, str):
        assert [entry["attribute"] for entry in answer.json()["errors"][error]] == [error]
    else:
        assert answer.json() == error
    assert len(state.quizzes) == before


@pytest.mark.parametrize("role", ["student", "stranger"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_contract_2_only_who_manages_assignments_writes_quizzes(state, campus, caller_for, quizzes, one, role, method):
    user = campus.ana if role == "student" else state.add_user("Mele Fonua")
    answer = caller_for(state, user)(method, quizzes if method == "POST" else one, json={"quiz": {"title": "Mine"}})
    assert (answer.status_code, answer.json()["status"]) == (403, "unauthorized")


def test_contract_10_7_8_put_answers_204_in_the_jsonapi_type(teacher, one):
    headers = {"Accept": "application/vnd.api+json"}
    answer = teacher.put(one, {"quiz": {"title": "Renamed"}}, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    shown = teacher.get(one, headers=headers).json()
    assert (shown["title"], shown["id"]) == ("Renamed", one.rsplit("/", 1)[1])


@pytest.mark.parametrize(("has_attempt", "status"), [(True, 400), (False, 200)])
def test_contract_10_7_8_unpublishing_is_refused_once_there_are_attempts(
    state, teacher, campus, one, has_attempt, status
):
    state.set_quiz_extension(campus.quiz, campus.bao, extra_time=5)
    if has_attempt:
        state.start_attempt(campus.quiz, campus.ana)
    answer = teacher.put(one, {"quiz": {"published": False, "title": "Renamed"}})
    assert answer.status_code == status
    shown = teacher.get(one).json()
    if has_attempt:
        assert list(answer.json()["errors"]) == ["published"]
        assert (shown["published"], shown["title"], shown["unpublishable"]) == (True, "Midterm", False)
    else:
        assert (shown["published"], shown["title"]) == (False, "Renamed")


@pytest.mark.parametrize(("switch", "minutes"), [(False, 60), (True, 80)])
def test_contract_13_7_a_longer_limit_reaches_running_attempts_by_switch_only(
    state, teacher, campus, one, switch, minutes
):
    state.switches.rest_edit_lengthens_running_attempts = switch
    row = state.start_attempt(campus.quiz, campus.ana)
    row.extra_time = 30
    teacher.put(one, {"quiz": {"time_limit": 80}})
    assert row.end_at - row.started_at == timedelta(minutes=minutes)
    teacher.put(one, {"quiz": {"time_limit": 10}})
    assert row.end_at - row.started_at == timedelta(minutes=minutes)


def test_contract_10_7_8_a_practice_quiz_becomes_graded_with_its_dates_and_overrides(state, teacher, campus, quizzes):
    quiz = state.add_quiz(campus.course, "Drill", quiz_type="practice_quiz", lock_at=campus.due)
    override = state.add_override(quiz, students=[campus.ana], lock_at=None)
    shown = teacher.put(f"{quizzes}/{quiz.id}", {"quiz": {"quiz_type": "assignment"}}).json()
    assert shown["lock_at"] == campus.due.strftime("%Y-%m-%dT%H:%M:%SZ")
    path = f"/courses/{campus.course.id}/assignments/{shown['assignment_id']}/overrides"
    assert [one["id"] for one in teacher.get(path).json()] == [override.id]


def test_contract_10_7_8_a_graded_quiz_becomes_practice_and_loses_its_assignment(state, teacher, ana, campus, one):
    assignment_id = campus.quiz.assignment_id
    state.add_override(campus.quiz_assignment, students=[campus.ana], lock_at=None)
    shown = teacher.put(one, {"quiz": {"quiz_type": "survey"}}).json()
    assert (shown["assignment_id"], shown["lock_at"]) == (None, campus.due.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert teacher.get(f"/courses/{campus.course.id}/assignments/{assignment_id}").status_code == 404
    assert ana.get(one).json()["lock_at"] is None


def test_contract_10_7_8_between_graded_types_the_assignment_stays(teacher, campus, one):
    shown = teacher.put(one, {"quiz": {"quiz_type": "graded_survey"}}).json()
    assert shown["assignment_id"] == campus.quiz_assignment.id


def test_contract_10_7_8_a_deleted_quiz_is_gone_with_its_assignment(teacher, campus, quizzes, one):
    answer = teacher.delete(one)
    assert (answer.status_code, answer.json()["id"]) == (200, campus.quiz.id)
    assert [quiz["id"] for quiz in teacher.get(quizzes).json()] == []
    assert teacher.get(f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}").status_code == 404
    assert teacher.delete(one).status_code == 404


@pytest.mark.parametrize(
    ("locks", "change", "columns"),
    [
        (["due_dates"], {"due_at": None}, "due_at"),
        (["availability_dates"], {"unlock_at": "2026-11-23T10:00:00Z", "lock_at": None}, "unlock_at, lock_at"),
        (["content"], {"title": "Renamed"}, "title"),
        (["due_dates"], {"lock_at": None}, None),
        (["availability_dates"], {"lock_at": "SAME"}, None),
        ([], {"due_at": None}, None),
    ],
)
def test_contract_10_7_11_columns_that_the_blueprint_locks_cannot_be_changed(
    teacher, campus, one, locks, change, columns
):
    campus.course.is_blueprint_child = True
    campus.quiz_assignment.blueprint_restrictions = locks
    same = campus.due.strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = teacher.put(one, {"quiz": {name: same if value == "SAME" else value for name, value in change.items()}})
    if columns is None:
        assert answer.status_code == 200
    else:
        message = f"cannot change column(s): {columns} - locked by Master Course"
        assert [entry["message"] for entry in answer.json()["errors"]["base"]] == [message]
        assert answer.status_code == 400
    shown = teacher.get(one).json()
    assert shown["is_master_course_child_content"] is True
    assert shown["restricted_by_master_course"] is bool(locks)
    assert shown.get("master_course_restrictions", {}) == dict.fromkeys(locks, True)
    assert teacher.delete(one).status_code == (403 if locks else 200)


@pytest.fixture
def periods(state, campus):
    """One closed grading period, which ended yesterday, and one that is open."""
    now = state.now()
    spans = [("Past", -60, -1), ("Now", -1, 60)]
    for title, start, end in spans:
        start_date, end_date = now + timedelta(days=start), now + timedelta(days=end)
        state.add_grading_period(title, start_date=start_date, end_date=end_date, course=campus.course)
    return {"closed": now - timedelta(days=10), "open": now + timedelta(days=10)}


NEW = "Cannot set the due date to a date within a closed grading period"
INTO = "Cannot change the due date to a date within a closed grading period"
OUT_OF = "Cannot change the due date when due in a closed grading period"
# (due before, due sent, only visible, refused text)
CLOSED = [
    (None, "closed", False, NEW),
    (None, "closed", True, None),
    (None, "open", False, None),
    ("open", "closed", False, INTO),
    ("open", "open", False, None),
    ("closed", "open", False, OUT_OF),
    ("closed", "closed", False, None),
]


@pytest.mark.parametrize("role", ["teacher", "admin"])
@pytest.mark.parametrize(("before", "sent", "only_visible", "text"), CLOSED)
def test_contract_10_7_5_closed_grading_periods_hold_all_but_administrators(
    state, campus, caller_for, quizzes, periods, before, sent, only_visible, text, role
):
    caller = caller_for(state, campus.teacher if role == "teacher" else state.admin)
    due_at = periods[sent].strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {"title": "Q", "due_at": due_at, "only_visible_to_overrides": only_visible}
    if before is None:
        answer = caller.post(quizzes, {"quiz": values})
    else:
        quiz = state.add_quiz(campus.course, "Q", due_at=periods[before])
        answer = caller.put(f"{quizzes}/{quiz.id}", {"quiz": {"due_at": due_at}})
    if text is None or role == "admin":
        assert answer.status_code == 200
    else:
        messages = [entry["message"] for entry in answer.json()["errors"]["due_at"]]
        assert (answer.status_code, messages) == (403, [text])


@pytest.mark.parametrize(("role", "status"), [("teacher", 403), ("admin", 200)])
def test_contract_10_7_5_a_quiz_due_in_a_closed_period_is_deleted_by_administrators_alone(
    state, campus, caller_for, quizzes, periods, role, status
):
    quiz = state.add_quiz(campus.course, "Q", due_at=periods["closed"])
    caller = caller_for(state, campus.teacher if role == "teacher" else state.admin)
    assert caller.delete(f"{quizzes}/{quiz.id}").status_code == status


def test_contract_10_7_5_ungraded_quizzes_know_no_grading_periods(teacher, quizzes, periods):
    due_at = periods["closed"].strftime("%Y-%m-%dT%H:%M:%SZ")
    values = {"title": "Drill", "quiz_type": "practice_quiz", "due_at": due_at}
    assert teacher.post(quizzes, {"quiz": values}).status_code == 200


@pytest.mark.parametrize("sent", [{"time_limit": 60}, {"title": "Renamed"}, {}])
def test_contract_10_7_8_an_edit_that_changes_nothing_leaves_version_and_time_alone(state, admin, one, sent):
    admin.put(one, {"quiz": {"time_limit": 60, "title": "Renamed"}})
    state.freeze(state.now() + timedelta(hours=1))
    before = admin.get("/_sandbox/state").text
    assert admin.put(one, {"quiz": sent}).status_code == 200
    assert admin.get("/_sandbox/state").text == before
    assert admin.put(one, {"quiz": {"time_limit": 61}}).json()["version_number"] == 3
