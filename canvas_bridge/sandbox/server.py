"""The sandbox behind a socket: a threading HTTP/1.1 server with keep-alive."""

import logging
import socket
import sys
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import urlsplit

from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.http.answers import Answer, unexpected
from canvas_bridge.sandbox.http.loopback import is_from_this_machine
from canvas_bridge.sandbox.http.reading import RefusedBody, read_body
from canvas_bridge.sandbox.http.request import Request

IDLE_SECONDS = 75
WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
logger = logging.getLogger(__name__)


class SandboxServer(ThreadingHTTPServer):
    """Serves one application; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, application: SandboxApplication, host: str = "127.0.0.1", port: int = 0) -> None:
        self.application = application
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), SandboxRequestHandler)

    @property
    def base_url(self) -> str:
        """Return the address under which the server is reached."""
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def server_bind(self) -> None:
        """Bind without asking a name server for this machine's name."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep callers that hung up out of the error stream."""
        if isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            logger.debug("the caller had hung up already")
        else:
            super().handle_error(request, client_address)


class SandboxRequestHandler(BaseHTTPRequestHandler):
    """Reads a request from the socket and writes the answer as one piece."""

    protocol_version = "HTTP/1.1"
    server_version = "SandboxCanvas"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: SandboxServer

    def do_GET(self) -> None:
        """Answer a request of any method."""
        try:
            request = self._read()
        except (RefusedBody, ValueError) as error:
            self.close_connection = True
            self._write(unexpected(error.status if isinstance(error, RefusedBody) else 400).answer)
            return
        self._write(self.server.application.handle(request))

    def _read(self) -> Request:
        """Return the request. Raises RefusedBody, and ValueError for an address that is none."""
        # A header may be folded over lines; as it can come back in an answer, it is kept on one.
        headers = {name.lower(): " ".join(value.split()) for name, value in self.headers.items()}
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=parts.path or "/",
            query=parts.query,
            headers=headers,
            body=read_body(self.rfile, headers),
            is_from_loopback=is_from_this_machine(str(self.client_address[0]), headers),
        )

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815  # named by http.server

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what http.server refuses by itself (an unknown method, a broken request line) in Canvas's shape."""
        self.close_connection = True
        self.request_version = self.protocol_version
        is_method = code == HTTPStatus.NOT_IMPLEMENTED
        self._write(unexpected(HTTPStatus.METHOD_NOT_ALLOWED if is_method else code).answer)

    def _write(self, answer: Answer) -> None:
        if answer.is_dropped:
            self._hang_up()
            return
        self._write_head(answer)
        body = b"" if self.command == "HEAD" or answer.status in WITHOUT_BODY else answer.body
        if answer.is_cut:
            body = body[: len(body) // 2]
        if answer.drip_seconds:
            self.end_headers()
            self._drip(body, answer.drip_seconds)
        else:
            self._headers_buffer.append(b"\r\n" + body)  # type: ignore[attr-defined]  # one piece, so one packet
            self.flush_headers()
        if answer.is_cut:
            self._hang_up()

    def _write_head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.status not in WITHOUT_BODY:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")

    def _drip(self, body: bytes, seconds: float) -> None:
        for byte in body:
            time.sleep(seconds)
            self.wfile.write(bytes([byte]))

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            logger.debug("the caller had hung up already")

    def version_string(self) -> str:
        """Return the Server header."""
        return self.server_version

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named by http.server
        """Keep requests out of the standard error stream; they are in the request log."""
        logger.debug(format, *args)
