"""Section 10.7.9 of the contract, with 14.2, row by row: handing in, late and missing, grading."""

from datetime import timedelta

import pytest

KEYS = {
    "id", "user_id", "assignment_id", "attempt", "submission_type", "submitted_at", "workflow_state", "score", "grade",
    "entered_score", "entered_grade", "excused", "late", "missing", "late_policy_status", "points_deducted",
    "seconds_late", "graded_at", "grader_id", "grade_matches_current_submission", "url", "body", "preview_url",
    "cached_due_date", "extra_attempts", "grading_period_id", "redo_request", "posted_at",
}  # fmt: skip
NOT_ALLOWED = {"status": "unauthorized", "errors": [{"message": "user not authorized to perform that action"}]}


@pytest.fixture
def essay(campus):
    return f"/courses/{campus.course.id}/assignments/{campus.essay.id}/submissions"


def shown(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_contract_10_7_9_handing_in_answers_201_with_a_location(state, ana, campus, essay):
    campus.essay.submission_types = ["online_text_entry"]
    body = {"submission": {"submission_type": "online_text_entry", "body": "Mitosis."}}
    answer = ana.post(essay, {**body, "comment": {"text_comment": "At last."}})
    row = answer.json()
    assert answer.status_code == 201
    assert set(row) == KEYS
    assert (row["attempt"], row["body"], row["submitted_at"]) == (1, "Mitosis.", shown(state.now()))
    assert answer.headers["Location"] == f"http://canvas.test/api/v1{essay}/{campus.ana.id}"
    assert ana.post(essay, body).json()["attempt"] == 2


REQUIRED_URL = "Invalid parameters for submission_type online_url. Required: submission[url]"
INVALID = [
    ({}, "Invalid submission[submission_type] given"),
    ({"submission_type": "online_quiz"}, "Invalid submission[submission_type] given"),
    ({"submission_type": "online_text_entry", "body": "x"}, "Invalid submission[submission_type] given"),
    ({"submission_type": "online_url"}, REQUIRED_URL),
    ({"submission_type": "online_url", "url": ""}, REQUIRED_URL),
    ({"submission_type": "online_upload"}, "No valid file ids given"),
    ({"submission_type": "online_upload", "file_ids": []}, "No valid file ids given"),
    ({"submission_type": "online_upload", "file_ids": [999]}, "No valid file ids given"),
]


@pytest.mark.parametrize(("values", "message"), INVALID)
def test_contract_10_7_9_handing_in_is_checked(state, ana, campus, essay, values, message):
    campus.essay.submission_types = ["online_url", "online_upload"]
    answer = ana.post(essay, {"submission": values})
    assert (answer.status_code, answer.json()) == (400, {"message": message})
    assert all(row.attempt is None for row in state.submissions)


# (what stands in the way, status for the student, status for a grader on the student's behalf)
CLOSED = [
    ("nothing", 201, 201),
    ("locked", 403, 201),
    ("not yet unlocked", 403, 201),
    ("unpublished", 403, 403),
    ("not assigned", 403, 403),
    ("course over", 403, 201),
]


@pytest.mark.parametrize(("what", "own", "on_behalf"), CLOSED)
def test_contract_10_7_9_what_is_locked_for_the_student_is_not_allowed(
    state, ana, admin, campus, essay, what, own, on_behalf
):
    campus.essay.submission_types = ["online_url"]
    if what == "locked":
        campus.essay.lock_at = state.now() - timedelta(minutes=1)
    elif what == "not yet unlocked":
        campus.essay.unlock_at = state.now() + timedelta(minutes=1)
    elif what == "unpublished":
        campus.essay.published = False
    elif what == "not assigned":
        state.add_override(campus.essay, students=[campus.ana], unassign_item=True)
    elif what == "course over":
        state.default_term.end_at = state.now() - timedelta(days=1)
    work = {"submission_type": "online_url", "url": "https://example.org"}
    assert ana.post(essay, {"submission": work}).status_code == own
    assert admin.post(essay, {"submission": {**work, "user_id": campus.ana.id}}).status_code == on_behalf


def test_contract_10_7_9_on_behalf_of_a_student_graders_set_the_time_too(state, teacher, ana, campus, essay):
    campus.essay.submission_types = ["online_url"]
    earlier = shown(state.now() - timedelta(days=1))
    work = {"submission_type": "online_url", "url": "https://example.org", "submitted_at": earlier}
    answer = teacher.post(essay, {"submission": {**work, "user_id": campus.bao.id}})
    assert (answer.json()["user_id"], answer.json()["submitted_at"]) == (campus.bao.id, earlier)
    assert answer.headers["Location"].endswith(f"/{campus.bao.id}")
    refused = ana.post(essay, {"submission": {**work, "user_id": campus.bao.id}})
    assert (refused.status_code, refused.json()) == (403, NOT_ALLOWED)
    own = ana.post(essay, {"submission": work})
    assert own.json()["submitted_at"] == shown(state.now())


def test_contract_10_7_9_one_student_hands_in_for_the_whole_group(state, teacher, ana, campus, essay):
    groups = state.add_group_category(campus.course, "Labs")
    state.add_group(groups, "Red", campus.ana, campus.bao)
    campus.essay.group_category_id, campus.essay.submission_types = groups.id, ["online_url"]
    ana.post(essay, {"submission": {"submission_type": "online_url", "url": "https://example.org"}})
    rows = {row["user_id"]: (row["attempt"], row["url"]) for row in teacher.get(essay).json()}
    together = (1, "https://example.org")
    assert rows == {campus.ana.id: together, campus.bao.id: together, campus.chidi.id: (None, None)}


# (assignment, seconds after the due date, late, seconds late)
LATE = [
    ("essay", -1, False, 0),
    ("essay", 0, False, 0),
    ("essay", 1, True, 1),
    ("essay", 60, True, 60),
    ("quiz_assignment", 60, False, 0),
    ("quiz_assignment", 61, True, 1),
]


@pytest.mark.parametrize(("name", "seconds", "late", "seconds_late"), LATE)
def test_contract_14_2_late_counts_from_the_students_due_date_with_a_minute_for_quizzes(
    state, teacher, campus, name, seconds, late, seconds_late
):
    assignment = getattr(campus, name)
    own_due = campus.due + timedelta(days=1)
    state.add_override(assignment, students=[campus.ana], due_at=own_due)
    state.submit(assignment, campus.ana, submitted_at=own_due + timedelta(seconds=seconds))
    row = teacher.get(f"/courses/{campus.course.id}/assignments/{assignment.id}/submissions/{campus.ana.id}").json()
    assert (row["cached_due_date"], row["late"], row["seconds_late"]) == (shown(own_due), late, seconds_late)


@pytest.mark.parametrize(
    ("types", "handed_in", "status", "excused", "late", "missing"),
    [
        (["online_url"], False, None, False, False, True),
        (["online_url"], True, None, False, True, False),
        (["on_paper"], False, None, False, False, False),
        (["none"], False, None, False, False, False),
        (["online_url"], False, "none", False, False, False),
        (["online_url"], True, "none", False, False, False),
        (["online_url"], True, "missing", False, False, True),
        (["on_paper"], False, "late", False, True, False),
        (["online_url"], False, None, True, False, False),
        (["online_url"], True, None, True, False, False),
    ],
)
def test_contract_14_2_late_and_missing_a_status_by_hand_wins_and_excused_is_neither(
    state, teacher, campus, essay, types, handed_in, status, excused, late, missing
):
    campus.essay.submission_types = types
    state.freeze(campus.due + timedelta(days=1))
    if handed_in:
        state.submit(campus.essay, campus.ana)
    values = {"late_policy_status": status} | ({"excuse": True} if excused else {})
    row = teacher.put(f"{essay}/{campus.ana.id}", {"submission": values}).json()
    assert (row["late"], row["missing"], row["excused"]) == (late, missing, excused)


@pytest.mark.parametrize(
    ("posted", "score", "grade", "workflow_state"),
    [
        (7.5, 7.5, "7.5", "graded"),
        ("8", 8, "8", "graded"),
        ("80%", 8, "8", "graded"),
        ("complete", 10, "10", "graded"),
        ("", None, None, "submitted"),
    ],
)
def test_contract_10_7_9_grading(state, teacher, campus, essay, posted, score, grade, workflow_state):
    state.submit(campus.essay, campus.ana)
    answer = teacher.put(f"{essay}/{campus.ana.id}", {"submission": {"posted_grade": posted}})
    row = answer.json()
    assert answer.status_code == 200
    assert (row["score"], row["grade"], row["entered_score"], row["workflow_state"]) == (
        score,
        grade,
        score,
        workflow_state,
    )
    assert row["grader_id"] == (campus.teacher.id if score is not None else None)


def test_contract_2_students_grade_nobody(ana, campus, essay):
    assert ana.put(f"{essay}/{campus.ana.id}", {"submission": {"posted_grade": 10}}).status_code == 403


def test_contract_10_7_9_a_quiz_attempt_carries_to_the_submission(state, teacher, campus):
    state.complete_attempt(state.start_attempt(campus.quiz, campus.ana), score=6)
    path = f"/courses/{campus.course.id}/assignments/{campus.quiz_assignment.id}/submissions/{campus.ana.id}"
    row = teacher.get(path).json()
    assert (row["submission_type"], row["workflow_state"], row["score"], row["attempt"]) == (
        "online_quiz",
        "graded",
        6,
        1,
    )
