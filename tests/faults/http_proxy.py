"""The proxy before Canvas: it knows requests from answers, so a fault can hit one of them at a chosen point."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests import partial_answers
from tests.faults.proxy import Line, Proxy

Hook = Callable[["Exchange"], bool]


@dataclass(frozen=True)
class Exchange:
    """One request, numbered from 1 since `forget` was last called."""

    number: int
    method: str
    path: str

    def __str__(self) -> str:
        return f"request {self.number}: {self.method} {self.path.partition('?')[0]}"


@dataclass
class NetFault:
    """What happens to the next requests that match; `count` None: to all of them.

    Kinds: `reset_before` and `hole_before` keep it from Canvas, `reset_after` and `hole_after` keep the answer,
    `cut` passes on so many bytes of it, `drip` one byte each `seconds`, `late` waits so long, `nonsense` answers 200
    with a page of HTML and lets nothing through, `elsewhere` says that the next page is on the port `number`,
    `in_part` lets Canvas give one student nothing and answer as it then does (F21, F22, F34).
    """

    kind: str
    method: str = ""
    path: str = ""
    count: int | None = 1
    skip: int = 0
    number: float = 1.0

    def takes(self, exchange: Exchange) -> bool:
        """Whether it hits this request; one it hits is one less to come."""
        if self.count == 0 or not exchange.method.startswith(self.method) or not re.search(self.path, exchange.path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.count is not None:
            self.count -= 1
        return True


NONSENSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<p>Busy.</p>\r\n"[:-1]


@dataclass
class Hooks:
    """Called at each request before it goes to Canvas and at each answer; False ends the connection there."""

    before: Hook = field(default=lambda exchange: True)
    after: Hook = field(default=lambda exchange: True)


class HttpProxy(Proxy):
    """A proxy for HTTP/1.1 with bodies of a stated length, as the client and the sandbox speak it."""

    def __init__(self, target_port: int) -> None:
        super().__init__(target_port)
        self.faults: list[NetFault] = []
        self.hooks = Hooks()
        self.exchanges: list[Exchange] = []

    def clear(self) -> None:
        """Be a plain proxy again, and count from 1."""
        self.faults, self.hooks, self.exchanges = [], Hooks(), []
        super().clear()

    async def serve(self, line: Line) -> None:
        """Pass on one request after the other with its answer."""
        while head := await _head(line.from_client):
            body = await line.from_client.readexactly(_length(head))
            method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
            exchange = Exchange(len(self.exchanges) + 1, method, path)
            self.exchanges.append(exchange)
            await self._held_up()
            if not await self._passed(line, exchange, head + body):
                return

    async def _passed(self, line: Line, exchange: Exchange, request: bytes) -> bool:
        fault = next((one for one in self.faults if one.takes(exchange)), None)
        kind = fault.kind if fault else ""
        if kind == "hole_before":
            await line.from_client.read()
        if kind in ("reset_before", "hole_before") or not self.hooks.before(exchange):
            return False
        if kind == "nonsense":
            line.to_client.write(NONSENSE)
            return True
        if kind == "in_part":
            return await _answered_in_part(line, exchange, request)
        line.to_server.write(request)
        answer = await _answer(line)
        if kind == "hole_after":
            await line.from_client.read()
        if not answer or kind in ("reset_after", "hole_after") or not self.hooks.after(exchange):
            return False
        return await _answered(line, answer, kind, fault.number if fault else 0)


async def _answer(line: Line) -> bytes:
    head = await _head(line.from_server)
    return head + await line.from_server.readexactly(_length(head))


async def _answered_in_part(line: Line, exchange: Exchange, request: bytes) -> bool:
    kind = partial_answers.kind_of(exchange.method, exchange.path) or ""
    head, _, body = request.partition(b"\r\n\r\n")
    kept, left_out = partial_answers.without_one(kind, json.loads(body))
    line.to_server.write(_message(head, kept))
    head, _, body = (await _answer(line)).partition(b"\r\n\r\n")
    status, told = partial_answers.told(kind, int(head.split(b" ", 2)[1]), json.loads(body), left_out)
    line.to_client.write(_message(head.replace(head.split(b"\r\n", 1)[0], b"HTTP/1.1 %d X" % status, 1), told))
    await line.to_client.drain()
    return True


def _message(head: bytes, body: Any) -> bytes:
    """Return the message with another body, whose length it states."""
    text = json.dumps(body).encode()
    return re.sub(rb"(?im)^content-length:.*$", b"Content-Length: %d\r" % len(text), head).rstrip() + b"\r\n\r\n" + text


async def _answered(line: Line, answer: bytes, kind: str, number: float) -> bool:
    if kind == "late":
        await asyncio.sleep(number)
    if kind == "elsewhere":
        link = f'Link: <http://127.0.0.1:{number:.0f}/api/v1/next?page=2>; rel="next"'
        answer = answer.replace(b"\r\n", f"\r\n{link}\r\n".encode(), 1)
    if kind == "drip":
        for byte in answer:
            line.to_client.write(bytes([byte]))
            await line.to_client.drain()
            await asyncio.sleep(number)
        return True
    line.to_client.write(answer[: int(number)] if kind == "cut" else answer)
    await line.to_client.drain()
    return kind != "cut"


async def _head(reader: asyncio.StreamReader) -> bytes:
    """Return everything up to the blank line; nothing where the other side has hung up."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _length(head: bytes) -> int:
    found = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    return int(found[1]) if found else 0
