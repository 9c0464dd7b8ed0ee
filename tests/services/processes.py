"""Real processes for tests: free ports, children that end with the test run, waiting with an end."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a TCP port of this machine that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent dies, so that a killed test run leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(
    command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None, user: str | None = None
) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, writing to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(  # commands are ours
            list(command),
            cwd=ROOT,
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            preexec_fn=end_with_parent,  # only a system call, no lock is taken
        )


def stop(process: subprocess.Popen[bytes], *, with_signal: int = signal.SIGTERM, timeout_seconds: float = 20) -> int:
    """End a process and its group, by force where it takes too long; return its exit code."""
    if process.poll() is None:
        process.send_signal(with_signal)
    try:
        return process.wait(timeout_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait(5)


def wait_until(
    condition: Callable[[], object], *, what: str, timeout_seconds: float = 60, pause_seconds: float = 0.05
) -> None:
    """Return as soon as the condition holds; raise TimeoutError, saying what was waited for."""
    end = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {timeout_seconds} s in vain for {what}")
        time.sleep(pause_seconds)


def is_listening(port: int) -> bool:
    """Whether something accepts connections on this machine's port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
