"""The sandbox in process: a transport adapter for requests that calls the same application without a socket."""

import io
from collections.abc import Callable, Mapping
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.http.answers import Answer
from canvas_bridge.sandbox.http.request import Request
from canvas_bridge.sandbox.state import SandboxState


def _do_not_wait(_seconds: float) -> None:
    """Pass over a wait: in process a late answer is told by its time-out, not by waiting."""


class SandboxAdapter(BaseAdapter):
    """Mount it on a session: `session.mount("http://canvas.test", SandboxAdapter(state))`.

    Faults look as they do over a socket: a lost connection is requests' ConnectionError, a late answer ReadTimeout,
    a cut body ChunkedEncodingError. `sleep` is asked to wait for late answers and dripping bodies.
    """

    def __init__(self, state: SandboxState, *, sleep: Callable[[float], None] = _do_not_wait) -> None:
        super().__init__()
        self.application = SandboxApplication(state, sleep=sleep)
        self._sleep = sleep
        self._shaper = HTTPAdapter()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Answer a request as the server would."""
        answer = self.application.handle(_read(request))
        _check_time_out(answer, timeout, request)
        if answer.is_dropped:
            lost = RemoteDisconnected("Remote end closed connection without response")
            raise requests.ConnectionError(ProtocolError("Connection aborted.", lost), request=request)
        response = self._shaper.build_response(request, _raw(request, answer, self._sleep))
        if not stream:
            _ = response.content
        return response

    def close(self) -> None:
        """Close nothing: there is no connection."""


def _read(request: requests.PreparedRequest) -> Request:
    parts = urlsplit(request.url or "/")
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    headers.setdefault("host", parts.netloc)
    return Request(
        method=(request.method or "GET").upper(),
        path=parts.path or "/",
        query=parts.query,
        headers=headers,
        body=_bytes(request.body),
        scheme=parts.scheme or "http",
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else bytes(body.read())


def _check_time_out(answer: Answer, timeout: Any, request: requests.PreparedRequest) -> None:
    allowed = timeout[1] if isinstance(timeout, tuple) else timeout
    if allowed is not None and max(answer.delay_seconds, answer.drip_seconds) > allowed:
        cause = ReadTimeoutError(None, request.url or "", "Read timed out.")  # type: ignore[arg-type]  # no pool here
        raise requests.ReadTimeout(cause, request=request)


class _DrippingBody(io.BytesIO):
    """A body each byte of which takes its time."""

    def __init__(self, body: bytes, wait_for: Callable[[int], None]) -> None:
        super().__init__(body)
        self._wait_for = wait_for

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self._wait_for(len(piece))
        return piece


def _raw(request: requests.PreparedRequest, answer: Answer, sleep: Callable[[float], None]) -> HTTPResponse:
    body = b"" if request.method == "HEAD" else answer.body
    body = body[: len(body) // 2] if answer.is_cut else body
    drip = answer.drip_seconds
    return HTTPResponse(
        body=_DrippingBody(body, lambda count: sleep(count * drip)) if drip else io.BytesIO(body),
        headers={
            "Content-Type": answer.content_type,
            "Content-Length": str(len(answer.body)),
            **answer.headers,
        },
        status=answer.status,
        preload_content=False,
        enforce_content_length=True,
        request_method=request.method,
    )
