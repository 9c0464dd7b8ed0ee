"""Where the demo keeps its files: all under var/, readable by their owner only."""

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


class AlreadyRunning(Exception):
    """Another demo, or processes of one that was killed, hold this folder."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The demo's files below one folder."""

    var: Path

    @property
    def environment_file(self) -> Path:
        """Return the file of secrets and addresses, as NAME=value lines."""
        return self.var / "demo.env"

    @property
    def database(self) -> Path:
        """Return the SQLite file."""
        return self.var / "leeway.sqlite3"

    @property
    def redis(self) -> Path:
        """Return Redis's folder."""
        return self.var / "redis"

    @property
    def sandbox(self) -> Path:
        """Return the sandbox Canvas's folder."""
        return self.var / "sandbox"

    @property
    def beat_schedule(self) -> Path:
        """Return the file in which beat remembers what ran when."""
        return self.var / "celerybeat-schedule"

    @property
    def logs(self) -> Path:
        """Return the folder of the processes' logs."""
        return self.var / "log"

    def make_folders(self) -> None:
        """Create what is missing."""
        for folder in (self.var, self.redis, self.sandbox, self.logs):
            folder.mkdir(parents=True, exist_ok=True)

    def forget_everything(self) -> None:
        """Delete the demo's data and secrets; other files under var/ stay."""
        for folder in (self.redis, self.sandbox, self.logs):
            shutil.rmtree(folder, ignore_errors=True)
        for stem in (self.database, self.environment_file, self.beat_schedule):
            for file in self.var.glob(f"{stem.name}*"):
                file.unlink()

    def lock(self) -> TextIO:
        """Take this folder for one demo. The children inherit the lock, so that a killed demo's remains show.

        Raises AlreadyRunning.
        """
        self.var.mkdir(parents=True, exist_ok=True)
        file = (self.var / "demo.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise AlreadyRunning from error
        os.set_inheritable(file.fileno(), True)
        return file
