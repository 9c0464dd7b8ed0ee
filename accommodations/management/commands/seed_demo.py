"""`manage.py seed_demo`: users, students and accommodations of the demo, and its first sync. Only under DEMO=1."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accommodations.demo.accounts import table_of_accounts
from accommodations.demo.earlier import EarlierWriteRefused
from accommodations.demo.seeding import Seeded, seed
from accommodations.errors import LeewayError
from accommodations.tasks import prepare_sync_run
from accommodations.tasks.wake import wake
from canvas_bridge.errors import CanvasError


class Command(BaseCommand):
    """Seed the demo; the second time it says so and changes nothing."""

    help = "Fill an empty demo with users, students and accommodations, and queue the first sync. Needs DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, print the users, and wake a worker for each queued run."""
        if not settings.DEMO:
            raise CommandError("seed_demo makes users with a public password, so it only runs with DEMO=1.")
        seeded = self._seed()
        if seeded is None:
            self.stdout.write("The demo is seeded already; nothing was changed. Its users:")
        else:
            self._wake(seeded)
        self.stdout.write(table_of_accounts())

    def _seed(self) -> Seeded | None:
        try:
            return seed()
        except (LeewayError, CanvasError, EarlierWriteRefused) as error:
            raise CommandError(f"Nothing was seeded: {error}") from error

    def _wake(self, seeded: Seeded) -> None:
        for run in seeded.runs:
            wake(prepare_sync_run, run.pk)
        self.stdout.write(
            f"Seeded {seeded.students} students with {seeded.accommodations} accommodations; "
            "the first sync is queued. Users:"
        )
