"""Options of commands that a person must answer for: who, and why."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError


def add_answering_arguments(parser: ArgumentParser, *, number_of: str) -> None:
    """Take who answers for it, why, and the number that was shown."""
    parser.add_argument("--by", metavar="USERNAME", help="who answers for it; needed to confirm")
    parser.add_argument("--reason", metavar="WORDS", help="stays in the log for good; needed to confirm")
    parser.add_argument(
        "--confirm", metavar="NUMBER", type=int, help=f"do it: the number of {number_of} that was shown"
    )


def answering(options: dict[str, Any]) -> tuple[User, str]:
    """Return who and why; raise CommandError with code 2 where either is missing."""
    user = User.objects.filter(username=options["by"] or "", is_active=True).first()
    reason = (options["reason"] or "").strip()
    if user is None:
        raise CommandError("Name with --by the user who answers for it.", returncode=2)
    if not reason or len(reason) > 1000:
        raise CommandError("Say with --reason why, in at most 1000 characters.", returncode=2)
    return user, reason
