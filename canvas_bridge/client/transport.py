"""Connections with one deadline for the whole exchange, and a say in which addresses may be connected to.

The time-outs of `requests` count from one received byte to the next, so a server that drips one byte a second could
hold a worker for hours. Here every read from the socket, of headers and of body, also ends at the deadline.
"""

import io
import logging
import socket
import time
from collections.abc import Callable
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

# Its debug lines and warnings print whole addresses, and a search for a person carries the name in the query.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

AddressCheck = Callable[[str], bool]

_ends_at: ContextVar[float] = ContextVar("ends_at", default=float("inf"))
_may_connect_to: ContextVar[AddressCheck | None] = ContextVar("may_connect_to", default=None)


class _DeadlineReader(io.RawIOBase):
    """Reads from a socket until the deadline of the request under way, then raises TimeoutError."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._ends_at = _ends_at.get()
        self._read_seconds = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the total deadline of the request has passed")
        self._sock.settimeout(left if self._read_seconds is None else min(left, self._read_seconds))
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _DeadlineResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_DeadlineReader(sock))


class _CheckedConnection(HTTPConnection):
    """Resolves the host once, asks whether each address may be used, and connects to the very one it asked about."""

    response_class = _DeadlineResponse

    def _new_conn(self) -> socket.socket:
        check = _may_connect_to.get()
        if check is None or self.proxy is not None:
            return super()._new_conn()
        named_host = self._dns_host
        try:
            return self._connect_to_first(self._allowed_addresses(check))
        finally:
            self._dns_host = named_host

    def _connect_to_first(self, addresses: list[str]) -> socket.socket:
        for address in addresses[:-1]:
            self._dns_host = address
            try:
                return super()._new_conn()
            except HTTPError:
                continue
        self._dns_host = addresses[-1]
        return super()._new_conn()

    def _allowed_addresses(self, check: AddressCheck) -> list[str]:
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NewConnectionError(self, "the host name was not found") from error
        addresses = [str(address[0]) for *_, address in found]
        if not addresses or not all(check(address) for address in addresses):
            raise NewConnectionError(self, "the host resolves to an address that may not be used")
        return addresses


class _CheckedSecureConnection(_CheckedConnection, HTTPSConnection):
    """The same over TLS; the certificate is still checked against the host's name."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _CheckedConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _CheckedSecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class DeadlineAdapter(HTTPAdapter):
    """A transport adapter whose every exchange, connecting included, ends `total_seconds` after it began."""

    def __init__(self, *, total_seconds: float, may_connect_to: AddressCheck | None = None) -> None:
        self.total_seconds = total_seconds
        self.may_connect_to = may_connect_to
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool manager, with connections of ours."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """Return the proxy's pool manager, with connections of ours."""
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request; the deadline holds until its body has been read."""
        deadline = _ends_at.set(time.monotonic() + self.total_seconds)
        address_check = _may_connect_to.set(self.may_connect_to)
        try:
            return super().send(*args, **kwargs)
        finally:
            _ends_at.reset(deadline)
            _may_connect_to.reset(address_check)
