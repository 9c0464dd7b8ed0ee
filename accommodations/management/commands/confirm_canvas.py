"""manage.py confirm_canvas: say that the Canvas of our records goes by another host name now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accommodations.services.same_canvas import confirm_same_canvas


class Command(BaseCommand):
    """Only for the same Canvas under a new name: in another one, our course and student numbers mean others."""

    help = "Notes that the Canvas which holds what Leeway has written goes by this host name now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the host's name."""
        parser.add_argument("host", help="for example canvas.example.edu")

    def handle(self, *args: Any, **options: Any) -> None:
        """Note it, and say what it was."""
        known = confirm_same_canvas(options["host"])
        self.stdout.write(f"It was {known or 'not known'}, and is {options['host']} from now on.")
