"""manage.py verify_log: walk the action log's chain and name the first bad entry."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accommodations.services import action_log
from accommodations.services.action_log import FirstBadEntry, Verified
from accommodations.services.log_anchors import Anchor, AnchorsUnreadable, read_lines


class Command(BaseCommand):
    """Exit code 0 where the chain holds, 1 with the first bad entry, 2 where the file of anchors cannot be read."""

    help = "Checks that no entry of the action log was changed, removed, added, swapped or built anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to begin, and anchors that were kept elsewhere."""
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--full", action="store_true", help="from the first entry; so it is without an option")
        where.add_argument("--from-anchor", action="store_true", help="only what came after the newest anchor")
        parser.add_argument(
            "--anchors", metavar="FILE", type=Path, help="also hold the log to anchors that were exported earlier"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and say what was found."""
        exported = _anchors_of(options["anchors"])
        found = action_log.verify(from_anchor=options["from_anchor"], exported=exported)
        if isinstance(found, FirstBadEntry):
            self.stderr.write(f"The action log is broken at entry {found.sequence}: {found.problem}.")
            raise SystemExit(1)
        self._tell(found, exported)

    def _tell(self, found: Verified, exported: list[Anchor]) -> None:
        since = f" Verified from entry {found.since + 1} on." if found.since else ""
        self.stdout.write(f"The action log holds: {found.entries} entries, each follows the one before it.{since}")
        if exported:
            self.stdout.write(f"It agrees with the {len(exported)} anchors of the file.")
        for one in found.redactions:
            self.stdout.write(f"{one.entries} entries were redacted on {one.at:%Y-%m-%d} by {one.by}: {one.reason}")


def _anchors_of(file: Path | None) -> list[Anchor]:
    if file is None:
        return []
    try:
        with file.open(encoding="utf-8") as lines:
            return read_lines(lines)
    except (OSError, UnicodeDecodeError, AnchorsUnreadable) as error:
        raise CommandError(f"The anchors cannot be read: {error}", returncode=2) from error
