"""Reading the body of a request from a socket: of a stated length, or in chunks."""

from collections.abc import Mapping
from io import BufferedIOBase

LARGEST_BODY = 20 * 1024 * 1024
LONGEST_CHUNK_HEAD = 1024


class RefusedBody(Exception):
    """A body that is not read: too large, or not as its headers say. `status` tells which."""

    def __init__(self, status: int) -> None:
        super().__init__(f"body refused with {status}")
        self.status = status


def read_body(stream: BufferedIOBase, headers: Mapping[str, str]) -> bytes:
    """Return the body that follows the headers (names in lower case). Raises RefusedBody."""
    encoding = headers.get("transfer-encoding", "").strip().lower()
    if encoding:
        if encoding != "chunked":
            raise RefusedBody(501)
        return _read_chunks(stream)
    length = headers.get("content-length", "0").strip()
    if not (length.isascii() and length.isdigit()):
        raise RefusedBody(400)
    return _read_exactly(stream, int(length), room=LARGEST_BODY)


def _read_exactly(stream: BufferedIOBase, length: int, *, room: int) -> bytes:
    if length > room:
        raise RefusedBody(413)
    body = stream.read(length)
    if len(body) < length:
        raise RefusedBody(400)
    return body


def _read_chunks(stream: BufferedIOBase) -> bytes:
    body = b""
    while length := _chunk_length(stream):
        body += _read_exactly(stream, length, room=LARGEST_BODY - len(body))
        stream.readline(LONGEST_CHUNK_HEAD)
    while stream.readline(LONGEST_CHUNK_HEAD).strip():
        pass  # trailers say nothing that Canvas reads
    return body


def _chunk_length(stream: BufferedIOBase) -> int:
    head = stream.readline(LONGEST_CHUNK_HEAD).partition(b";")[0].strip()
    try:
        length = int(head, 16)
    except ValueError as error:
        raise RefusedBody(400) from error
    if length < 0:
        raise RefusedBody(400)
    return length
