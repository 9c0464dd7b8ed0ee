"""manage.py check_connection: prove address, token and each needed permission without writing anything."""

from typing import Any

from django.core.management.base import BaseCommand

from accommodations.errors import LeewayError
from accommodations.services import connections


class Command(BaseCommand):
    """Exit code 0 where every check holds, else 1."""

    help = "Asks the connected Canvas for everything that Leeway needs to read or may write; writes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each check, and what to do about those that fail."""
        try:
            checks = connections.check_connection()
        except LeewayError as error:
            self.stderr.write(error.message)
            raise SystemExit(1) from error
        for check in checks:
            self.stdout.write(f"{'ok    ' if check.is_ok else 'FAILED'}  {check.name}: {check.words}")
            if not check.is_ok and check.remedy:
                self.stdout.write(f"        {check.remedy}")
        if not all(check.is_ok for check in checks):
            raise SystemExit(1)
