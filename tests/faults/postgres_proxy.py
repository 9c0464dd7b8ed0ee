"""The proxy before PostgreSQL: it knows the wire's messages, so a worker can be killed at each of its commits."""

import asyncio
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.proxy import Line, Proxy, _first_of

WRITES = re.compile(rb'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(?:accommodations_)?(\w+)"', re.IGNORECASE)
IDLE = b"I"


@dataclass(frozen=True)
class Commit:
    """One commit, numbered from 1: of a transaction, or of a single statement outside one."""

    number: int
    tables: tuple[str, ...]

    def __str__(self) -> str:
        return f"commit {self.number} of {' + '.join(self.tables) or 'nothing'}"


Hook = Callable[[Commit], bool]


class PostgresProxy(Proxy):
    """A proxy for PostgreSQL without TLS; only commits of something that was written are counted."""

    def __init__(self, target_port: int) -> None:
        super().__init__(target_port)
        self.commits: list[Commit] = []
        self.before: Hook = lambda commit: True
        self.after: Hook = lambda commit: True

    def clear(self) -> None:
        """Be a plain proxy again, and count from 1."""
        self.commits, self.before, self.after = [], lambda commit: True, lambda commit: True
        super().clear()

    async def serve(self, line: Line) -> None:
        """Pass on whole messages in both directions."""
        talk = _Talk(self, line)
        length = await line.from_client.readexactly(4)
        line.to_server.write(length + await line.from_client.readexactly(struct.unpack("!I", length)[0] - 4))
        await _first_of(talk.asked(), talk.answered())


class _Talk:
    """What one connection has said so far: whether a transaction is open, what was written in it, what commits."""

    def __init__(self, proxy: PostgresProxy, line: Line) -> None:
        self.proxy, self.line = proxy, line
        self.status = IDLE
        self.tables: list[str] = []
        self.committing: Commit | None = None

    async def asked(self) -> None:
        """Pass on what the client asks; end the line where the hook before a commit says so."""
        while True:
            kind, message = await _message(self.line.from_client)
            if kind in b"QP" and not self._goes_on(_query(kind, message)):
                return
            await self.proxy._held_up()
            self.line.to_server.write(message)
            await self.line.to_server.drain()

    async def answered(self) -> None:
        """Pass on the answers; end the line where the hook after a commit says so."""
        while True:
            kind, message = await _message(self.line.from_server)
            if kind == b"Z":
                self.status = message[5:6]
                commit, self.committing = self.committing, None
                if self.status == IDLE:
                    self.tables = []
                if commit is not None and not self.proxy.after(commit):
                    return
            self.line.to_client.write(message)
            await self.line.to_client.drain()

    def _goes_on(self, query: bytes) -> bool:
        written = WRITES.match(query)
        if written and written[1].decode() not in self.tables:
            self.tables.append(written[1].decode())
        is_commit = query.strip().upper().startswith(b"COMMIT") and bool(self.tables)
        if not is_commit and not (written and self.status == IDLE):
            return True
        self.committing = Commit(len(self.proxy.commits) + 1, tuple(self.tables))
        self.proxy.commits.append(self.committing)
        return self.proxy.before(self.committing)


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readexactly(5)
    return head[:1], head + await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)


def _query(kind: bytes, message: bytes) -> bytes:
    """Return the SQL of a Query, or of a Parse behind its name."""
    return message[5:] if kind == b"Q" else message[5:].split(b"\0", 1)[1]
