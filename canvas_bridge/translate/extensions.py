"""Elements of extension and accommodation requests, and reading their answers (contract 3.1, 5.1, 8.3)."""

from dataclasses import dataclass, field

from canvas_bridge.changes import SetAssignmentExtension, SetNewQuizAccommodation, SetQuizExtension
from canvas_bridge.translate.words import readable_words
from canvas_bridge.wire.fields import JsonObject

_KEPT_KEYS = ("user_id", "quiz_id", "extra_time", "extra_attempts", "manually_unlocked", "end_at")


def quiz_element(change: SetQuizExtension | SetNewQuizAccommodation) -> dict[str, object]:
    """Return the element of a quiz request: only the keys that have a value, so the others stay as they are."""
    values = {"extra_time": change.extra_minutes, "extra_attempts": change.extra_attempts}
    return {"user_id": change.canvas_user_id, **{key: value for key, value in values.items() if value is not None}}


def assignment_element(change: SetAssignmentExtension) -> dict[str, object]:
    """Return the element of an assignment extension request; both keys are required."""
    return {"user_id": change.canvas_user_id, "extra_attempts": change.extra_attempts}


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """One student's row in the answer to an extension request; `answered` is what of it may be kept."""

    extra_minutes: int | None
    extra_attempts: int | None
    answered: dict[str, object] = field(default_factory=dict)


def extension_rows(body: object, envelope: str) -> dict[int, ExtensionRow]:
    """Return the rows of an extension answer by student."""
    rows = JsonObject(body, "answer").objects(envelope)
    return {
        row.whole_number("user_id"): ExtensionRow(
            extra_minutes=row.optional_whole_number("extra_time"),
            extra_attempts=row.optional_whole_number("extra_attempts"),
            answered=row.part(_KEPT_KEYS),
        )
        for row in rows
    }


def failures_by_user(body: object) -> dict[int, str]:
    """Return Canvas's words for each student whose New Quizzes accommodation failed, though the status was 200."""
    answer = JsonObject(body, "answer")
    if "failed" not in answer:
        return {}
    return {row.whole_number("user_id"): row.short_text("error") for row in answer.objects("failed")}


def successful_users(body: object) -> frozenset[int]:
    """Return the students whose New Quizzes accommodation was accepted."""
    answer = JsonObject(body, "answer")
    return frozenset(row.whole_number("user_id") for row in answer.objects("successful"))


def refusals_by_user(words: object) -> dict[int, str]:
    """Return why an assignment extension was refused, by student: only the bad ones are listed (contract 5.1)."""
    if not isinstance(words, list):
        return {}
    named = [word for word in words if isinstance(word, dict) and "user_id" in word]
    rows = [(JsonObject(word, "refusal"), word) for word in named]
    return {row.whole_number("user_id"): readable_words(word.get("errors")) for row, word in rows}
