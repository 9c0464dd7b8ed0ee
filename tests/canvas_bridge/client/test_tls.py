"""F10: over real TLS, with certificates made here: one that does not hold is never bypassed, and nothing is heard."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasUnavailable

HOST, OTHER_HOST = "canvas.example.edu", "other.example.edu"
PATH = "/api/v1/users/self"
TOKEN = "a-token-of-this-test"
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"id":1}'
NOW = dt.datetime.now(dt.UTC)
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Authority:
    """Who signs certificates, and is trusted as far as its own is."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def subject(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    def own(self) -> bytes:
        """Return its own certificate, which machines that trust it know."""
        return _pem(_builder(self, self.subject, self.key, NOW - YEAR, NOW + YEAR, is_authority=True))

    def signed(self, host: str, *, begins: dt.datetime, ends: dt.datetime) -> bytes:
        """Return a host's certificate together with its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = _builder(self, subject, key, begins, ends, host=host)
        return _pem(certificate) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def _builder(
    authority: Authority,
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begins: dt.datetime,
    ends: dt.datetime,
    *,
    host: str = "",
    is_authority: bool = False,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return builder.sign(authority.key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@contextmanager
def serving(certificate: bytes, folder: Path, heard: list[bytes]) -> Iterator[int]:
    """Serve one answer to each request over TLS; yields the port, and `heard` is what came after the handshake."""
    file = folder / "server.pem"
    file.write_bytes(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
                heard.append(connection.recv(65536))
                connection.sendall(ANSWER)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Return the authority that this machine trusts; the host's name leads here."""
    authority = Authority("The university's authority")
    known = tmp_path / "known.pem"
    known.write_bytes(authority.own())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(known))
    monkeypatch.setenv("NO_PROXY", HOST)
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **options: real("127.0.0.1" if host == HOST else host, *more, **options),
    )
    return authority


def session_to(port: int) -> CanvasSession:
    return CanvasSession(
        base_url=f"https://{HOST}:{port}", token=TOKEN, sleep=lambda seconds: None, total_seconds=5, most_tries=2
    )


def test_f10_a_certificate_of_an_authority_that_this_machine_trusts_holds(trusted: Authority, tmp_path: Path) -> None:
    """So that the refusals below are those of the certificate, and of nothing else."""
    heard: list[bytes] = []
    certificate = trusted.signed(HOST, begins=NOW - YEAR, ends=NOW + YEAR)
    with serving(certificate, tmp_path, heard) as port:
        assert session_to(port).read(PATH).body == {"id": 1}
    assert f"Bearer {TOKEN}".encode() in heard[0]


def send(session: CanvasSession, method: str) -> object:
    return session.read(PATH) if method == "GET" else session.write(method, PATH, {})


FAULTY: dict[str, Callable[[Authority], bytes]] = {
    "expired": lambda trusted: trusted.signed(HOST, begins=NOW - YEAR, ends=NOW - dt.timedelta(minutes=1)),
    "not yet valid": lambda trusted: trusted.signed(HOST, begins=NOW + dt.timedelta(hours=1), ends=NOW + YEAR),
    "of another host": lambda trusted: trusted.signed(OTHER_HOST, begins=NOW - YEAR, ends=NOW + YEAR),
    "of an unknown authority": lambda _: Authority("Somebody").signed(HOST, begins=NOW - YEAR, ends=NOW + YEAR),
    "signed by itself": lambda _: Authority(HOST).signed(HOST, begins=NOW - YEAR, ends=NOW + YEAR),
}


@pytest.mark.parametrize("fault", FAULTY)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_f10_a_certificate_that_does_not_hold_ends_it_before_anything_is_sent(
    fault: str, method: str, trusted: Authority, tmp_path: Path
) -> None:
    """A write has surely not arrived, so it is no write of unknown outcome."""
    heard: list[bytes] = []
    with serving(FAULTY[fault](trusted), tmp_path, heard) as port, pytest.raises(CanvasUnavailable):
        send(session_to(port), method)
    assert b"".join(heard) == b""
