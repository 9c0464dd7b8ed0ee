"""Changes to extension and accommodation requests, and what of the answers may be kept (contract 3.1, 5.1, 8.3)."""

from canvas_bridge.changes import SetAssignmentExtension, SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.translate.words import readable_words
from canvas_bridge.wire.absent import UNCHANGED
from canvas_bridge.wire.extensions import (
    AssignmentExtension,
    QuizAccommodationRequest,
    QuizExtension,
    QuizExtensionRequest,
    RefusedExtension,
)
from canvas_bridge.wire.reading import read_list
from canvas_bridge.wire.writing import json_of


def quiz_request(change: SetQuizExtension) -> QuizExtensionRequest:
    """Return the element of a quiz extension request; what has no value stays as it is."""
    return QuizExtensionRequest(
        user_id=change.canvas_user_id,
        extra_time=UNCHANGED if change.extra_minutes is None else change.extra_minutes,
        extra_attempts=UNCHANGED if change.extra_attempts is None else change.extra_attempts,
    )


def accommodation_request(change: SetNewQuizAccommodation) -> QuizAccommodationRequest:
    """Return the element of a New Quizzes request; what has no value stays as it is."""
    return QuizAccommodationRequest(
        user_id=change.canvas_user_id,
        extra_time=UNCHANGED if change.extra_minutes is None else change.extra_minutes,
        extra_attempts=UNCHANGED if change.extra_attempts is None else change.extra_attempts,
    )


def assignment_request(change: SetAssignmentExtension) -> AssignmentExtension:
    """Return the element of an assignment extension request; both keys are required."""
    return AssignmentExtension(user_id=change.canvas_user_id, extra_attempts=change.extra_attempts)


def answered_row(row: QuizExtension | AssignmentExtension) -> dict[str, object]:
    """Return one student's row of an answer as it may be kept."""
    json = json_of(row)
    return json if isinstance(json, dict) else {}


def refusals_by_user(words: object) -> dict[int, str]:
    """Return why an assignment extension was refused, by student: only the bad ones are listed (contract 5.1)."""
    if not isinstance(words, list):
        return {}
    named = [word for word in words if isinstance(word, dict) and "user_id" in word]
    return {row.user_id: readable_words(row.errors or None) for row in read_list(RefusedExtension, named)}
