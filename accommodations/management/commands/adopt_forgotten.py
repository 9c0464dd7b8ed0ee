"""manage.py adopt_forgotten: after a restore, note as ours the extra time that stands exactly as granted."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accommodations.errors import LeewayError
from accommodations.management.answering import add_answering_arguments, answering
from accommodations.services import adopting


class Command(BaseCommand):
    """Without --confirm it only shows. Exit code 0 shown or done, 1 not done, 2 wrong use."""

    help = "Shows extra time and attempts that stand as granted and are in no ledger; confirmed, notes them as ours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take who answers for it, and why."""
        add_answering_arguments(parser, number_of="pairs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show what would be noted, or note it."""
        if options["confirm"] is None:
            self._show()
            return
        by, reason = answering(options)
        try:
            number = adopting.adopt(confirmed=options["confirm"], by=by, reason=reason)
        except LeewayError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{number} are noted as Leeway's own. Ending an accommodation takes them back from now on.")

    def _show(self) -> None:
        forgotten = adopting.forgotten_extensions()
        for one in forgotten:
            pair, put = one.pair, one.extension
            amounts = f"{put.put_minutes or 0} min, {put.put_attempts or 0} attempts"
            # Numbers, not names: a terminal's output ends in tickets and chats.
            self.stdout.write(f"/coverage/{pair.pk}/ in course {pair.course.canvas_course_id}: {amounts}")
        number = len(forgotten)
        self.stdout.write(f"{number} stand in Canvas exactly as granted and are in no ledger. Nothing was changed.")
        if forgotten:
            self.stdout.write(f"If Leeway put them, add: --confirm {number} --by USERNAME --reason WORDS")
