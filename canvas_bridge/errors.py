"""The kinds of failure that the bridge raises. None carries a token or a person's name."""


class CanvasError(Exception):
    """A request to Canvas did not succeed. Carries method, path (without query), status and Canvas's own words."""

    retryable = False

    def __init__(
        self, message: str, *, method: str = "", path: str = "", status_code: int | None = None, words: object = None
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.status_code = status_code
        self.words = words
        """The parsed `errors`, `error` or `message` of Canvas's body (list, map or text), else None."""


class CanvasUnavailable(CanvasError):
    """Canvas could not be reached, or a read failed after all tries (connection, time-out, 5xx, no JSON)."""

    retryable = True


class CanvasThrottled(CanvasError):
    """Canvas refused for its rate limit (429, or 403 "Rate Limit Exceeded"); the request was not executed."""

    retryable = True
    wait_seconds = 20.0
    """How long the token's bucket needs to drain (contract 1.5), as told by the refusal's headers."""


class CanvasOutcomeUnknown(CanvasError):
    """A write ended without a clear answer (time-out, reset, cut body, 5xx): read before writing again."""


class CanvasUnauthorized(CanvasError):
    """The token is missing, wrong, expired or revoked (401 with a token's message): stop using it."""


class CanvasForbidden(CanvasError):
    """The token is good, but its user may not do this (403, or 401 on older instances)."""


class CanvasNotFound(CanvasError):
    """404: no such thing, or not visible to the token's user."""


class CanvasRejected(CanvasError):
    """400, 409 or 422: Canvas understood and refused; `words` holds its own messages."""


class CanvasContractError(CanvasError):
    """A 2xx answer that is not what the documentation promises: wrong type, wrong host in a link, too large."""
