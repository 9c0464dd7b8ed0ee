"""Assignments, classic quizzes and New Quizzes become assessments (contract 8.5, 9.1, 10.1)."""

from datetime import UTC, datetime

import pytest

from canvas_bridge.errors import CanvasContractError
from canvas_bridge.facts import AssessmentFacts, AssessmentKind, Dates
from canvas_bridge.translate import assessments
from canvas_bridge.wire.assignments import Assignment
from canvas_bridge.wire.new_quizzes import NewQuiz
from canvas_bridge.wire.quizzes import Quiz
from canvas_bridge.wire.reading import read


def assessment_of_assignment(value: object) -> AssessmentFacts:
    return assessments.assessment_of_assignment(read(Assignment, value))


def with_quiz(assessment: AssessmentFacts, value: object) -> AssessmentFacts:
    return assessments.with_quiz(assessment, read(Quiz, value))


def with_new_quiz(assessment: AssessmentFacts, value: object) -> AssessmentFacts:
    return assessments.with_new_quiz(assessment, read(NewQuiz, value))


def assignment_json(**values: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": 12,
        "name": "Essay",
        "submission_types": ["online_upload"],
        "allowed_attempts": -1,
        "published": True,
        "is_quiz_assignment": False,
        "overrides": [],
        "due_at": None,
        "unlock_at": None,
        "lock_at": None,
    }
    return plain | values


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"submission_types": ["online_quiz"], "is_quiz_assignment": True, "quiz_id": 5}, AssessmentKind.CLASSIC_QUIZ),
        (
            {"submission_types": ["online_quiz"], "is_quiz_assignment": False, "quiz_id": 5},
            AssessmentKind.GRADED_SURVEY,
        ),
        ({"submission_types": ["external_tool"], "is_quiz_lti_assignment": True}, AssessmentKind.NEW_QUIZ),
        ({"submission_types": ["external_tool"]}, AssessmentKind.EXTERNAL_TOOL),
        ({"submission_types": ["discussion_topic"]}, AssessmentKind.DISCUSSION),
        ({"submission_types": ["on_paper"]}, AssessmentKind.ON_PAPER),
        ({"submission_types": ["none"]}, AssessmentKind.NO_SUBMISSION),
        ({"submission_types": []}, AssessmentKind.NO_SUBMISSION),
        ({"submission_types": ["online_upload", "online_url"]}, AssessmentKind.ASSIGNMENT),
    ],
)
def test_kinds_are_told_apart_by_their_keys(values: dict[str, object], kind: AssessmentKind) -> None:
    assert assessment_of_assignment(assignment_json(**values)).kind is kind


@pytest.mark.parametrize(("sent", "attempts"), [(-1, None), (None, None), (-5, None), (1, 1), ("3", 3)])
def test_minus_one_attempt_means_unlimited(sent: object, attempts: int | None) -> None:
    assert assessment_of_assignment(assignment_json(allowed_attempts=sent)).allowed_attempts == attempts


def test_a_classic_quiz_and_its_assignment_are_one_assessment() -> None:
    assignment = assignment_json(
        submission_types=["online_quiz"], is_quiz_assignment=True, quiz_id="5", due_at="2026-03-01T12:00:00Z"
    )
    quiz = {"id": 5, "time_limit": 60, "allowed_attempts": 2}

    merged = with_quiz(assessment_of_assignment(assignment), quiz)

    assert (merged.key, merged.canvas_assignment_id, merged.canvas_quiz_id) == ("assignment:12", 12, 5)
    assert (merged.time_limit_minutes, merged.allowed_attempts) == (60, 2)
    assert merged.base_dates == Dates(due_at=datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize(("limit", "minutes"), [(None, None), (0, None), (45, 45)])
def test_no_time_limit_means_untimed(limit: object, minutes: int | None) -> None:
    bare = assessment_of_assignment(assignment_json(quiz_id=5))

    assert with_quiz(bare, {"id": 5, "time_limit": limit, "allowed_attempts": 1}).time_limit_minutes == minutes


def test_a_practice_quiz_is_an_assessment_without_an_assignment() -> None:
    quiz = {"id": 9, "title": "Warm-up", "quiz_type": "practice_quiz", "time_limit": 20, "allowed_attempts": -1}

    found = assessments.assessment_of_ungraded_quiz(read(Quiz, quiz))

    assert (found.key, found.kind) == ("quiz:9", AssessmentKind.PRACTICE_QUIZ)
    assert (found.time_limit_minutes, found.allowed_attempts) == (20, None)


def new_quiz_settings(**values: object) -> dict[str, object]:
    return {"id": "12", "quiz_settings": values}


@pytest.mark.parametrize(("seconds", "minutes"), [(3600, 60), (90, 2), (61, 2), (1, 1), (0, None)])
def test_r7_seconds_of_a_new_quiz_round_up_to_minutes(seconds: int, minutes: int | None) -> None:
    bare = assessment_of_assignment(assignment_json(is_quiz_lti_assignment=True))
    quiz = new_quiz_settings(has_time_limit=True, session_time_limit_in_seconds=seconds)

    assert with_new_quiz(bare, quiz).time_limit_minutes == minutes


@pytest.mark.parametrize(
    ("multiple", "attempts"),
    [
        (None, 1),
        ({"multiple_attempts_enabled": False, "attempt_limit": True, "max_attempts": 4}, 1),
        ({"multiple_attempts_enabled": True, "attempt_limit": False, "max_attempts": None}, None),
        ({"multiple_attempts_enabled": True, "attempt_limit": True, "max_attempts": 4}, 4),
    ],
)
def test_attempts_of_a_new_quiz_come_from_its_settings(multiple: object, attempts: int | None) -> None:
    bare = assessment_of_assignment(assignment_json(is_quiz_lti_assignment=True))
    quiz = new_quiz_settings(has_time_limit=False, session_time_limit_in_seconds=0, multiple_attempts=multiple)

    found = with_new_quiz(bare, quiz)

    assert (found.time_limit_minutes, found.allowed_attempts) == (None, attempts)


def test_a_new_quiz_without_settings_is_untimed_with_one_attempt() -> None:
    bare = assessment_of_assignment(assignment_json(is_quiz_lti_assignment=True))

    found = with_new_quiz(bare, {"id": "12", "quiz_settings": None})

    assert (found.time_limit_minutes, found.allowed_attempts) == (None, 1)


def test_f16_a_limited_new_quiz_that_does_not_say_its_limit_is_a_contract_error() -> None:
    bare = assessment_of_assignment(assignment_json(is_quiz_lti_assignment=True))

    with pytest.raises(CanvasContractError, match="session_time_limit_in_seconds"):
        with_new_quiz(bare, new_quiz_settings(has_time_limit=True))


@pytest.mark.parametrize(
    ("values", "is_locked"),
    [
        ({}, False),
        ({"is_master_course_child_content": True, "restricted_by_master_course": False}, False),
        (
            {
                "is_master_course_child_content": True,
                "restricted_by_master_course": True,
                "master_course_restrictions": {"due_dates": True},
            },
            True,
        ),
        (
            {
                "is_master_course_child_content": True,
                "restricted_by_master_course": True,
                "master_course_restrictions": {"content": True, "availability_dates": False},
            },
            False,
        ),
        (
            {
                "is_master_course_master_content": True,
                "restricted_by_master_course": True,
                "master_course_restrictions": {"due_dates": True},
            },
            False,
        ),
    ],
)
def test_f28_only_a_copy_whose_dates_are_restricted_is_locked(values: dict[str, object], is_locked: bool) -> None:
    assert assessment_of_assignment(assignment_json(**values)).dates_locked_by_blueprint is is_locked


def test_what_makes_an_assessment_special_is_read() -> None:
    found = assessment_of_assignment(
        assignment_json(
            in_paced_course=True,
            has_sub_assignments=True,
            in_closed_grading_period=True,
            only_visible_to_overrides=True,
            group_category_id=4,
            published=False,
            points_possible=12.5,
        )
    )

    assert found.in_paced_course
    assert found.has_checkpoints
    assert found.in_closed_grading_period
    assert found.only_visible_to_overrides
    assert not found.is_published
    assert (found.canvas_group_category_id, found.points_possible) == (4, 12.5)


def test_f16_unknown_fields_are_ignored() -> None:
    strange = assignment_json(brand_new={"deep": [1, {"x": None}]}, lti={"id": "x"})

    assert assessment_of_assignment(strange) == assessment_of_assignment(assignment_json())


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("id", None),
        ("name", 5),
        ("due_at", 1_772_000_000),
        ("allowed_attempts", "many"),
        ("submission_types", "online_quiz"),
        ("overrides", None),
        ("overrides", {}),
        ("published", "yes"),
        ("quiz_id", []),
    ],
)
def test_f16_a_wrong_type_is_a_contract_error_that_names_the_key(key: str, wrong: object) -> None:
    with pytest.raises(CanvasContractError, match=key):
        assessment_of_assignment(assignment_json(**{key: wrong}))


def test_an_assignment_without_overrides_key_is_seen_as_not_managed() -> None:
    without = assignment_json()
    del without["overrides"]

    assert assessments.shows_overrides(read(Assignment, assignment_json()))
    assert not assessments.shows_overrides(read(Assignment, without))


def test_a_copy_in_the_making_is_unfinished() -> None:
    assert assessments.is_unfinished(read(Assignment, assignment_json(workflow_state="duplicating")))
    assert not assessments.is_unfinished(read(Assignment, assignment_json(workflow_state="published")))
