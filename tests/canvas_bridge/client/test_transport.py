"""Over real sockets: deadlines, cut bodies, bombs, addresses that may not be used."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from canvas_bridge.client import session as session_module
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasContractError, CanvasError, CanvasOutcomeUnknown, CanvasUnavailable

PATH = "/api/v1/users/self"
Talk = Callable[[socket.socket], None]


@contextmanager
def server(talk: Talk) -> Iterator[str]:
    """Serve every connection with `talk` after its request has come in; yields the address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.recv(65536)
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def session_with(base_url: str, *, total_seconds: float = 5.0, most_tries: int = 1, **more: object) -> CanvasSession:
    return CanvasSession(
        base_url=base_url,
        token="t",
        sleep=lambda seconds: None,
        total_seconds=total_seconds,
        most_tries=most_tries,
        **more,
    )


def drip(connection: socket.socket, text: bytes) -> None:
    for byte in text:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def drip_headers(connection: socket.socket) -> None:
    drip(connection, b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 500)


def drip_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    drip(connection, b" " * 500)


def drip_chunks(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(500):
        drip(connection, b"1\r\n \r\n")


def stay_silent(connection: socket.socket) -> None:
    connection.settimeout(3)
    while connection.recv(65536):
        pass


@pytest.mark.parametrize("talk", [drip_headers, drip_body, drip_chunks, stay_silent])
def test_f11_a_slow_drip_ends_at_the_total_deadline(talk: Talk) -> None:
    with server(talk) as base_url:
        session = session_with(base_url, total_seconds=0.4)
        started = time.monotonic()

        with pytest.raises(CanvasOutcomeUnknown, match="no whole answer came in time"):
            session.write("POST", PATH, {})

        assert time.monotonic() - started < 2.0


def test_f11_a_body_that_is_cut_is_no_answer() -> None:
    def cut(connection: socket.socket) -> None:
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": 1}')

    with server(cut) as base_url, pytest.raises(CanvasOutcomeUnknown, match="broke off"):
        session_with(base_url).write("POST", PATH, {})


def test_f11_a_reset_after_the_request_leaves_the_outcome_unknown() -> None:
    def close(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    with server(close) as base_url, pytest.raises(CanvasOutcomeUnknown):
        session_with(base_url).write("POST", PATH, {})


def test_f10_a_port_where_nobody_listens_has_surely_not_acted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(CanvasUnavailable, match="no connection could be made"):
        session_with(f"http://127.0.0.1:{port}").write("POST", PATH, {})


def test_f10_a_server_that_speaks_no_tls_gets_no_token() -> None:
    heard: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))

    with server(listen) as base_url, pytest.raises(CanvasError):
        session_with(base_url.replace("http://", "https://"), total_seconds=0.5).read(PATH)

    assert b"Bearer" not in b"".join(heard)


def test_b26_a_gzip_bomb_stops_at_the_size_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "LARGEST_BODY_BYTES", 1024 * 1024)
    bomb = gzip.compress(b" " * 32 * 1024 * 1024)

    def send_bomb(connection: socket.socket) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
        connection.sendall(head.encode() + bomb)

    with server(send_bomb) as base_url, pytest.raises(CanvasContractError, match="larger than"):
        session_with(base_url).read(PATH)


def test_b26_endless_headers_are_not_read_to_the_end() -> None:
    def send_headers(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-Again: yes\r\n" * 100)

    with server(send_headers) as base_url, pytest.raises(CanvasUnavailable):
        session_with(base_url).read(PATH)


def test_b25_no_connection_is_made_to_an_address_that_may_not_be_used() -> None:
    accepted: list[bool] = []

    with server(lambda connection: accepted.append(True)) as base_url:
        session = session_with(base_url, may_connect_to=lambda address: address != "127.0.0.1")
        with pytest.raises(CanvasUnavailable, match="no connection could be made"):
            session.read(PATH)

    assert accepted == []


def test_b25_an_address_that_may_be_used_is_connected_to() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    asked: list[str] = []

    def may_connect_to(address: str) -> bool:
        asked.append(address)
        return True

    with server(answer) as base_url:
        assert session_with(base_url, may_connect_to=may_connect_to).read(PATH).body == {}

    assert asked == ["127.0.0.1"]


def test_no_proxy_is_asked_for_a_canvas_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")

    with server(answer) as base_url:
        assert session_with(base_url).read(PATH).body == []


def test_b26_the_endless_body_of_a_redirect_is_not_read() -> None:
    sent: list[int] = []

    def redirect(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 10000000000\r\n\r\n")
        while True:
            sent.append(connection.send(b" " * 100_000))

    with server(redirect) as base_url, pytest.raises(CanvasContractError, match="302"):
        session_with(base_url).read(PATH)

    assert sum(sent) < 20_000_000
