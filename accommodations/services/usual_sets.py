"""The office's usual sets of provisions: kept by directors, each change logged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import EditedMeanwhile, Problem, ValuesRefused
from accommodations.models import UsualSet
from accommodations.selectors.usual_sets import accommodations_of_set
from accommodations.services import action_log
from accommodations.services.accommodation_values import check_values, values_of

ANY_DAY = date(2000, 1, 1)


@transaction.atomic
def record_usual_set(*, name: str, provisions: Sequence[dict[str, Any]], period: str, recorded_by: User) -> UsualSet:
    """Add a set that new records can start from. Raises ValuesRefused."""
    row = UsualSet(name=name.strip(), provisions=list(provisions), period=period)
    _check(row)
    row.save()
    _log("usual_set.recorded", row, recorded_by)
    return row


@transaction.atomic
def change_usual_set(
    *, usual_set: UsualSet, version: int, name: str, provisions: Sequence[dict[str, Any]], period: str, changed_by: User
) -> UsualSet:
    """Store what the set holds from now on; what was recorded from it stays. Raises ValuesRefused, EditedMeanwhile."""
    row = UsualSet.objects.select_for_update().get(pk=usual_set.pk)
    if row.version != version:
        raise EditedMeanwhile(row)
    row.name, row.provisions, row.period = name.strip(), list(provisions), period
    _check(row)
    row.version += 1
    row.save()
    _log("usual_set.changed", row, changed_by)
    return row


@transaction.atomic
def retire_usual_set(*, usual_set: UsualSet, changed_by: User, is_retired: bool = True) -> UsualSet:
    """Offer the set no longer, or again. Raises ValuesRefused where another of that name is offered by now."""
    row = UsualSet.objects.select_for_update().get(pk=usual_set.pk)
    if (row.retired_at is not None) == is_retired:
        return row
    row.retired_at = timezone.now() if is_retired else None
    _check(row)
    row.version += 1
    row.save()
    _log("usual_set.retired" if is_retired else "usual_set.offered_again", row, changed_by)
    return row


def _check(row: UsualSet) -> None:
    problems = []
    twins = UsualSet.objects.filter(name__iexact=row.name, retired_at=None).exclude(pk=row.pk)
    if row.retired_at is None and twins.exists():
        problems.append(Problem("name", "usual_set.name", "Another set has this name. Choose a name of its own."))
    if row.period not in set(UsualSet.Period):
        problems.append(Problem("period", "usual_set.period", "Choose for how long it counts."))
    if not row.provisions:
        problems.append(Problem("provisions", "usual_set.empty", "Tick at least one provision."))
    if problems:
        raise ValuesRefused(tuple(problems))
    for one in accommodations_of_set(row):
        check_values(replace(values_of(one), effective_from=ANY_DAY))


def _log(act: str, row: UsualSet, person: User) -> None:
    payload = {"set": row.pk, "name": row.name, "provisions": row.provisions, "period": row.period}
    action_log.record(act=act, actor=person, payload={**payload, "version": row.version})
