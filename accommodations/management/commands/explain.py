"""manage.py explain: how one student's grant and status on one assessment come about, in plain sentences."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accommodations.models import Assessment, PairStatus, Student
from accommodations.planning.dates import zone_named
from accommodations.planning.explain_pair import Amounts, Explanation
from accommodations.planning.explain_sources import SuppliedDate
from accommodations.planning.wording import instant
from accommodations.services import action_log
from accommodations.services.explaining import PairExplanation, explain_pair

Row = TypeVar("Row", bound=Model)


class Command(BaseCommand):
    """Exit code 0 explained, 2 no such student or assessment, or more than one."""

    help = "Explains one student's grant and status on one assessment, from what was last read of Canvas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the student by any id, and the assessment by its Canvas id or key."""
        parser.add_argument("--student", required=True, metavar="ID", help="Canvas id, SIS id or login id")
        parser.add_argument(
            "--assessment", required=True, metavar="ID", help="Canvas assignment id, or quiz:ID for an ungraded quiz"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the derivation; that somebody looked is logged."""
        student, assessment = _student(options["student"]), _assessment(options["assessment"])
        action_log.record(act="student.viewed", student=student, payload={"by": "manage.py explain"})
        pair = PairStatus.objects.filter(student=student, assessment=assessment).first()
        explanation = explain_pair(student, assessment, pair=pair, now=timezone.now())
        for line in _lines(assessment, pair, explanation):
            self.stdout.write(line)


def _student(number: str) -> Student:
    named = Q(sis_user_id=number) | Q(login_id__iexact=number)
    if number.isascii() and number.isdigit() and len(number) <= 18:  # what a bigint holds for sure
        named |= Q(canvas_user_id=int(number))
    return _only(Student.objects.filter(named), "student", number)


def _assessment(number: str) -> Assessment:
    key = number if ":" in number else f"assignment:{number}"
    return _only(
        Assessment.objects.filter(key=key).select_related("course__term", "course__snapshot"), "assessment", number
    )


def _only(rows: QuerySet[Row], what: str, number: str) -> Row:
    found = list(rows[:2])
    if len(found) == 1:
        return found[0]
    many = "more than one" if found else "no"
    raise CommandError(f"Leeway knows {many} {what} {number}.", returncode=2)


def _lines(assessment: Assessment, pair: PairStatus | None, explanation: PairExplanation) -> Iterator[str]:
    zone = zone_named(assessment.course.time_zone)
    yield f"{assessment.course.course_code}: {assessment.name}"
    status = f"{pair.get_status_display()}: {pair.get_reason_display()}. {pair.sentence}" if pair else "no status yet"
    yield f"Status: {status}"
    derivation = explanation.derivation
    if derivation is None:
        yield "Canvas was not read for this student and assessment yet: there is nothing to work out."
        return
    yield f"Canvas was read: {instant(explanation.read_at, zone)}"
    yield from _section(
        "Accommodations",
        (
            f"{one.verdict.words}, version {one.version}: "
            f"{'counts' if one.verdict.counts else 'does not count'}. {one.verdict.why}"
            for one in explanation.accommodations
        ),
    )
    yield from _values(derivation, zone)
    steps = (f"{number}. {step.words}{_rule(step.rule)}" for number, step in enumerate(derivation.steps, start=1))
    yield from _section("The grant, step by step", steps)
    yield from _section("The grant", derivation.grant)
    yield from _section("What Leeway put here", derivation.ledger)
    yield from _section("Planned now", derivation.planned)
    yield f"Next: {derivation.next_words}"


def _rule(rule: str) -> str:
    return f" [{rule}]" if rule else ""


def _values(derivation: Explanation, zone: ZoneInfo) -> Iterator[str]:
    yield from _of("Class dates", derivation.class_dates, derivation.class_amounts, zone)
    yield from _of("Without us", derivation.without_us, derivation.without_us_amounts, zone)
    yield from _of("Canvas holds", derivation.observed, derivation.observed_amounts, zone)


def _of(title: str, dates: Iterable[SuppliedDate], amounts: Amounts, zone: ZoneInfo) -> Iterator[str]:
    at = (
        f"{one.label}: {instant(one.at, zone) if one.at is not None else 'no date'} (by {one.supplied_by})"
        for one in dates
    )
    yield from _section(title, (f"Time: {amounts.time}", f"Attempts: {amounts.attempts}", *at))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = [f"  {line}" for line in lines]
    if found:
        yield f"{title}:"
        yield from found
