"""`make demo` as a person runs it: one command, a ready line, and nothing left when it ends."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from accommodations.demo.accounts import ACCOUNTS
from accommodations.demo_stack.environment import read_kept
from tests.services import processes
from tests.services.stack import descendants, is_alive
from tests.services.visitor import signed_in

READY = re.compile(r"Leeway is ready: (http://127\.0\.0\.1:\d+)")
# The bound of a calm machine with two cores is 30 s; tests share theirs.
READY_WITHIN_SECONDS = 90


@dataclass
class Demo:
    """A copy of the project's code whose demo can be started and ended."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def output(self) -> str:
        """Return what the terminal shows."""
        return (self.folder / "terminal.txt").read_text()

    @property
    def url(self) -> str:
        """Return the address of the demo."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, **environment: str) -> None:
        """Start the demo and return at once."""
        with (self.folder / "terminal.txt").open("w") as terminal:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "accommodations.demo_stack"],
                cwd=self.folder,
                env={**os.environ, "PORT": str(self.port), **environment},
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def wait_until_ready(self) -> float:
        """Return how many seconds it took to say that it is ready."""
        begun = time.monotonic()
        processes.wait_until(
            lambda: READY.search(self.output) or self.exit_code() is not None,
            what="the ready line",
            timeout_seconds=READY_WITHIN_SECONDS,
        )
        assert self.exit_code() is None, self.output
        return time.monotonic() - begun

    def exit_code(self) -> int | None:
        """Return the exit code, None while it runs."""
        assert self.process is not None
        return self.process.poll()

    def end(self, with_signal: int = signal.SIGTERM) -> tuple[int, set[int]]:
        """End the demo; return its exit code and the ids of processes that are left."""
        assert self.process is not None
        family = descendants(self.process.pid)
        self.process.send_signal(with_signal)
        code = self.process.wait(40)
        time.sleep(0.2)
        return code, {pid for pid in family if is_alive(pid)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Return a copy of the project, so that the demo of whoever runs the tests stays untouched."""
    folder = tmp_path_factory.mktemp("demo")
    for name in ("accommodations", "canvas_bridge", "templates", "static"):
        shutil.copytree(processes.ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(processes.ROOT / "manage.py", folder)
    demo = Demo(folder, processes.free_port())
    yield demo
    if demo.process is not None and demo.exit_code() is None:
        demo.end()


def test_the_demo_starts_serves_keeps_its_data_and_leaves_no_process(demo: Demo) -> None:
    """The whole life of a demo: first start, sign in, end, second start with the data kept, end by Ctrl-C."""
    demo.start()
    demo.wait_until_ready()
    assert READY.search(demo.output)[1] == demo.url
    for account in ACCOUNTS:
        assert re.search(rf"{account.role}\s+{account.username}\s+{account.password}", demo.output)

    assert requests.get(f"{demo.url}/healthz", timeout=10).json() == {"status": "alive"}
    ready = requests.get(f"{demo.url}/readyz", timeout=10)
    assert (ready.status_code, set(ready.json().values())) == (200, {"ok"})
    visitor = signed_in(demo.url, ACCOUNTS[0].username, ACCOUNTS[0].password)
    assert visitor.status == 200
    first_values = read_kept(demo.folder / "var" / "demo.env")
    assert stat.S_IMODE((demo.folder / "var" / "demo.env").stat().st_mode) == 0o600

    assert demo.end(signal.SIGTERM) == (0, set())
    assert not processes.is_listening(demo.port)

    demo.start()
    demo.wait_until_ready()
    assert "seeded already" in (demo.folder / "var" / "log" / "seed.log").read_text()
    assert visitor.open("/").status == 200
    assert "Sign out" in visitor.text, "the session of before the restart must still count"
    assert read_kept(demo.folder / "var" / "demo.env")["SECRET_KEY"] == first_values["SECRET_KEY"]

    worker_logs = demo.folder / "var" / "log" / "worker.log"
    assert first_values["CANVAS_TOKEN"] not in worker_logs.read_text()
    assert demo.end(signal.SIGINT) == (0, set())


def test_a_part_that_dies_ends_the_demo_and_is_named(demo: Demo) -> None:
    """The person at the terminal learns which part it was and where its log is; nothing else goes on half alive."""
    demo.start()
    demo.wait_until_ready()
    assert demo.process is not None
    family = descendants(demo.process.pid)
    os.kill(_pid_of("redis-server", family), signal.SIGKILL)
    assert demo.process.wait(40) == 1
    assert "Redis ended" in demo.output
    assert "Redis.log" in demo.output
    processes.wait_until(lambda: not any(is_alive(pid) for pid in family), what="the end of every process")


@pytest.mark.parametrize("port", ["zero", "80", "70000"])
def test_a_port_that_is_none_is_refused_in_words(demo: Demo, port: str) -> None:
    """Before anything starts."""
    demo.start(PORT=port)
    processes.wait_until(lambda: demo.exit_code() is not None, what="the refusal")
    assert demo.exit_code() == 2
    assert "PORT must be a number" in demo.output


def _pid_of(name: str, family: set[int]) -> int:
    return next(pid for pid in family if name in Path(f"/proc/{pid}/cmdline").read_text())
