"""Continuing a term's accommodations in the next: each is a new record that names the one it continues."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from accommodations.errors import Problem, ValuesRefused
from accommodations.models import Accommodation, Student, SyncRun, Term
from accommodations.planning.rules import Scope
from accommodations.selectors.renewals import GOING_ON
from accommodations.services import action_log
from accommodations.services.accommodation_values import AccommodationValues, values_of
from accommodations.services.accommodations import renew_accommodation
from accommodations.services.change_runs import ChangeCollector


@dataclass(frozen=True, slots=True)
class NextPeriod:
    """The term in which renewed accommodations count, and their first and last day."""

    term: Term
    effective_from: date
    effective_until: date | None


@dataclass(frozen=True, slots=True)
class Renewed:
    """What was renewed, how many had been before, and the one run that follows, where anything counts already."""

    rows: tuple[Accommodation, ...]
    skipped: int
    run: SyncRun | None


def renewed_values(accommodation: Accommodation, period: NextPeriod) -> AccommodationValues:
    """Return what the renewal grants: the same, in the next period."""
    is_of_term = accommodation.scope == Scope.TERM
    return replace(
        values_of(accommodation),
        term=period.term if is_of_term else None,
        effective_from=period.effective_from,
        effective_until=period.effective_until,
    )


@transaction.atomic
def renew(*, accommodations: Iterable[Accommodation], period: NextPeriod, renewed_by: User) -> Renewed:
    """Renew them all, or none. Raises ValuesRefused. With two-person approval the renewals are drafts.

    What has been renewed is left, so that the same page confirmed twice renews once: the students' rows are locked.
    """
    listed = list(accommodations)
    for row in listed:
        if period.effective_from <= row.effective_from:
            words = "The first day must be later than that of what is renewed."
            raise ValuesRefused((Problem("effective_from", "renewal.start", words),))
    list(Student.objects.select_for_update().filter(pk__in={row.student_id for row in listed}).order_by("pk"))
    standing = Accommodation.objects.filter(renews__in=[row.pk for row in listed], status__in=GOING_ON)
    done = set(standing.values_list("renews", flat=True))
    collector = ChangeCollector()
    rows = [
        renew_accommodation(
            accommodation=row, renewed_by=renewed_by, values=renewed_values(row, period), queue=collector
        )
        for row in listed
        if row.pk not in done
    ]
    if rows:
        payload = {"renewed": len(rows), "left": len(done), "term": period.term.pk, "from": period.effective_from}
        action_log.record(act="accommodations.renewed", actor=renewed_by, payload=payload)
    return Renewed(tuple(rows), len(listed) - len(rows), collector.queue(requested_by=renewed_by))
