"""The sandbox behind a socket: a threading HTTP/1.1 server with keep-alive."""

import ipaddress
import logging
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from canvas_bridge.sandbox.application import SandboxApplication
from canvas_bridge.sandbox.http.answers import Answer, unexpected
from canvas_bridge.sandbox.http.request import Request

LARGEST_BODY = 20 * 1024 * 1024
logger = logging.getLogger(__name__)


class SandboxServer(ThreadingHTTPServer):
    """Serves one application; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, application: SandboxApplication, host: str = "127.0.0.1", port: int = 0) -> None:
        self.application = application
        super().__init__((host, port), SandboxRequestHandler)

    @property
    def base_url(self) -> str:
        """Return the address under which the server is reached."""
        host, port = self.server_address[0], self.server_address[1]
        return f"http://{host!s}:{port}"


class SandboxRequestHandler(BaseHTTPRequestHandler):
    """Reads a request from the socket and writes the answer as one piece."""

    protocol_version = "HTTP/1.1"
    server_version = "SandboxCanvas"
    sys_version = ""
    disable_nagle_algorithm = True
    server: SandboxServer

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - named by http.server

    def _answer(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._write(unexpected(413).answer)
            return
        body = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path or "/",
            query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            is_from_loopback=ipaddress.ip_address(self.client_address[0]).is_loopback,
        )
        self._write(self.server.application.handle(request))

    def _write(self, answer: Answer) -> None:
        if answer.delay_seconds:
            time.sleep(answer.delay_seconds)
        if answer.is_dropped:
            self._hang_up()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        body = answer.body[: len(answer.body) // 2] if answer.is_cut else answer.body
        self._headers_buffer.append(b"\r\n" + body)  # type: ignore[attr-defined]
        self.flush_headers()
        if answer.is_cut:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            logger.debug("the caller had hung up already")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Keep requests out of the standard error stream; they are in the request log."""
        logger.debug(format, *args)
