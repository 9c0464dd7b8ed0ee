"""From an answer of Canvas to its JSON, or to the one kind of CanvasError that fits it.

Source: contract 1.2 (refusals), 1.3 (validation), 1.5 (rate limit); the retry table of the quality targets.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from canvas_bridge.client.throttle import is_throttled, throttle_wait_seconds
from canvas_bridge.errors import (
    CanvasContractError,
    CanvasError,
    CanvasForbidden,
    CanvasNotFound,
    CanvasOutcomeUnknown,
    CanvasRejected,
    CanvasThrottled,
    CanvasUnauthorized,
    CanvasUnavailable,
)

Kind = TypeVar("Kind", bound=CanvasError)

_TOKEN_WORDS = re.compile(r"(invalid|expired|revoked) access token|user authorization required", re.IGNORECASE)
_PERSONAL_ID = re.compile(r"((?:hex:)?(?:sis_\w+|lti_\w+|uuid)(?::|%3A))[^/]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Received:
    """One answer as it came over the wire. Its body may hold names, so it stays out of `repr`."""

    method: str
    path: str
    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def is_write(self) -> bool:
        """Whether the request may have changed something in Canvas."""
        return self.method != "GET"


def shown_path(path: str) -> str:
    """Return the path without query, and without the SIS or login id of a person (they do not belong in logs)."""
    return _PERSONAL_ID.sub(r"\1…", path.partition("?")[0])


def json_of(received: Received) -> object:
    """Return the parsed body of a 2xx answer, None for 204. Raises the CanvasError that fits anything else."""
    if received.status_code == 204:
        return None
    if not 200 <= received.status_code < 300:
        raise error_for(received)
    try:
        return parsed(received.content)
    except ValueError:
        # A page of some proxy with status 200: a read may be tried again, a write may or may not have arrived.
        raise _error(unclear_kind(received.is_write), received, "the body is no JSON") from None


def parsed(content: bytes) -> object:
    """Return the JSON; raises ValueError for anything else, NaN and bottomless nesting included."""
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def unclear_kind(is_write: bool) -> type[CanvasError]:
    """Return the kind for an exchange without a clear end: a read may be repeated, a write is unknown."""
    return CanvasOutcomeUnknown if is_write else CanvasUnavailable


def error_for(received: Received) -> CanvasError:
    """Return the error that a non-2xx answer means."""
    text = received.content.decode(errors="replace")
    if is_throttled(received.status_code, text):
        return _throttled(received)
    body = _body_of(received.content)
    return _error(_kind(received, body), received, f"Canvas answered {received.status_code}", words=words_of(body))


def throttled_seconds(received: Received) -> float | None:
    """Return how long the rate limiter wants nobody to ask; None for every other answer."""
    if not is_throttled(received.status_code, received.content.decode(errors="replace")):
        return None
    return throttle_wait_seconds(received.headers)


def words_of(body: object) -> object:
    """Return Canvas's own words in a refusal: whatever stands under `errors`, `error` or `message`, else None."""
    if not isinstance(body, dict):
        return None
    return next((body[key] for key in ("errors", "error", "message") if body.get(key)), None)


def _kind(received: Received, body: object) -> type[CanvasError]:
    status = received.status_code
    if status == 401:
        return _kind_of_401(received, body)
    if status == 408 or status >= 500:
        return unclear_kind(received.is_write)
    if status < 400:
        return CanvasContractError
    return {403: CanvasForbidden, 404: CanvasNotFound}.get(status, CanvasRejected)


def _kind_of_401(received: Received, body: object) -> type[CanvasError]:
    """Tell a dead token from a missing right: older instances answer 401 for both (contract 1.2).

    New Quizzes document 401 for "may not", with a body that nobody has described. Anything else that is unclear
    counts as a dead token: stopping is safer than writing "not allowed" beside every student.
    """
    words = json.dumps(words_of(body))
    if _TOKEN_WORDS.search(words) or "WWW-Authenticate" in received.headers:
        return CanvasUnauthorized
    status = body.get("status") if isinstance(body, dict) else None
    if status == "unauthorized" or "Insufficient scopes" in words or received.path.startswith("/api/quiz/"):
        return CanvasForbidden
    return CanvasUnauthorized


def _throttled(received: Received) -> CanvasThrottled:
    error = _error(CanvasThrottled, received, "Canvas is limiting the rate", words="Rate Limit Exceeded")
    error.wait_seconds = throttle_wait_seconds(received.headers)
    return error


def _error(kind: type[Kind], received: Received, what: str, *, words: object = None) -> Kind:
    path = shown_path(received.path)
    sentence = f"{received.method} {path}: {what}"
    return kind(sentence, method=received.method, path=path, status_code=received.status_code, words=words)


def _body_of(content: bytes) -> object:
    try:
        return parsed(content)
    except ValueError:
        return None


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
