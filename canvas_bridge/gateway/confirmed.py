"""What only a person's confirmed act sends, never a sync: each a single request, never repeated by itself.

Reading back is the caller's: an unclear answer is an outcome here, not an error.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from canvas_bridge.changes import ActOutcome, AnsweredRow, ExtensionOnEveryQuiz, OutcomeKind
from canvas_bridge.client.canvas_client import CanvasClient
from canvas_bridge.client.resources.quiz_extensions import SET, SET_IN_COURSE
from canvas_bridge.errors import CanvasError, CanvasForbidden
from canvas_bridge.gateway.applying.outcomes import is_refusal, was_not_acted_on
from canvas_bridge.translate.words import readable_words
from canvas_bridge.wire.absent import UNCHANGED
from canvas_bridge.wire.extensions import QuizExtension, QuizExtensionRequest
from canvas_bridge.wire.writing import json_of


class ConfirmedActs:
    """The acts on classic quizzes of one course (contract 3 and 4)."""

    def __init__(self, client: CanvasClient, canvas_course_id: int) -> None:
        self._extensions = client.quiz_extensions
        self._canvas_course_id = canvas_course_id

    def extend_running_attempt(self, *, canvas_quiz_id: int, canvas_user_id: int, minutes_from_end: int) -> ActOutcome:
        """Move the end of one running attempt later. Not idempotent; Canvas ignores it silently where none runs."""
        place = SET.at(self._canvas_course_id, canvas_quiz_id)
        sent = _sent(place.path, {"user_id": canvas_user_id, "minutes_from_end": minutes_from_end})

        def send() -> Sequence[QuizExtension]:
            return [
                self._extensions.extend_running_attempt(
                    self._canvas_course_id, canvas_quiz_id, canvas_user_id, minutes_from_end=minutes_from_end
                )
            ]

        return _outcome(send, sent)

    def set_unlocked(self, *, canvas_quiz_id: int, canvas_user_id: int, is_unlocked: bool) -> ActOutcome:
        """Let a quiz count as not locked for one student whatever its dates say, or take that back."""
        request = QuizExtensionRequest(user_id=canvas_user_id, manually_unlocked=is_unlocked)
        place = SET.at(self._canvas_course_id, canvas_quiz_id)
        return _outcome(
            lambda: self._extensions.set(self._canvas_course_id, canvas_quiz_id, [request]),
            _sent(place.path, json_of(request)),
        )

    def extend_every_quiz(self, elements: Sequence[ExtensionOnEveryQuiz]) -> ActOutcome:
        """Set the same minutes and attempts on every classic quiz there is: one row comes back for each and student."""
        requests = [
            QuizExtensionRequest(
                user_id=one.canvas_user_id,
                extra_time=UNCHANGED if one.extra_minutes is None else one.extra_minutes,
                extra_attempts=UNCHANGED if one.extra_attempts is None else one.extra_attempts,
            )
            for one in elements
        ]
        place = SET_IN_COURSE.at(self._canvas_course_id)
        return _outcome(
            lambda: self._extensions.set_in_course(self._canvas_course_id, requests),
            {"request": f"POST {place.path}"},
        )


def _outcome(send: Callable[[], Sequence[QuizExtension]], sent: dict[str, object]) -> ActOutcome:
    try:
        rows = send()
    except CanvasError as error:
        return act_outcome_of_error(error, sent)
    return ActOutcome(OutcomeKind.APPLIED, 200, sent=sent, rows=tuple(_row(row) for row in rows))


def act_outcome_of_error(error: CanvasError, sent: dict[str, object]) -> ActOutcome:
    """Return refused, unreachable (Canvas surely did not act) or else unknown, in Canvas's own words if it has any."""
    if is_refusal(error):
        kind = OutcomeKind.REFUSED
    else:
        kind = OutcomeKind.UNREACHABLE if was_not_acted_on(error) else OutcomeKind.UNKNOWN
    words = readable_words(error.words) or str(error)
    return ActOutcome(
        kind,
        error.status_code,
        message=words,
        sent=sent,
        is_permission_missing=isinstance(error, CanvasForbidden),
    )


def _sent(path: str, element: object) -> dict[str, object]:
    return {"request": f"POST {path}", "element": element}


def _row(row: QuizExtension) -> AnsweredRow:
    answered = json_of(row)
    return AnsweredRow(
        canvas_quiz_id=row.quiz_id,
        canvas_user_id=row.user_id,
        extra_minutes=row.extra_time if isinstance(row.extra_time, int) else 0,
        extra_attempts=row.extra_attempts if isinstance(row.extra_attempts, int) else 0,
        is_manually_unlocked=row.manually_unlocked is True,
        end_at=row.end_at if isinstance(row.end_at, datetime) else None,
        answered=answered if isinstance(answered, dict) else {},
    )
