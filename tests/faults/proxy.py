"""A small TCP proxy between a process under test and a server it needs: it refuses, resets, stalls, and sees each step.

One asyncio loop in a thread of its own. What is told from outside (`refuse`, `stall` …) holds when the call returns.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Self

HOST = "127.0.0.1"
PIECE = 64 * 1024


class Line:
    """One connection: the client that called, and the server behind."""

    def __init__(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.from_client, self.to_client = client
        self.from_server, self.to_server = server

    def abort(self) -> None:
        """End both sides at once, with a reset where something was still under way."""
        for writer in (self.to_client, self.to_server):
            writer.transport.abort()


class Proxy:
    """Passes bytes on, both ways, until it is told otherwise. Use as a context manager."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self.delay_seconds = 0.0
        self.lines: set[Line] = set()
        self._loop = asyncio.new_event_loop()
        self._goes_on = asyncio.Event()
        self._goes_on.set()
        self._listener: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        """Listen on a free port."""
        self._thread.start()
        self.accept()
        return self

    def __exit__(self, *error: object) -> None:
        """Close everything."""
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def accept(self) -> None:
        """Take connections (again), on the same port."""
        if self._listener is None:
            self._do(self._accept())

    def refuse(self) -> None:
        """Refuse connections from now on, and end those that are."""
        self._do(self._refuse())

    def reset(self) -> None:
        """End every connection that is now; new ones are welcome."""
        self._do(self._reset())

    def stall(self) -> None:
        """Pass nothing on any more, and end nothing either: a black hole."""
        self._loop.call_soon_threadsafe(self._goes_on.clear)

    def go_on(self) -> None:
        """Pass on again what was held up, and everything after it."""
        self._loop.call_soon_threadsafe(self._goes_on.set)

    def clear(self) -> None:
        """Be a plain proxy again."""
        self.delay_seconds = 0.0
        self.go_on()
        self.accept()

    async def serve(self, line: Line) -> None:
        """Pass on what one connection carries, until one side ends."""
        await _first_of(
            self._pump(line.from_client, line.to_server, self.sent), self._pump(line.from_server, line.to_client)
        )

    def sent(self, piece: bytes) -> None:
        """See what a client sends."""

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        see: Callable[[bytes], None] = lambda piece: None,
    ) -> None:
        while piece := await reader.read(PIECE):
            see(piece)
            await self._held_up()
            writer.write(piece)
            await writer.drain()

    async def _held_up(self) -> None:
        await self._goes_on.wait()
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)

    async def _accept(self) -> None:
        self._listener = await asyncio.start_server(self._connected, HOST, self.port, reuse_address=True)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _refuse(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        await self._reset()

    async def _reset(self) -> None:
        for line in list(self.lines):
            line.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            behind = await asyncio.open_connection(HOST, self.target_port)
        except OSError:
            writer.transport.abort()
            return
        line = Line((reader, writer), behind)
        self.lines.add(line)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self.serve(line)
        line.abort()
        self.lines.discard(line)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


async def _first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Return as soon as one has ended, and end the others."""
    tasks = [asyncio.ensure_future(one) for one in works]
    _, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
