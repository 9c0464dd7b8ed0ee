"""manage.py verify_log: walk the action log's chain and name the first bad entry."""

from typing import Any

from django.core.management.base import BaseCommand

from accommodations.services import action_log
from accommodations.services.action_log import FirstBadEntry


class Command(BaseCommand):
    """Exit code 0 where the whole chain holds, 1 with the first bad entry."""

    help = "Checks that no entry of the action log was changed, removed, added or swapped."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and say what was found."""
        found = action_log.verify()
        if isinstance(found, FirstBadEntry):
            self.stderr.write(f"The action log is broken at entry {found.sequence}: {found.problem}.")
            raise SystemExit(1)
        self.stdout.write(f"The action log holds: {found.entries} entries, each follows the one before it.")
