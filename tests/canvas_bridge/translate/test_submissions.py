"""Quiz submissions and submissions (contract 3.6, 5.3, 10.7.9)."""

from datetime import UTC, datetime

import pytest

from canvas_bridge.errors import CanvasContractError
from canvas_bridge.facts import ObservedAttempt, ObservedExtension, ObservedSubmission
from canvas_bridge.translate import submissions
from canvas_bridge.wire.quizzes import QuizSubmission
from canvas_bridge.wire.reading import read
from canvas_bridge.wire.submissions import Submission

KEY = "assignment:12"
ROW = {
    "id": 90,
    "user_id": 5,
    "quiz_id": 3,
    "extra_time": None,
    "extra_attempts": None,
    "workflow_state": "settings_only",
}


def quiz_extension(value: object, key: str) -> ObservedExtension:
    return submissions.quiz_extension(read(QuizSubmission, value), key)


def quiz_attempt(value: object, key: str) -> ObservedAttempt | None:
    return submissions.quiz_attempt(read(QuizSubmission, value), key)


def quiz_handed_in(value: object, key: str) -> ObservedSubmission:
    return submissions.quiz_handed_in(read(QuizSubmission, value), key)


def submission(value: object, key: str) -> ObservedSubmission:
    return submissions.submission(read(Submission, value), key)


def assignment_extension(value: dict[str, object], key: str) -> ObservedExtension:
    return submissions.assignment_extension(read(Submission, {"assignment_id": 12, **value}), key)


def test_values_never_set_count_as_nothing() -> None:
    assert quiz_extension(ROW, KEY) == ObservedExtension(KEY, 5, 0, 0)
    assert quiz_extension({**ROW, "extra_time": 30, "extra_attempts": 1}, KEY) == ObservedExtension(KEY, 5, 30, 1)


@pytest.mark.parametrize("state", ["settings_only", "preview"])
def test_settings_and_previews_are_no_attempt(state: str) -> None:
    assert quiz_attempt({**ROW, "workflow_state": state}, KEY) is None


def test_an_untaken_row_is_a_running_attempt() -> None:
    row = {
        **ROW,
        "workflow_state": "untaken",
        "started_at": "2026-03-01T12:00:00Z",
        "end_at": "2026-03-01T13:00:00Z",
        "finished_at": None,
    }

    assert quiz_attempt(row, KEY) == ObservedAttempt(
        assessment_key=KEY,
        canvas_user_id=5,
        canvas_quiz_submission_id=90,
        is_running=True,
        has_begun=True,
        started_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        end_at=datetime(2026, 3, 1, 13, tzinfo=UTC),
    )


@pytest.mark.parametrize("state", ["complete", "pending_review"])
def test_a_finished_attempt_has_begun_and_is_not_running(state: str) -> None:
    found = quiz_attempt({**ROW, "workflow_state": state}, KEY)

    assert found is not None
    assert (found.has_begun, found.is_running) == (True, False)


@pytest.mark.parametrize(
    ("state", "attempt", "handed_in"),
    [("settings_only", None, False), ("untaken", 1, False), ("untaken", 2, True), ("complete", 1, True)],
)
def test_an_earlier_finished_attempt_counts_as_handed_in(state: str, attempt: int | None, handed_in: bool) -> None:
    assert quiz_handed_in({**ROW, "workflow_state": state, "attempt": attempt}, KEY).has_submitted is handed_in


@pytest.mark.parametrize(
    ("row", "has_submitted"),
    [
        ({"workflow_state": "unsubmitted", "submitted_at": None}, False),
        ({"workflow_state": "submitted", "submitted_at": "2026-03-01T12:00:00Z"}, True),
        ({"workflow_state": "pending_review", "submitted_at": None}, True),
        ({"workflow_state": "graded", "submitted_at": None}, False),
        ({"workflow_state": "graded", "submitted_at": "2026-03-01T12:00:00Z"}, True),
    ],
)
def test_r18_a_grade_without_work_is_no_submission(row: dict[str, object], has_submitted: bool) -> None:
    assert submission({"user_id": 5, "assignment_id": 12, **row}, KEY).has_submitted is has_submitted


def test_extra_attempts_of_an_assignment_may_be_absent() -> None:
    assert assignment_extension({"user_id": 5}, KEY).extra_attempts == 0
    assert assignment_extension({"user_id": 5, "extra_attempts": 2}, KEY).extra_attempts == 2


def test_f16_a_row_without_a_student_is_a_contract_error() -> None:
    with pytest.raises(CanvasContractError, match="user_id"):
        quiz_extension({**ROW, "user_id": None}, KEY)
