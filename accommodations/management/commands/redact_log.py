"""manage.py redact_log: take what is personal out of the action log; its chain stays whole and says who did it."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from accommodations.errors import LeewayError
from accommodations.management.answering import add_answering_arguments, answering
from accommodations.models import InstitutionSettings, Student
from accommodations.services import log_redacting, people
from accommodations.services.log_redacting import Redactable


class Command(BaseCommand):
    """Without --confirm it only shows. Exit code 0 shown or done, 1 not done, 2 wrong use."""

    help = "Takes names, notes, requests and answers out of entries of the action log; shows first, does it confirmed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what goes, who asks, and why."""
        parser.add_argument("--student", metavar="ID", help="Canvas id, SIS id or login id: entries about them")
        age = parser.add_mutually_exclusive_group()
        age.add_argument("--older-than", metavar="YEARS", type=int, help="entries of more than so many years ago")
        age.add_argument("--retention", action="store_true", help="the same, with the years of the page Settings")
        add_answering_arguments(parser, number_of="entries")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show what would go, or take it out."""
        what = _redactable(options)
        if options["confirm"] is None:
            number = log_redacting.number_of(what)
            self.stdout.write(f"{number} entries would lose their payload. Nothing was changed.")
            self.stdout.write(f"To do it, add: --confirm {number} --by USERNAME --reason WORDS")
            return
        by, reason = answering(options)
        try:
            told = log_redacting.redact(what, by=by, reason=reason, confirmed=options["confirm"])
        except LeewayError as error:
            raise CommandError(error.message) from error
        except DatabaseError as error:
            raise CommandError(
                "The database refused. Only the role that owns its tables may redact: see the administrator's guide."
            ) from error
        self.stdout.write(f"{options['confirm']} entries were redacted. Entry {told.sequence} says who did it and why.")


def _redactable(options: dict[str, Any]) -> Redactable:
    years = options["older_than"]
    if options["retention"]:
        years = InstitutionSettings.current().log_retention_years
        if years is None:
            raise CommandError("The page Settings names no years: the log is kept for ever.", returncode=2)
    if years is None and options["student"] is None:
        raise CommandError("Name a student, or years.", returncode=2)
    if years is not None and not 0 < years < 1000:
        raise CommandError("Name 1 year or more.", returncode=2)
    student = _student(options["student"]) if options["student"] is not None else None
    return Redactable(student=student, before=_years_ago(years) if years is not None else None)


def _years_ago(years: int) -> datetime:
    now = timezone.now()
    # The 29th of February of a year without one: what is kept one day longer is no harm.
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - years, day=day)


def _student(query: str) -> Student:
    try:
        student = people.known_student(query=query)
    except LeewayError as error:
        raise CommandError(error.message, returncode=2) from error
    if student is None:
        raise CommandError(f"Leeway knows no student {query}.", returncode=2)
    return student
