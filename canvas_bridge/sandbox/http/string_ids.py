"""Ids as texts in answers, for callers that ask for them by their Accept header (contract 1.1)."""

import json
from typing import Any

from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.http.request import Request

EVERYWHERE = "application/json+canvas-string-ids"
# Only the older quiz endpoints answer in this type.
OF_QUIZZES = "application/vnd.api+json"


def with_wanted_ids(request: Request, answer: Answer) -> Answer:
    """Return the answer with every id as text where the caller asked for that, else as it is."""
    if _wants_texts(request) and answer.body and answer.content_type.startswith("application/json"):
        answer.body = json.dumps(_stringified(json.loads(answer.body)), separators=(",", ":")).encode()
    return answer


def _wants_texts(request: Request) -> bool:
    accepted = request.headers.get("accept", "").lower()
    is_of_quizzes = "/quizzes" in request.path and not request.path.startswith("/api/quiz/")
    return EVERYWHERE in accepted or (is_of_quizzes and OF_QUIZZES in accepted)


def _stringified(value: Any, *, is_id: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: _stringified(one, is_id=_names_ids(key)) for key, one in value.items()}
    if isinstance(value, list):
        return [_stringified(one, is_id=is_id) for one in value]
    return str(value) if is_id and isinstance(value, int) and not isinstance(value, bool) else value


def _names_ids(key: str) -> bool:
    return key == "id" or key.endswith(("_id", "_ids"))
