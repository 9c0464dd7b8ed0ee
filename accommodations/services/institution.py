"""The institution's settings: changed by a director or administrator, and logged."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from accommodations.models import InstitutionSettings
from accommodations.services import action_log


@transaction.atomic
def change_settings(*, changed_by: User, changes: dict[str, Any]) -> InstitutionSettings:
    """Store the named settings and log what they were before. Canvas follows with the next sync of each course."""
    InstitutionSettings.current()
    row = InstitutionSettings.objects.select_for_update().get(pk=1)
    before = {name: getattr(row, name) for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    action_log.record(
        act="settings.changed",
        actor=changed_by,
        payload={name: {"before": before[name], "after": value} for name, value in changed.items()},
    )
    return row
