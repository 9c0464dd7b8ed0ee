"""The institution's holidays: added, named and removed one by one, each change logged with what stood before."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from accommodations.errors import NotPossible
from accommodations.models import InstitutionSettings
from accommodations.services.institution import change_settings

MOST = 1000


@transaction.atomic
def add_holidays(*, days: Iterable[date], name: str, changed_by: User) -> None:
    """Add days, or give days that are there another name. Raises NotPossible beyond the most that are kept."""
    row = _locked()
    added = {day.isoformat() for day in days}
    holidays = sorted({*row.holidays, *added})
    if len(holidays) > MOST:
        raise NotPossible(f"At most {MOST} days are kept. Remove those of past years first.", field="first")
    names = {**row.holiday_names, **dict.fromkeys(sorted(added), name)}
    _store(holidays, names, changed_by)


@transaction.atomic
def remove_holiday(*, day: date, changed_by: User) -> None:
    """Remove a day: from now on it counts as a working day, unless it is a Saturday or Sunday."""
    row = _locked()
    _store([one for one in row.holidays if one != day.isoformat()], row.holiday_names, changed_by)


def _locked() -> InstitutionSettings:
    InstitutionSettings.current()
    return InstitutionSettings.objects.select_for_update().get(pk=1)


def _store(holidays: list[str], names: dict[str, str], changed_by: User) -> None:
    kept = {day: name for day, name in names.items() if day in holidays and name}
    change_settings(changed_by=changed_by, changes={"holidays": holidays, "holiday_names": kept})
