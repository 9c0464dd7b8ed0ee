"""One session with one Canvas: authentication, time limits, size limits, retries, and the right kind of error."""

import ipaddress
import logging
import random
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.auth import AuthBase
from urllib3.exceptions import NewConnectionError

from canvas_bridge.client.answers import Received, json_of, shown_path, throttled_seconds, unclear_kind
from canvas_bridge.client.endpoints import pattern_of
from canvas_bridge.client.metering import Observer, RequestMeter, number_in
from canvas_bridge.client.retry import MOST_TRIES, with_retries
from canvas_bridge.client.transport import AddressCheck, DeadlineAdapter
from canvas_bridge.errors import CanvasContractError, CanvasError, CanvasUnauthorized, CanvasUnavailable

logger = logging.getLogger(__name__)

USER_AGENT = "Leeway/0.1"
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
TOTAL_SECONDS = 30.0
LONGEST_SILENCE_SECONDS = 5.0
"""A wait between tries is told this often, so that whoever holds something meanwhile can renew it."""
LARGEST_BODY_BYTES = 20 * 1024 * 1024
LARGEST_REFUSAL_BYTES = 64 * 1024
_NOT_SENT = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
_CHUNK_BYTES = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

TransportAdapter = BaseAdapter
"""What carries requests: the network, or in tests and in the demo the sandbox in the same process."""

Params = Sequence[tuple[str, str | int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer: parsed body, and the Link header as Canvas gave it. A redirect that was asked for: `location`."""

    status_code: int
    body: object = field(repr=False)
    links: str = field(default="", repr=False)
    location: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one request is made of."""

    method: str
    path: str
    endpoint: str
    params: Params = field(default=(), repr=False)
    body: object = field(default=None, repr=False)
    takes_redirect: bool = False


class _BearerToken(AuthBase):
    """Puts the token into the header, and nowhere else. Also keeps `requests` from looking into a .netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "_BearerToken(…)"


class _Session(requests.Session):
    """Takes no answer for a redirect. Even unasked, `requests` would prepare the next hop and read all of the body."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class CanvasSession:
    """Sends requests to one Canvas and returns parsed JSON. Not for use by several threads at once.

    Redirects are never followed, so the token cannot be led to another host. `before_request` runs before each
    single HTTP request, retries included, and may raise to stop the work. `on_answer` is told of each exchange after
    it, refusals and broken ones included, and must not raise.
    """

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        sleep: Callable[[float], None],
        before_request: Callable[[], None] | None = None,
        adapter: TransportAdapter | None = None,
        user_agent: str = USER_AGENT,
        randomness: random.Random | None = None,
        total_seconds: float = TOTAL_SECONDS,
        may_connect_to: AddressCheck | None = None,
        most_tries: int = MOST_TRIES,
        on_answer: Observer | None = None,
        while_waiting: Callable[[], None] | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._sleep, self._while_waiting = sleep, while_waiting
        self._before_request = before_request
        self._on_answer = on_answer
        self._randomness = randomness or random.SystemRandom()
        self._most_tries = most_tries
        self._is_token_sendable = bool(token) and all("!" <= character <= "~" for character in token)
        self._timeout = (min(CONNECT_SECONDS, total_seconds), min(READ_SECONDS, total_seconds))
        self._http = _http_session(self.base_url, token, user_agent)
        self._adapter = adapter or DeadlineAdapter(total_seconds=total_seconds, may_connect_to=may_connect_to)
        self._http.mount("http://", self._adapter)
        self._http.mount("https://", self._adapter)

    def __repr__(self) -> str:
        return f"CanvasSession({self.base_url})"

    def read(self, path: str, params: Params = (), *, endpoint: str = "") -> Answer:
        """GET `path` (it may carry a query). Retried; safe to repeat. Raises CanvasError.

        `endpoint` is the path's pattern, by which the exchange is measured.
        """
        return self._request(_Asked("GET", path, endpoint or pattern_of(path), params=params))

    def read_or_redirect(self, path: str, *, endpoint: str) -> Answer:
        """GET `path`; a redirect is an answer too, with `location` set and not followed."""
        return self._request(_Asked("GET", path, endpoint, takes_redirect=True))

    def write(self, method: str, path: str, body: object = None, *, endpoint: str = "") -> Answer:
        """POST, PUT, PATCH or DELETE with a JSON body. Repeated only where Canvas surely did not act.

        Raises CanvasError.
        """
        return self._request(_Asked(method, path, endpoint or pattern_of(path), body=body))

    def wait(self, seconds: float) -> None:
        """Wait, in the way that the session was given; `while_waiting` is called every few seconds of it."""
        while self._while_waiting is not None and seconds > LONGEST_SILENCE_SECONDS:
            self._sleep(LONGEST_SILENCE_SECONDS)
            self._while_waiting()
            seconds -= LONGEST_SILENCE_SECONDS
        self._sleep(seconds)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _request(self, asked: _Asked) -> Answer:
        return with_retries(
            lambda retries: self._attempt(asked, retries),
            sleep=self.wait,
            randomness=self._randomness,
            most_tries=self._most_tries,
        )

    def _attempt(self, asked: _Asked, retries: int) -> Answer:
        if not self._is_token_sendable:
            raise CanvasUnauthorized("the token holds characters that no token of Canvas has")
        if self._before_request is not None:
            self._before_request()
        began = time.monotonic()
        outcome: Received | CanvasError | None = None
        try:
            outcome = self._exchange(asked)
        finally:
            self._measure(asked, outcome if isinstance(outcome, Received) else None, began, retries)
        if isinstance(outcome, CanvasError):
            raise outcome
        return _answer(asked, outcome)

    def _exchange(self, asked: _Asked) -> Received | CanvasError:
        """Return the answer, or the error for an exchange that broke.

        The error is raised outside the handler: what `requests` says holds the whole address, and with it a searched
        name.
        """
        try:
            with self._http.request(
                asked.method,
                self.base_url + asked.path,
                params=list(asked.params),
                json=asked.body,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _received(asked.method, asked.path, response)
        except requests.RequestException as error:
            return _failure(asked.method, asked.path, error)

    def _measure(self, asked: _Asked, received: Received | None, began: float, retries: int) -> None:
        status_code = received.status_code if received else None
        logger.debug("%s %s: %s", asked.method, asked.endpoint, status_code or "no answer")
        if self._on_answer is None:
            return
        headers = received.headers if received else {}
        self._on_answer(
            RequestMeter(
                endpoint=asked.endpoint,
                method=asked.method,
                status_code=status_code,
                cost=number_in(headers, "X-Request-Cost"),
                remaining=number_in(headers, "X-Rate-Limit-Remaining"),
                seconds=time.monotonic() - began,
                retries=retries,
                throttled_seconds=throttled_seconds(received) if received else None,
            )
        )


def _answer(asked: _Asked, received: Received) -> Answer:
    if asked.takes_redirect and received.status_code in _REDIRECTS:
        return Answer(received.status_code, None, location=received.headers.get("Location", ""))
    return Answer(received.status_code, json_of(received), received.headers.get("Link", ""))


def _http_session(base_url: str, token: str, user_agent: str) -> requests.Session:
    http = _Session()
    http.auth = _BearerToken(token)
    http.headers.update({"User-Agent": user_agent, "Accept": "application/json"})
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # A campus proxy is honoured, but the demo's own Canvas on this machine is never asked through one.
    http.trust_env = not _is_loopback(urlsplit(base_url).hostname or "")
    return http


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _received(method: str, path: str, response: requests.Response) -> Received:
    """Read the body within its size limit; of a refusal only as much as words may need."""
    is_answer = 200 <= response.status_code < 300
    content = _limited_content(method, path, response) if is_answer else _first_bytes(response)
    return Received(method, path, response.status_code, response.headers, content)


def _limited_content(method: str, path: str, response: requests.Response) -> bytes:
    content = bytearray()
    for chunk in _chunks(response):
        content += chunk
        if len(content) > LARGEST_BODY_BYTES:
            raise CanvasContractError(
                f"{method} {shown_path(path)}: the body is larger than {LARGEST_BODY_BYTES // 1024 // 1024} MB",
                method=method,
                path=shown_path(path),
                status_code=response.status_code,
            )
    return bytes(content)


def _first_bytes(response: requests.Response) -> bytes:
    """Return the beginning of a refusal's body; a body that breaks off changes nothing about its status."""
    content = bytearray()
    try:
        for chunk in _chunks(response):
            content += chunk
            if len(content) >= LARGEST_REFUSAL_BYTES:
                break
    except requests.RequestException:
        logger.debug("the body of a refusal broke off")
    return bytes(content)


def _chunks(response: requests.Response) -> Iterator[bytes]:
    return response.iter_content(_CHUNK_BYTES)


def _failure(method: str, path: str, error: requests.RequestException) -> CanvasError:
    """Return the kind for an exchange that broke: surely not sent, or, for a write, unknown."""
    is_write = method != "GET"
    kind = CanvasUnavailable if _was_not_sent(error) else unclear_kind(is_write)
    sentence = f"{method} {shown_path(path)}: {_reason(error)}"
    return kind(sentence, method=method, path=shown_path(path))


def _was_not_sent(error: BaseException) -> bool:
    """Whether no connection came about, so that Canvas cannot have acted."""
    if isinstance(error, _NOT_SENT):
        return True
    return any(isinstance(cause, (NewConnectionError, ssl.SSLCertVerificationError)) for cause in _causes(error))


def _reason(error: requests.RequestException) -> str:
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return "the server's certificate is not valid"
    if _was_not_sent(error):
        return "no connection could be made"
    if isinstance(error, requests.Timeout) or any(isinstance(cause, TimeoutError) for cause in causes):
        return "no whole answer came in time"
    return "the connection broke off"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what lies behind it: `requests` and urllib3 wrap in `args`, `reason` and `__context__`."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting.extend(one for one in inner if isinstance(one, BaseException))
