"""The checker of faults sees a write to Canvas that no intent in the log announced (R14)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accommodations.models import ActionLogEntry
from accommodations.services import action_log
from tests.factories import make_assessment, make_course, make_student
from tests.faults.checker import SOMEBODY, check_intents

STUDENT, OTHER, QUIZ, ASSIGNMENT = 7001, 7002, 31, 41
QUIZZES, ASSIGNMENTS = "/api/v1/courses/1/quizzes", "/api/v1/courses/1/assignments"
ONE = {"user_id": STUDENT, "extra_time": 30}
WRITES: dict[str, tuple[str, str, Any]] = {
    "an extension": ("POST", f"{QUIZZES}/{QUIZ}/extensions", {"quiz_extensions": [ONE]}),
    "an accommodation": ("POST", f"/api/quiz/v1/courses/1/quizzes/{ASSIGNMENT}/accommodations", [ONE]),
    "an override": (
        "POST",
        f"{ASSIGNMENTS}/{ASSIGNMENT}/overrides",
        {"assignment_override": {"student_ids": [STUDENT]}},
    ),
    "a batch of overrides": (
        "POST",
        f"{ASSIGNMENTS}/overrides",
        {"assignment_overrides": [{"assignment_id": ASSIGNMENT, "student_ids": [STUDENT]}]},
    ),
    "an update": (
        "PUT",
        f"{ASSIGNMENTS}/{ASSIGNMENT}/overrides/9",
        {"assignment_override": {"student_ids": [STUDENT, OTHER]}},
    ),
    "a batch of updates": (
        "PUT",
        f"{ASSIGNMENTS}/overrides",
        {"assignment_overrides": [{"id": 9, "assignment_id": ASSIGNMENT}]},
    ),
    "a deletion": ("DELETE", f"{ASSIGNMENTS}/{ASSIGNMENT}/overrides/9", None),
}
pytestmark = pytest.mark.django_db


def write_of(method: str, path: str, body: Any, *, at: datetime | None = None, query: str = "") -> dict[str, Any]:
    """Return a write as the sandbox's log of requests has it."""
    text = "" if body is None else json.dumps(body)
    return {"method": method, "path": path, "query": query, "body": text, "at": (at or datetime.now(UTC)).isoformat()}


def intent_for(canvas_user_id: int, *, canvas_assignment_id: int = ASSIGNMENT) -> ActionLogEntry:
    """Log an intent about a quiz with its own id and that of its assignment."""
    assessment = make_assessment(make_course(), canvas_assignment_id=canvas_assignment_id, canvas_quiz_id=QUIZ)
    student = make_student(canvas_user_id=canvas_user_id)
    return action_log.record(act="canvas.write.started", student=student, assessment=assessment)


@pytest.mark.parametrize("what", WRITES)
def test_r14_a_write_without_an_intent_is_seen(what: str) -> None:
    """One for the same student on something else is none."""
    make_assessment(make_course(), canvas_assignment_id=ASSIGNMENT + 1, canvas_quiz_id=QUIZ + 1)
    other = make_assessment(make_course(), canvas_assignment_id=ASSIGNMENT + 2, canvas_quiz_id=QUIZ + 2)
    action_log.record(act="canvas.write.started", student=make_student(canvas_user_id=STUDENT), assessment=other)
    with pytest.raises(AssertionError, match="without an intent"):
        check_intents([write_of(*WRITES[what])])


@pytest.mark.parametrize("what", [one for one in WRITES if WRITES[one][0] == "POST"])
def test_r14_somebody_elses_intent_is_none(what: str) -> None:
    intent_for(OTHER)
    with pytest.raises(AssertionError, match="without an intent"):
        check_intents([write_of(*WRITES[what])])


@pytest.mark.parametrize("what", WRITES)
def test_r14_an_intent_that_came_later_is_seen_and_one_from_before_will_do(what: str) -> None:
    entry = intent_for(STUDENT)
    check_intents([write_of(*WRITES[what], at=entry.at + timedelta(seconds=1))])
    early = write_of(*WRITES[what], at=entry.at - timedelta(seconds=1))
    with pytest.raises(AssertionError, match="came later"):
        check_intents([early])
    check_intents([early], clock_error=timedelta(hours=2))


def test_what_instructors_do_needs_no_intent_and_an_unknown_address_is_seen() -> None:
    check_intents([write_of(*WRITES["an override"], query=SOMEBODY)])
    with pytest.raises(AssertionError, match="an address that nobody knows"):
        check_intents([write_of("PUT", "/api/v1/courses/1", {})])
