"""A disk for PostgreSQL that can be filled: a small file system of its own, where this machine lets one be mounted."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.lab import PREPARED, Lab

NOT_RUN = (
    "UNTESTED HERE (F07, a full disk): no file system may be mounted; run the tests as root where that is allowed."
)
MEGABYTES = 128


@contextmanager
def small_disk(lab: Lab) -> Iterator[Path]:
    """Let the lab's database lie on a disk of its own, and yield the folder where that disk can be filled."""
    folder = Path(tempfile.mkdtemp(prefix="leeway-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "leeway", str(folder)]
    try:
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip(NOT_RUN)
        try:
            for name in ("database", "ballast"):
                (folder / name).mkdir()
            shutil.chown(folder / "database", lab.server.directory.owner())
            with _database_in(lab, folder / "database"):
                yield folder / "ballast"
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


@contextmanager
def _database_in(lab: Lab, folder: Path) -> Iterator[None]:
    """Let the database, as it was at first, lie in this folder; PostgreSQL's journal stays where it is."""
    lab.admin(f"CREATE TABLESPACE small LOCATION '{folder}'")
    try:
        lab.restore_database(PREPARED, tablespace="small")
        yield
    finally:
        lab.restore_database(PREPARED)
        lab.admin("DROP TABLESPACE small")


def fill(folder: Path) -> None:
    """Leave no byte of the disk free."""
    with (folder / "ballast").open("wb") as file:
        for size in (1 << 20, 1 << 12):
            while True:
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), size)
                except OSError:
                    break


def make_room(folder: Path) -> None:
    """Give the disk back what filled it."""
    (folder / "ballast").unlink()
