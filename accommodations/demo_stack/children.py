"""Child processes: started in groups of their own, watched, and ended so that none is left."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

GRACE_SECONDS = 6.0
"""How long a process may take to end by itself. A sync that is cut off is finished by the next one (R5)."""


class ChildEnded(Exception):
    """A process that should run has ended. Says which one, and where it wrote why."""

    def __init__(self, name: str, code: int, log: Path) -> None:
        """Keep the sentence for the person at the terminal."""
        super().__init__(f"{name} ended with code {code}. What it wrote last is in {log}:\n{last_lines(log)}")


def last_lines(log: Path, count: int = 8) -> str:
    """Return the end of a log, indented."""
    with suppress(OSError):
        return "\n".join(f"    {line}" for line in log.read_text(errors="replace").splitlines()[-count:])
    return ""


@dataclass
class Child:
    """One process and its log. `is_service`: it must not end before we say so."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    is_service: bool = True

    def check(self) -> bool:
        """Return whether it has ended well; raise ChildEnded where it ended and should not have, or badly."""
        code = self.process.poll()
        if code is not None and (self.is_service or code != 0):
            raise ChildEnded(self.name, code, self.log)
        return code == 0


@dataclass
class Children:
    """All processes of one demo, in the order of their start."""

    logs: Path
    environment: Mapping[str, str]
    folder: Path
    inherited_files: tuple[int, ...] = ()
    running: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], *, is_service: bool = True) -> Child:
        """Start a process in a group of its own: Ctrl-C reaches us alone, and we end the others in order."""
        log = self.logs / f"{name.replace(' ', '-')}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  # only commands.py's
                list(command),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.inherited_files,
            )
        child = Child(name, process, log, is_service)
        self.running.append(child)
        return child

    def check(self) -> None:
        """Raise ChildEnded where a process has ended that should run."""
        for child in self.running:
            child.check()

    def wait_for(self, child: Child) -> None:
        """Wait until a process that is no service has done its work, watching the others meanwhile."""
        while not child.check():
            self.check()
            time.sleep(0.05)
        self.running.remove(child)

    def end(self) -> None:
        """End every process: those started last first ask Redis and the sandbox for nothing more, then these two."""
        foundation = [child for child in self.running if child.name in {"Redis", "sandbox Canvas"}]
        _end_together(child for child in self.running if child not in foundation)
        _end_together(foundation)
        self.running.clear()


def _end_together(children: Iterable[Child]) -> None:
    """Ask all to end, insist after a while, and leave nobody of their groups."""
    leaving = list(children)
    for number, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0)):
        for child in leaving:
            if child.process.poll() is None:
                child.process.send_signal(number)
        _wait_all(leaving, seconds)
    for child in leaving:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)


def _wait_all(children: Sequence[Child], seconds: float) -> None:
    end = time.monotonic() + seconds
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, end - time.monotonic()))
