"""Answers and the shapes of Canvas's refusals (contract 1.2, 1.3)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

REALM = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}


@dataclass
class Answer:
    """Status, body and headers. `is_dropped`: the connection ends without it; `is_cut`: in the middle of it.

    `delay_seconds` is how long it was kept back already, `drip_seconds` how long each byte of the body takes.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    row_count: int = 1
    is_dropped: bool = False
    is_cut: bool = False
    delay_seconds: float = 0.0
    drip_seconds: float = 0.0


class Refusal(Exception):
    """A request that is refused with a ready answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status}: {answer.body[:200]!r}")
        self.answer = answer


def json_answer(payload: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer in JSON."""
    rows = len(payload) if isinstance(payload, list) else 1
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status=status, body=body, headers=dict(headers or {}), row_count=rows)


def text_answer(text: str, status: int, content_type: str = "text/plain; charset=utf-8") -> Answer:
    """Return an answer in plain text or HTML."""
    return Answer(status=status, body=text.encode(), content_type=content_type)


def refusal(status: int, payload: Any, headers: Mapping[str, str] | None = None) -> Refusal:
    """Return a refusal with a body of its own shape."""
    return Refusal(json_answer(payload, status, headers))


def unauthenticated() -> Refusal:
    """Return the answer to a caller without credentials."""
    errors = [{"message": "user authorization required"}]
    return refusal(401, {"status": "unauthenticated", "errors": errors}, REALM)


def bad_token(message: str, **more: Any) -> Refusal:
    """Return the answer to a token that is unknown, expired or revoked."""
    return refusal(401, {"errors": [{"message": message, **more}]}, REALM)


def not_allowed(*, status: int = 403) -> Refusal:
    """Return the answer to a known caller without the right."""
    errors = [{"message": "user not authorized to perform that action"}]
    return refusal(status, {"status": "unauthorized", "errors": errors})


def not_found() -> Refusal:
    """Return the answer for a record that does not exist."""
    return refusal(404, {"errors": [{"message": "The specified resource does not exist."}]})


def rejected(message: str, status: int = 400) -> Refusal:
    """Return a refusal made by a controller: the message at the top, no `errors` key."""
    return refusal(status, {"status": status_word(status), "message": message})


def missing_parameter(name: str) -> Refusal:
    """Return the answer for a required parameter object that is missing."""
    return refusal(400, {"errors": [{"message": f"{name} is missing"}]})


def unexpected(status: int = 500) -> Refusal:
    """Return the answer for anything unexpected."""
    return refusal(status, {"errors": [{"message": "An error occurred.", "error_code": status_word(status)}]})


def invalid(errors: Mapping[str, Sequence[Mapping[str, str]]], status: int = 400) -> Refusal:
    """Return the answer for a record that its model refuses."""
    return refusal(status, {"errors": errors})


def model_error(attribute: str, message: str, kind: str | None = None) -> dict[str, str]:
    """Return one entry of a model's errors; built-in validators name their symbol twice."""
    return {"attribute": attribute, "type": kind or message, "message": message}


def search_term_too_short() -> Refusal:
    """Return the answer to a search for fewer than two characters (9.1)."""
    error = {"field": "search_term", "code": "invalid", "message": "2 or more characters is required"}
    return refusal(400, {"errors": [error]})


def status_word(status: int) -> str:
    """Return a status's name in snake case: 400 is bad_request."""
    return HTTPStatus(status).name.lower()
