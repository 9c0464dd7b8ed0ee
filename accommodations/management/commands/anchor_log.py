"""manage.py anchor_log: verify the action log, sign where it stands, and hand the anchors out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accommodations.services import action_log, log_anchors
from accommodations.services.action_log import FirstBadEntry


class Command(BaseCommand):
    """Exit code 0 where the log is anchored, 1 where it is broken: then nothing is signed."""

    help = "Verifies the action log from the newest anchor on, signs where it stands, and writes out all anchors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where the anchors go."""
        parser.add_argument("--export", metavar="FILE", help="write all anchors there as JSON lines; - prints them")
        parser.add_argument("--export-only", action="store_true", help="verify and sign nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Anchor, then export."""
        if not options["export_only"]:
            self._anchor()
        if options["export"] == "-":
            self.stdout.writelines(log_anchors.exported_lines())
        elif options["export"]:
            _write(Path(options["export"]))

    def _anchor(self) -> None:
        found = action_log.verify(from_anchor=True)
        if isinstance(found, FirstBadEntry):
            self.stderr.write(
                f"Nothing was signed: the action log is broken at entry {found.sequence}: {found.problem}."
            )
            raise SystemExit(1)
        anchor = log_anchors.add_anchor(found.end)
        said = f"Anchored at entry {anchor.sequence}." if anchor else "Nothing has been added since the newest anchor."
        self.stderr.write(said)


def _write(file: Path) -> None:
    try:
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(log_anchors.exported_lines())
    except OSError as error:
        raise CommandError(f"The anchors cannot be written: {error}", returncode=2) from error
